/* The exact accumulator: planes, the wide sum, rounding once. */
#include "check.h"
#include "exact.h"
#include "state.h"
#include "suites.h"
#include "twins.h"

#include <float.h>
#include <math.h>

/* A number of random length, sign and bits; sometimes a power of two or one
 * less, where rounding has its corners. */
static mfg_int128
draw_integer(uint64_t *seed, int most_bits)
{
    int bits = 1 + (int)draw_below(seed, most_bits);
    mfg_uint128 size = ((mfg_uint128)draw(seed) << 64) | draw(seed);

    size >>= 128 - bits;
    switch (draw_below(seed, 4)) {
    case 0:
        size = (mfg_uint128)1 << (bits - 1);
        break;
    case 1:
        size = ((mfg_uint128)1 << bits) - 1;
        break;
    case 2: /* a tie of 54 bits, or next to one */
        size |= 7;
        size -= 2 + draw(seed) % 3;
        break;
    default:
        break;
    }
    size &= ((mfg_uint128)1 << most_bits) - 1;
    return draw(seed) & 1 ? -(mfg_int128)size : (mfg_int128)size;
}

/* A double is its significand times its power of two. */
static void
test_exact_splits_doubles(void)
{
    uint64_t seed = 5;
    int exponent;

    for (int i = 0; i < 20000; i++) {
        double x = draw_finite(&seed);
        int64_t significand = mfg_split(x, &exponent);
        SAME(x + 0.0, ldexp((double)significand, exponent - MFG_BIAS) + 0.0);
        CHECK(exponent >= 1 && exponent <= 2046);
    }
    EQUAL(0, mfg_split(-0.0, &exponent));
    EQUAL(1, exponent);
    EQUAL(1, mfg_split(5e-324, &exponent));
    EQUAL(-(INT64_C(1) << 52), mfg_split(-DBL_MIN, &exponent));
    EQUAL(1, exponent);
    mfg_split(INFINITY, &exponent);
    EQUAL(2047, exponent);
    mfg_split(NAN, &exponent);
    EQUAL(2047, exponent);
}

/* A row adds the product of its significand and a power of two to the sum of
 * its group, whichever of four rows it is; what lies outside of the main plane
 * is a stray. */
static void
test_exact_cuts_values_into_levels(void)
{
    uint64_t seed = 6;

    for (int i = 0; i < 20000; i++) {
        mfg_cells cells = {.wide = MFG_AS_FLOAT64, .only_sums = 1};
        mfg_word values[4] = {{.float64 = -0.0}};
        int32_t codes[4] = {i & 1, 0, 1, 1};
        int row = i % 4;
        cells.base = 1 + (int)draw_below(&seed, MFG_HIGHEST_BASE);
        int shift = (int)draw_below(&seed, MFG_PLANE + 4) - 2;
        int64_t significand = (int64_t)draw(&seed) >> (11 + i % 3 * 20);
        int exponent;
        values[row].float64 =
            ldexp((double)significand, cells.base + shift - MFG_BIAS);
        mfg_int128 product = mfg_split(values[row].float64, &exponent);
        int inside =
            exponent >= cells.base && exponent < cells.base + MFG_PLANE;
        for (int j = cells.base; inside && j < exponent; j++) {
            product *= 2;
        }
        EQUAL(MFG_OK, mfg_cells_extend(&cells, 2));
        EQUAL(MFG_OK, mfg_cells_add_floats(&cells, 4, codes, values));
        mfg_cells_settle(&cells);
        CHECK((inside ? product : 0) == cells.cells[codes[row]].sum);
        CHECK(0 == cells.cells[!codes[row]].sum);
        EQUAL(!inside && product != 0, cells.strays.count > 0);
        EQUAL(2 + (i & 1), cells.cells[1].count);
        mfg_cells_free(&cells);
    }
}

/* Sums that are settled and opened again for more rows lose nothing, whatever
 * their sign and size. */
