/* The first and last values of groups. */
#include "pass.h"

typedef struct ends {
    mfg_wide wide;
    int64_t n_groups;
    int64_t *first;
    int64_t *last;
} ends;

static mfg_status
ends_block(void *context, const mfg_visit *visit)
{
    ends *found = context;

    for (int32_t i = 0; i < visit->n; i++) {
        int64_t group = visit->codes[i];
        if (group < 0 || group >= found->n_groups ||
            mfg_is_missing(visit->block, i, found->wide)) {
            continue;
        }
        if (found->first[group] < 0) {
            found->first[group] = visit->start + i;
        }
        found->last[group] = visit->start + i;
    }
    return MFG_OK;
}

mfg_status
mfg_first_last(mfg_grouper *grouper, const mfg_column *keys,
               const mfg_column *column, int64_t n_rows, int64_t n_groups,
               int64_t *first, int64_t *last, mfg_control *control)
{
    ends found = {mfg_widened(column->kind), n_groups, first, last};

    for (int64_t g = 0; g < n_groups; g++) {
        first[g] = -1;
        last[g] = -1;
    }
    return mfg_pass(grouper, keys, column, 0, n_rows, ends_block, &found,
                    control);
}
