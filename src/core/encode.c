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
    const uint64_t zero = UINT64_C(1) << 63; /* the word of 0 */

    switch (key->kind) {
    case MFG_INT8:
        key->least = zero - (UINT64_C(1) << 7);
        key->greatest = zero + INT8_MAX;
        break;
    case MFG_INT16:
        key->least = zero - (UINT64_C(1) << 15);
        key->greatest = zero + INT16_MAX;
        break;
    case MFG_INT32:
        key->least = zero - (UINT64_C(1) << 31);
        key->greatest = zero + INT32_MAX;
        break;
    case MFG_UINT8:
        key->least = zero;
        key->greatest = zero + UINT8_MAX;
        break;
    case MFG_UINT16:
        key->least = zero;
        key->greatest = zero + UINT16_MAX;
        break;
    case MFG_UINT32:
        key->least = zero;
        key->greatest = zero + UINT32_MAX;
        break;
    default:
        key->greatest = UINT64_MAX;
        break;
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
mfg_grouper_add(mfg_grouper *grouper, int32_t i, int32_t *code)
{
    if (grouper->n_groups == INT32_MAX) {
        return MFG_MANY_GROUPS;
    }
    if (grouper->n_groups == grouper->capacity &&
        mfg_grouper_make_room(grouper, 2 * grouper->capacity + 16) != MFG_OK) {
        return MFG_NO_MEMORY;
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
hashed_codes(mfg_grouper *grouper, int32_t n, int32_t *codes)
{
    for (int32_t i = 0; i < n; i++) {
        grouper->block_hashes[i] = hash_labels(grouper, i);
    }
    for (int32_t i = 0; i < n; i++) {
        uint64_t hash = grouper->block_hashes[i];
        uint64_t at;
        mfg_status status = mfg_table_reserve(&grouper->table);
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
            status = mfg_grouper_add(grouper, i, &codes[i]);
            if (status != MFG_OK) {
                return status;
            }
            mfg_table_put(&grouper->table, hash, at, codes[i]);
        }
    }
    return MFG_OK;
}

/* Files all groups in the table; no two have the same labels. */
static mfg_status
file_groups(mfg_grouper *grouper)
{
    for (int64_t group = 0; group < grouper->n_groups; group++) {
        uint64_t hash = 0;
        for (int k = 0; k < grouper->n_keys; k++) {
            const mfg_key *key = &grouper->keys[k];
            hash = chain(hash, k, key->absent[group], key->words[group]);
        }
        if (mfg_table_reserve(&grouper->table) != MFG_OK) {
            return MFG_NO_MEMORY;
        }
        uint64_t at = mfg_table_start(&grouper->table, hash);
        while (mfg_table_next(&grouper->table, hash, &at) >= 0) {
        }
        mfg_table_put(&grouper->table, hash, at, group);
    }
    return MFG_OK;
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
mfg_grouper_ready(mfg_grouper *grouper)
{
    if (grouper->settled && grouper->direct && grouper->slots == NULL) {
        return mfg_slots_prepare(grouper, 0);
    }
    if (grouper->settled && !grouper->direct &&
        grouper->table.entries == NULL) {
        return file_groups(grouper);
    }
    return MFG_OK;
}

mfg_status
mfg_grouper_encode(mfg_grouper *grouper, int32_t n, int32_t *codes)
{
    if (mfg_grouper_ready(grouper) != MFG_OK) {
        return MFG_NO_MEMORY;
    }
    if (grouper->direct) {
        mfg_status status = mfg_slots_codes(grouper, n, codes);
        if (status != MFG_OK || grouper->direct) {
            return status;
        }
        if (file_groups(grouper) != MFG_OK) { /* they just left their slots */
            return MFG_NO_MEMORY;
        }
    }
    return hashed_codes(grouper, n, codes);
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
    return status == MFG_OK ? mfg_grouper_encode(grouper, n, codes) : status;
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
