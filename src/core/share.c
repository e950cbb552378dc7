/* Each record's share of the total of its group. */
#include "pass.h"

typedef struct sharing {
    mfg_wide wide;
    const double *totals;
    int64_t n_groups;
    double *shares;
} sharing;

static mfg_status
share_block(void *context, const mfg_visit *visit)
{
    const sharing *to = context;

    for (int32_t i = 0; i < visit->n; i++) {
        int64_t group = visit->codes[i];
        double total = NAN;
        if (group >= 0 && group < to->n_groups &&
            !mfg_is_missing(visit->block, i, to->wide)) {
            total = to->totals[group];
        }
        double value = mfg_as_double(visit->block->values[i], to->wide);
        to->shares[visit->start + i] =
            total == 0 ? NAN : mfg_plain(value / total);
    }
    return MFG_OK;
}

mfg_status
mfg_shares(mfg_grouper *grouper, const mfg_column *keys,
           const mfg_column *column, int64_t n_rows, double *shares,
           mfg_control *control)
{
    mfg_state *state = NULL;
    double *totals = NULL;
    mfg_status status = mfg_state_new(column, 1, &state);

    if (status == MFG_OK) {
        status =
            mfg_state_update(state, grouper, keys, column, 0, n_rows, control);
    }
    int64_t n_groups = mfg_grouper_count(grouper);
    if (status == MFG_OK) {
        totals = mfg_alloc((size_t)n_groups, sizeof *totals);
        status = totals == NULL
                     ? MFG_NO_MEMORY
                     : mfg_state_finish(state, 0, MFG_TOTAL, n_groups, NULL,
                                        totals, control);
    }
    if (status == MFG_OK) {
        sharing to = {
            .wide = mfg_widened(column->kind),
            .totals = totals,
            .n_groups = n_groups,
            .shares = shares,
        };
        status =
            mfg_pass(grouper, keys, column, n_rows, share_block, &to, control);
    }
    mfg_free(totals);
    mfg_state_free(state);
    return status;
}
