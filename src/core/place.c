/* Where the main plane of exact sums lies: by rows spread over a column. */
#include "state.h"

/* n rows of a column of floats, `step` apart, brought into a block. */
static void
load_spread(const mfg_column *column, int64_t start, int64_t step, int32_t n,
            mfg_block *block)
{
    mfg_column spread = *column;

    if (column->n_parts > 0 || column->valid != NULL) {
        mfg_block one;
        for (int32_t i = 0; i < n; i++) {
            mfg_load(column, start + i * step, 1, &one);
            block->space[i] = one.values[0];
        }
        block->values = block->space;
        return;
    }
    spread.data += start * column->stride;
    spread.stride *= step;
    if (column->mask != NULL) {
        spread.mask += start * column->mask_stride;
        spread.mask_stride *= step;
    }
    mfg_load(&spread, 0, n, block);
}

void
mfg_cells_place(mfg_cells *cells, const mfg_column *column, int64_t start,
                int64_t n, mfg_block *block)
{
    int64_t step = n > MFG_BLOCK ? n / MFG_BLOCK : 1;

    if (cells->wide != MFG_AS_FLOAT64) {
        return;
    }
    load_spread(column, start, step, (int32_t)(n < MFG_BLOCK ? n : MFG_BLOCK),
                block);
    cells->base = mfg_exact_place(block->values,
                                  (int32_t)(n < MFG_BLOCK ? n : MFG_BLOCK));
    /* Nothing but zeros at those places: the first number that is one. */
    for (int64_t at = 0; at < n && cells->base == 0; at += MFG_BLOCK) {
        int64_t left = n - at;
        int32_t rows = (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK);
        mfg_load(column, start + at, rows, block);
        cells->base = mfg_exact_place(block->values, rows);
    }
    if (cells->base == 0) {
        cells->base = 1023 + MFG_HEADROOM - MFG_PLANE + 1;
    }
}
