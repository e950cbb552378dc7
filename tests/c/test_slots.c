/* Slots: ranges that widen from block to block, up and down, into the hash. */
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "suites.h"

#define N (6 * MFG_BLOCK)
#define MANY (1 << 20)

static int64_t numbers[2][N];
static uint8_t absents[2][N];

/* Checks both keys (or the first alone) as columns of the kind. */
static void
check_as(mfg_kind kind, int n_keys, int gaps, int64_t n, int64_t expected_rows)
{
    laid_column made[2];
    mfg_column keys[2] = {{0}};
    truth truths[2] = {{0}};

    for (int k = 0; k < n_keys; k++) {
        const uint8_t *absent = gaps ? absents[k] : NULL;
        made[k] = lay(kind, n, numbers[k], absent, (layout){.step = 1});
        keys[k] = made[k].column;
        truths[k] = (truth){numbers[k], absent, 0};
    }
    check_grouping(n_keys, keys, truths, n, expected_rows);
    for (int k = 0; k < n_keys; k++) {
        unlay(&made[k]);
    }
}

/* Block b of key k holds numbers centers[b] ... centers[b] + 6. */
static void
fill_blocks(int k, const int64_t *centers)
{
    for (int64_t i = 0; i < N; i++) {
        numbers[k][i] = centers[i / MFG_BLOCK] + i % 7;
        absents[k][i] = i / MFG_BLOCK == 3 && i % 11 == 5;
    }
}

/* Ranges widen upward, downward, and stay where they are. */
static void
test_slots_widen_both_ways(void)
{
    static const int64_t up[6] = {0, 10, 20, 20, 50, 100};
    static const int64_t down[6] = {100, 90, 60, 60, 20, -128};
    static const int64_t both[6] = {0, 50, -50, 0, 121, -128};
    static const int64_t *const ways[3] = {up, down, both};
    static const mfg_kind kinds[] = {MFG_INT8, MFG_INT16, MFG_INT32, MFG_INT64,
                                     MFG_DATE};

    for (int w = 0; w < 3; w++) {
        for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
            for (int gaps = 0; gaps < 2; gaps++) {
                fill_blocks(0, ways[w]);
                fill_blocks(1, ways[(w + 1) % 3]);
                check_as(kinds[kind], 1, gaps, N, MANY);
                check_as(kinds[kind], 2, gaps, N, MANY);
            }
        }
    }
}

/* Unsigned kinds reach both of their ends. */
static void
test_slots_widen_to_the_ends_of_unsigned_kinds(void)
{
    static const int64_t bytes[6] = {249, 200, 100, 0, 249, 0};
    static const int64_t shorts[6] = {65529, 65000, 50000, 0, 65529, 0};

    fill_blocks(0, bytes);
    for (int gaps = 0; gaps < 2; gaps++) {
        fill_blocks(0, bytes);
        check_as(MFG_UINT8, 1, gaps, N, MANY);
        check_as(MFG_UINT64, 1, gaps, N, MANY);
        fill_blocks(0, shorts);
        check_as(MFG_UINT16, 1, gaps, N, MANY);
        check_as(MFG_UINT32, 1, gaps, N, MANY);
    }
}

/* Keys that grow too wide for slots go on in the hash table, with the codes
 * that they had. */
static void
test_slots_give_way_to_the_hash(void)
{
    static const int64_t wide[6] = {0, 40, 500, 500, 2000000000, -2000000000};
    static const int64_t never[6] = {-3, 40, 50, 60, 70, 80};

    fill_blocks(0, wide);
    fill_blocks(1, never);
    for (int gaps = 0; gaps < 2; gaps++) {
        for (int64_t expected = 1; expected <= MANY; expected *= 1024) {
            check_as(MFG_INT32, 1, gaps, N, expected);
            check_as(MFG_INT32, 2, gaps, N, expected);
            check_as(MFG_INT64, 2, gaps, N, expected);
            check_as(MFG_DATE, 1, gaps, N, expected);
        }
    }
}

/* Slots are laid only as far as the number of rows is worth it. */
static void
test_slots_follow_the_number_of_rows(void)
{
    for (int64_t i = 0; i < N; i++) {
        numbers[0][i] = (i * 7) % 5000;
        absents[0][i] = 0;
    }
    check_as(MFG_INT32, 1, 0, N, 1);
    check_as(MFG_INT32, 1, 0, N, N);
    check_as(MFG_INT32, 1, 0, N, INT64_C(1) << 40);
}

/* Ranges that touch the greatest number do not forget it when they are laid
 * anew for less. */
