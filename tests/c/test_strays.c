/* Strays: values outside of the main plane, in planes of their own. */
#include "check.h"
#include "exact.h"
#include "suites.h"
#include "twins.h"

#include <math.h>

/* The sum of a group's strays, rounded once. */
static double
rounded(const mfg_strays *strays, int32_t group, int base)
{
    mfg_wide_sum sum;

    mfg_wide_clear(&sum);
    for (int64_t s = 0; s < strays->count; s++) {
        if (strays->items[s].group == group) {
            mfg_stray_into(&strays->items[s], base, &sum);
        }
    }
    return mfg_wide_round(&sum);
}

/* Doubles of every exponent, in several groups and around any base, sum up as
 * the twins' do. */
static void
test_strays_sum_every_exponent(void)
{
    static const int bases[] = {1, 2, 49, 50, 51, 982, 1500, 1997};
    static twin_sum twins[3];
    uint64_t seed = 9;

    for (size_t b = 0; b < sizeof bases / sizeof *bases; b++) {
        mfg_strays strays = {0};
        for (int g = 0; g < 3; g++) {
            twin_clear(&twins[g]);
        }
        for (int i = 0; i < 3 * 2047; i++) {
            double x = draw_exponent(&seed, i / 3, i / 3);
            int exponent;
            int64_t significand = mfg_split(x, &exponent);
            EQUAL(MFG_OK, mfg_strays_add(&strays, i % 3, significand, exponent,
                                         bases[b]));
            twin_add(&twins[i % 3], x);
            if (i % 600 < 3) {
                SAME(twin_round(&twins[i % 3]),
                     rounded(&strays, i % 3, bases[b]));
            }
        }
        for (int g = 0; g < 3; g++) {
            SAME(twin_round(&twins[g]), rounded(&strays, g, bases[b]));
        }
        mfg_strays_free(&strays);
    }
}

/* Planes that fill up are carried into the next, up and down, and lose
 * nothing. */
static void
test_strays_carry_full_planes(void)
{
    static twin_sum twin;
    const mfg_int128 large = ((mfg_int128)1 << 119) - 1;

    for (int sign = -1; sign <= 1; sign += 2) {
        mfg_strays strays = {0};
        twin_clear(&twin);
        for (int i = 0; i < 3000; i++) {
            int exponent = 1049 + i % 3;
            EQUAL(MFG_OK,
                  mfg_strays_add(&strays, 0, sign * large, exponent, 1000));
            twin_add_scaled(&twin, sign * large, exponent);
        }
        SAME(twin_round(&twin), rounded(&strays, 0, 1000));
        for (int64_t s = 0; s < strays.count; s++) {
            mfg_int128 sum = strays.items[s].sum;
            CHECK(sum < (mfg_int128)1 << 121 && sum > -((mfg_int128)1 << 121));
        }
        mfg_strays_free(&strays);
    }
}

/* A small negative value takes no more planes than a positive one. */
static void
test_strays_keep_negative_values_in_their_plane(void)
{
    mfg_strays strays = {0};

    EQUAL(MFG_OK, mfg_strays_add(&strays, 0, 5, 1100, 1000));
    EQUAL(1, strays.count);
    EQUAL(MFG_OK, mfg_strays_add(&strays, 1, -5, 1100, 1000));
    EQUAL(2, strays.count);
    mfg_strays_free(&strays);
}

/* Nothing is kept for a zero. */
static void
test_strays_pass_over_zeros(void)
{
    mfg_strays strays = {0};

    EQUAL(MFG_OK, mfg_strays_add(&strays, 0, 0, 1, 1000));
    EQUAL(0, strays.count);
    mfg_strays_free(&strays);
}

/* Infinities are remembered by sign, group by group, beside finite strays. */
static void
test_strays_keep_infinities(void)
{
    mfg_strays strays = {0};

    for (int flags = 1; flags < 4; flags++) {
        EQUAL(MFG_OK, mfg_strays_add(&strays, flags, 1, 2046, 1));
        for (int sign = 1; sign <= 2; sign++) {
            if (flags & sign) {
                EQUAL(MFG_OK, mfg_strays_add_infinity(&strays, flags, sign));
                EQUAL(MFG_OK, mfg_strays_add_infinity(&strays, flags, sign));
            }
        }
    }
    EQUAL(MFG_OK, mfg_strays_add(&strays, 4, 1, 2046, 1));
    SAME(INFINITY, rounded(&strays, 1, 1));
    SAME(-INFINITY, rounded(&strays, 2, 1));
    SAME(NAN, rounded(&strays, 3, 1));
    SAME(0x1p971, rounded(&strays, 4, 1));
    mfg_strays_free(&strays);
}

/* Where memory runs out the strays say so and can still be freed. */
static void
test_strays_fail_without_memory(void)
{
    mfg_status status = MFG_NO_MEMORY;

    for (int64_t left = 0; status != MFG_OK; left++) {
        mfg_strays strays = {0};
        status = MFG_OK;
        mfg_allocations_left = left;
        for (int32_t i = 0; i < 40 && status == MFG_OK; i++) {
            status = mfg_strays_add(&strays, i / 2, (mfg_int128)1 << 70,
                                    1 + 50 * (i % 40), 1000);
            if (status == MFG_OK) {
                status = mfg_strays_add_infinity(&strays, i, 1);
            }
        }
        mfg_allocations_left = -1;
        CHECK(status == MFG_OK || status == MFG_NO_MEMORY);
        CHECK(left > 0 || status == MFG_NO_MEMORY);
        mfg_strays_free(&strays);
    }
}

void
suite_strays(void)
{
    RUN(test_strays_sum_every_exponent);
    RUN(test_strays_carry_full_planes);
    RUN(test_strays_keep_negative_values_in_their_plane);
    RUN(test_strays_pass_over_zeros);
    RUN(test_strays_keep_infinities);
    RUN(test_strays_fail_without_memory);
}
