/* The groups of parts, brought together in the order of their labels. */
#ifndef MFG_ASSEMBLE_H
#define MFG_ASSEMBLE_H

#include "parts.h"
#include "state.h"

/* The groups of one part. Of small ids each has a group, whose sums and ends
 * are those of the state from id p << slot_bits on; groups that no row has met
 * are passed over at the end. Of mixed ids those that were met have one. */
typedef struct mfg_part {
    int64_t n_groups;
    mfg_cells *cells; /* of each value column */
    int64_t capacity; /* from here on: mixed */
    uint64_t *ids;
    int32_t *slots; /* a group a slot, -1: none */
    uint64_t mask;  /* how many slots there are, less one */
} mfg_part;

typedef struct mfg_crowd {
    mfg_parts *parts;
    mfg_state *state;
    mfg_part *items; /* one a part */
} mfg_crowd;

/* Closes the gaps that ids without a row have left in the state, and puts the
 * labels of what stays into a grouper without groups. */
mfg_status mfg_crowd_close_up(mfg_crowd *crowd, mfg_control *control);
/* Moves the groups of mixed ids and all that is theirs into a grouper without
 * groups and a state without cells. */
mfg_status mfg_crowd_assemble(mfg_crowd *crowd, mfg_control *control);

#endif
