/* Parts with few rows for each group: rows are sorted, and groups are written
 * from them, with no state but that of a few hundred groups. */
#ifndef MFG_SORTED_H
#define MFG_SORTED_H

#include "results.h"

/* A turn: brings the rows of part p into an order that shows its groups, whose
 * number goes to starts[p + 1]. context: the crowd. */
mfg_status mfg_sorted_count(void *context, int worker, int64_t p,
                            mfg_control *control);
mfg_status mfg_sorted_write(const mfg_writer *to, int64_t p);

#endif
