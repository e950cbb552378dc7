/* Labels and statistics of many groups, straight from their parts: groups come
 * in the order of labels, and there is no state of all of them. */
#include "results.h"
#include "sort.h"
#include "sorted.h"

void
mfg_write_labels(const mfg_writer *to, int32_t n, const uint64_t *ids,
                 int64_t at)
{
    const mfg_grouper *packing = to->crowd->parts.packing;
    uint64_t words[MFG_BATCH];

    for (int k = 0; k < packing->n_keys; k++) {
        const mfg_key *key = &packing->keys[k];
        uint64_t mask =
            key->bits < 64 ? (UINT64_C(1) << key->bits) - 1 : UINT64_MAX;
        int shift = key->shift & 63;
        for (int32_t i = 0; i < n; i++) {
            words[i] = (ids[i] >> shift & mask) + key->low;
        }
        mfg_labels_put(key, n, words, to->labels[k], at);
    }
}

/* One statistic of open cells, whose sums are rounded. */
static void
write_statistic(const mfg_result *result, const mfg_cells *cells, int32_t n,
                const int32_t *groups, const double *sums, const int64_t *at)
{
    mfg_word *words = result->results;
    int is_low = result->statistic == MFG_MIN;

    switch (result->statistic) {
    case MFG_COUNT:
        for (int32_t i = 0; i < n; i++) {
            words[at[i]].int64 = (int64_t)cells->cells[groups[i]].levels[3];
        }
        break;
    case MFG_MISSING:
        for (int32_t i = 0; i < n; i++) {
            words[at[i]].int64 = mfg_missing(cells, groups[i]);
        }
        break;
    case MFG_SUM:
    case MFG_TOTAL:
        for (int32_t i = 0; i < n; i++) {
            words[at[i]].float64 = sums[i];
        }
        break;
    case MFG_MEAN:
        for (int32_t i = 0; i < n; i++) {
            double count = cells->cells[groups[i]].levels[3];
            words[at[i]].float64 = count > 0 ? mfg_plain(sums[i] / count) : NAN;
        }
        break;
    case MFG_MIN:
    case MFG_MAX:
        for (int32_t i = 0; i < n; i++) {
            const mfg_ends *ends = &cells->ends[groups[i]];
            double end = is_low ? ends->low.float64 : ends->high.float64;
            int is_empty = cells->cells[groups[i]].levels[3] == 0;
            words[at[i]].float64 = is_empty ? NAN : mfg_plain(end);
        }
        break;
    case MFG_LOW:
    case MFG_HIGH:
        for (int32_t i = 0; i < n; i++) {
            words[at[i]].uint64 = 0;
        }
        break;
    }
}

/* The same from exact integers and strays, for any cells. */
static mfg_status
write_settled(const mfg_writer *to, int value, mfg_cells *cells, int32_t n,
              const int32_t *groups, const int64_t *at)
{
    mfg_totals totals;

    mfg_cells_settle(cells);
    if (mfg_totals_new(cells, &totals) != MFG_OK) {
        return MFG_NO_MEMORY;
    }
    for (int r = 0; r < to->n_results; r++) {
        const mfg_result *result = &to->results[r];
        mfg_word *words = result->results;
        for (int32_t i = 0; result->value == value && i < n; i++) {
            words[at[i]] =
                mfg_totals_finish(&totals, groups[i], result->statistic);
        }
    }
    mfg_totals_free(&totals);
    return MFG_OK;
}

mfg_status
mfg_write_values(const mfg_writer *to, int value, mfg_cells *cells, int32_t n,
                 const int32_t *groups, const int64_t *at)
{
    double sums[MFG_BATCH];
    int all = cells->is_open && cells->strays.count == 0;

    for (int32_t i = 0; all && i < n; i++) {
        all = mfg_levels_round(&cells->cells[groups[i]], &sums[i]);
    }
    if (!all) {
        return write_settled(to, value, cells, n, groups, at);
    }
    for (int r = 0; r < to->n_results; r++) {
        if (to->results[r].value == value) {
            write_statistic(&to->results[r], cells, n, groups, sums, at);
        }
    }
    return MFG_OK;
}

