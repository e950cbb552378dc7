/* Whole states of records, for the tests of what is made from them. */
#include "aggregating.h"

#include "check.h"
#include "columns.h"

mfg_state *
aggregated(mfg_grouper *grouper, const mfg_column *keys,
           const mfg_column *values, int n_values, int64_t n_rows)
{
    mfg_state *state = NULL;
    mfg_control control = at_will;

    EQUAL(MFG_OK, mfg_state_new(values, n_values, 0, &state));
    EQUAL(MFG_OK,
          mfg_state_update(state, grouper, keys, values, 0, n_rows, &control));
    EQUAL(mfg_grouper_count(grouper), mfg_state_count(state));
    return state;
}

void
finish_doubles(const mfg_state *state, int value, mfg_statistic statistic,
               int64_t n_groups, double *results)
{
    mfg_control control = at_will;

    EQUAL(MFG_OK, mfg_state_finish(state, value, statistic, n_groups, NULL,
                                   results, &control));
}
