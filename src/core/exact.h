/* Exact sums of doubles: integers on a grid, rounded once at the end.
 *
 * A double is a 53-bit integer times a power of two. A column's grid is cut
 * into planes of MFG_PLANE binades, placed so that the main plane holds nearly
 * all of its values. Within a plane a value is an integer of 53 + 49 bits:
 *
 *     sum[group] += significand << (exponent - base)
 *
 * Integer addition is associative, so no order of rows can change a bit. While
 * rows are added such an integer is held as three doubles (levels.c), after
 * that in 128 bits. The few rows outside the main plane are strays: each goes
 * to the plane that it belongs to, in a table that holds the (group, plane)
 * pairs that occur.
 */
#ifndef MFG_EXACT_H
#define MFG_EXACT_H

#include "mfg.h"
#include "table.h"

#include <string.h>

__extension__ typedef __int128 mfg_int128;
__extension__ typedef unsigned __int128 mfg_uint128;

#define MFG_PLANE 50
#define MFG_PLANE_UNITS ((mfg_int128)1 << MFG_PLANE) /* of the next one */

/* bits of 2^(biased exponent - MFG_BIAS) is what one unit of a grid weighs */
#define MFG_BIAS 1075

/* Splits x into significand * 2^(exponent - MFG_BIAS); inf and NaN have
 * exponent 2047. The significand carries the sign. */
static inline int64_t
mfg_split(double x, int *exponent)
{
    uint64_t bits;
    int64_t sign;

    memcpy(&bits, &x, sizeof bits);
    *exponent = (int)(bits >> 52) & 0x7ff;
    sign = -(int64_t)(bits >> 63); /* 0 or -1 */
    bits &= (UINT64_C(1) << 52) - 1;
    bits |= (uint64_t)(*exponent != 0) << 52;
    *exponent += *exponent == 0; /* subnormals have the exponent of the least
                                    normal numbers */
    return ((int64_t)bits ^ sign) - sign;
}

/* A number of 2,250 bits, for adding what stands in several planes and for
 * rounding it once. Limb i weighs 2^(32 i) units of 2^-1074. */
#define MFG_WIDE_LIMBS 74

typedef struct mfg_wide_sum {
    int64_t limbs[MFG_WIDE_LIMBS];
    int first; /* limbs first ... stop - 1 alone may be other than 0 */
    int stop;
    int infinities; /* 1: +inf was added, 2: -inf */
} mfg_wide_sum;

void mfg_wide_clear(mfg_wide_sum *sum);
/* Adds value * 2^(exponent - MFG_BIAS); exponent >= 1. */
void mfg_wide_add(mfg_wide_sum *sum, mfg_int128 value, int exponent);
/* Adds a double, which may be NaN or infinite. */
void mfg_wide_add_float(mfg_wide_sum *sum, double x);
/* Changes the sign of all but the infinities. */
void mfg_wide_negate(mfg_wide_sum *sum);
/* The nearest double (ties to even), inf where it is too large. */
double mfg_wide_round(mfg_wide_sum *sum);
/* The sign of left * left_times - right * right_times; sums that are not
 * negative, times below 2^31. */
int mfg_wide_compare(mfg_wide_sum *left, int64_t left_times,
                     mfg_wide_sum *right, int64_t right_times);
/* The nearest double to value * 2^(exponent - MFG_BIAS). */
double mfg_exact_round(mfg_int128 value, int exponent);

/* Sums by (group, plane) outside the main plane. */
typedef struct mfg_strays {
    mfg_table table;
    struct mfg_stray *items;
    int64_t count;
    int64_t capacity;
} mfg_strays;

typedef struct mfg_stray {
    mfg_int128 sum; /* of the plane of infinities: the flags of mfg_wide_sum */
    int32_t group;
    int32_t plane; /* the main plane is 0 */
} mfg_stray;

#define MFG_INFINITIES 64 /* the plane that holds them */

void mfg_strays_free(mfg_strays *strays);
/* Adds value * 2^(exponent - MFG_BIAS) to a group, to planes cut from base. */
mfg_status mfg_strays_add(mfg_strays *strays, int32_t group, mfg_int128 value,
                          int exponent, int base);
mfg_status mfg_strays_add_infinity(mfg_strays *strays, int32_t group,
                                   int flags);
/* Adds a stray of other cells, cut from the same base. */
mfg_status mfg_strays_move(mfg_strays *strays, const mfg_stray *item);
/* Adds stray `item` to a wide sum. */
void mfg_stray_into(const mfg_stray *item, int base, mfg_wide_sum *sum);

/* The base of the main plane for these values: of the plane that holds most of
 * them, MFG_HEADROOM binades above the largest are left free. A few values that
 * are larger by far, a total among its parts, move nothing. 0: there is none
 * but zeros, inf and NaN. At most MFG_HIGHEST_BASE, so that what cuts a value
 * (levels.c) is finite: a column of nothing but numbers above 2^1005 is added
 * row by row. */
#define MFG_HEADROOM 8
#define MFG_HIGHEST_BASE 1978
int mfg_exact_place(const mfg_word *values, int32_t n);

#endif
