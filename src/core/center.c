/* The number next to each group's mean, and how its deviations are scaled. */
#include "center.h"

/* 2^EXTREME and its inverse are normal numbers. */
#define EXTREME 1000

/* sum(x) - n pivot, rounded once. */
static double
excess(const mfg_totals *totals, int64_t group, int64_t n, mfg_word pivot)
{
    const mfg_cells *cells = totals->cells;
    mfg_wide_sum sum;
    int exponent;

    if (cells->wide != MFG_AS_FLOAT64) {
        mfg_int128 centre = cells->wide == MFG_AS_UINT64
                                ? (mfg_int128)pivot.uint64
                                : (mfg_int128)pivot.int64;
        return (double)(cells->cells[group].sum - n * centre);
    }
    mfg_wide_clear(&sum);
    mfg_totals_add(totals, group, &sum);
    mfg_int128 significand = mfg_split(pivot.float64, &exponent);
    mfg_wide_add(&sum, -significand * n, exponent);
    return mfg_wide_round(&sum);
}

/* No further from the mean than half a unit of the values, so that what is
 * mended is at most half of the sum of squares. */
static mfg_word
pivot_of(const mfg_totals *totals, int64_t group, int64_t n)
{
    const mfg_cells *cells = totals->cells;
    mfg_word pivot = {.float64 = NAN};

    if (n == 0) {
        return pivot;
    }
    if (cells->wide == MFG_AS_FLOAT64) {
        pivot.float64 = mfg_totals_mean(totals, group, n);
        if (isfinite(pivot.float64)) {
            pivot.float64 += excess(totals, group, n, pivot) / (double)n;
        }
        return pivot;
    }
    mfg_int128 sum = cells->cells[group].sum;
    mfg_int128 doubled = 2 * (sum % n);
    pivot.uint64 =
        (uint64_t)(sum / n + (doubled > n) - (doubled < -(mfg_int128)n));
    return pivot;
}

/* The binary exponent of the widest deviation there can be. */
static int
exponent_of(const mfg_cells *cells, int64_t group)
{
    double low = mfg_as_double(cells->ends[group].low, cells->wide);
    double high = mfg_as_double(cells->ends[group].high, cells->wide);
    int exponent = 0;

    if (high > low) {
        frexp(high - low, &exponent);
        exponent = isinf(high - low) ? EXTREME : exponent;
    }
    exponent = exponent < EXTREME ? exponent : EXTREME;
    return exponent > -EXTREME ? exponent : -EXTREME;
}

static mfg_center
center_of(const mfg_totals *totals, int64_t group, int64_t n)
{
    const mfg_cells *cells = totals->cells;
    mfg_center center = {
        .pivot = pivot_of(totals, group, n),
        .exponent = exponent_of(cells, group),
        .before = 1,
        .after = 1,
        .n = (double)n,
    };
    double scale = ldexp(1, -center.exponent);

    if (cells->wide == MFG_AS_FLOAT64) {
        /* Large numbers are scaled first: their difference could overflow. */
        *(scale < 1 ? &center.before : &center.after) = scale;
        center.pivot_before = center.pivot.float64 * center.before;
        if (!isfinite(center.pivot.float64)) {
            center.rest = NAN;
            return center;
        }
    }
    else {
        center.after = scale;
    }
    if (n > 0) {
        center.rest = scale * excess(totals, group, n, center.pivot);
    }
    return center;
}

mfg_center *
mfg_centers_new(const mfg_cells *cells, const int64_t *counts)
{
    mfg_center *centers = mfg_alloc((size_t)cells->n_groups, sizeof *centers);
    mfg_totals totals;

    if (mfg_totals_new(cells, &totals) != MFG_OK || centers == NULL) {
        mfg_totals_free(&totals);
        mfg_free(centers);
        return NULL;
    }
    for (int64_t g = 0; g < cells->n_groups; g++) {
        int64_t n = counts == NULL ? cells->cells[g].count : counts[g];
        centers[g] = center_of(&totals, g, n);
    }
    mfg_totals_free(&totals);
    return centers;
}
