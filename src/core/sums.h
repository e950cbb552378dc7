/* The exact sums of a column, beside what else a shared pass keeps. */
#ifndef MFG_SUMS_H
#define MFG_SUMS_H

#include "parallel.h"
#include "pass.h"
#include "state.h"

typedef struct mfg_sums {
    mfg_state *states[MFG_MOST_WORKERS]; /* one a worker; it knows only sums */
} mfg_sums;

mfg_status mfg_sums_begin(mfg_sums *sums, const mfg_column *column,
                          int64_t n_rows, int n_workers);
void mfg_sums_free(mfg_sums *sums);
mfg_status mfg_sums_add(mfg_sums *sums, int worker, const mfg_visit *visit);
/* Adds the groups of a later worker to codes[...] of n_groups of the first. */
mfg_status mfg_sums_merge(mfg_sums *sums, int worker, const int64_t *codes,
                          int64_t n_groups, mfg_control *control);
/* Ends the adding: the first state has all n_groups then, and can be read. */
mfg_status mfg_sums_settle(mfg_sums *sums, int64_t n_groups);
/* The sums of groups 0 ... n_groups - 1 as doubles, each rounded once; to be
 * freed. */
mfg_status mfg_sums_totals(mfg_sums *sums, int64_t n_groups, double **totals,
                           mfg_control *control);

#endif
