/* The groups of parts, brought together in the order of their labels. */
#ifndef MFG_ASSEMBLE_H
#define MFG_ASSEMBLE_H

#include "part.h"

/* Closes the gaps that ids without a row have left in the state, and puts the
 * labels of what stays into a grouper without groups. */
mfg_status mfg_crowd_close_up(mfg_crowd *crowd, mfg_control *control);
/* Moves the groups of mixed ids and all that is theirs into a grouper without
 * groups and a state without cells. */
mfg_status mfg_crowd_assemble(mfg_crowd *crowd, mfg_control *control);

#endif
