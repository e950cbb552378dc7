/* Rows put apart by their ids, a chunk at a time, so that the groups of a part
 * and all that belongs to them fit the second-level cache. */
#ifndef MFG_PARTS_H
#define MFG_PARTS_H

#include "ids.h"
#include "parallel.h"

/* Rows of a drawer: words of one column of it fill 2 KB. */
#define MFG_DRAWER 256

/* The rows of one part that one worker has met: a chain of drawers, of which
 * all but the last are full. */
typedef struct mfg_chain {
    int32_t first; /* -1: none */
    int32_t last;
    int32_t filled; /* rows of the last one */
    uint64_t *open; /* the words of the last one */
} mfg_chain;

/* Where ids are small numbers, a part is their lowest bits and the rest its
 * slot; else ids are mixed one-to-one, and a part is the highest bits. */
typedef struct mfg_parts {
    mfg_grouper *packing; /* the ranges of the keys */
    const mfg_column *keys;
    const mfg_column *values;
    int n_values;
    int mixed;
    int part_bits;
    int64_t n_rows; /* of a chunk, at most */
    int64_t first;  /* row of the chunk in hand */
    int n_workers;
    /* A drawer holds its columns one after the other: ids, then each value,
     * then for each value of integers whether it is missing. */
    int n_columns;
    uint64_t *drawers;
    int32_t *next;     /* the drawer that follows one in its chain */
    mfg_chain *chains; /* n_parts + 1 a worker: the last is of no part */
} mfg_parts;

/* Fills what is not given: all down to n_rows is. */
mfg_status mfg_parts_new(mfg_parts *parts, const mfg_control *control);
void mfg_parts_free(mfg_parts *parts);
/* Puts rows first ... first + n - 1 apart. */
mfg_status mfg_parts_chunk(mfg_parts *parts, int64_t first, int64_t n,
                           mfg_control *control);

static inline int64_t
mfg_parts_count(const mfg_parts *parts)
{
    return INT64_C(1) << parts->part_bits;
}

static inline const mfg_chain *
mfg_parts_chain(const mfg_parts *parts, int worker, int64_t part)
{
    return &parts->chains[worker * (mfg_parts_count(parts) + 1) + part];
}

/* Column `column` of a drawer. */
static inline uint64_t *
mfg_drawer(const mfg_parts *parts, int64_t drawer, int column)
{
    return parts->drawers + (drawer * parts->n_columns + column) * MFG_DRAWER;
}

#endif
