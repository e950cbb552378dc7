/* One pass over the records: codes and values of block after block. */
#ifndef MFG_PASS_H
#define MFG_PASS_H

#include "mfg.h"

typedef struct mfg_visit {
    int64_t start; /* the row of the block's first record */
    int32_t n;
    const int32_t *codes;   /* -1, or a group below n_groups */
    int64_t n_groups;       /* that the pass has met so far */
    const mfg_block *block; /* no meaning where the pass has no column */
} mfg_visit;

typedef mfg_status (*mfg_visitor)(void *context, const mfg_visit *visit);

/* Calls the visitor for each block of rows first ... stop - 1 in order, until
 * one does not return MFG_OK. grouper and keys as in mfg_grouper_codes; column
 * may be NULL. */
mfg_status mfg_pass(mfg_grouper *grouper, const mfg_column *keys,
                    const mfg_column *column, int64_t first, int64_t stop,
                    mfg_visitor visitor, void *context, mfg_control *control);

/* A pass that several workers share, each with groups of its own until they are
 * merged. */
typedef struct mfg_sharing {
    const mfg_column *keys;
    const mfg_column *column;
    void *(*own)(void *context, int worker); /* what its visitor is given */
    mfg_visitor visit;
    /* Adds the n groups of a later worker, codes[0 ... n-1], to what the first
     * has; called in the order of the rows, with the number of all groups. */
    mfg_status (*merge)(void *context, int worker, int64_t n,
                        const int64_t *codes, int64_t n_groups,
                        mfg_control *control);
    void *context;
} mfg_sharing;

/* Shares rows out to n_workers at most; `grouper`, which is new, is the first
 * one's, and knows all groups at the end. */
mfg_status mfg_pass_shared(const mfg_sharing *of, mfg_grouper *grouper,
                           int64_t n_rows, int n_workers, mfg_control *control);

/* Whether value i of a block is missing. */
static inline int
mfg_is_missing(const mfg_block *block, int32_t i, mfg_wide wide)
{
    if (wide == MFG_AS_FLOAT64) {
        return block->values[i].float64 != block->values[i].float64;
    }
    return block->missing != NULL && block->missing[i];
}

static inline double
mfg_as_double(mfg_word value, mfg_wide wide)
{
    switch (wide) {
    case MFG_AS_FLOAT64:
        return value.float64;
    case MFG_AS_UINT64:
        return (double)value.uint64;
    default:
        return (double)value.int64;
    }
}

#endif
