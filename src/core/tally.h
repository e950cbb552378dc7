/* Cells of records that are each a contributor, in one pass over them. */
#ifndef MFG_TALLY_H
#define MFG_TALLY_H

#include "mfg.h"

typedef struct mfg_tally mfg_tally;

/* Keys of any kind; `size` largest contributions of each cell are listed. */
mfg_status mfg_tally_new(const mfg_column *keys, int n_keys,
                         const mfg_column *column, int64_t n_rows, int64_t size,
                         mfg_tally **tally, mfg_control *control);
void mfg_tally_free(mfg_tally *tally);
const mfg_grouper *mfg_tally_grouper(const mfg_tally *tally);
/* Groups in the order of their labels, which is that of what is given. */
const int64_t *mfg_tally_order(const mfg_tally *tally);
mfg_status mfg_tally_finish(mfg_tally *tally, const mfg_given *given,
                            mfg_control *control);

#endif
