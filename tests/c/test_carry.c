/* Sums of more rows than a main plane takes at once: carried in between. */
#include "aggregating.h"
#include "check.h"
#include "columns.h"
#include "state.h"
#include "grouping.h"
#include "suites.h"
#include "twins.h"

#include <math.h>

#define MANY (4 * MFG_CARRY_ROWS + 4096)

static void
twin_add_repeated(twin_sum *sum, double x, int64_t n)
{
    int exponent;
    int64_t significand = mfg_split(x, &exponent);

    twin_add_scaled(sum, (mfg_int128)significand * n, exponent);
}

/* The greatest values of the main plane, of either sign, more often than its
 * 128 bits would hold without a carry, add up exactly. */
static void
test_carry_full_planes(void)
{
    const double one = 1.0;
    /* 1.0 places the plane: its top is 2^(MFG_HEADROOM + 1) */
    const double most = nextafter(ldexp(1.0, MFG_HEADROOM + 1), 0);
    static twin_sum expected;
    mfg_control control = at_will;

    for (int sign = -1; sign <= 1; sign += 2) {
        double x = sign * most;
        double sum = 0;
        mfg_column first = repeated(MFG_FLOAT64, &one);
        mfg_column rest = repeated(MFG_FLOAT64, &x);
        mfg_grouper *grouper = new_grouper(NULL, 0, MANY);
        mfg_state *state = aggregated(grouper, NULL, &first, 1, 1);
        EQUAL(MFG_OK,
              mfg_state_update(state, grouper, NULL, &rest, 0, MANY, &control));
        finish_doubles(state, 0, MFG_SUM, 1, &sum);
        twin_clear(&expected);
        twin_add(&expected, one);
        twin_add_repeated(&expected, x, MANY);
        SAME(twin_round(&expected), sum);
        mfg_state_free(state);
        mfg_grouper_free(grouper);
    }
}

/* Carried and uncarried rows add up with strays of both sides. */
static void
test_carry_beside_strays(void)
{
    static const double values[4] = {1.0, 0x1p-200, -0x1p200, 0x1p200};
    static const double rows[3] = {300.0, 0x1.fffffffffffffp8, -300.0};
    static twin_sum expected;
    mfg_control control = at_will;
    mfg_column few = dense(MFG_FLOAT64, values);
    mfg_grouper *grouper = new_grouper(NULL, 0, MANY);
    mfg_state *state = aggregated(grouper, NULL, &few, 1, 4);
    double sum = 0;

    twin_clear(&expected);
    for (int i = 0; i < 4; i++) {
        twin_add(&expected, values[i]);
    }
    for (int r = 0; r < 3; r++) {
        mfg_column column = repeated(MFG_FLOAT64, &rows[r]);
        int64_t n = MFG_CARRY_ROWS - 500 + 1000 * r;
        twin_add_repeated(&expected, rows[r], n);
        EQUAL(MFG_OK,
              mfg_state_update(state, grouper, NULL, &column, 0, n, &control));
        finish_doubles(state, 0, MFG_SUM, 1, &sum);
        SAME(twin_round(&expected), sum);
    }
    mfg_state_free(state);
    mfg_grouper_free(grouper);
}

/* Where a carry finds no memory the update says so. */
static void
test_carry_fails_without_memory(void)
{
    const double one = 1.0;
    const double most = 300.0;
    mfg_column first = repeated(MFG_FLOAT64, &one);
    mfg_column rest = repeated(MFG_FLOAT64, &most);
    mfg_control control = at_will;
    mfg_grouper *grouper = new_grouper(NULL, 0, MANY);
    mfg_state *state = aggregated(grouper, NULL, &first, 1, 1);

    mfg_allocations_left = 0;
    EQUAL(MFG_NO_MEMORY,
          mfg_state_update(state, grouper, NULL, &rest, 0, MANY, &control));
    mfg_allocations_left = -1;
    mfg_state_free(state);
    mfg_grouper_free(grouper);
}

void
suite_carry(void)
{
    RUN(test_carry_full_planes);
    RUN(test_carry_beside_strays);
    RUN(test_carry_fails_without_memory);
}
