/* Text to dense codes: hash, compare, remember; the order of code points. */
#include "strings.h"
#include "sort.h"

#include <stdlib.h>
#include <string.h>

/* Eight bytes at a time, each mixed one-to-one into the state, so texts that
 * differ in one word never collide. */
static uint64_t
hash_text(const char *text, size_t size)
{
    uint64_t hash = size;
    uint64_t word;

    for (; size >= sizeof word; size -= sizeof word, text += sizeof word) {
        memcpy(&word, text, sizeof word);
        hash = mfg_mix(hash ^ word) + UINT64_C(0x9e3779b97f4a7c15);
    }
    word = 0;
    memcpy(&word, text, size);
    return mfg_mix(hash ^ word);
}

void
mfg_strings_free(mfg_strings *strings)
{
    mfg_table_free(&strings->table);
    mfg_free(strings->bytes);
    mfg_free(strings->ends);
    *strings = (mfg_strings){0};
}

void
mfg_strings_at(const mfg_strings *strings, int64_t code, const char **text,
               size_t *size)
{
    int64_t start = code == 0 ? 0 : strings->ends[code - 1];

    *text = strings->bytes + start;
    *size = (size_t)(strings->ends[code] - start);
}

static int
is_text(const mfg_strings *strings, int64_t code, const char *text, size_t size)
{
    const char *known;
    size_t known_size;

    mfg_strings_at(strings, code, &known, &known_size);
    return known_size == size && memcmp(known, text, size) == 0;
}

static mfg_status
append(mfg_strings *strings, const char *text, size_t size)
{
    size_t used = 0;

    if (strings->count > 0) {
        used = (size_t)strings->ends[strings->count - 1];
    }
    if (strings->bytes == NULL || used + size > strings->room) {
        size_t room = 2 * (used + size) + 64;
        char *bytes = mfg_resize(strings->bytes, room, 1);
        if (bytes == NULL) {
            return MFG_NO_MEMORY;
        }
        strings->bytes = bytes;
        strings->room = room;
    }
    if (strings->count == strings->capacity) {
        int64_t capacity = 2 * strings->capacity + 8;
        int64_t *ends =
            mfg_resize(strings->ends, (size_t)capacity, sizeof *ends);
        if (ends == NULL) {
            return MFG_NO_MEMORY;
        }
        strings->ends = ends;
        strings->capacity = capacity;
    }
    memcpy(strings->bytes + used, text, size);
    strings->ends[strings->count++] = (int64_t)(used + size);
    return MFG_OK;
}

/* The code of a text, or -1 and where to file it. Needs a reserved table. */
static int64_t
find(const mfg_strings *strings, uint64_t hash, const char *text, size_t size,
     uint64_t *at)
{
    int64_t code;

    *at = mfg_table_start(&strings->table, hash);
    do {
        code = mfg_table_next(&strings->table, hash, at);
    } while (code >= 0 && !is_text(strings, code, text, size));
    return code;
}

mfg_status
mfg_strings_code(mfg_strings *strings, const char *text, size_t size,
                 int64_t *code)
{
    uint64_t hash = hash_text(text, size);
    uint64_t at;

    if (mfg_table_reserve(&strings->table) != MFG_OK) {
        return MFG_NO_MEMORY;
    }
    *code = find(strings, hash, text, size, &at);
    if (*code >= 0) {
        return MFG_OK;
    }
    *code = strings->count;
    if (append(strings, text, size) != MFG_OK) {
        return MFG_NO_MEMORY;
    }
    mfg_table_put(&strings->table, hash, at, *code);
    return MFG_OK;
}

int64_t
mfg_strings_find(const mfg_strings *strings, const char *text, size_t size)
{
    uint64_t at;

    if (strings->table.entries == NULL) {
        return -1;
    }
    return find(strings, hash_text(text, size), text, size, &at);
}

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
