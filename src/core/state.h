/* Inside of the exact states, shared by the files that make, fold and finish
 * them. */
#ifndef MFG_STATE_H
#define MFG_STATE_H

#include "exact.h"
#include "mfg.h"

/* One group of one value column; what a row touches stands in one place. */
typedef struct mfg_cell {
    mfg_int128 sum; /* floats: of the main plane; integers: the sum */
    int64_t count;
    int64_t missing;
    mfg_word low;  /* least and greatest; +inf, -inf (or the ends of the */
    mfg_word high; /* integers) where count is 0 */
} mfg_cell;

typedef struct mfg_cells {
    mfg_wide wide;
    int base;      /* floats: a unit of the main plane is 2^(base - MFG_BIAS) */
    int only_sums; /* of what a row adds, nothing but the sum is kept */
    int32_t uncarried; /* rows added since sums were carried */
    int64_t n_groups;
    int64_t capacity;
    mfg_cell *cells;
    mfg_strays strays;
} mfg_cells;

struct mfg_state {
    int n_values;
    mfg_cells *values;
    int64_t n_groups;
    /* From here on nothing is zeroed. */
    int32_t codes[MFG_BLOCK];
    mfg_block block;
};

/* Empty cells up to n_groups. */
mfg_status mfg_cells_extend(mfg_cells *cells, int64_t n_groups);
void mfg_cells_free(mfg_cells *cells);
/* Places the main plane by rows spread over the whole column. */
void mfg_cells_place(mfg_cells *cells, const mfg_column *column, int64_t start,
                     int64_t n, mfg_block *block);
/* Moves what has grown past 2^100 out of the main plane, so that the next
 * MFG_CARRY_ROWS additions of 2^102 (below 2^125 in all), or another sum that
 * has taken as many, stay below 2^127. */
mfg_status mfg_cells_carry(mfg_cells *cells, int64_t group);
/* Adds the rows of a block of the cells' own kind; codes outside of the groups
 * are passed over. */
mfg_status mfg_cells_add(mfg_cells *cells, int32_t n, const int32_t *codes,
                         const mfg_block *block);

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

#endif
