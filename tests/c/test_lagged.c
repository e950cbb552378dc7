/* Groups of records whose last key is less by a lag. */
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "suites.h"

#define N 2500

static int64_t entities[N];
static int64_t periods[N];
static uint8_t entity_absent[N];
static uint8_t period_absent[N];

/* The code of the record with the same entity, `lag` periods earlier; -1 where
 * either key is missing or there is none. */
static int32_t
twin_lagged(int64_t i, int64_t lag, const int32_t *codes)
{
    if (codes[i] < 0) {
        return -1;
    }
    for (int64_t j = 0; j < N; j++) {
        if (codes[j] >= 0 && entities[j] == entities[i] &&
            periods[j] == periods[i] - lag) {
            return codes[j];
        }
    }
    return -1;
}

static void
check_lagged(mfg_kind kind, int64_t lag, int64_t expected_rows)
{
    static int32_t codes[N];
    static int32_t lagged[N];
    laid_column made[2] = {
        lay(kind, N, entities, entity_absent, (layout){.step = 1}),
        lay(kind, N, periods, period_absent, (layout){.step = 1}),
    };
    mfg_column keys[2] = {made[0].column, made[1].column};
    mfg_control control = at_will;

    keys[0].leaves_out = 1;
    keys[1].leaves_out = 1;
    mfg_grouper *grouper = new_grouper(keys, 2, expected_rows);
    EQUAL(MFG_OK, grouper_codes(grouper, keys, N, codes));
    int64_t n_groups = mfg_grouper_count(grouper);
    for (int64_t start = 0; start < N; start += MFG_BLOCK) {
        int64_t left = N - start;
        EQUAL(MFG_OK,
              mfg_grouper_lagged(grouper, keys, start,
                                 (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK),
                                 lag, lagged + start, &control));
    }
    EQUAL(n_groups, mfg_grouper_count(grouper));
    for (int64_t i = 0; i < N; i++) {
        EQUAL(twin_lagged(i, lag, codes), lagged[i]);
    }
    mfg_grouper_free(grouper);
    unlay(&made[0]);
    unlay(&made[1]);
}

/* The group is found in slots and in the hash table, for every kind of
 * integer and for dates. */
static void
test_lagged_finds_the_earlier_record(void)
{
    static const mfg_kind kinds[] = {MFG_INT8,   MFG_INT32,  MFG_INT64,
                                     MFG_UINT16, MFG_UINT64, MFG_DATE};
    uint64_t seed = 17;

    for (int64_t i = 0; i < N; i++) {
        entities[i] = draw_below(&seed, 100);
        periods[i] = 3 + draw_below(&seed, 12);
        entity_absent[i] = i % 31 == 0;
        period_absent[i] = i % 37 == 0;
    }
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        for (int64_t lag = 1; lag < 30; lag += 4) {
            check_lagged(kinds[kind], lag, 1 << 20);
            check_lagged(kinds[kind], lag, 1);
        }
    }
}

/* A lag that leaves the integers finds nothing, not what stands at the other
 * end. */
static void
test_lagged_does_not_wrap_around(void)
{
    const int64_t ends[3] = {INT64_MIN, INT64_MAX, INT64_MIN + 1};
    const uint64_t least[3] = {0, UINT64_MAX, 1};
    const int32_t expected[3] = {-1, -1, 0};
    mfg_control control = at_will;
    int32_t codes[3];

    for (int is_unsigned = 0; is_unsigned < 2; is_unsigned++) {
        mfg_column key =
            is_unsigned ? dense(MFG_UINT64, least) : dense(MFG_INT64, ends);
        mfg_grouper *grouper = new_grouper(&key, 1, 3);
        EQUAL(MFG_OK, grouper_codes(grouper, &key, 3, codes));
        EQUAL(MFG_OK,
              mfg_grouper_lagged(grouper, &key, 0, 3, 1, codes, &control));
        for (int i = 0; i < 3; i++) {
            EQUAL(expected[i], codes[i]);
        }
        mfg_grouper_free(grouper);
    }
}

void
suite_lagged(void)
{
    RUN(test_lagged_finds_the_earlier_record);
    RUN(test_lagged_does_not_wrap_around);
}
