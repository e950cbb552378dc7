/* The values of groups in ascending order, each with its weight. */
#ifndef MFG_ASCENT_H
#define MFG_ASCENT_H

#include "mfg.h"

#include <string.h>

/* Values of group g are words[starts[g]] ... words[starts[g + 1] - 1], as
 * mfg_sortable has them; equal ones ascend by weight, so that what is read in
 * this order depends on no order of rows. Weights are above zero. */
typedef struct mfg_ascent {
    mfg_wide wide;
    int64_t n_groups;
    int64_t *starts;
    uint64_t *words;
    uint64_t *weights; /* the bits of doubles; NULL: each weighs 1 */
} mfg_ascent;

/* Of a state's value column that its records are read from once more, and of
 * its column `weight` (negative: none). A record without a value, or without a
 * weight above zero, is left out. */
mfg_status mfg_ascend(const mfg_state *state, int value, int weight,
                      mfg_grouper *grouper, const mfg_column *keys,
                      const mfg_column *columns, int64_t n_rows,
                      mfg_ascent *ascent, mfg_control *control);
void mfg_ascent_free(mfg_ascent *ascent);

static inline double
mfg_weight_at(const mfg_ascent *ascent, int64_t i)
{
    double weight = 1.0;

    if (ascent->weights != NULL) {
        memcpy(&weight, &ascent->weights[i], sizeof weight);
    }
    return weight;
}

/* A sum of doubles and what its roundings left out (Neumaier 1974): as good as
 * one of 106 bits that is rounded once. */
typedef struct mfg_twofold {
    double sum;
    double rest;
} mfg_twofold;

static inline void
mfg_twofold_add(mfg_twofold *to, double x)
{
    double sum = to->sum + x;
    double taken = sum - to->sum;

    to->rest += (to->sum - (sum - taken)) + (x - taken);
    to->sum = sum;
}

static inline void
mfg_twofold_merge(mfg_twofold *to, mfg_twofold from)
{
    mfg_twofold_add(to, from.sum);
    to->rest += from.rest;
}

static inline double
mfg_twofold_round(mfg_twofold of)
{
    return of.sum + of.rest;
}

#endif
