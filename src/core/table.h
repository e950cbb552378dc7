/* The hash table: 64-bit hashes to indices, open addressing.
 *
 * It stores no keys. The caller compares what an index stands for where two
 * keys may share a hash; where the hash is a one-to-one mixture of the key
 * (mfg_mix), equal hashes are equal keys. */
#ifndef MFG_TABLE_H
#define MFG_TABLE_H

#include "mfg.h"

typedef struct mfg_entry {
    uint64_t hash;
    int64_t place; /* index + 1; 0: empty */
} mfg_entry;

typedef struct mfg_table {
    mfg_entry *entries; /* mask + 1 of them, a power of two, or NULL */
    uint64_t mask;
    int64_t count; /* at most half of the entries */
} mfg_table;

/* One-to-one on 64 bits; multiples of 2^32 spread as well as small integers.
 * The multipliers are those of MurmurHash3's finalizer (Appleby 2011). */
static inline uint64_t
mfg_mix(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x *= UINT64_C(0xc4ceb9fe1a85ec53);
    x ^= x >> 33;
    return x;
}

/* What was mixed: each step the other way round; the multipliers' inverses
 * modulo 2^64. */
static inline uint64_t
mfg_unmix(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0x9cb4b2f8129337db);
    x ^= x >> 33;
    x *= UINT64_C(0x4f74430c22a54005);
    x ^= x >> 33;
    return x;
}

/* To make a group or to move an entry of a table that grows takes as long as so
 * many rows: a page of fresh memory, a miss or two. */
#define MFG_ROWS_AN_ENTRY 8

/* Makes room for one more index; asks while it grows (control NULL: never). */
mfg_status mfg_table_reserve(mfg_table *table, mfg_control *control);

void mfg_table_free(mfg_table *table);

static inline uint64_t
mfg_table_start(const mfg_table *table, uint64_t hash)
{
    return hash & table->mask;
}

/* The next index filed under hash from *at on, or -1: then *at is the empty
 * entry where mfg_table_put files one. Needs a reserved table. */
static inline int64_t
mfg_table_next(const mfg_table *table, uint64_t hash, uint64_t *at)
{
    const mfg_entry *entries = table->entries;

    while (entries[*at].place != 0) {
        uint64_t found = *at;
        if (entries[found].hash == hash) {
            *at = (*at + 1) & table->mask;
            return entries[found].place - 1;
        }
        *at = (*at + 1) & table->mask;
    }
    return -1;
}

static inline void
mfg_table_put(mfg_table *table, uint64_t hash, uint64_t at, int64_t index)
{
    table->entries[at].hash = hash;
    table->entries[at].place = index + 1;
    table->count++;
}

#endif
