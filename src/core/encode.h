/* Inside of the grouper, shared by encode.c (codes) and labels.c (order). */
#ifndef MFG_ENCODE_H
#define MFG_ENCODE_H

#include "mfg.h"
#include "strings.h"
#include "table.h"

#include <string.h>

/* One key. Its labels are words that sort as the labels do (mfg_sortable),
 * for text codes into `strings`. */
typedef struct mfg_key {
    mfg_kind kind;
    mfg_wide wide;
    int leaves_out;
    mfg_strings strings;
    uint64_t *words; /* a label a group; no meaning where absent */
    uint8_t *absent; /* a flag a group: the missing label */
    int64_t n_absent;
    /* Direct indexing: word - low fills `bits` bits of a slot from `shift` on,
     * with one bit above them for the missing label once it was seen. */
    int ranged;     /* a label was seen */
    uint64_t least; /* the words of the least and greatest of the kind */
    uint64_t greatest;
    uint64_t low;
    uint64_t last; /* ids.c: the greatest code that was met */
    int bits;
    int absent_bit;
    int shift;
    int any_absent; /* in the block */
    /* The keys of the block in hand. From here on nothing is zeroed: that would
     * cost more than all else does with a few dozen rows. */
    uint64_t block_words[MFG_BLOCK];
    uint8_t block_absent[MFG_BLOCK];
} mfg_key;

/* The groups of the codes that stand for `ranks`, where a key of such is the
 * only one (quick.c). They hold while blocks follow one another: a later call
 * begins elsewhere, and its ranks may be others in the same place. */
typedef struct mfg_listed {
    int32_t *groups; /* -1: none */
    const int32_t *ranks;
    int64_t n_codes;
    int64_t next;   /* the row after the last block */
    int64_t n_rows; /* seen since there was none that could be used */
    int is_made;
} mfg_listed;

struct mfg_grouper {
    mfg_key *keys;
    int n_keys;
    int64_t n_groups;
    int64_t capacity;
    int is_view; /* finds groups and makes none; see mfg_grouper_view */
    int settled; /* its first groups came in the order of their labels */
    /* Either slots (direct) or the table finds the group of a row. */
    int direct;
    int most_bits;  /* slots have at most so many bits */
    int32_t *slots; /* a group a slot, -1: none; NULL: not laid yet */
    mfg_table table;
    mfg_listed listed; /* each view has its own */
    /* From here on nothing is zeroed. */
    uint32_t block_slots[MFG_BLOCK];
    uint64_t block_hashes[MFG_BLOCK];
    mfg_text block_texts[MFG_BLOCK];
    mfg_block block;
};

/* keys.c: brings the keys of the rows into the keys' blocks. */
mfg_status mfg_grouper_load(mfg_grouper *grouper, const mfg_column *keys,
                            int64_t start, int32_t n, mfg_control *control);

static inline int
mfg_is_absent(const mfg_key *key, int32_t i)
{
    return key->any_absent && key->block_absent[i];
}

/* Whether row i of the block is left out for a missing key. */
static inline int
mfg_is_dropped(const mfg_grouper *grouper, int32_t i)
{
    for (int k = 0; k < grouper->n_keys; k++) {
        if (grouper->keys[k].leaves_out &&
            mfg_is_absent(&grouper->keys[k], i)) {
            return 1;
        }
    }
    return 0;
}

/* encode.c: room for the labels of so many groups. */
mfg_status mfg_grouper_make_room(mfg_grouper *grouper, int64_t capacity);
/* encode.c: n_groups groups have got their labels, in the order of these. They
 * can be found once the grouper is ready, by slot where `direct` says so. */
void mfg_grouper_settle(mfg_grouper *grouper, int64_t n_groups, int direct);
mfg_status mfg_grouper_ready(mfg_grouper *grouper, mfg_control *control);

/* labels.c: n labels of a key, from their words, from labels[at] on. */
void mfg_labels_put(const mfg_key *key, int64_t n, const uint64_t *words,
                    void *labels, int64_t at);

/* encode.c: makes a group with the labels of row i of the block; asks now and
 * then. */
mfg_status mfg_grouper_add(mfg_grouper *grouper, int32_t i, int32_t *code,
                           mfg_control *control);

/* encode.c: the codes of the keys that stand in the block. */
mfg_status mfg_grouper_encode(mfg_grouper *grouper, int32_t n, int32_t *codes,
                              mfg_control *control);

/* quick.c: slots of a block of plain integers that lie in the ranges of keys
 * that are placed, of 32 bits in all; 0 where it is no such block. */
int mfg_quick_slots(const mfg_grouper *grouper, const mfg_column *keys,
                    int64_t start, int32_t n, uint32_t *slots);
/* quick.c: codes of a block of plain integers whose groups are all known; 0
 * where it is no such block, and codes have no meaning. */
int mfg_quick_codes(mfg_grouper *grouper, const mfg_column *keys, int64_t start,
                    int32_t n, int32_t *codes);

/* quick.c: the words of the least and greatest of n plain integers, n > 0; and
 * ids (ids.h) of one key of 64 bits. 0 where they are not plain. */
int mfg_quick_range(const mfg_column *column, int64_t start, int32_t n,
                    uint64_t *low, uint64_t *high);
int mfg_quick_ids(const mfg_grouper *grouper, const mfg_column *keys,
                  int64_t start, int32_t n, uint64_t *ids);

/* slots.c: the range of a key, which holds the words low ... high: as many as
 * its bits can tell, all of them of the kind. Codes are had modulo 2^64 or less
 * (quick.c): a range that went past the greatest number would take the least
 * ones for its last. */
void mfg_key_place(mfg_key *key, uint64_t low, uint64_t high);

/* slots.c: lays slots for the block; `direct` is 0 after it where the keys have
 * become too wide. The same, then codes; and the group of one row, or -1. */
mfg_status mfg_slots_prepare(mfg_grouper *grouper, int32_t n);
mfg_status mfg_slots_codes(mfg_grouper *grouper, int32_t n, int32_t *codes,
                           mfg_control *control);
int32_t mfg_slots_find(const mfg_grouper *grouper, int32_t i);

#endif
