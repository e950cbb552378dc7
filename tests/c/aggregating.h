/* Whole states of records, for the tests of what is made from them. */
#ifndef AGGREGATING_H
#define AGGREGATING_H

#include "mfg.h"

/* The state of all n_rows records, made at once. Checks that it works. */
mfg_state *aggregated(mfg_grouper *grouper, const mfg_column *keys,
                      const mfg_column *values, int n_values, int64_t n_rows);
/* One double a group. Checks that the call works. */
void finish_doubles(const mfg_state *state, int value, mfg_statistic statistic,
                    int64_t n_groups, double *results);

#endif
