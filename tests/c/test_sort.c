/* The order of words, and numbers as words. */
#include "check.h"
#include "columns.h"
#include "sort.h"
#include "suites.h"
#include "twins.h"

#include <math.h>

#define MOST 3000

/* Sorts n indices by words and checks: each once, ascending, stable. */
static void
check_sorted(int64_t n, const uint64_t *words)
{
    static int64_t order[MOST];
    static int64_t scratch[MOST];
    static uint8_t seen[MOST];
    mfg_control control = at_will;

    memset(seen, 0, sizeof seen);
    for (int64_t i = 0; i < n; i++) {
        order[i] = i;
    }
    EQUAL(MFG_OK, mfg_sort_order(n, words, order, scratch, &control));
    for (int64_t i = 0; i < n; i++) {
        EQUAL(0, seen[order[i]]++);
        if (i > 0) {
            uint64_t last = words[order[i - 1]];
            CHECK(last < words[order[i]] ||
                  (last == words[order[i]] && order[i - 1] < order[i]));
        }
    }
}

/* Words ascend and equal ones keep their order, for sizes on both sides of the
 * change of method and for every number of digits that differ. */
static void
test_sort_is_stable_and_ascends(void)
{
    static const int64_t sizes[] = {0, 1, 2, 63, 64, 65, 256, 3000};
    static uint64_t words[MOST];
    uint64_t seed = 3;

    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (int bits = 0; bits <= 64; bits += 4) {
            for (int64_t i = 0; i < sizes[s]; i++) {
                words[i] = bits == 0 ? 7 : draw(&seed) >> (64 - bits);
            }
            check_sorted(sizes[s], words);
        }
    }
}

/* Digits that all share are skipped wherever they stand, so that an odd number
 * of passes ends in the order too. */
static void
test_sort_by_one_digit(void)
{
    static uint64_t words[MOST];
    uint64_t seed = 4;

    for (int digit = 0; digit < 8; digit++) {
        for (int64_t i = 0; i < MOST; i++) {
            words[i] = (draw(&seed) & 255) << (8 * digit) |
                       (UINT64_C(0x5a) << (8 * ((digit + 1) % 8)));
        }
        check_sorted(MOST, words);
    }
}

/* Sorts words, each with its own mix beside it, and checks: ascending, the same
 * words, each with what stood beside it. */
static void
check_words(int64_t n, uint64_t *words, uint64_t *beside, mfg_sort_room *room)
{
    mfg_control control = at_will;
    uint64_t sum = 0;
    int64_t n_wrong = 0;

    for (int64_t i = 0; i < n; i++) {
        beside[i] = mfg_mix(words[i]);
        sum += beside[i];
    }
    EQUAL(MFG_OK, mfg_sort_words(words, beside, n, room, &control));
    for (int64_t i = 0; i < n; i++) {
        n_wrong += i > 0 && words[i - 1] > words[i];
        n_wrong += beside[i] != mfg_mix(words[i]);
        sum -= beside[i];
    }
    CHECK(sum == 0);
    EQUAL(MFG_OK, mfg_sort_words(beside, NULL, n, room, &control));
    for (int64_t i = 1; i < n; i++) {
        n_wrong += beside[i - 1] > beside[i];
    }
    EQUAL(0, n_wrong);
}

/* Words ascend with a room, with one that is too small, and without: where
 * digits have few words or many, and where all differ in high or low bits. */
static void
test_words_with_and_without_room(void)
{
    static const int64_t sizes[] = {
        0, 1, 24, 25, 1000, MFG_SORT_ROOM, MFG_SORT_ROOM + 1};
    static const int shapes[][2] = {{64, 0}, {44, 0}, {9, 0}, {3, 40}, {0, 0}};
    uint64_t *words = mfg_alloc(MFG_SORT_ROOM + 1, sizeof *words);
    uint64_t *beside = mfg_alloc(MFG_SORT_ROOM + 1, sizeof *beside);
    mfg_sort_room *room = mfg_alloc(1, sizeof *room);
    uint64_t seed = 5;

    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (size_t k = 0; k < 2 * sizeof shapes / sizeof *shapes; k++) {
            const int *shape = shapes[k / 2];
            for (int64_t i = 0; i < sizes[s]; i++) {
                uint64_t high =
                    shape[0] == 0 ? 0 : draw(&seed) >> (64 - shape[0]);
                words[i] =
                    i % 7 == 0 ? 11 : high << shape[1] | (draw(&seed) & 3);
            }
            check_words(sizes[s], words, beside, k % 2 ? room : NULL);
        }
    }
    mfg_free(words);
    mfg_free(beside);
    mfg_free(room);
}

