/* One pass over the records: codes and values of block after block. */
#ifndef MFG_PASS_H
#define MFG_PASS_H

#include "mfg.h"

typedef struct mfg_visit {
    int64_t start; /* the row of the block's first record */
    int32_t n;
    const int32_t *codes;
    const mfg_block *block; /* no meaning where the pass has no column */
} mfg_visit;

typedef mfg_status (*mfg_visitor)(void *context, const mfg_visit *visit);

/* Calls the visitor for each block of rows first ... stop - 1 in order, until
 * one does not return MFG_OK. grouper and keys as in mfg_grouper_codes; column
 * may be NULL. */
mfg_status mfg_pass(mfg_grouper *grouper, const mfg_column *keys,
                    const mfg_column *column, int64_t first, int64_t stop,
                    mfg_visitor visitor, void *context, mfg_control *control);

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
