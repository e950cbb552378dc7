/* The dictionary of text: one code a text, and the order of code points. */
#include "check.h"
#include "columns.h"
#include "strings.h"
#include "suites.h"
#include "twins.h"

static int64_t
code_of(mfg_strings *strings, const void *text, size_t size)
{
    mfg_control control = at_will;
    uint64_t code = UINT64_MAX;

    EQUAL(MFG_OK, mfg_strings_code(strings, text, size, &code, &control));
    return (int64_t)code;
}

/* Texts count up as they first come, equal ones share a code, and each can be
 * read back. */
static void
test_strings_count_up(void)
{
    static const char *const texts[] = {"沣东新城", "", "沣西新城", "a", "ab"};
    mfg_strings strings = {0};
    const char *text;
    size_t size;

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 5; i++) {
            EQUAL(i, code_of(&strings, texts[i], strlen(texts[i])));
        }
    }
    EQUAL(5, strings.count);
    for (int i = 0; i < 5; i++) {
        mfg_strings_at(&strings, i, &text, &size);
        EQUAL(strlen(texts[i]), size);
        CHECK(memcmp(texts[i], text, size) == 0);
    }
    mfg_strings_free(&strings);
}

/* The empty text alone is a text. */
static void
test_strings_take_an_empty_text(void)
{
    mfg_strings strings = {0};
    mfg_control control = at_will;
    uint64_t rank = 7;

    EQUAL(MFG_OK, mfg_strings_ranks(&strings, 0, &rank, &control));
    EQUAL(7, rank);
    EQUAL(0, code_of(&strings, "", 0));
    EQUAL(0, code_of(&strings, "x", 0));
    EQUAL(MFG_OK, mfg_strings_ranks(&strings, 0, &rank, &control));
    EQUAL(0, rank);
    mfg_strings_free(&strings);
}

/* Zeros inside of a text, and at its end, are part of it. */
static void
test_strings_keep_embedded_zeros(void)
{
    mfg_strings strings = {0};

    EQUAL(0, code_of(&strings, "a\0b", 3));
    EQUAL(1, code_of(&strings, "a\0c", 3));
    EQUAL(2, code_of(&strings, "a", 1));
    EQUAL(3, code_of(&strings, "a\0", 2));
    EQUAL(4, code_of(&strings, "\0\0\0\0\0\0\0\0", 8));
    EQUAL(5, code_of(&strings, "\0\0\0\0\0\0\0\0", 7));
    EQUAL(0, code_of(&strings, "a\0b", 3));
    mfg_strings_free(&strings);
}

/* Texts made, by one who knows the secrets, so that the hash of strings.c is
 * the same for all: the half of a word that meets its secret takes away the
 * other half, and what follows is the same. Of 31 bytes, which stand in the
 * table, and of 48, which do not. */
static void
test_strings_tell_colliding_texts_apart(void)
{
    mfg_strings strings = {0};

    EQUAL(0, code_of(&strings, "", 0));
    for (int round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < 40; i++) {
            uint64_t met = strings.secrets[0] & UINT32_MAX;
            const uint64_t words[6] = {met | i << 32, 1, 2, 3, 5, 5};
            EQUAL(2 * i + 1, code_of(&strings, words, 31));
            EQUAL(2 * i + 2, code_of(&strings, words, sizeof words));
        }
    }
    mfg_strings_free(&strings);
}

/* Texts get one code each, whatever their size, however many come at once, and
 * whether or not what lies behind them may be read. */
