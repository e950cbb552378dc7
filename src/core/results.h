/* Labels and statistics of many groups, written in the order of labels. */
#ifndef MFG_RESULTS_H
#define MFG_RESULTS_H

#include "part.h"

/* Groups written at once: what is on the way to it stays in the first-level
 * cache. */
#define MFG_BATCH 1024

/* Where they go. */
typedef struct mfg_writer {
    mfg_crowd *crowd;
    void *const *labels; /* of each key */
    const mfg_result *results;
    int n_results;
} mfg_writer;

/* The labels of n groups, the first of which is group `at` among all. */
void mfg_write_labels(const mfg_writer *to, int32_t n, const uint64_t *ids,
                      int64_t at);
/* Statistics of groups[0 ... n-1] of cells of floats, which are group at[i]
 * among all. May settle the cells. */
mfg_status mfg_write_values(const mfg_writer *to, int value, mfg_cells *cells,
                            int32_t n, const int32_t *groups,
                            const int64_t *at);

#endif
