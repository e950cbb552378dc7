/* Text to dense codes: hash, compare, remember.
 *
 * Texts of up to 16 bytes, which most names are, stand in the table itself: as
 * a rule one look at one place finds a code. Measured beside the general table
 * (table.h), hashes there and texts elsewhere: see docs/performance.md. */
#include "strings.h"
#include "table.h"

#include <string.h>

/* Texts of which the places are asked for before the first is looked at. */
#define AT_ONCE 32

/* ---- hashes ---- */

/* Odd, half of their bits set; otherwise arbitrary: the fractions of the square
 * roots of 2, 3 and 5. */
#define ROOT_2 UINT64_C(0x6a09e667f3bcc909)
#define ROOT_3 UINT64_C(0xbb67ae8584caa73b)
#define ROOT_5 UINT64_C(0x3c6ef372fe94f82b)

static inline uint64_t
read_8(const char *text)
{
    uint64_t word;

    memcpy(&word, text, sizeof word);
    return word;
}

__extension__ typedef unsigned __int128 wide;

/* Each bit of the product depends on many of both; its halves are made one. */
static inline uint64_t
fold(uint64_t a, uint64_t b)
{
    wide product = (wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* What finds a text. Texts that are made to share a hash need to know the seed.
 */
typedef struct mark {
    uint64_t first;
    uint64_t second;
    uint64_t size;
    uint64_t hash;
} mark;

/* The first 16 bytes, zeros where there are fewer. */
static inline void
read_16(const char *text, size_t size, uint64_t *first, uint64_t *second)
{
    *second = 0;
    if (size >= 8) {
        *first = read_8(text);
        if (size > 8) { /* the last 8, less those that stand in first */
            size_t rest = size < 16 ? 16 - size : 0;
            *second = read_8(text + (size < 16 ? size - 8 : 8)) >> 8 * rest;
        }
        return;
    }
    *first = 0;
    memcpy(first, text, size);
}

static inline uint64_t
hash_16(uint64_t first, uint64_t second, uint64_t size, uint64_t seed)
{
    return fold(first ^ ROOT_2 ^ size, second ^ seed);
}

/* Sixteen bytes at a time; the last sixteen may overlap those before. */
static uint64_t
hash_rest(const char *text, size_t size, uint64_t hash)
{
    for (size_t at = 16; at + 16 < size; at += 16) {
        hash = fold(read_8(text + at) ^ ROOT_3, read_8(text + at + 8) ^ hash);
    }
    return fold(read_8(text + size - 16) ^ ROOT_5,
                read_8(text + size - 8) ^ hash);
}

static inline mark
mark_of(const char *text, size_t size, uint64_t seed)
{
    mark made = {.size = size};

    read_16(text, size, &made.first, &made.second);
    made.hash = hash_16(made.first, made.second, size, seed);
    if (size > 16) {
        made.hash = hash_rest(text, size, made.hash);
        made.second = made.hash;
    }
    return made;
}

/* ---- texts by code ---- */

void
mfg_strings_free(mfg_strings *strings)
{
    mfg_free(strings->memory);
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

/* ---- the table ---- */

static uint64_t
hash_of(const mfg_known *entry, uint64_t seed)
{
    return entry->size > 16
               ? entry->second
               : hash_16(entry->first, entry->second, entry->size, seed);
}

/* Ready for one more text. */
static mfg_status
reserve(mfg_strings *strings)
{
    uint64_t size = strings->entries == NULL ? 0 : strings->mask + 1;

    if (2 * (uint64_t)(strings->count + 1) <= size) {
        return MFG_OK;
    }
    uint64_t grown = size == 0 ? 16 : 2 * size;
    void *memory = mfg_alloc_zeros(grown + 1, sizeof(mfg_known));
    if (memory == NULL) {
        return MFG_NO_MEMORY;
    }
    /* No entry lies in two cache lines. */
    size_t over = (uintptr_t)memory % sizeof(mfg_known);
    mfg_known *entries =
        (mfg_known *)(void *)((char *)memory +
                              (over == 0 ? 0 : sizeof(mfg_known) - over));
    if (size == 0) { /* where it lies no text can know */
        strings->seed = mfg_mix((uint64_t)(uintptr_t)entries);
    }
    for (uint64_t i = 0; i < size; i++) {
        const mfg_known *entry = &strings->entries[i];
        uint64_t at = hash_of(entry, strings->seed) & (grown - 1);
        while (entry->place != 0 && entries[at].place != 0) {
            at = (at + 1) & (grown - 1);
        }
        if (entry->place != 0) {
            entries[at] = *entry;
        }
    }
    mfg_free(strings->memory);
    strings->memory = memory;
    strings->entries = entries;
    strings->mask = grown - 1;
    return MFG_OK;
}

/* Whether an entry of the same mark is of this text. */
static inline int
is_text(const mfg_strings *strings, const mfg_known *entry, const char *text)
{
    int64_t code = entry->place - 1;

    return entry->size <= 16 ||
           memcmp(strings->bytes + (code == 0 ? 0 : strings->ends[code - 1]),
                  text, entry->size) == 0;
}

/* The code of a text, or -1 and the empty entry where it belongs. */
static inline int64_t
find(const mfg_strings *strings, const mark *sought, const char *text,
     uint64_t *at)
{
    const mfg_known *entries = strings->entries;
    uint64_t mask = strings->mask;

    for (*at = sought->hash & mask;; *at = (*at + 1) & mask) {
        const mfg_known *entry = &entries[*at];
        if (entry->first == sought->first && entry->second == sought->second &&
            entry->size == sought->size && entry->place != 0 &&
            is_text(strings, entry, text)) {
            return entry->place - 1;
        }
        if (entry->place == 0) {
            return -1;
        }
    }
}

/* A new code of a text that was not found. */
static mfg_status
add(mfg_strings *strings, const mark *found, const char *text, uint64_t at,
    int64_t *code)
{
    *code = strings->count;
    if (append(strings, text, found->size) != MFG_OK) {
        return MFG_NO_MEMORY;
    }
    strings->entries[at] =
        (mfg_known){found->first, found->second, found->size, *code + 1};
    return reserve(strings);
}

/* ---- codes ---- */

mfg_status
mfg_strings_code(mfg_strings *strings, const char *text, size_t size,
                 int64_t *code)
{
    uint64_t at;

    if (reserve(strings) != MFG_OK) {
        return MFG_NO_MEMORY;
    }
    mark sought = mark_of(text, size, strings->seed);
    *code = find(strings, &sought, text, &at);
    return *code >= 0 ? MFG_OK : add(strings, &sought, text, at, code);
}

/* Codes of at most AT_ONCE texts, none of them missing. */
static mfg_status
codes_at_once(mfg_strings *strings, int32_t n, const mfg_text *texts,
              uint64_t *codes)
{
    mark marks[AT_ONCE];

    for (int32_t i = 0; i < n; i++) {
        marks[i] = mark_of(texts[i].text, texts[i].size, strings->seed);
        __builtin_prefetch(&strings->entries[marks[i].hash & strings->mask]);
    }
    for (int32_t i = 0; i < n; i++) {
        uint64_t at;
        int64_t code = find(strings, &marks[i], texts[i].text, &at);
        if (code < 0 &&
            add(strings, &marks[i], texts[i].text, at, &code) != MFG_OK) {
            return MFG_NO_MEMORY;
        }
        codes[i] = (uint64_t)code;
    }
    return MFG_OK;
}

mfg_status
mfg_strings_codes(mfg_strings *strings, int32_t n, const mfg_text *texts,
                  const uint8_t *missing, uint64_t *codes)
{
    mfg_status status = reserve(strings);

    for (int32_t i = 0; missing != NULL && i < n && status == MFG_OK; i++) {
        int64_t code = 0;
        if (!missing[i]) {
            status =
                mfg_strings_code(strings, texts[i].text, texts[i].size, &code);
        }
        codes[i] = (uint64_t)code;
    }
    for (int32_t i = 0; missing == NULL && i < n && status == MFG_OK;
         i += AT_ONCE) {
        status = codes_at_once(strings, n - i < AT_ONCE ? n - i : AT_ONCE,
                               texts + i, codes + i);
    }
    return status;
}

void
mfg_strings_find(const mfg_strings *strings, int32_t n, const mfg_text *texts,
                 const uint8_t *missing, uint64_t *codes)
{
    for (int32_t i = 0; i < n; i++) {
        int64_t code = -1;
        if ((missing == NULL || !missing[i]) && strings->entries != NULL) {
            uint64_t at;
            mark sought = mark_of(texts[i].text, texts[i].size, strings->seed);
            code = find(strings, &sought, texts[i].text, &at);
        }
        codes[i] = (uint64_t)(code < 0 ? strings->count : code);
    }
}
