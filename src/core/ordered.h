/* Parts of wide ids in the order of ids. */
#ifndef MFG_ORDERED_H
#define MFG_ORDERED_H

#include "parts.h"

/* Makes the map that takes the highest of the n_bits of an id to one of n_parts
 * parts of about as many groups each; judged by a sample, which leaves the map
 * NULL where too many groups share those bits. */
mfg_status mfg_parts_order(mfg_parts *parts, int64_t n_rows, int n_bits,
                           int64_t n_parts, mfg_control *control);

#endif