static void
test_exact_opens_settled_sums(void)
{
    const int32_t code = 0;
    uint64_t seed = 16;

    for (int i = 0; i < 2000; i++) {
        mfg_cells cells = {.wide = MFG_AS_FLOAT64, .only_sums = 1};
        mfg_int128 expected = 0;
        cells.base = i % 2 ? 1 + i % MFG_HIGHEST_BASE : 1000;
        EQUAL(MFG_OK, mfg_cells_extend(&cells, 1));
        for (int j = 0; j < 8; j++) {
            int exponent;
            int shift = (int)draw_below(&seed, MFG_PLANE);
            mfg_word value = {.uint64 =
                                  (draw(&seed) & ~(UINT64_C(0x7ff) << 52)) |
                                  (uint64_t)(cells.base + shift) << 52};
            mfg_int128 product = mfg_split(value.float64, &exponent);
            expected += product * ((mfg_int128)1 << shift);
            EQUAL(MFG_OK, mfg_cells_add_floats(&cells, 1, &code, &value));
            if (draw(&seed) & 1) {
                mfg_cells_settle(&cells);
            }
        }
        mfg_cells_settle(&cells);
        for (int64_t s = 0; s < cells.strays.count; s++) { /* carried */
            EQUAL(1, cells.strays.items[s].plane);
            expected -= cells.strays.items[s].sum * MFG_PLANE_UNITS;
        }
        CHECK(expected == cells.cells[0].sum);
        EQUAL(8, cells.cells[0].count);
        mfg_cells_free(&cells);
    }
}

/* One scaled integer is rounded as the twin rounds it: to nearest, ties to
 * even, subnormals, and inf where it is too large. */
static void
test_exact_rounds_scaled_integers(void)
{
    twin_sum sum;
    uint64_t seed = 7;

    for (int i = 0; i < 4000; i++) {
        mfg_int128 value = draw_integer(&seed, 126);
        int exponent = 1 + (int)draw_below(&seed, 2100);
        twin_clear(&sum);
        twin_add_scaled(&sum, value, exponent);
        SAME(twin_round(&sum), mfg_exact_round(value, exponent));
    }
    SAME(0.0, mfg_exact_round(0, 1));
    SAME(5e-324, mfg_exact_round(1, 1));
    SAME(-5e-324, mfg_exact_round(-1, 1));
    SAME(INFINITY, mfg_exact_round(1, 2100));
}

/* Ties go to the even neighbor, and one unit more or less decides. */
static void
test_exact_rounds_ties_to_even(void)
{
    const int64_t odd = (INT64_C(1) << 53) + 1; /* 54 bits, a tie */

    for (int exponent = 1; exponent < 1900; exponent += 31) {
        mfg_int128 tie = (mfg_int128)odd << 60;
        double below = ldexp(0x1p53, exponent - MFG_BIAS + 60);
        double above = ldexp(0x1p53 + 2, exponent - MFG_BIAS + 60);
        SAME(below, mfg_exact_round(tie, exponent));
        SAME(below, mfg_exact_round(tie - 1, exponent));
        SAME(above, mfg_exact_round(tie + 1, exponent));
        SAME(-below, mfg_exact_round(-tie, exponent));
        SAME(-above, mfg_exact_round(-tie - 1, exponent));
    }
}

/* The wide sum of many terms, whatever their exponents and signs, is rounded
 * as the twin's. */
static void
test_exact_wide_sums(void)
{
    static mfg_wide_sum sum;
    static twin_sum twin;
    uint64_t seed = 8;

    for (int i = 0; i < 1500; i++) {
        int n = 1 + (int)draw_below(&seed, 12);
        int spread = 1 + (int)draw_below(&seed, i % 2 ? 2100 : 60);
        int least = 1 + (int)draw_below(&seed, 2101 - spread);
        mfg_wide_clear(&sum);
        twin_clear(&twin);
        for (int j = 0; j < n; j++) {
            mfg_int128 value = draw_integer(&seed, 120);
            int exponent = least + (int)draw_below(&seed, spread);
            mfg_wide_add(&sum, value, exponent);
            twin_add_scaled(&twin, value, exponent);
        }
        SAME(twin_round(&twin), mfg_wide_round(&sum));
    }
}

/* What lies far below a tie decides it: 2^53 + 1 with a last unit of 2^-1074,
 * added or taken away. */
