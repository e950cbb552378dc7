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
/* The ids of the keys that stand in the block (mfg_grouper_load). */
void mfg_ids_of_block(const mfg_grouper *grouper, int32_t n, uint64_t *ids);
/* Puts the labels of an id in the place of a group. */
void mfg_ids_label(mfg_grouper *grouper, uint64_t id, int64_t group);

#endif
