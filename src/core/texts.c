/* Columns of text, read where they lie: a block of rows as texts, each checked
 * to lie within its column. */
#include "mfg.h"

#include <string.h>

/* ---- fixed width, and read through `fetch` ---- */

static size_t
ucs4_size(const char *text, size_t width)
{
    const char none[4] = {0};

    while (width >= 4 && memcmp(text + width - 4, none, 4) == 0) {
        width -= 4;
    }
    return width;
}

/* Returns how many of the first are roomy. */
static int32_t
load_ucs4(const mfg_column *column, int64_t start, int32_t n, mfg_text *texts)
{
    const char *item = column->data + start * column->stride;
    const int64_t lacking = MFG_ROOM - (int64_t)column->width;

    for (int32_t i = 0; i < n; i++, item += column->stride) {
        texts[i] = (mfg_text){item, ucs4_size(item, column->width)};
    }
    if (lacking <= 0) {
        return n;
    }
    if (column->stride <= 0) {
        return 0;
    }
    int64_t last = (lacking + column->stride - 1) / column->stride;
    return last < n ? n - (int32_t)last : 0; /* the last ones end the array */
}

/* Returns the first row that cannot be read, or -1. */
static int64_t
fetch_texts(const mfg_column *column, void *opened, int64_t start, int32_t n,
            mfg_text *texts, uint8_t *missing, int *any_missing)
{
    const char *item = column->data + start * column->stride;

    if (!*any_missing) {
        memset(missing, 0, (size_t)n);
    }
    for (int32_t i = 0; i < n; i++, item += column->stride) {
        int result = 1;
        if (!missing[i]) {
            result =
                column->fetch(opened, item, &texts[i].text, &texts[i].size);
        }
        if (result < 0) {
            return start + i;
        }
        missing[i] = (uint8_t)result;
        *any_missing |= result;
    }
    return -1;
}

/* ---- between offsets ---- */

static inline int64_t
offset_at(const char *offsets, int is_large)
{
    int64_t large;
    int32_t small;

    if (is_large) {
        memcpy(&large, offsets, sizeof large);
        return large;
    }
    memcpy(&small, offsets, sizeof small);
    return small;
}

/* How many of the first of ascending texts are roomy, where what they lie in
 * ends at `end`. */
static int32_t
count_roomy(int32_t n, const mfg_text *texts, uintptr_t end)
{
    while (n > 0 && end - (uintptr_t)texts[n - 1].text < MFG_ROOM) {
        n--;
    }
    return n;
}

/* Offsets of missing rows ascend as well. Returns the first row whose offsets
 * do not, or -1. */
static inline __attribute__((always_inline)) int64_t
cut_texts(const mfg_column *column, int64_t start, int32_t n, mfg_text *texts,
          int32_t *n_roomy, int is_large)
{
    const size_t width = is_large ? 8 : 4;
    const char *offsets = column->data + start * (int64_t)width;
    uintptr_t text = (uintptr_t)column->texts[0]; /* may be left, if wrong */
    int64_t from = offset_at(offsets, is_large);
    int64_t size = column->sizes[0];
    int wrong = from < 0;

    for (int32_t i = 0; i < n; i++) {
        int64_t to = offset_at(offsets + ((size_t)i + 1) * width, is_large);
        wrong |= (from > to) | (to > size);
        texts[i] = (mfg_text){(const char *)(text + (uintptr_t)from),
                              (size_t)to - (size_t)from};
        from = to;
    }
    if (!wrong) {
        *n_roomy = count_roomy(n, texts, text + (uintptr_t)size);
        return -1;
    }
    for (int32_t i = 0;; i++) { /* one of the n is wrong */
        from = offset_at(offsets + (size_t)i * width, is_large);
        int64_t to = offset_at(offsets + ((size_t)i + 1) * width, is_large);
        if (from < 0 || to < from || to > size) {
            return start + i;
        }
    }
}

/* ---- views ---- */

/* The text of a view, and how many bytes lie between its begin and the end of
 * what it lies in, where that is no view; 0 where it lies outside of its
 * column.
 */
