/* Keys of any kind, in pieces and blocks as an input says, beside a slow twin:
 * groups count up as they first come, are found again by a view and by a
 * merge, and are ordered by their labels, missing ones last. */
#include "source.h"

#define MOST_ROWS 120
#define MOST_KEYS 3
#define ITEM 8 /* bytes of the widest item */

typedef struct made_key {
    mfg_column column;
    mfg_column parts[2];
    int64_t starts[3];
    mfg_kind kind;
    size_t width;
    char *items;
    char *mask;
    int32_t offsets[MOST_ROWS + 1];
    int32_t ranks[16];
    const char *text;
    int64_t text_size;
} made_key;

static const mfg_kind kinds[] = {
    MFG_BOOL,    MFG_INT8,   MFG_UINT8, MFG_INT16,  MFG_UINT16,
    MFG_INT32,   MFG_UINT32, MFG_INT64, MFG_UINT64, MFG_FLOAT32,
    MFG_FLOAT64, MFG_DATE,   MFG_UCS4,  MFG_UTF8,   MFG_CODES};

static size_t
width_of(mfg_kind kind)
{
    switch (kind) {
    case MFG_BOOL:
    case MFG_INT8:
    case MFG_UINT8:
    case MFG_CODES:
        return 1;
    case MFG_INT16:
    case MFG_UINT16:
        return 2;
    case MFG_INT32:
    case MFG_UINT32:
    case MFG_FLOAT32:
        return 4;
    default:
        return 8;
    }
}

/* Items from a pool, so that labels come again. */
static void
fill_items(made_key *key, source *from, int64_t n)
{
    char pool[8][ITEM];
    int n_pool = 1 + next_below(from, 8);

    next_fill(from, pool, sizeof pool);
    for (int64_t i = 0; i < n; i++) {
        memcpy(key->items + (size_t)i * key->width,
               pool[next_below(from, n_pool)], key->width);
    }
    for (int64_t i = 0; i < n && key->kind == MFG_CODES; i++) {
        key->items[i] &= 15;
    }
    for (int r = 0; r < 16; r++) {
        key->ranks[r] = next_below(from, 9) - 1;
    }
}

/* Texts are pieces of one, whose items are no longer than 8 bytes. */
static void
cut_text(made_key *key, source *from, int64_t n)
{
    char *whole = new_memory((size_t)n * ITEM);
    int32_t last = 0;

    for (int64_t i = 0; i < n; i++) {
        int size = next_below(from, ITEM + 1);
        memcpy(whole + last, key->items + i * ITEM, (size_t)size);
        key->offsets[i] = last;
        last += size;
    }
    key->offsets[n] = last;
    free(key->items);
    key->items = new_memory((size_t)last);
    memcpy(key->items, whole, (size_t)last);
    free(whole);
    key->text = key->items;
    key->text_size = last;
    key->column.data = (const char *)key->offsets;
    key->column.stride = 4;
    key->column.texts = &key->text;
    key->column.sizes = &key->text_size;
}

static void
make_key(made_key *key, source *from, int64_t n)
{
    size_t n_kinds = sizeof kinds / sizeof *kinds;

    memset(key, 0, sizeof *key);
    key->kind = kinds[next_below(from, (int)n_kinds)];
    key->width = width_of(key->kind);
    key->items = new_memory((size_t)n * key->width);
    key->column.kind = key->kind;
    key->column.width = key->width;
    key->column.data = key->items;
    key->column.stride = (ptrdiff_t)key->width;
    key->column.leaves_out = next_below(from, 4) == 0;
    fill_items(key, from, n);
    if (key->kind == MFG_UTF8) {
        cut_text(key, from, n);
    }
    if (key->kind == MFG_CODES) {
        key->column.codes = MFG_INT8;
        key->column.ranks = key->ranks;
        key->column.n_ranks = 16;
    }
    key->column.negative_missing =
        key->kind == MFG_INT32 && next_below(from, 2);
    if (next_below(from, 3) == 0) {
        key->mask = new_memory((size_t)n);
        next_fill(from, key->mask, (size_t)n);
        key->column.mask = key->mask;
        key->column.mask_stride = 1;
    }
    else if (n > 1 && next_below(from, 2)) {
        int64_t cut = 1 + next_below(from, (int)n - 1);
        key->parts[0] = key->parts[1] = key->column;
        key->parts[1].data += cut * key->column.stride;
        key->starts[1] = cut;
        key->starts[2] = n;
        key->column.parts = key->parts;
        key->column.starts = key->starts;
        key->column.n_parts = 2;
    }
}

