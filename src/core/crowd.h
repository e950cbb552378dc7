/* Groups and exact states of many groups, a part of them at a time. */
#ifndef MFG_CROWD_H
#define MFG_CROWD_H

#include "mfg.h"

/* Where records have many groups by keys that ids can be made of, puts them all
 * into a new grouper and state, whose groups come in the order of labels; into
 * *crowd instead, if `crowd` is not NULL and it can be. Else nothing is done,
 * and all stay NULL. */
mfg_status mfg_crowd_gather(const mfg_column *keys, int n_keys,
                            const mfg_column *values, int n_values,
                            int64_t n_rows, int only_sums, mfg_crowd **crowd,
                            mfg_grouper **grouper, mfg_state **state,
                            mfg_control *control);

#endif
