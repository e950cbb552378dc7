/* A second pass: columns derived from the records are summed exactly. */
#ifndef MFG_DERIVE_H
#define MFG_DERIVE_H

#include "pass.h"
#include "state.h"

#define MFG_MOST_DERIVED 2

/* Gives the derived values of a block, 0 for a row that has no part in them.
 * Called from several threads at once; worker -1: rows of a sample, of which
 * nothing may be kept. */
typedef mfg_status (*mfg_deriver)(void *context, int worker,
                                  const mfg_visit *visit, mfg_block *derived);

typedef struct mfg_derivation {
    mfg_grouper *grouper; /* knows all groups of the records */
    const mfg_column *keys;
    const mfg_column *column;
    int n_derived;
    mfg_deriver derive;
    void *context;
} mfg_derivation;

/* How many threads n_rows are worth when each keeps so many bytes. */
int mfg_derive_workers(int64_t n_rows, size_t bytes,
                       const mfg_control *control);
/* The sums of the derived columns, by group: a state of MFG_AS_FLOAT64 columns
 * that knows nothing but sums. */
mfg_status mfg_derive(const mfg_derivation *of, int64_t n_rows,
                      int64_t n_groups, int n_workers, mfg_state **sums,
                      mfg_control *control);

#endif