/* ---- the twin ---- */

/* A label as a number, or as text; two of a key compare as their kind does. */
typedef struct label {
    int missing;
    double number; /* of floats */
    int64_t whole;
    uint64_t positive; /* of uint64 */
    const char *text;
    size_t size;
} label;

static void
read_whole(const made_key *key, const char *item, label *made)
{
    int8_t i8;
    int16_t i16;
    int32_t i32;

    memcpy(&i8, item, 1);
    switch (key->kind) {
    case MFG_BOOL:
        made->whole = i8 != 0;
        break;
    case MFG_INT8:
        made->whole = i8;
        break;
    case MFG_UINT8:
        made->whole = (uint8_t)i8;
        break;
    case MFG_CODES:
        made->whole = key->ranks[i8];
        made->missing = made->whole < 0;
        break;
    case MFG_INT16:
    case MFG_UINT16:
        memcpy(&i16, item, 2);
        made->whole = key->kind == MFG_INT16 ? i16 : (uint16_t)i16;
        break;
    case MFG_INT32:
    case MFG_UINT32:
        memcpy(&i32, item, 4);
        made->whole = key->kind == MFG_INT32 ? i32 : (int64_t)(uint32_t)i32;
        made->missing = key->column.negative_missing && made->whole < 0;
        break;
    default:
        memcpy(&made->whole, item, 8);
        made->missing = key->kind == MFG_DATE && made->whole == INT64_MIN;
        break;
    }
}

static label
label_at(const made_key *key, int64_t row)
{
    const char *item = key->items + (size_t)row * key->width;
    label made = {.missing = 0};
    float single;

    if (key->mask != NULL && key->mask[row]) {
        made.missing = 1;
    }
    else if (key->kind == MFG_UTF8) {
        made.text = key->items + key->offsets[row];
        made.size = (size_t)(key->offsets[row + 1] - key->offsets[row]);
    }
    else if (key->kind == MFG_UCS4) {
        uint32_t characters[2];
        memcpy(characters, item, 8);
        made.text = item;
        made.size = characters[1] ? 8 : characters[0] ? 4 : 0;
    }
    else if (key->kind == MFG_FLOAT32 || key->kind == MFG_FLOAT64) {
        memcpy(&made.number, item, 8 * (key->kind == MFG_FLOAT64));
        memcpy(&single, item, 4);
        made.number = key->kind == MFG_FLOAT32 ? (double)single : made.number;
        made.missing = made.number != made.number;
    }
    else if (key->kind == MFG_UINT64) {
        memcpy(&made.positive, item, 8);
    }
    else {
        read_whole(key, item, &made);
    }
    return made;
}