static void
test_exact_wide_sums_see_the_last_bit(void)
{
    static mfg_wide_sum sum;
    int one = MFG_BIAS;

    for (int sign = -1; sign <= 1; sign++) {
        mfg_wide_clear(&sum);
        mfg_wide_add(&sum, (INT64_C(1) << 53) + 1, one);
        mfg_wide_add(&sum, sign, 1);
        SAME(sign > 0 ? 0x1p53 + 2 : 0x1p53, mfg_wide_round(&sum));
        mfg_wide_clear(&sum);
        mfg_wide_add(&sum, -(INT64_C(1) << 53) - 1, one);
        mfg_wide_add(&sum, -sign, 1);
        SAME(sign > 0 ? -0x1p53 - 2 : -0x1p53, mfg_wide_round(&sum));
    }
}

/* A sum that cancels is +0.0; infinities rule, and of both signs are NaN. */
static void
test_exact_wide_sums_of_special_values(void)
{
    static mfg_wide_sum sum;
    const double results[4] = {0.0, INFINITY, -INFINITY, NAN};

    for (int infinities = 0; infinities < 4; infinities++) {
        mfg_wide_clear(&sum);
        mfg_wide_add(&sum, 12345, 900);
        mfg_wide_add(&sum, -12345, 900);
        sum.infinities = infinities;
        SAME(results[infinities], mfg_wide_round(&sum));
    }
}

/* The largest finite number is given up to the tie with what would be 2^1024,
 * which is inf. */
static void
test_exact_overflows_where_the_sum_does(void)
{
    static mfg_wide_sum sum;
    const mfg_int128 most = (INT64_C(1) << 53) - 1;

    for (int below = 0; below < 2; below++) {
        mfg_wide_clear(&sum);
        mfg_wide_add(&sum, most, 2046);
        mfg_wide_add(&sum, 1, 2045); /* half a unit: the tie */
        mfg_wide_add(&sum, -below, 1);
        SAME(below ? DBL_MAX : INFINITY, mfg_wide_round(&sum));
    }
}

/* The main plane begins so that the largest value has headroom; zeros, NaN and
 * infinities do not count, and place none. */
static void
test_exact_places_the_main_plane(void)
{
    mfg_word values[5] = {{.float64 = 1.0},
                          {.float64 = NAN},
                          {.float64 = -INFINITY},
                          {.float64 = -3.0},
                          {.float64 = 0.0}};

    EQUAL(1024 + MFG_HEADROOM - MFG_PLANE + 1, mfg_exact_place(values, 5));
    EQUAL(1023 + MFG_HEADROOM - MFG_PLANE + 1, mfg_exact_place(values, 3));
    EQUAL(0, mfg_exact_place(values + 4, 1));
    EQUAL(0, mfg_exact_place(values, 0));
    values[0].float64 = 1e-310;
    EQUAL(1, mfg_exact_place(values, 1));
}

/* However large the values, infinities and NaN lie outside of the main plane,
 * and what cuts values into levels is finite. */
static void
test_exact_keeps_infinities_out_of_the_main_plane(void)
{
    for (int exponent = 1900; exponent < 2047; exponent++) {
        mfg_word value = {.uint64 = (uint64_t)exponent << 52};
        int base = mfg_exact_place(&value, 1);
        CHECK(base <= MFG_HIGHEST_BASE && base <= exponent);
        CHECK(exponent < base + MFG_PLANE || base == MFG_HIGHEST_BASE);
    }
}

void
suite_exact(void)
{
    RUN(test_exact_splits_doubles);
    RUN(test_exact_cuts_values_into_levels);
    RUN(test_exact_opens_settled_sums);
    RUN(test_exact_rounds_scaled_integers);
    RUN(test_exact_rounds_ties_to_even);
    RUN(test_exact_wide_sums);
    RUN(test_exact_wide_sums_see_the_last_bit);
    RUN(test_exact_wide_sums_of_special_values);
    RUN(test_exact_overflows_where_the_sum_does);
    RUN(test_exact_places_the_main_plane);
    RUN(test_exact_keeps_infinities_out_of_the_main_plane);
}
