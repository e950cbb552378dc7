/* Texts in the order of their code points. */
#include "sort.h"
#include "strings.h"

#include <stdlib.h>
#include <string.h>

typedef struct listed {
    const char *text;
    size_t size;
    int64_t code;
} listed;

/* Bytes of UTF-8 sort as their code points do. */
static int
compare_utf8(const void *left, const void *right)
{
    const listed *a = left;
    const listed *b = right;
    int order = memcmp(a->text, b->text, a->size < b->size ? a->size : b->size);

    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

static int
compare_ucs4(const void *left, const void *right)
{
    const listed *a = left;
    const listed *b = right;

    for (size_t i = 0; i < a->size && i < b->size; i += 4) {
        uint32_t x;
        uint32_t y;
        memcpy(&x, a->text + i, sizeof x);
        memcpy(&y, b->text + i, sizeof y);
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return (a->size > b->size) - (a->size < b->size);
}

/* The first 8 bytes of a text as a word that sorts as they do. */
static uint64_t
first_word(const char *text, size_t size, int is_ucs4)
{
    uint64_t word = 0;

    for (size_t i = 0; is_ucs4 && i < 8; i += 4) {
        uint32_t character = 0;
        if (i < size) {
            memcpy(&character, text + i, sizeof character);
        }
        word = word << 32 | character;
    }
    for (size_t i = 0; !is_ucs4 && i < 8; i++) {
        word = word << 8 | (i < size ? (unsigned char)text[i] : 0);
    }
    return word;
}

/* Ranks of the texts that pairs from ... to - 1 name, whose first words are the
 * same. */
static mfg_status
rank_run(const mfg_strings *strings, int is_ucs4, const mfg_pair *pairs,
         int64_t from, int64_t to, uint64_t *ranks)
{
    listed *list = mfg_alloc((size_t)(to - from), sizeof *list);

    if (list == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int64_t i = from; i < to; i++) {
        listed *item = &list[i - from];
        mfg_strings_at(strings, pairs[i].place, &item->text, &item->size);
        item->code = pairs[i].place;
    }
    qsort(list, (size_t)(to - from), sizeof *list,
          is_ucs4 ? compare_ucs4 : compare_utf8);
    for (int64_t i = from; i < to; i++) {
        ranks[list[i - from].code] = (uint64_t)i;
    }
    mfg_free(list);
    return MFG_OK;
}

/* By first words, then each run of the same by all that there is. */
mfg_status
mfg_strings_ranks(const mfg_strings *strings, int is_ucs4, uint64_t *ranks,
                  mfg_control *control)
{
    int64_t n = strings->count;
    mfg_pair *pairs = mfg_alloc((size_t)n, 2 * sizeof *pairs);
    mfg_status status = MFG_OK;
    int64_t to;

    if (pairs == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int64_t code = 0; code < n; code++) {
        const char *text;
        size_t size;
        mfg_strings_at(strings, code, &text, &size);
        pairs[code] = (mfg_pair){first_word(text, size, is_ucs4), code};
    }
    status = mfg_sort_pairs(n, pairs, pairs + n, control);
    for (int64_t from = 0; from < n && status == MFG_OK; from = to) {
        to = from + 1;
        while (to < n && pairs[to].word == pairs[from].word) {
            to++;
        }
        status = rank_run(strings, is_ucs4, pairs, from, to, ranks);
    }
    mfg_free(pairs);
    return status;
}
