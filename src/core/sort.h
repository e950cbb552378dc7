/* The order of 64-bit words. */
#ifndef MFG_SORT_H
#define MFG_SORT_H

#include "mfg.h"

/* Reorders order[0 ... n-1], indices into words, so that their words ascend;
 * equal words keep their order. scratch: n indices. */
mfg_status mfg_sort_order(int64_t n, const uint64_t *words, int64_t *order,
                          int64_t *scratch, mfg_control *control);

/* A word and what it belongs to. */
typedef struct mfg_pair {
    uint64_t word;
    int64_t place;
} mfg_pair;

/* Sorts pairs by their words, stable. scratch: n pairs. */
mfg_status mfg_sort_pairs(int64_t n, mfg_pair *pairs, mfg_pair *scratch,
                          mfg_control *control);

/* Where up to so many words are put apart; some eight to a digit. */
#define MFG_SORT_ROOM (1 << 16)
#define MFG_SORT_DIGITS (MFG_SORT_ROOM / 8)

typedef struct mfg_sort_room {
    uint64_t words[MFG_SORT_ROOM];
    uint64_t beside[MFG_SORT_ROOM];
    int32_t next[MFG_SORT_DIGITS];
} mfg_sort_room;

/* Sorts words; what stands beside each (NULL: nothing) goes along, in any order
 * where words are equal. Without a room they are sorted in place, which takes
 * twice as long. MFG_INTERRUPTED: all are there, in any order. */
mfg_status mfg_sort_words(uint64_t *words, uint64_t *beside, int64_t n,
                          mfg_sort_room *room, mfg_control *control);

/* Words that sort as the numbers do, and back; NaNs come last. In unsigned
 * order integers have their sign bit flipped; floats likewise where
 * positive, all bits where negative. -0.0 is taken as 0.0. */
static inline uint64_t
mfg_sortable(mfg_word value, mfg_wide wide)
{
    const uint64_t top = UINT64_C(1) << 63;

    if (wide == MFG_AS_INT64) {
        return value.uint64 ^ top;
    }
    if (wide == MFG_AS_FLOAT64) {
        value.float64 += 0.0;
        return value.uint64 & top ? ~value.uint64 : value.uint64 | top;
    }
    return value.uint64;
}

static inline mfg_word
mfg_unsortable(uint64_t word, mfg_wide wide)
{
    const uint64_t top = UINT64_C(1) << 63;

    if (wide == MFG_AS_INT64) {
        word ^= top;
    }
    else if (wide == MFG_AS_FLOAT64) {
        word = word & top ? word ^ top : ~word;
    }
    return (mfg_word){.uint64 = word};
}

static inline int
mfg_compare(mfg_word left, mfg_word right, mfg_wide wide)
{
    uint64_t a = mfg_sortable(left, wide);
    uint64_t b = mfg_sortable(right, wide);

    return (a > b) - (a < b);
}

#endif
