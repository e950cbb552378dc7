/* Keys of text: fixed width and any length, missing and unreadable ones. */
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "suites.h"

#define ITEM(literal) {literal, sizeof literal - 1, 0}
#define MISSING {NULL, 0, 1}
#define UNREADABLE {NULL, 0, -1}

/* The strings of the groups in order; a result of 1 stands for the missing
 * label. */
static void
check_strings(const mfg_grouper *grouper, int n, const text_item *expected)
{
    int64_t order[16];
    int64_t codes[16];
    uint8_t absent[16];
    mfg_control control = at_will;

    EQUAL(n, mfg_grouper_count(grouper));
    EQUAL(MFG_OK, mfg_grouper_order(grouper, order, &control));
    mfg_grouper_labels(grouper, 0, n, order, codes, absent);
    for (int i = 0; i < n; i++) {
        const char *text;
        size_t size;
        EQUAL(expected[i].result, absent[i]);
        if (!absent[i]) {
            mfg_grouper_string(grouper, 0, codes[i], &text, &size);
            EQUAL(expected[i].size, size);
            CHECK(size == expected[i].size &&
                  memcmp(expected[i].text, text, size) == 0);
        }
    }
}

/* Text groups by its bytes and is ordered by code points, missing last. */
static void
test_text_groups_strings(void)
{
    static const text_item items[] = {
        ITEM("沣东新城"), ITEM("泾河新城"), MISSING,      ITEM(""),
        ITEM("沣东新城"), ITEM("a\0b"),     ITEM("a\0c"), MISSING,
        ITEM("a"),        ITEM("")};
    static const text_item expected[] = {
        ITEM(""),         ITEM("a"),        ITEM("a\0b"), ITEM("a\0c"),
        ITEM("沣东新城"), ITEM("泾河新城"), MISSING};
    static const int32_t codes_expected[] = {0, 1, 2, 3, 0, 4, 5, 2, 6, 3};
    mfg_column key = text_column(items);
    mfg_grouper *grouper = new_grouper(&key, 1, 10);
    int32_t codes[10];

    EQUAL(MFG_OK, grouper_codes(grouper, &key, 10, codes));
    for (int i = 0; i < 10; i++) {
        EQUAL(codes_expected[i], codes[i]);
    }
    EQUAL(6, mfg_grouper_n_strings(grouper, 0));
    check_strings(grouper, 7, expected);
    mfg_grouper_free(grouper);
}

/* Text of fixed width loses the zeros at its end and no others; a text comes
 * before those that continue it. */
static void
test_text_groups_fixed_width(void)
{
    static const uint32_t items[][3] = {
        {'b', 0, 0}, {'a', 'b', 'c'}, {'a', 0, 'c'}, {0, 0, 0},
        {'a', 0, 0}, {0x1f600, 0, 0}, {'b', 0, 0},   {'a', 'b', 0}};
    static const int32_t codes_expected[] = {0, 1, 2, 3, 4, 5, 0, 6};
    static const int rows_in_order[] = {3, 4, 2, 7, 1, 0, 5};
    text_item expected[7];
    mfg_column key = ucs4_column(items[0], 3);
    mfg_grouper *grouper = new_grouper(&key, 1, 8);
    int32_t codes[8];

    EQUAL(MFG_OK, grouper_codes(grouper, &key, 8, codes));
    for (int i = 0; i < 8; i++) {
        EQUAL(codes_expected[i], codes[i]);
    }
    for (int i = 0; i < 7; i++) {
        const uint32_t *item = items[rows_in_order[i]];
        size_t size = item[2] ? 3 : item[1] ? 2 : item[0] ? 1 : 0;
        expected[i] = (text_item){(const char *)item, 4 * size, 0};
    }
    check_strings(grouper, 7, expected);
    mfg_grouper_free(grouper);
}

/* A masked text is missing and not read, however it is laid out. */
static void
test_text_does_not_read_what_is_masked(void)
{
    static const text_item items[] = {ITEM("x"), UNREADABLE, ITEM("y"),
                                      ITEM("x"), UNREADABLE, ITEM("z")};
    static const uint32_t wide[] = {'x', '?', 'y', 'x', '?', 'z'};
    static const text_item expected[] = {ITEM("x"), ITEM("y"), ITEM("z"),
                                         MISSING};
    static const char mask[12] = {0, 9, 1, 9, 0, 9, 0, 9, 4, 9, 0, 9};
    static const int32_t codes_expected[] = {0, 1, 2, 0, 1, 3};
    int32_t codes[6];

    for (int is_ucs4 = 0; is_ucs4 < 2; is_ucs4++) {
        mfg_column key = is_ucs4 ? ucs4_column(wide, 1) : text_column(items);
        key.mask = mask;
        key.mask_stride = 2;
        mfg_grouper *grouper = new_grouper(&key, 1, 6);
        EQUAL(MFG_OK, grouper_codes(grouper, &key, 6, codes));
        for (int i = 0; i < 6; i++) {
            EQUAL(codes_expected[i], codes[i]);
        }
        if (!is_ucs4) {
            check_strings(grouper, 4, expected);
        }
        mfg_grouper_free(grouper);
    }
}

