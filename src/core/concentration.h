/* Inside of concentration: the leaders of groups, and the two ways to what is
 * measured. */
#ifndef MFG_CONCENTRATION_H
#define MFG_CONCENTRATION_H

#include "binades.h"

/* A group: its moments and its greatest values. */
typedef struct mfg_members {
    mfg_moments moments; /* spread NaN: there is nothing to measure */
    double *leaders;     /* a heap, the least on top */
    int64_t n_leaders;
} mfg_members;

/* All groups, and what their leaders stand in. */
typedef struct mfg_membership {
    mfg_members *groups;
    double *leaders;
} mfg_membership;

/* dispersion.c: the members of all groups, up to `size` leaders of each, in two
 * passes that take any values and any number of groups. */
mfg_status mfg_disperse(const mfg_column *keys, int n_keys,
                        const mfg_column *column, int64_t n_rows, int64_t size,
                        mfg_grouper **grouper, mfg_membership *members,
                        mfg_control *control);

/* Replaces the least of a heap by a greater value. */
static inline void
mfg_replace_least(double *heap, int64_t size, double value)
{
    int64_t at = 0;

    while (2 * at + 1 < size) {
        int64_t child = 2 * at + 1;
        child += child + 1 < size && heap[child + 1] < heap[child];
        if (value <= heap[child]) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = value;
}

#endif
