/* The groups of parts, brought together in the order of their labels. */
#ifndef MFG_ASSEMBLE_H
#define MFG_ASSEMBLE_H

#include "parts.h"
#include "state.h"

/* The groups of one part; ids as the part holds them, mixed or not. */
typedef struct mfg_part {
    int64_t n_groups;
    int64_t capacity;
    uint64_t *ids;
    int32_t *slots;   /* a group a slot, -1: none */
    uint64_t mask;    /* how many slots there are, less one */
    mfg_cells *cells; /* of each value column */
} mfg_part;

typedef struct mfg_crowd {
    mfg_parts *parts;
    mfg_part *items; /* one a part */
} mfg_crowd;

void mfg_part_free(mfg_part *part, int n_values);
/* Moves all groups and their cells into a grouper without groups and a state
 * without cells. */
mfg_status mfg_crowd_assemble(const mfg_crowd *crowd, mfg_grouper *grouper,
                              mfg_state *state, mfg_control *control);

#endif
