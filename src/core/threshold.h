/* Rows that reach the threshold of their group, of which there are few. */
#ifndef MFG_THRESHOLD_H
#define MFG_THRESHOLD_H

#include "mfg.h"

/* The first of rows i ... n - 1 whose value is no less than the threshold of
 * its group; n where there is none. NaN reaches nothing, nor does a row in no
 * group: thresholds[n_groups] must be NaN. */
int32_t mfg_next_reaching(const mfg_word *values, const int32_t *codes,
                          const double *thresholds, int64_t n_groups, int32_t i,
                          int32_t n);

#endif
