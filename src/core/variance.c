/* Variances: a second pass of exact sums of squared deviations. */
#include "center.h"
#include "derive.h"

typedef struct deviations {
    mfg_wide wide;
    int64_t n_groups;
    const mfg_center *centers;
} deviations;

static mfg_status
square_block(void *context, int worker, const mfg_visit *visit,
             mfg_block *derived)
{
    const deviations *from = context;

    (void)worker;
    for (int32_t i = 0; i < visit->n; i++) {
        int64_t group = visit->codes[i];
        double d = 0;
        if (group >= 0 && group < from->n_groups &&
            !mfg_is_missing(visit->block, i, from->wide)) {
            d = mfg_deviation(visit->block->values[i], &from->centers[group],
                              from->wide);
        }
        derived->space[i].float64 = d * d;
    }
    return MFG_OK;
}

static double
spread_of(double squares, const mfg_center *center, mfg_wide wide, int is_root)
{
    double variance;

    if (center->n < 2 ||
        (wide == MFG_AS_FLOAT64 && !isfinite(center->pivot.float64))) {
        return NAN;
    }
    variance = mfg_plain(mfg_centered(squares, center) / (center->n - 1));
    return is_root ? ldexp(sqrt(variance), center->exponent)
                   : ldexp(variance, 2 * center->exponent);
}

mfg_status
mfg_variances(const mfg_state *state, int value, int is_root,
              mfg_grouper *grouper, const mfg_column *keys,
              const mfg_column *column, int64_t n_rows, double *results,
              mfg_control *control)
{
    int64_t n = state->n_groups;
    mfg_center *centers = mfg_centers_new(&state->values[value], NULL);
    deviations from = {state->values[value].wide, n, centers};
    mfg_derivation squares = {.grouper = grouper,
                              .keys = keys,
                              .column = column,
                              .n_derived = 1,
                              .derive = square_block,
                              .context = &from};
    int n_workers =
        mfg_derive_workers(n_rows, (size_t)n * sizeof(mfg_cell), control);
    mfg_state *sums = NULL;
    mfg_status status = MFG_NO_MEMORY;

    if (centers != NULL) {
        status = mfg_derive(&squares, n_rows, n, n_workers, &sums, control);
    }
    if (status == MFG_OK) {
        status =
            mfg_state_finish(sums, 0, MFG_TOTAL, n, NULL, results, control);
    }
    for (int64_t g = 0; g < n && status == MFG_OK; g++) {
        results[g] = spread_of(results[g], &centers[g], from.wide, is_root);
    }
    mfg_state_free(sums);
    mfg_free(centers);
    return status;
}
