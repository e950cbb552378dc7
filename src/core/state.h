/* Inside of the exact states, shared by the files that make, fold and finish
 * them. */
#ifndef MFG_STATE_H
#define MFG_STATE_H

#include "exact.h"
#include "mfg.h"

typedef double mfg_lanes __attribute__((vector_size(32)));

/* The sum and the number of the values of a group. A sum of integers is the
 * sum; one of floats counts units of the main plane. While rows are added a sum
 * of floats is open: three levels, the highest first, then the rows (levels.c).
 * All bits zero is nothing in either form. */
typedef union mfg_cell {
    struct {
        mfg_int128 sum;
        int64_t count;
    };
    mfg_lanes levels;
} mfg_cell;

/* The least and greatest value of a group; +inf, -inf (or the ends of the
 * integers) where there is none. */
typedef struct mfg_ends {
    mfg_word low;
    mfg_word high;
} mfg_ends;

typedef struct mfg_cells {
    mfg_wide wide;
    int base;      /* floats: a unit of the main plane is 2^(base - MFG_BIAS) */
    int only_sums; /* least and greatest values are not kept */
    int is_open;
    int32_t uncarried; /* rows added since sums were last carried */
    int64_t n_groups;
    int64_t capacity;
    mfg_cell *cells;
    mfg_ends *ends;   /* NULL where only sums are kept */
    int64_t *missing; /* how many values a group lacks; NULL: none does */
    mfg_strays strays;
} mfg_cells;

static inline int64_t
mfg_missing(const mfg_cells *cells, int64_t group)
{
    return cells->missing == NULL ? 0 : cells->missing[group];
}

struct mfg_state {
    int n_values;
    mfg_cells *values;
    int64_t n_groups;
    /* From here on nothing is zeroed. */
    int32_t codes[MFG_BLOCK];
    mfg_block block;
};

/* Room for so many groups, no fewer than there are. */
mfg_status mfg_cells_make_room(mfg_cells *cells, int64_t capacity);
/* Empty cells up to n_groups. */
mfg_status mfg_cells_extend(mfg_cells *cells, int64_t n_groups);
/* The ends of a group without a value. */
mfg_ends mfg_no_ends(mfg_wide wide);
void mfg_cells_free(mfg_cells *cells);
/* Counts n values of a group as missing. */
mfg_status mfg_cells_miss(mfg_cells *cells, int64_t group, int64_t n);
/* Places the main plane by rows spread over the whole column. */
void mfg_cells_place(mfg_cells *cells, const mfg_column *column, int64_t start,
                     int64_t n, mfg_block *block);
/* Adds the rows of a block of the cells' own kind; codes outside of the groups
 * are passed over. Cells of floats are open after it. */
mfg_status mfg_cells_add(mfg_cells *cells, int32_t n, const int32_t *codes,
                         const mfg_block *block);

/* levels.c */

/* Rows between two looks at how far sums have grown. */
#define MFG_CARRY_ROWS (1 << 18)
mfg_status mfg_cells_add_floats(mfg_cells *cells, int32_t n,
                                const int32_t *codes, const mfg_word *values);
/* Ends the adding of rows: after it, and only then, sums and counts can be
 * read. */
void mfg_cells_settle(mfg_cells *cells);
/* The sum of an open group without strays, rounded once; returns 0 where that
 * takes more than a few additions: it is to be settled then. */
int mfg_levels_round(const mfg_cell *cell, double *sum);
/* Moves what has grown past 2^100 units out of the main plane of a settled
 * sum, to which another one of up to 2^125 may be added then. */
mfg_status mfg_cells_carry(mfg_cells *cells, int64_t group);

/* Adds group g of a state to codes[g] of another with the same planes, which
 * gets n_groups groups. */
mfg_status mfg_state_merge(mfg_state *into, const mfg_state *from,
                           const int64_t *codes, int64_t n_groups,
                           mfg_control *control);

/* Exact sums of groups in one wide sum after another: the strays of a group
 * are found through a list that is made once. */
typedef struct mfg_totals {
    const mfg_cells *cells;
    int64_t *first; /* the first stray of a group, -1: none; NULL: no strays */
    int64_t *next;  /* the next stray of the same group */
} mfg_totals;

mfg_status mfg_totals_new(const mfg_cells *cells, mfg_totals *totals);
void mfg_totals_free(mfg_totals *totals);
/* sum += the exact sum of a group of floats. */
void mfg_totals_add(const mfg_totals *totals, int64_t group, mfg_wide_sum *sum);
double mfg_totals_round(const mfg_totals *totals, int64_t group);
/* The sum of a group of any kind over n, also where the sum overflows. */
double mfg_totals_mean(const mfg_totals *totals, int64_t group, int64_t n);
/* A statistic of a group; sums of integers without a look at their bounds. */
mfg_word mfg_totals_finish(const mfg_totals *totals, int64_t group,
                           mfg_statistic statistic);

#endif
