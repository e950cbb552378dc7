/* Slots straight from integer columns: the shortest way from keys to codes.
 *
 * It serves blocks whose keys are dense integers in the ranges laid, and whose
 * groups are all known: nearly all blocks of nearly all inputs. Measured, two
 * int32 keys: 0.9 ns a row against 3.1 through words (slots.c), which takes
 * over wherever this gives up. Slots become codes where they lie: in two arrays
 * that happened to lie 4 KB apart, each read waited for the write before it.
 */
#include "encode.h"
#include "lanes.h"
#include "sort.h"

#include <string.h>

#define LINE 64 /* of the cache */

typedef uint64_t (*ranker)(const char *items, int32_t n, const int32_t *ranks,
                           uint64_t limit, uint64_t low, int shift,
                           uint32_t kept, uint32_t *slots);
typedef int (*limiter)(const char *items, int32_t n, uint64_t limit);
typedef int (*picker)(const char *items, int32_t n, const int32_t *groups,
                      int32_t *codes);

#define VALUE int8_t
#define UNSIGNED uint8_t
#define ADDER add_int8
#define RANKER rank_int8
#define RANGER range_int8
#define LIMITER limit_int8
#define PICKER pick_int8
#include "slot_template.h"
#define VALUE int16_t
#define UNSIGNED uint16_t
#define ADDER add_int16
#define RANKER rank_int16
#define RANGER range_int16
#define LIMITER limit_int16
#define PICKER pick_int16
#include "slot_template.h"
#define VALUE int32_t
#define UNSIGNED uint32_t
#define ADDER add_int32
#define RANKER rank_int32
#define RANGER range_int32
#define LIMITER limit_int32
#define PICKER pick_int32
#include "slot_template.h"
#define VALUE int64_t
#define UNSIGNED uint64_t
#define ADDER add_int64
#define RANKER rank_int64
#define RANGER range_int64
#define LIMITER limit_int64
#define PICKER pick_int64
#include "slot_template.h"

/* Where the rows lie in one part of a column, that part and their place in it.
 */
static int
find_piece(const mfg_column *column, int64_t start, int32_t n,
           mfg_column const **piece, int64_t *at)
{
    *piece = column;
    *at = start;
    if (column->n_parts > 0) {
        int64_t part = mfg_part_at(column, start);
        if (column->starts[part + 1] - start < n) {
            return 0;
        }
        *piece = &column->parts[part];
        *at = start - column->starts[part];
    }
    return mfg_all_valid(*piece, *at, n);
}

/* The first code that has no rank; those of a signed kind end where it does. */
static uint64_t
limit_of(const mfg_column *column)
{
    uint64_t limit = (uint64_t)column->n_ranks;
    uint64_t most = UINT64_C(1) << (8 * column->stride - 1);

    return column->codes <= MFG_INT64 && limit > most ? most : limit;
}

/* Items of codes are of 1, 2, 4 or 8 bytes. */
static const ranker rankers[] = {
    [1] = rank_int8, [2] = rank_int16, [4] = rank_int32, [8] = rank_int64};
static const limiter limiters[] = {
    [1] = limit_int8, [2] = limit_int16, [4] = limit_int32, [8] = limit_int64};
static const picker pickers[] = {
    [1] = pick_int8, [2] = pick_int16, [4] = pick_int32, [8] = pick_int64};

/* Unsigned dtypes of a size share the adder of the signed one: a code is a
 * difference. Returns 0 where the key is no dense integer, or leaves its
 * range. */