static int
compare_texts(const made_key *key, const label *a, const label *b)
{
    size_t size = a->size < b->size ? a->size : b->size;
    int order = 0;

    if (key->kind == MFG_UTF8) {
        order = size == 0 ? 0 : memcmp(a->text, b->text, size);
    }
    for (size_t i = 0; key->kind == MFG_UCS4 && i < size && order == 0;
         i += 4) {
        uint32_t x;
        uint32_t y;
        memcpy(&x, a->text + i, 4);
        memcpy(&y, b->text + i, 4);
        order = (x > y) - (x < y);
    }
    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

static int
compare(const made_key *key, int64_t row, int64_t other)
{
    label a = label_at(key, row);
    label b = label_at(key, other);

    if (a.missing || b.missing) {
        return a.missing - b.missing;
    }
    if (key->kind == MFG_UTF8 || key->kind == MFG_UCS4) {
        return compare_texts(key, &a, &b);
    }
    if (a.number != b.number) {
        return a.number < b.number ? -1 : 1;
    }
    if (a.positive != b.positive) {
        return a.positive < b.positive ? -1 : 1;
    }
    return (a.whole > b.whole) - (a.whole < b.whole);
}

/* Of two rows, by the first key that tells them apart. */
static int
compare_rows(const made_key *keys, int n_keys, int64_t row, int64_t other)
{
    int order = 0;

    for (int k = 0; k < n_keys && order == 0; k++) {
        order = compare(&keys[k], row, other);
    }
    return order;
}

static int64_t
expected_codes(const made_key *keys, int n_keys, int64_t n, int32_t *codes,
               int64_t *firsts)
{
    int64_t n_groups = 0;

    for (int64_t i = 0; i < n; i++) {
        int64_t g = 0;
        int dropped = 0;
        for (int k = 0; k < n_keys; k++) {
            dropped |=
                keys[k].column.leaves_out && label_at(&keys[k], i).missing;
        }
        while (!dropped && g < n_groups &&
               compare_rows(keys, n_keys, firsts[g], i) != 0) {
            g++;
        }
        if (!dropped && g == n_groups) {
            firsts[n_groups++] = i;
        }
        codes[i] = dropped ? -1 : (int32_t)g;
    }
    return n_groups;
}

/* ---- what is checked ---- */

static void
read_rows(mfg_grouper *grouper, const mfg_column *columns, source *from,
          int64_t start, int64_t stop, int32_t *codes)
{
    mfg_control control = {.where = -1};
    int32_t size;

    for (int64_t at = start; at < stop; at += size) {
        size = 1 + next_below(from, MOST_ROWS);
        size = at + size > stop ? (int32_t)(stop - at) : size;
        HOLDS(mfg_grouper_codes(grouper, columns, at, size, codes + at,
                                &control) == MFG_OK);
    }
}

static mfg_grouper *
new_grouper(const mfg_column *columns, int n_keys, int64_t n_rows)
{
    mfg_grouper *made;

    HOLDS(mfg_grouper_new(columns, n_keys, n_rows, &made) == MFG_OK);
    return made;
}

static void
check_order(mfg_grouper *grouper, const made_key *keys, int n_keys,
            int64_t n_groups, const int64_t *firsts)
{
    mfg_control control = {.where = -1};
    int64_t order[MOST_ROWS];

    HOLDS(mfg_grouper_order(grouper, order, &control) == MFG_OK);
    for (int64_t i = 1; i < n_groups; i++) {
        HOLDS(compare_rows(keys, n_keys, firsts[order[i - 1]],
                           firsts[order[i]]) < 0);
    }
}

static void
check_halves(const mfg_column *columns, int n_keys, source *from, int64_t n,
             const int32_t *expected)
{
    mfg_control control = {.where = -1};
    int64_t half = next_below(from, (int)n + 1);
    mfg_grouper *first = new_grouper(columns, n_keys, half);
    mfg_grouper *second = new_grouper(columns, n_keys, n - half);
    int32_t codes[MOST_ROWS];
    int64_t moved[MOST_ROWS];

    read_rows(first, columns, from, 0, half, codes);
    read_rows(second, columns, from, half, n, codes);
    HOLDS(mfg_grouper_merge(first, second, moved, &control) == MFG_OK);
    for (int64_t i = 0; i < n; i++) {
        int64_t code = i < half || codes[i] < 0 ? codes[i] : moved[codes[i]];
        HOLDS(expected[i] == code);
    }
    mfg_grouper_free(first);
    mfg_grouper_free(second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    source from = {bytes, size};
    made_key keys[MOST_KEYS];
    mfg_column columns[MOST_KEYS];
    int n_keys = 1 + next_below(&from, MOST_KEYS);
    int64_t n = 1 + next_below(&from, MOST_ROWS);
    int32_t expected[MOST_ROWS];
    int32_t codes[MOST_ROWS];
    int64_t firsts[MOST_ROWS];
    mfg_grouper *view;

    for (int k = 0; k < n_keys; k++) {
        make_key(&keys[k], &from, n);
        columns[k] = keys[k].column;
    }
    int64_t n_groups = expected_codes(keys, n_keys, n, expected, firsts);
    mfg_grouper *grouper = new_grouper(columns, n_keys, n);
    read_rows(grouper, columns, &from, 0, n, codes);
    HOLDS(mfg_grouper_count(grouper) == n_groups);
    HOLDS(memcmp(expected, codes, (size_t)n * sizeof *codes) == 0);
    HOLDS(mfg_grouper_view(grouper, &view) == MFG_OK);
    read_rows(view, columns, &from, 0, n, codes);
    HOLDS(memcmp(expected, codes, (size_t)n * sizeof *codes) == 0);
    mfg_grouper_free(view);
    check_order(grouper, keys, n_keys, n_groups, firsts);
    mfg_grouper_free(grouper);
    check_halves(columns, n_keys, &from, n, expected);
    for (int k = 0; k < n_keys; k++) {
        free(keys[k].items);
        free(keys[k].mask);
    }
    return 0;
}