static void
test_strings_read_texts_roomy_or_not(void)
{
    enum { MOST = 40, SIZES = 36 };
    char memory[MOST * SIZES + MFG_ROOM];
    mfg_text texts[2 * SIZES];
    uint64_t codes[2 * SIZES];
    mfg_control control = at_will;
    mfg_strings strings = {0};

    memset(memory, 'x', sizeof memory);
    for (int i = 0; i < SIZES; i++) {
        char *text = memory + MOST * i;
        snprintf(text, MOST, "%0*d", i, 0);
        text[i] = 'y'; /* no part of it */
        texts[i] = texts[SIZES + i] = (mfg_text){text, (size_t)i};
    }
    for (int32_t n_roomy = 0; n_roomy <= 2 * SIZES; n_roomy += SIZES / 2) {
        EQUAL(MFG_OK, mfg_strings_codes(&strings, 2 * SIZES, n_roomy, texts,
                                        codes, &control));
        for (int i = 0; i < 2 * SIZES; i++) {
            EQUAL(i % SIZES, codes[i]);
        }
        mfg_strings_find(&strings, 2 * SIZES, texts, codes);
        EQUAL(SIZES - 1, codes[2 * SIZES - 1]);
    }
    EQUAL(SIZES, strings.count);
    mfg_strings_free(&strings);
}

/* Many texts of many lengths survive every growth. */
static void
test_strings_grow(void)
{
    mfg_strings strings = {0};
    char text[64];

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 5000; i++) {
            int size = snprintf(text, sizeof text, "%0*d", 1 + i % 40, i);
            EQUAL(i, code_of(&strings, text, (size_t)size));
        }
    }
    EQUAL(5000, strings.count);
    mfg_strings_free(&strings);
}

/* Adds the texts and checks that their ranks are `expected`. */
static void
check_ranks(int is_ucs4, int n, const char *const *texts, const size_t *sizes,
            const uint64_t *expected)
{
    mfg_strings strings = {0};
    uint64_t ranks[16];
    mfg_control control = at_will;

    for (int i = 0; i < n; i++) {
        EQUAL(i, code_of(&strings, texts[i], sizes[i]));
    }
    EQUAL(MFG_OK, mfg_strings_ranks(&strings, is_ucs4, ranks, &control));
    for (int i = 0; i < n; i++) {
        EQUAL(expected[i], ranks[i]);
    }
    mfg_strings_free(&strings);
}

/* UTF-8 is ranked by code points, a text before those that continue it. */
static void
test_strings_rank_utf8(void)
{
    static const char *const texts[] = {"b", "\xf0\x9f\x98\x80", "",    "ab",
                                        "a", "\xef\xbf\xbd",     "a\0", "é"};
    static const size_t sizes[] = {1, 4, 0, 2, 1, 3, 2, 2};
    static const uint64_t expected[] = {4, 7, 0, 3, 1, 6, 2, 5};

    check_ranks(0, 8, texts, sizes, expected);
}

/* Text of 4-byte characters is ranked by code points in the machine's byte
 * order, a text before those that continue it. */
static void
test_strings_rank_ucs4(void)
{
    static const uint32_t b[] = {'b'}, emoji[] = {0x1f600}, ab[] = {'a', 'b'};
    static const uint32_t a[] = {'a'}, late[] = {0x100}, aa[] = {'a', 'a'};
    static const char none[1] = "";
    const char *const texts[] = {
        (const char *)b,  (const char *)emoji, none,
        (const char *)ab, (const char *)a,     (const char *)late,
        (const char *)aa,
    };
    static const size_t sizes[] = {4, 4, 0, 8, 4, 4, 8};
    static const uint64_t expected[] = {4, 6, 0, 3, 1, 5, 2};

    check_ranks(1, 7, texts, sizes, expected);
}

/* Of texts that begin alike by whole words, or that are zeros alone, ranks are
 * those of their numbers; more of them than are compared with each other were
 * sorted at one go, which no signal could end. */
static void
test_strings_rank_long_beginnings(void)
{
    enum { COUNT = 2000 };
    static const char same[] = "the same beginning of every name ";
    static uint64_t ranks[2 * COUNT];
    mfg_strings strings = {0};
    mfg_control control = at_will;
    char text[COUNT] = {0};

    for (int i = 0; i < COUNT; i++) { /* 7 is prime to 2000 */
        int number = i * 7 % COUNT;
        int size = snprintf(text, sizeof text, "%s%08d", same, number);
        EQUAL(2 * i, code_of(&strings, text, (size_t)size));
        memset(text, 0, sizeof text);
        EQUAL(2 * i + 1, code_of(&strings, text, (size_t)number));
    }
    EQUAL(MFG_OK, mfg_strings_ranks(&strings, 0, ranks, &control));
    for (int i = 0; i < COUNT; i++) {
        EQUAL(COUNT + i * 7 % COUNT, ranks[2 * i]);
        EQUAL(i * 7 % COUNT, ranks[2 * i + 1]);
    }
    mfg_strings_free(&strings);
}

