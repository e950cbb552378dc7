/* Rows put apart by their ids, a chunk at a time, so that the groups of a part
 * and all that belongs to them fit the second-level cache. A chunk has fewer
 * than 2^31 rows: places of 64 bits cost 4 % of sums of 300,000 groups. */
#ifndef MFG_PARTS_H
#define MFG_PARTS_H

#include "ids.h"
#include "parallel.h"

#define MFG_SLOT_BITS_MOST 16

/* Where ids are small numbers, a part is a range of 2^slot_bits of them and the
 * lowest bits are a row's slot in it; else they are wide. A part is what a map
 * makes of their highest bits, in whose order parts are then (ordered.c); with
 * no map they are mixed one-to-one, and a part is the highest bits. */
typedef struct mfg_parts {
    mfg_grouper *packing; /* the ranges of the keys */
    const mfg_column *keys;
    const mfg_column *values;
    int n_values;
    int wide;
    uint16_t *map; /* of wide ids: NULL, or parts in their order */
    uint64_t map_mask;
    int map_shift;
    int64_t n_ids;  /* small ids are below it */
    int64_t n_rows; /* of a chunk, at most */
    int slot_bits;  /* of ids below those of their part; at most 16 */
    int64_t n_parts;
    int64_t first; /* row of the chunk in hand */
    int n_workers;
    int32_t *next; /* where a worker's next row of a part goes; n_parts + 1 of
                      them a worker */
    /* The chunk by parts. Part p has rows starts[p] ... starts[p + 1] - 1. */
    int32_t *starts;
    uint16_t *slots;
    uint64_t *ids;
    mfg_word *words; /* n_rows a value */
    uint8_t *flags;  /* the same: missing or not; NULL where all are floats */
} mfg_parts;

/* Fills what is not given: all down to n_rows is. */
mfg_status mfg_parts_new(mfg_parts *parts, const mfg_control *control);
void mfg_parts_free(mfg_parts *parts);
/* Puts rows first ... first + n - 1 apart. */
mfg_status mfg_parts_chunk(mfg_parts *parts, int64_t first, int64_t n,
                           mfg_control *control);

#endif
