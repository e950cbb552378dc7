/* The largest values of each group, in descending order: what a rule of
 * disclosure asks of a cell. A list of a few numbers a group, so that nearly
 * every row is refused by one comparison. */
#include "largest.h"
#include "encode.h"
#include "parallel.h"
#include "pass.h"
#include "state.h"

/* As far ahead as aggregate.c looks: a list is in the cache when its row comes.
 */
#define AHEAD 16

typedef struct search {
    mfg_grouper *grouper;
    const mfg_column *keys;
    const mfg_column *column;
    mfg_wide wide;
    int64_t n_groups;
    int64_t size;
    double *lists; /* by worker, group, place */
} search;

typedef struct own_lists {
    const search *of;
    double *lists;
} own_lists;

static mfg_status
insert_block(void *context, const mfg_visit *visit)
{
    const own_lists *own = context;
    const search *of = own->of;

    for (int32_t i = 0; i < visit->n; i++) {
        int64_t group = visit->codes[i];
        if (i + AHEAD < visit->n && visit->codes[i + AHEAD] >= 0) {
            __builtin_prefetch(&own->lists[visit->codes[i + AHEAD] * of->size],
                               1);
        }
        if (group >= 0 && group < of->n_groups &&
            !mfg_is_missing(visit->block, i, of->wide)) {
            mfg_insert(&own->lists[group * of->size], of->size,
                       mfg_as_double(visit->block->values[i], of->wide));
        }
    }
    return MFG_OK;
}

static mfg_status
search_part(void *context, int worker, int64_t start, int64_t stop,
            mfg_control *control)
{
    search *of = context;
    own_lists own = {of, of->lists + worker * of->n_groups * of->size};
    mfg_grouper *view;
    mfg_status status = mfg_grouper_view(of->grouper, &view);

    if (status == MFG_OK) {
        status = mfg_pass(view, of->keys, of->column, start, stop, insert_block,
                          &own, control);
    }
    mfg_grouper_free(view);
    return status;
}

/* The lists of all workers in one, NaN where a group has fewer values. */
static void
merge_lists(const search *of, int n_workers, double *largest)
{
    int64_t n = of->n_groups * of->size;

    for (int64_t i = 0; i < n; i++) {
        largest[i] = of->lists[i];
    }
    for (int64_t i = n; i < n * n_workers; i++) {
        int64_t group = i % n / of->size;
        mfg_insert(&largest[group * of->size], of->size, of->lists[i]);
    }
    for (int64_t i = 0; i < n; i++) {
        largest[i] = largest[i] == -INFINITY ? NAN : mfg_plain(largest[i]);
    }
}

mfg_status
mfg_largest(const mfg_state *state, int value, mfg_grouper *grouper,
            const mfg_column *keys, const mfg_column *column, int64_t n_rows,
            int64_t size, double *largest, mfg_control *control)
{
    int n_workers = mfg_workers(n_rows, control);
    search of = {
        .grouper = grouper,
        .keys = keys,
        .column = column,
        .wide = state->values[value].wide,
        .n_groups = state->values[value].n_groups,
        .size = size,
    };
    size_t n = (size_t)(of.n_groups * size) * (size_t)n_workers;
    mfg_status status = mfg_grouper_ready(grouper, control);

    if (status != MFG_OK) {
        return status;
    }
    of.lists = mfg_alloc(n, sizeof *of.lists);
    if (of.lists == NULL) {
        return MFG_NO_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        of.lists[i] = -INFINITY;
    }
    status = mfg_share_out(n_rows, search_part, &of, control);
    if (status == MFG_OK) {
        merge_lists(&of, n_workers, largest);
    }
    mfg_free(of.lists);
    return status;
}
