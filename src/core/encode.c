/* Keys to group codes.
 *
 * Where all keys lie in small ranges, groups are found by slot (slots.c). Keys
 * that are too wide for slots go through the hash table here. Whichever way,
 * a group is known by its labels, one word a key.
 */
#include "encode.h"

#include <string.h>

/* Rows between asking for a table entry and using it. */
#define AHEAD 12
/* 2^64 over the golden ratio: keys of equal words at other places differ. */
#define TURN UINT64_C(0x9e3779b97f4a7c15)

/* Slots: never more than 2^23 (32 MB), nor four a row of a smaller input. */
static int
slot_bits_for(int64_t n_rows)
{
    int bits = 10;

    while (bits < 23 && (INT64_C(1) << bits) < 4 * n_rows) {
        bits++;
    }
    return bits;
}

/* Unsigned kinds short of 64 bits are widened to int64 as well. */
static void
bound_words(mfg_key *key)
{
    static const int64_t bounds[][2] = {
        [MFG_INT8] = {INT8_MIN, INT8_MAX},
        [MFG_INT16] = {INT16_MIN, INT16_MAX},
        [MFG_INT32] = {INT32_MIN, INT32_MAX},
        [MFG_UINT8] = {0, UINT8_MAX},
        [MFG_UINT16] = {0, UINT16_MAX},
        [MFG_UINT32] = {0, UINT32_MAX},
    };
    const uint64_t zero = UINT64_C(1) << 63; /* the word of 0 */

    key->greatest = UINT64_MAX;
    if ((size_t)key->kind < sizeof bounds / sizeof *bounds &&
        bounds[key->kind][1] > 0) {
        key->least = zero + (uint64_t)bounds[key->kind][0];
        key->greatest = zero + (uint64_t)bounds[key->kind][1];
    }
}

static void
begin_key(mfg_key *key, const mfg_column *column)
{
    memset(key, 0, offsetof(mfg_key, block_words));
    key->kind = column->kind;
    key->wide = mfg_widened(column->kind);
    key->leaves_out = column->leaves_out;
    key->low = UINT64_MAX;
    bound_words(key);
}

mfg_status
mfg_grouper_new(const mfg_column *keys, int n_keys, int64_t n_rows,
                mfg_grouper **grouper)
{
    mfg_grouper *made = mfg_alloc(1, sizeof *made);

    *grouper = NULL;
    if (made == NULL) {
        return MFG_NO_MEMORY;
    }
    memset(made, 0, offsetof(mfg_grouper, block_slots));
    made->keys = mfg_alloc((size_t)n_keys, sizeof *made->keys);
    if (made->keys == NULL) {
        mfg_free(made);
        return MFG_NO_MEMORY;
    }
    made->n_keys = n_keys;
    made->n_groups = n_keys == 0;
    made->direct = 1;
    made->most_bits = slot_bits_for(n_rows);
    for (int k = 0; k < n_keys; k++) {
        begin_key(&made->keys[k], &keys[k]);
    }
    *grouper = made;
    return MFG_OK;
}

void
mfg_grouper_free(mfg_grouper *grouper)
{
    if (grouper == NULL) {
        return;
    }
    mfg_free(grouper->listed.groups);
    if (grouper->is_view) { /* all else belongs to the one it looks at */
        mfg_free(grouper->keys);
        mfg_free(grouper);
        return;
    }
    for (int k = 0; k < grouper->n_keys; k++) {
        mfg_strings_free(&grouper->keys[k].strings);
        mfg_free(grouper->keys[k].words);
        mfg_free(grouper->keys[k].absent);
    }
    mfg_free(grouper->keys);
    mfg_free(grouper->slots);
    mfg_table_free(&grouper->table);
    mfg_free(grouper);
}

int
mfg_grouper_n_keys(const mfg_grouper *grouper)
{
    return grouper->n_keys;
}

int64_t
mfg_grouper_count(const mfg_grouper *grouper)
{
    return grouper->n_groups;
}

/* ---- new groups ---- */

mfg_status
mfg_grouper_make_room(mfg_grouper *grouper, int64_t capacity)
{
    for (int k = 0; k < grouper->n_keys; k++) {
        mfg_key *key = &grouper->keys[k];
        uint64_t *words =
            mfg_resize(key->words, (size_t)capacity, sizeof *words);
        if (words == NULL) {
            return MFG_NO_MEMORY;
        }
        key->words = words;
        uint8_t *absent =
            mfg_resize(key->absent, (size_t)capacity, sizeof *absent);
        if (absent == NULL) {
            return MFG_NO_MEMORY;
        }
        key->absent = absent;
    }
    grouper->capacity = capacity;
    return MFG_OK;
}