static int
add_key(const mfg_key *key, const mfg_column *column, int64_t start, int32_t n,
        int is_first, uint32_t *slots)
{
    mfg_word low = mfg_unsortable(key->low, key->wide);
    uint64_t seen;

    if (!find_piece(column, start, n, &column, &start) ||
        column->mask != NULL || column->swapped) {
        return 0; /* a negative number that is missing has no slot */
    }
    const char *items = column->data + start * column->stride;
    if (column->kind == MFG_CODES) {
        if (column->n_ranks == 0) {
            return 0;
        }
        seen = rankers[column->stride](items, n, column->ranks,
                                       limit_of(column), low.uint64, key->shift,
                                       is_first ? 0 : UINT32_MAX, slots);
    }
    else if (column->kind == MFG_INT32 || column->kind == MFG_UINT32 ||
             column->kind == MFG_DATE32) {
        if (column->stride != 4) {
            return 0;
        }
        seen = add_int32(items, n, low.uint64, key->shift, is_first, slots);
    }
    else if (column->kind == MFG_INT64 || column->kind == MFG_UINT64) {
        if (column->stride != 8) {
            return 0;
        }
        seen = add_int64(items, n, low.uint64, key->shift, is_first, slots);
    }
    else if (column->kind == MFG_INT16 || column->kind == MFG_UINT16) {
        if (column->stride != 2) {
            return 0;
        }
        seen = add_int16(items, n, low.uint64, key->shift, is_first, slots);
    }
    else if (column->kind == MFG_INT8 || column->kind == MFG_UINT8) {
        if (column->stride != 1) {
            return 0;
        }
        seen = add_int8(items, n, low.uint64, key->shift, is_first, slots);
    }
    else {
        return 0;
    }
    return seen >> key->bits == 0;
}

int
mfg_quick_slots(const mfg_grouper *grouper, const mfg_column *keys,
                int64_t start, int32_t n, uint32_t *slots)
{
    for (int k = 0; k < grouper->n_keys; k++) {
        if (!add_key(&grouper->keys[k], &keys[k], start, n, k == 0, slots)) {
            return 0;
        }
    }
    return 1;
}

/* Asks for the items of the next block, if there are any: what foretells reads
 * begins anew with each page of a column. */
static void
ask_for_next(uintptr_t items, ptrdiff_t size)
{
    for (ptrdiff_t at = size; at < 2 * size; at += LINE) {
        __builtin_prefetch((const void *)(items + (uintptr_t)at));
    }
}

/* Lists the groups of the codes of a dictionary, -1 where there is none. */
static int
list_groups(mfg_grouper *grouper)
{
    mfg_listed *listed = &grouper->listed;
    const mfg_key *key = &grouper->keys[0];
    uint32_t low = (uint32_t)mfg_unsortable(key->low, key->wide).uint64;
    uint32_t span = (UINT32_C(1) << key->bits) - 1;
    int32_t *groups =
        mfg_resize(listed->groups, (size_t)listed->n_codes, sizeof *groups);

    if (groups == NULL) {
        return 0;
    }
    for (int64_t code = 0; code < listed->n_codes; code++) {
        uint32_t slot = (uint32_t)listed->ranks[code] - low;
        groups[code] = slot <= span ? grouper->slots[slot] : -1;
    }
    listed->groups = groups;
    listed->is_made = 1;
    return 1;
}

/* The same for an only key of codes, by a list that is made, and made again
 * where groups were added, once there were as many rows as codes. Measured: a
 * sum by 3,000 names costs 2.9 ns a row, against 3.2 by ranks and slots. */
static int
find_listed(mfg_grouper *grouper, const mfg_column *column, int64_t start,
            int32_t n, int32_t *codes)
{
    mfg_listed *listed = &grouper->listed;
    int64_t first = start;

    if (grouper->n_keys > 1 || column->kind != MFG_CODES ||
        !find_piece(column, start, n, &column, &start) ||
        column->mask != NULL || column->swapped || column->n_ranks == 0) {
        return 0;
    }
    int64_t n_codes = (int64_t)limit_of(column);
    if (first != listed->next || listed->ranks != column->ranks ||
        listed->n_codes != n_codes) {
        listed->ranks = column->ranks;
        listed->n_codes = n_codes;
        listed->is_made = 0;
        listed->n_rows = 0;
    }
    listed->next = first + n;
    listed->n_rows += n;
    if (!listed->is_made &&
        (listed->n_rows < n_codes || !list_groups(grouper))) {
        return 0;
    }
    const char *items = column->data + start * column->stride;
    ask_for_next((uintptr_t)items, n * column->stride);
    if (limiters[column->stride](items, n, (uint64_t)n_codes) &&
        pickers[column->stride](items, n, listed->groups, codes)) {
        return 1;
    }
    listed->is_made = 0;
    listed->n_rows = 0;
    return 0;
}