static int
stop_at_once(void *context)
{
    (void)context;
    return 1;
}

/* The order of many texts ends when it is told to. */
static void
test_strings_rank_until_told(void)
{
    mfg_strings strings = {0};
    mfg_control control = {.poll = stop_at_once};
    static uint64_t ranks[100000];

    for (int i = 0; i < 100000; i++) {
        EQUAL(i, code_of(&strings, (char *)&i, sizeof i));
    }
    EQUAL(MFG_INTERRUPTED, mfg_strings_ranks(&strings, 0, ranks, &control));
    mfg_strings_free(&strings);
}

/* A dictionary that is stopped while it grows keeps its texts, and can grow
 * later. */
static void
test_strings_ask_while_they_grow(void)
{
    int n = 3 << 16; /* as many as 262,144 entries hold */
    mfg_strings strings = {0};
    mfg_status status = MFG_INTERRUPTED;
    int stop_at = 0;

    for (int i = 0; i < n; i++) {
        EQUAL(i, code_of(&strings, &i, sizeof i));
    }
    while (status == MFG_INTERRUPTED) {
        stop_at++;
        asked so_far = {.stop_at = stop_at};
        mfg_control control = {.poll = answer, .context = &so_far};
        uint64_t code = 0;
        status =
            mfg_strings_code(&strings, (char *)&n, sizeof n, &code, &control);
        EQUAL(status == MFG_OK ? stop_at - 1 : stop_at, so_far.times);
        EQUAL(status == MFG_OK ? n : 0, code);
    }
    EQUAL(MFG_OK, status);
    EQUAL(4, stop_at); /* every 65,536 of 262,144 entries, but the first */
    for (int i = 0; i <= n; i += 101) {
        EQUAL(i, code_of(&strings, &i, sizeof i));
    }
    EQUAL(n + 1, strings.count);
    mfg_strings_free(&strings);
}

/* Where memory runs out, at whichever allocation, the dictionary says so. */
static void
test_strings_fail_without_memory(void)
{
    mfg_control control = at_will;
    mfg_status status = MFG_NO_MEMORY;

    for (int64_t left = 0; status != MFG_OK; left++) {
        mfg_strings strings = {0};
        uint64_t ranks[100];
        status = MFG_OK;
        mfg_allocations_left = left;
        for (int i = 0; i < 100 && status == MFG_OK; i++) {
            uint64_t code;
            status = mfg_strings_code(&strings, (char *)&i, sizeof i, &code,
                                      &control);
        }
        if (status == MFG_OK) {
            status = mfg_strings_ranks(&strings, 0, ranks, &control);
        }
        mfg_allocations_left = -1;
        CHECK(status == MFG_OK || status == MFG_NO_MEMORY);
        CHECK(left > 0 || status == MFG_NO_MEMORY);
        mfg_strings_free(&strings);
    }
}

void
suite_strings(void)
{
    RUN(test_strings_count_up);
    RUN(test_strings_take_an_empty_text);
    RUN(test_strings_keep_embedded_zeros);
    RUN(test_strings_tell_colliding_texts_apart);
    RUN(test_strings_read_texts_roomy_or_not);
    RUN(test_strings_grow);
    RUN(test_strings_rank_utf8);
    RUN(test_strings_rank_ucs4);
    RUN(test_strings_rank_long_beginnings);
    RUN(test_strings_rank_until_told);
    RUN(test_strings_ask_while_they_grow);
    RUN(test_strings_fail_without_memory);
}