/* Makes a group with the labels of row i of the block. */
mfg_status
mfg_grouper_add(mfg_grouper *grouper, int32_t i, int32_t *code,
                mfg_control *control)
{
    mfg_status status =
        mfg_poll(control, grouper->n_groups * MFG_ROWS_AN_ENTRY);

    if (grouper->n_groups == INT32_MAX) {
        return MFG_MANY_GROUPS;
    }
    if (status == MFG_OK && grouper->n_groups == grouper->capacity) {
        status = mfg_grouper_make_room(grouper, 2 * grouper->capacity + 64);
    }
    if (status != MFG_OK) {
        return status;
    }
    for (int k = 0; k < grouper->n_keys; k++) {
        mfg_key *key = &grouper->keys[k];
        key->words[grouper->n_groups] = key->block_words[i];
        key->absent[grouper->n_groups] = (uint8_t)mfg_is_absent(key, i);
        key->n_absent += key->absent[grouper->n_groups];
    }
    *code = (int32_t)grouper->n_groups++;
    grouper->settled = 0; /* a later group stands where its label does not */
    return MFG_OK;
}

/* ---- groups by hash ---- */

/* One present key hashes one-to-one; more are chained, and compared when
 * found. A missing key stands outside of the words: it turns the chain. */
static uint64_t
chain(uint64_t hash, int key, int absent, uint64_t word)
{
    return absent ? mfg_mix(~hash)
                  : mfg_mix((hash + TURN * (uint64_t)key) ^ word);
}

/* The hash of row i of the block. */
static uint64_t
hash_labels(const mfg_grouper *grouper, int32_t i)
{
    uint64_t hash = 0;

    for (int k = 0; k < grouper->n_keys; k++) {
        const mfg_key *key = &grouper->keys[k];
        hash = chain(hash, k, mfg_is_absent(key, i), key->block_words[i]);
    }
    return hash;
}

static int
has_labels(const mfg_grouper *grouper, int64_t group, int32_t i)
{
    for (int k = 0; k < grouper->n_keys; k++) {
        const mfg_key *key = &grouper->keys[k];
        int absent = mfg_is_absent(key, i);
        if (key->absent[group] != absent ||
            (!absent && key->words[group] != key->block_words[i])) {
            return 0;
        }
    }
    return 1;
}

/* The group with the labels of row i, or -1 and where to file it. */
static int64_t
find_hashed(const mfg_grouper *grouper, uint64_t hash, int32_t i, uint64_t *at)
{
    int64_t group;

    *at = mfg_table_start(&grouper->table, hash);
    do {
        group = mfg_table_next(&grouper->table, hash, at);
    } while (group >= 0 && !has_labels(grouper, group, i));
    return group;
}

static mfg_status
hashed_codes(mfg_grouper *grouper, int32_t n, int32_t *codes,
             mfg_control *control)
{
    for (int32_t i = 0; i < n; i++) {
        grouper->block_hashes[i] = hash_labels(grouper, i);
    }
    for (int32_t i = 0; i < n; i++) {
        uint64_t hash = grouper->block_hashes[i];
        uint64_t at;
        mfg_status status = mfg_table_reserve(&grouper->table, control);
        if (status != MFG_OK) {
            return status;
        }
        if (i + AHEAD < n) {
            __builtin_prefetch(
                &grouper->table.entries[grouper->block_hashes[i + AHEAD] &
                                        grouper->table.mask]);
        }
        if (mfg_is_dropped(grouper, i)) {
            codes[i] = -1;
            continue;
        }
        codes[i] = (int32_t)find_hashed(grouper, hash, i, &at);
        if (codes[i] < 0) {
            status = mfg_grouper_add(grouper, i, &codes[i], control);
            if (status != MFG_OK) {
                return status;
            }
            mfg_table_put(&grouper->table, hash, at, codes[i]);
        }
    }
    return MFG_OK;
}

/* Files the groups that are not in the table yet; no two have the same labels.
 * Groups 0 ... table.count - 1 are filed, also when this is stopped. */