/* Words that are more than a room holds are sorted asking on whether to go on,
 * where 10 million went by without a question; none is lost by the answer. */
static void
test_many_words_are_sorted_asking(void)
{
    const int64_t n = 2 * MFG_POLL_ROWS;
    uint64_t *words = mfg_alloc((size_t)n, sizeof *words);
    mfg_sort_room *room = mfg_alloc(1, sizeof *room);
    mfg_status status = MFG_INTERRUPTED;
    int64_t n_wrong = 0;
    int n_asked = 0;

    for (int stop_at = 1; status == MFG_INTERRUPTED;
         stop_at += 1 + stop_at / 2) {
        asked so_far = {.stop_at = stop_at};
        mfg_control control = {.poll = answer, .context = &so_far};
        uint64_t sum = 0;
        for (int64_t i = 0; i < n; i++) { /* nearly all have one digit */
            words[i] = i == 7 ? UINT64_MAX : mfg_mix((uint64_t)i) >> 30;
            sum += words[i];
        }
        status = mfg_sort_words(words, NULL, n, room, &control);
        n_asked = so_far.times;
        CHECK((status == MFG_INTERRUPTED) == (n_asked == stop_at));
        for (int64_t i = 0; i < n; i++) {
            sum -= words[i];
        }
        CHECK(sum == 0);
    }
    EQUAL(MFG_OK, status);
    CHECK(n_asked > 4);
    for (int64_t i = 1; i < n; i++) {
        n_wrong += words[i - 1] > words[i];
    }
    EQUAL(0, n_wrong);
    mfg_free(words);
    mfg_free(room);
}

/* Ascending numbers have ascending words, and come back from them. */
static void
test_sort_words_ascend_as_numbers(void)
{
    const double floats[] = {-INFINITY, -1e308, -1.0, -5e-324, 0.0,
                             5e-324,    1.0,    2.0,  1e308,   INFINITY};
    const int64_t ints[] = {INT64_MIN, -2, -1, 0, 1, 2, INT64_MAX};
    const uint64_t unsigneds[] = {0, 1, INT64_MAX, (uint64_t)1 << 63,
                                  UINT64_MAX};
    mfg_word word;
    mfg_word last = {.float64 = floats[0]};

    for (int i = 0; i < 10; i++, last = word) {
        word.float64 = floats[i];
        EQUAL(i == 0 ? 0 : 1, mfg_compare(word, last, MFG_AS_FLOAT64));
        EQUAL(i == 0 ? 0 : -1, mfg_compare(last, word, MFG_AS_FLOAT64));
        SAME(floats[i],
             mfg_unsortable(mfg_sortable(word, MFG_AS_FLOAT64), MFG_AS_FLOAT64)
                 .float64);
    }
    for (int i = 0; i < 7; i++, last = word) {
        word.int64 = ints[i];
        CHECK(i == 0 || mfg_compare(word, last, MFG_AS_INT64) == 1);
        CHECK(ints[i] ==
              mfg_unsortable(mfg_sortable(word, MFG_AS_INT64), MFG_AS_INT64)
                  .int64);
    }
    for (int i = 0; i < 5; i++, last = word) {
        word.uint64 = unsigneds[i];
        CHECK(i == 0 || mfg_compare(word, last, MFG_AS_UINT64) == 1);
        CHECK(unsigneds[i] ==
              mfg_unsortable(mfg_sortable(word, MFG_AS_UINT64), MFG_AS_UINT64)
                  .uint64);
    }
}

/* Both zeros are one number, and it comes back as +0.0; the quiet NaN is last.
 */
static void
test_sort_takes_zeros_as_one(void)
{
    mfg_word minus = {.float64 = -0.0};
    mfg_word plus = {.float64 = 0.0};
    mfg_word nan = {.float64 = NAN};
    mfg_word infinity = {.float64 = INFINITY};

    EQUAL(0, mfg_compare(minus, plus, MFG_AS_FLOAT64));
    EQUAL(1, mfg_compare(nan, infinity, MFG_AS_FLOAT64));
    SAME(0.0,
         mfg_unsortable(mfg_sortable(minus, MFG_AS_FLOAT64), MFG_AS_FLOAT64)
             .float64);
}

void
suite_sort(void)
{
    RUN(test_sort_is_stable_and_ascends);
    RUN(test_sort_by_one_digit);
    RUN(test_words_with_and_without_room);
    RUN(test_many_words_are_sorted_asking);
    RUN(test_sort_words_ascend_as_numbers);
    RUN(test_sort_takes_zeros_as_one);
}
