/* One pass over the records, block by block, with a poll between blocks. */
#include "pass.h"

typedef struct buffers {
    int32_t codes[MFG_BLOCK];
    mfg_block block;
} buffers;

mfg_status
mfg_pass(mfg_grouper *grouper, const mfg_column *keys, const mfg_column *column,
         int64_t first, int64_t stop, mfg_visitor visitor, void *context,
         mfg_control *control)
{
    mfg_status status = MFG_OK;
    buffers *held = mfg_alloc(1, sizeof *held);

    if (held == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int64_t start = first; start < stop && status == MFG_OK;
         start += MFG_BLOCK) {
        int64_t left = stop - start;
        mfg_visit visit = {
            .start = start,
            .n = (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK),
            .codes = held->codes,
            .block = &held->block,
        };
        status = mfg_grouper_codes(grouper, keys, start, visit.n, held->codes,
                                   control);
        if (status == MFG_OK && column != NULL) {
            mfg_load(column, start, visit.n, &held->block);
        }
        if (status == MFG_OK) {
            status = visitor(context, &visit);
        }
        if (status == MFG_OK) {
            status = mfg_poll(control, start - first);
        }
    }
    mfg_free(held);
    return status;
}
