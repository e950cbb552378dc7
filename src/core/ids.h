/* Keys packed into one word each row: an id, which sorts as the labels do.
 *
 * The first key stands in the highest bits. Within a key, word - low, or the
 * number above all of them where the key is missing. An id is worth its labels:
 * they are had back from it. */
#ifndef MFG_IDS_H
#define MFG_IDS_H

#include "encode.h"

/* Finds the ranges of all rows of a new grouper's keys. *n_bits: how many bits
 * an id takes; above 64 there are none. Keys of text have no ids. */
mfg_status mfg_ids_measure(mfg_grouper *grouper, const mfg_column *keys,
                           int64_t n_rows, int *n_bits, mfg_control *control);
/* Ids that take up to 62 bits are below it. */
static inline int64_t
mfg_ids_count(const mfg_grouper *measured)
{
    const mfg_key *first = &measured->keys[0];

    return (int64_t)((first->last + 1) << first->shift);
}
/* Whether ids of so many bits are the slots of a grouper. */
static inline int
mfg_ids_are_slots(const mfg_grouper *measured)
{
    const mfg_key *first = &measured->keys[0];

    return first->shift + first->bits + first->absent_bit <=
           measured->most_bits;
}
/* The ids of the keys that stand in the block (mfg_grouper_load). */
void mfg_ids_of_block(const mfg_grouper *grouper, int32_t n, uint64_t *ids);
/* The ids of rows, of 32 bits at most; `none`, which is above them all, where a
 * missing key leaves a row out, or keys have changed since they were measured.
 */
mfg_status mfg_ids_numbers(mfg_grouper *view, const mfg_column *keys,
                           int64_t start, int32_t n, uint32_t none,
                           uint32_t *numbers, mfg_control *control);
/* Puts the labels of an id in the place of a group. */
void mfg_ids_label(mfg_grouper *grouper, uint64_t id, int64_t group);

#endif
