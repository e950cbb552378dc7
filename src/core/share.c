/* Each record's share of the total of its group. */
#include "encode.h"
#include "parallel.h"
#include "pass.h"

typedef struct sharing {
    const mfg_column *keys;
    const mfg_column *column;
    mfg_wide wide;
    mfg_grouper *grouper;
    int64_t n_groups;
    double *totals;
    double *shares; /* each worker writes its own rows */
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

static mfg_status
share_part(void *context, int worker, int64_t start, int64_t stop,
           mfg_control *control)
{
    sharing *to = context;
    mfg_grouper *view;
    mfg_status status = mfg_grouper_view(to->grouper, &view);

    (void)worker;
    if (status == MFG_OK) {
        status = mfg_pass(view, to->keys, to->column, start, stop, share_block,
                          to, control);
    }
    mfg_grouper_free(view);
    return status;
}

mfg_status
mfg_shares(const mfg_column *keys, int n_keys, const mfg_column *column,
           int64_t n_rows, double *shares, mfg_control *control)
{
    sharing to = {
        .keys = keys,
        .column = column,
        .wide = mfg_widened(column->kind),
        .shares = shares,
    };
    mfg_state *state;
    mfg_status status = mfg_gather(keys, n_keys, column, 1, n_rows, 1,
                                   &to.grouper, &state, control);

    if (status != MFG_OK) {
        return status;
    }
    to.n_groups = mfg_grouper_count(to.grouper);
    to.totals = mfg_alloc((size_t)to.n_groups, sizeof *to.totals);
    status = to.totals == NULL
                 ? MFG_NO_MEMORY
                 : mfg_state_finish(state, 0, MFG_TOTAL, to.n_groups, NULL,
                                    to.totals, control);
    mfg_state_free(state);
    if (status == MFG_OK) {
        status = mfg_grouper_ready(to.grouper);
    }
    if (status == MFG_OK) {
        status = mfg_share_out(n_rows, share_part, &to, control);
    }
    mfg_free(to.totals);
    mfg_grouper_free(to.grouper);
    return status;
}
