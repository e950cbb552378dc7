/* Growth in a panel whose entities and periods are small numbers. */
#ifndef MFG_PANEL_H
#define MFG_PANEL_H

#include "mfg.h"

/* Does what mfg_growth_rates does, where every (entity, period) can have a slot
 * of its own and none holds two records; else *done is 0, and the rates hold
 * nothing. */
mfg_status mfg_panel_rates(const mfg_column *keys, int n_keys,
                           const mfg_column *column, int64_t lag,
                           int64_t n_rows, double *rates, int *done,
                           mfg_control *control);

/* growth.c: value / base - 1; NaN where the base is not positive. */
double mfg_rate(mfg_word value, mfg_word base, mfg_wide wide);
/* Puts the rates of n values that are floats in their place. */
void mfg_rate_floats(const mfg_word *bases, int32_t n, mfg_word *values);

#endif
