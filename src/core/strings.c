/* Text to dense codes: hash, compare, remember.
 *
 * Texts of up to 31 bytes, which most names are, stand in the table itself: as
 * a rule one look at one line of the cache finds a code, and neither hashing
 * nor comparing branches on how long a text is. Longer ones are compared with a
 * copy. Measured: see docs/performance.md. */
#include "strings.h"
#include "lanes.h"
#include "mark.h"
#include "table.h"

#include <string.h>

/* Texts of which the places are asked for before the first is looked at. */
#define AT_ONCE 32
/* Bytes of text between asking for them and using them. */
#define SOON 2048
/* Up to so many entries (2 MB) seven of eight are empty: a row whose text is
 * not where it is looked for first costs a branch that nothing predicts, 20 ns.
 * Beyond them one of four is: memory takes the time. */
#define MOST_SPARSE 32768

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
append(mfg_strings *strings, const mfg_text *text)
{
    size_t used = 0;

    if (strings->count > 0) {
        used = (size_t)strings->ends[strings->count - 1];
    }
    if (strings->bytes == NULL || used + text->size > strings->room) {
        size_t room = 2 * (used + text->size) + 64;
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
    memcpy(strings->bytes + used, text->text, text->size);
    strings->ends[strings->count++] = (int64_t)(used + text->size);
    return MFG_OK;
}

/* ---- the table ---- */

#define NONE UINT64_MAX

/* As many entries as so many texts need, no fewer than there are. */
static uint64_t
entries_for(uint64_t count, uint64_t size)
{
    while ((size < MOST_SPARSE && 8 * count > size) || 4 * count > 3 * size) {
        size = size == 0 ? 128 : size < MOST_SPARSE ? 4 * size : 2 * size;
    }
    return size;
}

/* Ready for n more texts. */
static mfg_status
reserve(mfg_strings *strings, int32_t n, mfg_control *control)
{
    uint64_t size = strings->entries == NULL ? 0 : strings->mask + 1;
    uint64_t grown = entries_for((uint64_t)(strings->count + n), size);
    mfg_status status = MFG_OK;

    if (grown == size) {
        return MFG_OK;
    }
    void *memory = mfg_alloc_zeros(grown + 1, sizeof(mfg_known));
    if (memory == NULL) {
        return MFG_NO_MEMORY;
    }
    /* No entry lies in two cache lines. */
    size_t over = (uintptr_t)memory % sizeof(mfg_known);
    mfg_known *entries =
        (mfg_known *)(void *)((char *)memory +
                              (over == 0 ? 0 : sizeof(mfg_known) - over));
    for (uint64_t i = 0; size == 0 && i < 4; i++) {
        /* Where the table lies no text can know. */
        strings->secrets[i] = mfg_mix((uint64_t)(uintptr_t)entries + i);
    }
    for (uint64_t i = 0; i < size && status == MFG_OK; i++) {
        const mfg_known *entry = &strings->entries[i];
        uint64_t at = entry->hash & (grown - 1);
        while (entry->place != 0 && entries[at].place != 0) {
            at = (at + 1) & (grown - 1);
        }
        if (entry->place != 0) {
            entries[at] = *entry;
        }
        status = mfg_poll(control, (int64_t)i * MFG_ROWS_AN_ENTRY);
    }
    if (status != MFG_OK) {
        mfg_free(memory);
        return status;
    }
    mfg_free(strings->memory);
    strings->memory = memory;
    strings->entries = entries;
    strings->mask = grown - 1;
    return MFG_OK;
}

/* 0 where an entry is that of a short text. */
static inline __attribute__((always_inline)) uint64_t
unlike(const mfg_known *entry, const mfg_span *words)
{
    mfg_span differing;

    memcpy(&differing, entry->words, sizeof differing);
    differing ^= *words;
    return any_bit(&differing);
}

static inline int
is_text(const mfg_strings *strings, const mfg_known *entry,
        const mfg_mark *sought, const mfg_text *text)
{
    if (text->size <= MFG_SHORT) {
        return unlike(entry, &sought->words) == 0;
    }
    return entry->hash == sought->hash && entry->size == text->size &&
           memcmp(strings->bytes + entry->start, text->text, text->size) == 0;
}

/* The entry of a text, or the empty one where it belongs. */
static inline mfg_known *
find(const mfg_strings *strings, const mfg_mark *sought, const mfg_text *text)
{
    mfg_known *entry = sought->start;

    while (entry->place != 0 && !is_text(strings, entry, sought, text)) {
        entry = entry == strings->entries + strings->mask ? strings->entries
                                                          : entry + 1;
    }
    return entry;
}

/* Needs a reserved table. */
static mfg_status
find_or_add(mfg_strings *strings, const mfg_mark *sought, const mfg_text *text,
            uint64_t *code)
{
    mfg_known *entry = find(strings, sought, text);

    if (entry->place == 0) {
        if (append(strings, text) != MFG_OK) {
            return MFG_NO_MEMORY;
        }
        memcpy(entry->words, &sought->words, sizeof entry->words);
        entry->words[3] |= text->size > MFG_SHORT ? UINT64_MAX : 0;
        entry->hash = sought->hash;
        entry->place = strings->count;
        entry->size = text->size;
        entry->start = (uint64_t)strings->ends[strings->count - 1] - text->size;
    }
    *code = (uint64_t)entry->place - 1;
    return MFG_OK;
}

/* ---- codes ---- */

mfg_status
mfg_strings_code(mfg_strings *strings, const char *text, size_t size,
                 uint64_t *code, mfg_control *control)
{
    mfg_text whole = {text, size};
    mfg_mark sought;

    mfg_status status = reserve(strings, 1, control);
    if (status != MFG_OK) {
        return status;
    }
    mfg_mark_text(strings, &whole, 0, &sought);
    return find_or_add(strings, &sought, &whole, code);
}

/* Marks texts, and asks for the entries where they may be. */
static inline __attribute__((always_inline)) void
mark_texts(const mfg_strings *strings, int32_t n, const mfg_text *texts,
           int are_roomy, mfg_mark *marks)
{
    for (int32_t i = 0; i < n; i++) {
        __builtin_prefetch((const void *)((uintptr_t)texts[i].text + SOON));
        mfg_mark_text(strings, &texts[i], are_roomy, &marks[i]);
        __builtin_prefetch(marks[i].start);
    }
}

static MFG_LANES void
mark_roomy(const mfg_strings *strings, int32_t n, const mfg_text *texts,
           mfg_mark *marks)
{
    mark_texts(strings, n, texts, 1, marks);
}

/* The codes of short texts that stand where they are looked for first, NONE of
 * others; whether there are others. */
static MFG_LANES int
match_marks(int32_t n, const mfg_mark *marks, uint64_t *codes)
{
    uint64_t any = 0;

    for (int32_t i = 0; i < n; i++) {
        const mfg_known *entry = marks[i].start;
        uint64_t code = (uint64_t)(entry->place - 1);
        code |= unlike(entry, &marks[i].words) != 0 ? NONE : 0;
        codes[i] = code;
        any |= code;
    }
    return any >> 63 != 0;
}

mfg_status
mfg_strings_codes(mfg_strings *strings, int32_t n, int32_t n_roomy,
                  const mfg_text *texts, uint64_t *codes, mfg_control *control)
{
    mfg_mark marks[AT_ONCE];
    mfg_status status = MFG_OK;

    for (int32_t start = 0; start < n && status == MFG_OK; start += AT_ONCE) {
        int32_t size = n - start < AT_ONCE ? n - start : AT_ONCE;
        status = reserve(strings, size, control);
        if (status != MFG_OK) {
            break;
        }
        if (start + size <= n_roomy) {
            mark_roomy(strings, size, texts + start, marks);
        }
        else {
            mark_texts(strings, size, texts + start, 0, marks);
        }
        int any = match_marks(size, marks, codes + start);
        for (int32_t i = 0; any && i < size && status == MFG_OK; i++) {
            if (codes[start + i] == NONE) {
                status = find_or_add(strings, &marks[i], &texts[start + i],
                                     &codes[start + i]);
            }
        }
    }
    return status;
}

void
mfg_strings_find(const mfg_strings *strings, int32_t n, const mfg_text *texts,
                 uint64_t *codes)
{
    for (int32_t i = 0; i < n; i++) {
        codes[i] = (uint64_t)strings->count;
        if (strings->entries != NULL) {
            mfg_mark sought;
            mfg_mark_text(strings, &texts[i], 0, &sought);
            int64_t place = find(strings, &sought, &texts[i])->place;
            codes[i] = place == 0 ? codes[i] : (uint64_t)place - 1;
        }
    }
}
