/* Sums of groups so far, row by row: exact, and each rounded once. */
#include "exact.h"

static void
add_value(mfg_wide_sum *sum, mfg_word value, mfg_wide wide)
{
    if (wide == MFG_AS_FLOAT64) {
        mfg_wide_add_float(sum, value.float64);
    }
    else if (wide == MFG_AS_UINT64) {
        mfg_wide_add(sum, value.uint64, MFG_BIAS);
    }
    else {
        mfg_wide_add(sum, value.int64, MFG_BIAS);
    }
}

mfg_status
mfg_running_sums(const mfg_column *groups, const mfg_column *column, int64_t n,
                 double *sums, mfg_control *control)
{
    mfg_wide wide = mfg_widened(column->kind);
    mfg_block codes;
    mfg_block values;
    mfg_wide_sum sum;
    int64_t group = -1;
    mfg_status status = MFG_OK;

    mfg_wide_clear(&sum);
    for (int64_t start = 0; start < n && status == MFG_OK; start += MFG_BLOCK) {
        int64_t left = n - start;
        int32_t rows = (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK);
        mfg_load(groups, start, rows, &codes);
        mfg_load(column, start, rows, &values);
        for (int32_t i = 0; i < rows; i++) {
            if (codes.values[i].int64 != group) {
                group = codes.values[i].int64;
                mfg_wide_clear(&sum);
            }
            add_value(&sum, values.values[i], wide);
            mfg_wide_sum sofar = sum;
            sums[start + i] = mfg_wide_round(&sofar);
        }
        status = mfg_poll(control, start);
    }
    return status;
}
