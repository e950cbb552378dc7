/* Keys of text: fixed width and any length, missing and unreadable ones. */
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "suites.h"

#define ITEM(literal) {literal, sizeof literal - 1, 0}

/* The strings of the groups in order; `none` where the label is missing. */
static void
check_strings(const mfg_grouper *grouper, int n, const text_item *expected)
{
    int64_t order[16];
    int32_t codes[16];
    int64_t wide_codes[16];
    uint8_t absent[16];

    EQUAL(n, mfg_grouper_count(grouper));
    EQUAL(MFG_OK, mfg_grouper_order(grouper, order));
    mfg_grouper_labels(grouper, 0, n, order, wide_codes, absent);
    memcpy(codes, wide_codes, sizeof codes);
    for (int i = 0; i < n; i++) {
        const char *text;
        size_t size;
        EQUAL(expected[i].result, absent[i]);
        if (!absent[i]) {
            mfg_grouper_string(grouper, 0, wide_codes[i], &text, &size);
            EQUAL(expected[i].size, size);
            CHECK(memcmp(expected[i].text, text, size) == 0);
        }
    }
}