/* Text that cannot be read is named by its row, in a later block too. */
static void
test_text_names_the_unreadable_row(void)
{
    static text_item items[3 * MFG_BLOCK];
    static int32_t codes[3 * MFG_BLOCK];
    static const int64_t rows[] = {0, 5, MFG_BLOCK, 2 * MFG_BLOCK + 77};
    mfg_column key = text_column(items);

    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        mfg_control control = at_will;
        mfg_status status = MFG_OK;
        mfg_grouper *grouper = new_grouper(&key, 1, 3 * MFG_BLOCK);
        for (int64_t i = 0; i < 3 * MFG_BLOCK; i++) {
            items[i] = (text_item){"text", (size_t)(i % 5), 0};
        }
        items[rows[r]].result = -1;
        for (int64_t start = 0; status == MFG_OK; start += MFG_BLOCK) {
            status = mfg_grouper_codes(grouper, &key, start, MFG_BLOCK, codes,
                                       &control);
        }
        EQUAL(MFG_BAD_STRING, status);
        EQUAL(rows[r], control.where);
        mfg_grouper_free(grouper);
    }
}

static int
fetch_until(void *context, const char *item, const char **text, size_t *size)
{
    int *left = context;

    (void)item;
    *text = "text";
    *size = 4;
    return (*left)-- == 0 ? -1 : 0;
}

/* Keys are read once for their codes, also where they leave their slots, and
 * once more for a lag; what cannot be read then is named too. */
static void
test_text_is_named_wherever_keys_are_read(void)
{
    static const int64_t periods[3] = {1, INT64_C(1) << 40, 3};
    static const text_item items[3];
    mfg_column keys[2] = {text_column(items), dense(MFG_INT64, periods)};
    int32_t codes[3];

    keys[0].fetch = fetch_until;
    for (int at = 0; at <= 6; at++) { /* 3 rows read twice */
        mfg_control control = at_will;
        mfg_grouper *grouper = new_grouper(keys, 2, 3);
        int left = at;
        keys[0].context = &left;
        mfg_status status =
            mfg_grouper_codes(grouper, keys, 0, 3, codes, &control);
        EQUAL(at < 3 ? MFG_BAD_STRING : MFG_OK, status);
        if (status == MFG_OK) {
            status =
                mfg_grouper_lagged(grouper, keys, 0, 3, 2, codes, &control);
            EQUAL(at < 6 ? MFG_BAD_STRING : MFG_OK, status);
        }
        EQUAL(at < 6 ? at % 3 : -1, control.where);
        mfg_grouper_free(grouper);
    }
    EQUAL(0, codes[2]);
}

/* Many texts, with numbers beside them and some missing, group as the numbers
 * that they spell; too many for slots go through the hash. */
static void
test_text_of_many_labels(void)
{
    enum { n = 5000 };
    static text_item items[n];
    static char texts[n][8];
    static int64_t labels[2][n];
    static uint8_t absent[n];
    static int32_t expected[n];
    static int32_t codes[n];
    truth truths[2] = {{labels[0], absent, 0}, {labels[1], NULL, 0}};
    uint64_t seed = 16;

    for (int i = 0; i < n; i++) {
        labels[0][i] = draw_below(&seed, 700);
        labels[1][i] = draw_below(&seed, 3);
        absent[i] = i % 41 == 40;
        int size = snprintf(texts[i], sizeof *texts, "%d", (int)labels[0][i]);
        items[i] = (text_item){texts[i], (size_t)size, absent[i]};
    }
    mfg_column keys[2] = {text_column(items), dense(MFG_INT64, labels[1])};
    for (int n_keys = 1; n_keys <= 2; n_keys++) {
        for (int64_t expected_rows = 1; expected_rows <= n;
             expected_rows += n - 1) {
            int64_t n_groups = twin_codes(n_keys, truths, n, expected, NULL);
            mfg_grouper *grouper = new_grouper(keys, n_keys, expected_rows);
            EQUAL(MFG_OK, grouper_codes(grouper, keys, n, codes));
            EQUAL(n_groups, mfg_grouper_count(grouper));
            for (int i = 0; i < n; i++) {
                EQUAL(expected[i], codes[i]);
            }
            mfg_grouper_free(grouper);
        }
    }
}

void
suite_text(void)
{
    RUN(test_text_groups_strings);
    RUN(test_text_groups_fixed_width);
    RUN(test_text_does_not_read_what_is_masked);
    RUN(test_text_names_the_unreadable_row);
    RUN(test_text_is_named_wherever_keys_are_read);
    RUN(test_text_of_many_labels);
}