static void
test_slots_keep_the_greatest_number(void)
{
    for (int64_t i = 0; i < 2 * MFG_BLOCK; i++) {
        numbers[0][i] = i < MFG_BLOCK ? INT64_MAX - i % 3 : INT64_MAX - 2;
        absents[0][i] = i == MFG_BLOCK + 5;
    }
    check_as(MFG_INT64, 1, 1, 2 * MFG_BLOCK, MANY);
}

/* The least number comes first also where the range began at the greatest: a
 * range of 125 ... 127, rounded up to four numbers, took -128 for 128. */
static void
test_slots_order_the_least_number_first(void)
{
    static const struct {
        mfg_kind kind;
        int64_t least;
        int64_t greatest;
    } ends[] = {
        {MFG_INT8, INT8_MIN, INT8_MAX},    {MFG_INT16, INT16_MIN, INT16_MAX},
        {MFG_INT32, INT32_MIN, INT32_MAX}, {MFG_INT64, INT64_MIN, INT64_MAX},
        {MFG_UINT8, 0, UINT8_MAX},         {MFG_UINT16, 0, UINT16_MAX},
        {MFG_UINT32, 0, UINT32_MAX},       {MFG_DATE, -INT64_MAX, INT64_MAX},
    };

    for (size_t e = 0; e < sizeof ends / sizeof *ends; e++) {
        for (int64_t i = 0; i < 2 * MFG_BLOCK; i++) {
            int64_t off = i % 3;
            int is_first = i < MFG_BLOCK;
            numbers[0][i] = is_first ? ends[e].greatest - off : ends[e].least;
            numbers[1][i] = is_first ? ends[e].least + off : ends[e].greatest;
            absents[0][i] = 0;
            absents[1][i] = 0;
        }
        check_as(ends[e].kind, 1, 0, 2 * MFG_BLOCK, MANY);
        check_as(ends[e].kind, 2, 0, 2 * MFG_BLOCK, MANY);
        memcpy(numbers[0], numbers[1], sizeof numbers[0]);
        check_as(ends[e].kind, 1, 0, 2 * MFG_BLOCK, MANY);
    }
}

/* A block that is all missing widens no range, first or later. */
static void
test_slots_pass_over_missing_blocks(void)
{
    for (int missing = 0; missing < 3; missing++) {
        for (int64_t i = 0; i < 3 * MFG_BLOCK; i++) {
            numbers[0][i] = 40 + i % 50;
            absents[0][i] = i / MFG_BLOCK == missing;
        }
        check_as(MFG_INT16, 1, 1, 3 * MFG_BLOCK, MANY);
    }
}

/* Known groups come back through the short way whatever the layout of the
 * column that names them: a later column may differ from the first. */
static void
test_slots_serve_columns_of_other_layouts(void)
{
    static const layout layouts[] = {{.step = 1},
                                     {.step = 2},
                                     {.step = 1, .swapped = 1},
                                     {.step = 1, .offset = 1},
                                     {.step = 1, .masked = 1}};
    static const uint8_t none[200] = {0};
    int32_t codes[200];

    for (int kind = MFG_BOOL; kind < N_KINDS; kind++) {
        mfg_grouper *grouper = NULL;
        for (int64_t i = 0; i < 200; i++) {
            numbers[0][i] = kind == MFG_BOOL ? i % 2 : i % 100;
        }
        for (int l = 0; l < 10; l++) {
            laid_column made = lay((mfg_kind)kind, 200, numbers[0],
                                   l % 5 == 4 ? none : NULL, layouts[l % 5]);
            made.column.negative_missing = l == 9;
            if (grouper == NULL) {
                grouper = new_grouper(&made.column, 1, 200);
            }
            EQUAL(MFG_OK, grouper_codes(grouper, &made.column, 200, codes));
            for (int64_t i = 0; i < 200; i++) {
                EQUAL(numbers[0][i], codes[i]);
            }
            unlay(&made);
        }
        mfg_grouper_free(grouper);
    }
}

void
suite_slots(void)
{
    RUN(test_slots_widen_both_ways);
    RUN(test_slots_widen_to_the_ends_of_unsigned_kinds);
    RUN(test_slots_give_way_to_the_hash);
    RUN(test_slots_follow_the_number_of_rows);
    RUN(test_slots_pass_over_missing_blocks);
    RUN(test_slots_serve_columns_of_other_layouts);
    RUN(test_slots_order_the_least_number_first);
    RUN(test_slots_keep_the_greatest_number);
}