static int
see_text(const mfg_column *column, const char *view, mfg_text *text,
         int64_t *room)
{
    int32_t parts[4]; /* size; the text, or its first 4 bytes, where, offset */

    memcpy(parts, view, sizeof parts);
    *text = (mfg_text){view + 4, (size_t)parts[0]};
    *room = MFG_ROOM;
    if (parts[0] <= 12) {
        return parts[0] >= 0;
    }
    if (parts[2] < 0 || parts[2] >= column->n_texts || parts[3] < 0 ||
        column->texts[parts[2]] == NULL ||
        (int64_t)parts[3] + parts[0] > column->sizes[parts[2]]) {
        return 0;
    }
    text->text = column->texts[parts[2]] + parts[3];
    *room = column->sizes[parts[2]] - parts[3];
    return 1;
}

static int64_t
see_texts(const mfg_column *column, int64_t start, int32_t n, mfg_text *texts,
          int32_t *n_roomy, const uint8_t *missing)
{
    const char *view = column->data + start * column->stride;

    /* The last views of the block may be the last of all. */
    *n_roomy = n > MFG_ROOM / 16 ? n - MFG_ROOM / 16 : 0;
    for (int32_t i = 0; i < n; i++, view += column->stride) {
        int64_t room;
        if (missing != NULL && missing[i]) {
            continue;
        }
        if (!see_text(column, view, &texts[i], &room)) {
            return start + i;
        }
        if (room < MFG_ROOM && i < *n_roomy) {
            *n_roomy = i;
        }
    }
    return -1;
}

/* ---- any of them ---- */

/* Rows of a column in one piece. Returns a row that cannot be read, or -1. */
static int64_t
load_piece(const mfg_column *column, void *opened, int64_t start, int32_t n,
           mfg_text *texts, uint8_t *missing, mfg_found_texts *found)
{
    found->any_missing = mfg_flag_missing(column, start, n, missing);
    found->n_roomy = 0;
    switch (column->kind) {
    case MFG_UTF8:
        return cut_texts(column, start, n, texts, &found->n_roomy, 0);
    case MFG_UTF8_LARGE:
        return cut_texts(column, start, n, texts, &found->n_roomy, 1);
    case MFG_UTF8_VIEW:
        return see_texts(column, start, n, texts, &found->n_roomy,
                         found->any_missing ? missing : NULL);
    case MFG_STRING:
        return fetch_texts(column, opened, start, n, texts, missing,
                           &found->any_missing);
    default:
        found->n_roomy = load_ucs4(column, start, n, texts);
        return -1;
    }
}

/* Rows that lie in several parts. */
static mfg_status
load_across(const mfg_column *column, void *opened, int64_t start, int32_t n,
            mfg_text *texts, uint8_t *missing, mfg_found_texts *found)
{
    int64_t part = mfg_part_at(column, start);

    *found = (mfg_found_texts){.any_missing = 0};
    for (int32_t done = 0; done < n; part++) {
        int64_t at = start + done - column->starts[part];
        int64_t left = column->starts[part + 1] - column->starts[part] - at;
        int32_t rows = left < n - done ? (int32_t)left : n - done;
        mfg_found_texts piece;
        int64_t wrong = load_piece(&column->parts[part], opened, at, rows,
                                   texts + done, missing + done, &piece);
        if (wrong >= 0) {
            found->where = column->starts[part] + wrong;
            return MFG_BAD_STRING;
        }
        if (!piece.any_missing) {
            memset(missing + done, 0, (size_t)rows);
        }
        found->any_missing |= piece.any_missing;
        found->n_roomy += found->n_roomy == done ? piece.n_roomy : 0;
        done += rows;
    }
    return MFG_OK;
}

mfg_status
mfg_load_texts(const mfg_column *column, void *opened, int64_t start, int32_t n,
               mfg_text *texts, uint8_t *missing, mfg_found_texts *found)
{
    if (column->n_parts > 0) {
        return load_across(column, opened, start, n, texts, missing, found);
    }
    found->where = load_piece(column, opened, start, n, texts, missing, found);
    return found->where < 0 ? MFG_OK : MFG_BAD_STRING;
}