/* Groups of a part in the order of labels: `groups`, or as they stand. Of small
 * ids those are all of them, met or not. */
typedef struct ranks {
    const mfg_part *part;
    uint64_t first; /* small ids: of group 0 */
    const uint64_t *groups;
} ranks;

/* The next groups that were met, from number *next on. */
static int32_t
next_groups(const ranks *of, int64_t *next, int32_t *groups, uint64_t *ids)
{
    int64_t n_groups = of->part->n_groups;
    int32_t n = 0;

    if (of->part->ids != NULL) {
        for (; *next < n_groups && n < MFG_BATCH; n++, ++*next) {
            groups[n] = (int32_t)(of->groups == NULL ? (uint64_t)*next
                                                     : of->groups[*next]);
            ids[n] = of->part->ids[*next];
        }
        return n;
    }
    for (; *next < n_groups && n < MFG_BATCH; ++*next) {
        groups[n] = (int32_t)*next;
        ids[n] = of->first + (uint64_t)*next;
        n += mfg_was_met(&of->part->cells[0], *next);
    }
    return n;
}

static mfg_status
write_groups(const mfg_writer *to, const ranks *of, int64_t start)
{
    int32_t groups[MFG_BATCH];
    uint64_t ids[MFG_BATCH];
    int64_t at[MFG_BATCH];
    mfg_status status = MFG_OK;

    for (int64_t next = 0; next < of->part->n_groups && status == MFG_OK;) {
        int32_t n = next_groups(of, &next, groups, ids);
        for (int32_t i = 0; i < n; i++) {
            at[i] = start + i;
        }
        mfg_write_labels(to, n, ids, start);
        for (int v = 0; v < to->crowd->parts.n_values && status == MFG_OK;
             v++) {
            status =
                mfg_write_values(to, v, &of->part->cells[v], n, groups, at);
        }
        start += n;
    }
    return status;
}

static mfg_status
write_part(const mfg_writer *to, int64_t p, mfg_sort_room *room,
           mfg_control *control)
{
    const mfg_parts *parts = &to->crowd->parts;
    const mfg_part *part = &to->crowd->items[p];
    ranks of = {.part = part, .first = (uint64_t)p << parts->slot_bits};
    uint64_t *groups = NULL;
    mfg_status status = MFG_OK;

    if (parts->wide && !to->crowd->at_once) {
        groups = mfg_alloc((size_t)part->n_groups, sizeof *groups);
        if (groups == NULL) {
            return MFG_NO_MEMORY;
        }
        for (int64_t g = 0; g < part->n_groups; g++) {
            groups[g] = (uint64_t)g;
        }
        status =
            mfg_sort_words(part->ids, groups, part->n_groups, room, control);
    }
    of.groups = groups;
    if (status == MFG_OK) {
        status = write_groups(to, &of, to->crowd->starts[p]);
    }
    mfg_free(groups);
    return status;
}

/* The parts whose first group is one of start ... stop - 1. */
static mfg_status
write_parts(void *context, int worker, int64_t start, int64_t stop,
            mfg_control *control)
{
    const mfg_writer *to = context;
    const int64_t *starts = to->crowd->starts;
    mfg_status status = MFG_OK;

    for (int64_t p = 0; p < to->crowd->parts.n_parts && status == MFG_OK; p++) {
        if (starts[p] < start || starts[p] >= stop ||
            starts[p + 1] == starts[p]) {
            continue;
        }
        status = to->crowd->sorted
                     ? mfg_sorted_write(to, p)
                     : write_part(to, p, &to->crowd->rooms[worker], control);
        if (status == MFG_OK && control->poll != NULL &&
            control->poll(control->context)) {
            status = MFG_INTERRUPTED;
        }
    }
    return status;
}

mfg_status
mfg_crowd_finish(mfg_crowd *crowd, void *const *labels,
                 const mfg_result *results, int n_results, mfg_control *control)
{
    mfg_writer to = {crowd, labels, results, n_results};

    return mfg_share_out(mfg_crowd_groups(crowd), write_parts, &to, control);
}