static mfg_status
file_groups(mfg_grouper *grouper, mfg_control *control)
{
    mfg_status status = MFG_OK;

    for (int64_t group = grouper->table.count;
         group < grouper->n_groups && status == MFG_OK; group++) {
        uint64_t hash = 0;
        for (int k = 0; k < grouper->n_keys; k++) {
            const mfg_key *key = &grouper->keys[k];
            hash = chain(hash, k, key->absent[group], key->words[group]);
        }
        status = mfg_table_reserve(&grouper->table, control);
        if (status != MFG_OK) {
            break;
        }
        uint64_t at = mfg_table_start(&grouper->table, hash);
        while (mfg_table_next(&grouper->table, hash, &at) >= 0) {
        }
        mfg_table_put(&grouper->table, hash, at, group);
        status = mfg_poll(control, group * MFG_ROWS_AN_ENTRY);
    }
    return status;
}

/* ---- the calls ---- */

void
mfg_grouper_settle(mfg_grouper *grouper, int64_t n_groups, int direct)
{
    grouper->n_groups = n_groups;
    grouper->direct = direct;
    grouper->settled = 1;
    for (int k = 0; k < grouper->n_keys; k++) {
        mfg_key *key = &grouper->keys[k];
        for (int64_t group = 0; group < n_groups; group++) {
            key->n_absent += key->absent[group];
        }
    }
}

mfg_status
mfg_grouper_ready(mfg_grouper *grouper, mfg_control *control)
{
    if (!grouper->direct) {
        return file_groups(grouper, control);
    }
    if (grouper->settled && grouper->slots == NULL) {
        return mfg_slots_prepare(grouper, 0);
    }
    return MFG_OK;
}

mfg_status
mfg_grouper_encode(mfg_grouper *grouper, int32_t n, int32_t *codes,
                   mfg_control *control)
{
    mfg_status status = mfg_grouper_ready(grouper, control);

    if (status == MFG_OK && grouper->direct) {
        status = mfg_slots_codes(grouper, n, codes, control);
        if (status != MFG_OK || grouper->direct) {
            return status;
        }
        status =
            mfg_grouper_ready(grouper, control); /* they left their slots */
    }
    return status == MFG_OK ? hashed_codes(grouper, n, codes, control) : status;
}

/* The groups of the rows of the block, -1 where there is none. */
static void
find_codes(mfg_grouper *grouper, int32_t n, int32_t *codes)
{
    for (int32_t i = 0; i < n; i++) {
        uint64_t at;
        if (mfg_is_dropped(grouper, i)) {
            codes[i] = -1;
        }
        else if (grouper->direct) {
            codes[i] = mfg_slots_find(grouper, i);
        }
        else {
            codes[i] =
                (int32_t)find_hashed(grouper, hash_labels(grouper, i), i, &at);
        }
    }
}

mfg_status
mfg_grouper_codes(mfg_grouper *grouper, const mfg_column *keys, int64_t start,
                  int32_t n, int32_t *codes, mfg_control *control)
{
    mfg_status status;

    if (grouper->n_keys == 0) {
        memset(codes, 0, (size_t)n * sizeof *codes);
        return MFG_OK;
    }
    if (mfg_quick_codes(grouper, keys, start, n, codes)) {
        return MFG_OK;
    }
    status = mfg_grouper_load(grouper, keys, start, n, control);
    if (status == MFG_OK && grouper->is_view) {
        find_codes(grouper, n, codes);
        return MFG_OK;
    }
    return status == MFG_OK ? mfg_grouper_encode(grouper, n, codes, control)
                            : status;
}

mfg_status
mfg_grouper_lagged(mfg_grouper *grouper, const mfg_column *keys, int64_t start,
                   int32_t n, int64_t lag, int32_t *codes, mfg_control *control)
{
    mfg_status status = mfg_grouper_load(grouper, keys, start, n, control);
    mfg_key *last = &grouper->keys[grouper->n_keys - 1];

    if (status != MFG_OK) {
        return status;
    }
    for (int32_t i = 0; i < n; i++) {
        last->block_words[i] -= (uint64_t)lag;
    }
    find_codes(grouper, n, codes);
    for (int32_t i = 0; i < n; i++) {
        /* Moved back past the least integer: there is no such record. */
        if (last->block_words[i] > UINT64_MAX - (uint64_t)lag) {
            codes[i] = -1;
        }
    }
    return MFG_OK;
}
