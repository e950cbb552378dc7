/* What contributors give to cells, sorted: inside of mfg_contributions. */
#ifndef MFG_CONTRIBUTIONS_H
#define MFG_CONTRIBUTIONS_H

#include "exact.h"
#include "parts.h"
#include "sort.h"
#include "tally.h"

/* The contributions of a part: numbers start ... stop - 1. */
typedef struct mfg_run {
    int64_t start;
    int64_t stop; /* of all parts where the last cell may go on in the next */
    int64_t first_cell; /* the number of the first cell that begins in it */
} mfg_run;

struct mfg_contributions {
    int64_t size;     /* how many contributions of a cell are listed */
    mfg_tally *tally; /* NULL: rows are sorted, and what follows is in use */
    mfg_parts parts;  /* its packing gets the labels of the cells in the end */
    mfg_run *runs;    /* one a part, and the end */
    int closed_up;    /* they stand without gaps */
    int has_contributor;
    mfg_wide wide;
    int base; /* the plane of most values */
    int cell_shift;
    mfg_sort_room *rooms; /* one a worker */
    /* Of a contribution: its id, then whether its value is missing; and its
     * value, of which one stands for all those missing. In the memory of
     * parts. */
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
mfg_status mfg_add_floats(const uint64_t *words, int64_t n, int absolute,
                          int base, double *sum, mfg_control *control);
mfg_int128 mfg_add_integers(const uint64_t *words, int64_t n, int absolute,
                            mfg_wide wide);

#endif
