/* What contributors give to cells, sorted: inside of mfg_contributions. */
#ifndef MFG_CONTRIBUTIONS_H
#define MFG_CONTRIBUTIONS_H

#include "exact.h"
#include "ids.h"
#include "sort.h"

struct mfg_contributions {
    mfg_grouper *packing; /* the ranges of the keys, then the labels of cells */
    const mfg_column *keys;
    const mfg_column *values;
    mfg_wide wide;
    int base; /* the plane of most values */
    int part_shift;
    int cell_shift;
    int n_workers;
    int64_t n_parts;
    /* Where a worker's next row of a part goes, and where its rows end; n_parts
     * of them a worker. */
    int64_t *next;
    int64_t *stops;
    /* Part p has rows starts[p] ... starts[p + 1] - 1, of which those up to
     * ends[p] become contributions. Where its last cell may go on in the next
     * part, all of them stand without gaps in the end, the last up to ends[p].
     */
    int64_t *starts;
    int64_t *ends;
    mfg_sort_room *rooms; /* one a worker */
    int64_t *first_cells; /* the number of the first cell that begins in it */
    /* Of a row: its id, then whether its value is missing; and its value. Of a
     * contribution the same: one of no value stands for those missing. */
    uint64_t *marks;
    uint64_t *words;
};

static inline uint64_t
mfg_cell_of(const mfg_contributions *all, int64_t i)
{
    return all->marks[i] >> all->cell_shift;
}

/* cells.c: the exact sum of n numbers, of their sizes where `absolute`. Floats
 * are added fast where all lie in the plane of `base`. */
double mfg_add_floats(const uint64_t *words, int64_t n, int absolute, int base);
mfg_int128 mfg_add_integers(const uint64_t *words, int64_t n, int absolute,
                            mfg_wide wide);

#endif