int
mfg_quick_codes(mfg_grouper *grouper, const mfg_column *keys, int64_t start,
                int32_t n, int32_t *codes)
{
    const int32_t *groups = grouper->slots;
    int32_t unseen = 0;

    if (groups != NULL && find_listed(grouper, keys, start, n, codes)) {
        return 1;
    }
    if (groups == NULL ||
        !mfg_quick_slots(grouper, keys, start, n, (uint32_t *)codes)) {
        return 0;
    }
    for (int32_t i = 0; i < n; i++) {
        codes[i] = groups[(uint32_t)codes[i]];
        unseen |= codes[i];
    }
    return unseen >= 0;
}

/* The items of rows of integers that are plain: of their own byte order, side
 * by side, none missing; NULL where they are not. */
static const char *
plain_items(const mfg_column *column, int64_t start, int32_t n)
{
    static const int8_t sizes[] = {
        [MFG_INT8] = 1,  [MFG_INT16] = 2,  [MFG_INT32] = 4,  [MFG_INT64] = 8,
        [MFG_UINT8] = 1, [MFG_UINT16] = 2, [MFG_UINT32] = 4, [MFG_UINT64] = 8};

    if (column->kind < MFG_INT8 || column->kind > MFG_UINT64 ||
        !find_piece(column, start, n, &column, &start) ||
        column->mask != NULL || column->swapped || column->negative_missing ||
        column->stride != sizes[column->kind]) {
        return NULL;
    }
    return column->data + start * column->stride;
}

int
mfg_quick_range(const mfg_column *column, int64_t start, int32_t n,
                uint64_t *low, uint64_t *high)
{
    const char *items = plain_items(column, start, n);
    int is_unsigned = column->kind >= MFG_UINT8;
    mfg_wide wide = mfg_widened(column->kind);

    if (items == NULL) {
        return 0;
    }
    switch (column->kind) {
    case MFG_INT8:
    case MFG_UINT8:
        range_int8(items, n, is_unsigned, low, high);
        break;
    case MFG_INT16:
    case MFG_UINT16:
        range_int16(items, n, is_unsigned, low, high);
        break;
    case MFG_INT32:
    case MFG_UINT32:
        range_int32(items, n, is_unsigned, low, high);
        break;
    default:
        range_int64(items, n, is_unsigned, low, high);
        break;
    }
    *low = mfg_sortable((mfg_word){.uint64 = *low}, wide);
    *high = mfg_sortable((mfg_word){.uint64 = *high}, wide);
    return 1;
}

int
mfg_quick_ids(const mfg_grouper *grouper, const mfg_column *keys, int64_t start,
              int32_t n, uint64_t *ids)
{
    mfg_kind kind = keys[0].kind;
    const char *items;
    uint64_t low;

    if (grouper->n_keys != 1 || (kind != MFG_INT64 && kind != MFG_UINT64)) {
        return 0;
    }
    items = plain_items(&keys[0], start, n);
    if (items == NULL) {
        return 0;
    }
    low = mfg_unsortable(grouper->keys[0].low, mfg_widened(kind)).uint64;
    for (int32_t i = 0; i < n; i++) {
        uint64_t word;
        memcpy(&word, items + (size_t)i * sizeof word, sizeof word);
        ids[i] = word - low;
    }
    return 1;
}
