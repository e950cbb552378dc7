/* The groups of one part. */
#ifndef MFG_PART_H
#define MFG_PART_H

#include "parts.h"
#include "sort.h"
#include "state.h"

/* The groups of one part. Of small ids each has a group, whose sums and ends
 * are those of the state from id p << slot_bits on; groups that no row has met
 * are passed over at the end. Of wide ids those that were met have one. */
typedef struct mfg_part {
    int64_t n_groups;
    mfg_cells *cells; /* of each value column */
    int64_t capacity; /* from here on: wide */
    uint64_t *ids;
    int32_t *slots; /* a group a slot, -1: none */
    uint64_t mask;  /* how many slots there are, less one */
} mfg_part;

struct mfg_crowd {
    mfg_parts parts;
    mfg_state *state;
    mfg_part *items;  /* one a part; NULL where parts are sorted */
    int64_t n_likely; /* groups, judged by a sample */
    int at_once;      /* parts have all their rows in one chunk */
    int sorted;       /* and few for each group: sorted.c */
    /* Wide ids at once: where a worker finds the groups of the part in hand.
     * They are kept in the memory of its rows, which nobody reads again. */
    mfg_part *benches;
    mfg_sort_room *rooms; /* one a worker */
    int64_t *starts;      /* the first group of a part among all */
};

/* The empty groups of a part of small ids, when its first rows come: in the
 * cache, where they are used next. */
void mfg_part_begin(const mfg_crowd *crowd, mfg_part *part, int64_t p);
/* A turn: adds the rows of part p of the chunk in hand. context: the crowd. */
mfg_status mfg_part_add(void *context, int worker, int64_t p,
                        mfg_control *control);
/* Where the cells of a part, and behind them their ends, are kept in the memory
 * of its rows; NULL: they are too many. */
mfg_cell *mfg_part_kept(const mfg_crowd *crowd, int64_t p, int value);
/* A turn: the groups of part p go to starts[p + 1]. */
mfg_status mfg_part_count(void *context, int worker, int64_t p,
                          mfg_control *control);
/* Puts a group of cells in the place of another. */
static inline void
mfg_move_group(const mfg_cells *from, int64_t group, mfg_cells *to,
               int64_t place)
{
    to->cells[place] = from->cells[group];
    if (to->ends != NULL) {
        to->ends[place] = from->ends[group];
    }
    if (from->missing != NULL) {
        to->missing[place] = from->missing[group];
    }
}

/* Adds strays to those of other cells, of whose groups theirs are places[...].
 */
mfg_status mfg_move_strays(const mfg_strays *from, const int32_t *places,
                           mfg_strays *to);
/* Whether a group has a row, which is a value or a missing one. */
static inline int
mfg_was_met(const mfg_cells *cells, int64_t group)
{
    const mfg_cell *cell = &cells->cells[group];
    int any = cells->is_open ? cell->levels[3] > 0 : cell->count > 0;

    return any || mfg_missing(cells, group) > 0;
}

#endif
