/* Deviations of values from a number next to the mean of their group.
 *
 * They are scaled by a power of two that brings the group's largest to 1 at
 * most, so that no square is too large or too small. What the rounding of that
 * number did is mended from the exact sum:
 *
 *     sum((x - mean)^2) = sum((x - pivot)^2) - (sum(x) - n pivot)^2 / n
 */
#ifndef MFG_CENTER_H
#define MFG_CENTER_H

#include "pass.h"
#include "state.h"

typedef struct mfg_center {
    mfg_word pivot; /* NaN where there is no mean */
    double before;  /* x before - pivot_before, scaled by after, is the */
    double after;   /* deviation: one of the two factors is 1 */
    double pivot_before;
    int exponent; /* deviations are scaled by 2^-exponent */
    double rest;  /* sum(x) - n pivot, scaled the same way */
    double n;
} mfg_center;

/* The centers of all groups, to be freed; NULL where there is no memory.
 * counts: of how many values the means are; NULL: of all that are there. */
mfg_center *mfg_centers_new(const mfg_cells *cells, const int64_t *counts);

static inline double
mfg_deviation(mfg_word value, const mfg_center *center, mfg_wide wide)
{
    if (wide == MFG_AS_FLOAT64) {
        return (value.float64 * center->before - center->pivot_before) *
               center->after;
    }
    if (wide == MFG_AS_UINT64) {
        return (double)((mfg_int128)value.uint64 - center->pivot.uint64) *
               center->after;
    }
    return (double)((mfg_int128)value.int64 - center->pivot.int64) *
           center->after;
}

/* sum((x - mean)^2), scaled twice, from the scaled sum of squares about the
 * pivot. */
static inline double
mfg_centered(double squares, const mfg_center *center)
{
    double sum = squares - center->rest * center->rest / center->n;

    return sum > 0 ? sum : sum * 0.0;
}

#endif
