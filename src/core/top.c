/* The greatest values of each group: a small heap a group, its worst on top,
 * so that nearly every row is refused by one comparison. */
#include "pass.h"
#include "sort.h"

#include <string.h>

typedef struct candidate {
    uint64_t word; /* the value, sortable */
    int64_t row;
} candidate;

typedef struct leaders {
    mfg_wide wide;
    mfg_grouper *grouper;
    const int32_t *tie_ranks;
    int64_t size;
    int64_t n_groups; /* with room in the arrays below */
    candidate *heaps; /* group g: heaps[g * size ... + counts[g] - 1] */
    int64_t *counts;
    uint64_t *thresholds; /* the worst of a full heap, else 0 */
    /* what is given back */
    int64_t n_found;
    int64_t capacity;
    int64_t *rows;
    int32_t *groups;
} leaders;

static mfg_status
reserve_heaps(leaders *kept, int64_t n_groups)
{
    int64_t room =
        2 * kept->n_groups > n_groups ? 2 * kept->n_groups : n_groups;

    if (n_groups <= kept->n_groups) {
        return MFG_OK;
    }
    if (room > INT64_MAX / kept->size) {
        return MFG_NO_MEMORY;
    }
    candidate *heaps =
        mfg_resize(kept->heaps, (size_t)(room * kept->size), sizeof *heaps);
    if (heaps == NULL) {
        return MFG_NO_MEMORY;
    }
    kept->heaps = heaps;
    int64_t *counts = mfg_resize(kept->counts, (size_t)room, sizeof *counts);
    if (counts == NULL) {
        return MFG_NO_MEMORY;
    }
    kept->counts = counts;
    uint64_t *thresholds =
        mfg_resize(kept->thresholds, (size_t)room, sizeof *thresholds);
    if (thresholds == NULL) {
        return MFG_NO_MEMORY;
    }
    kept->thresholds = thresholds;
    for (int64_t g = kept->n_groups; g < room; g++) {
        counts[g] = 0;
        thresholds[g] = 0;
    }
    kept->n_groups = room;
    return MFG_OK;
}

static int
is_better(const leaders *kept, candidate a, candidate b)
{
    if (a.word != b.word) {
        return a.word > b.word;
    }
    if (kept->tie_ranks != NULL &&
        kept->tie_ranks[a.row] != kept->tie_ranks[b.row]) {
        return kept->tie_ranks[a.row] < kept->tie_ranks[b.row];
    }
    return a.row < b.row;
}

static void
sift_up(const leaders *kept, candidate *heap, int64_t at)
{
    candidate moved = heap[at];

    while (at > 0 && is_better(kept, heap[(at - 1) / 2], moved)) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = moved;
}

static void
sift_down(const leaders *kept, candidate *heap, int64_t n, candidate moved)
{
    int64_t at = 0;

    while (2 * at + 1 < n) {
        int64_t child = 2 * at + 1;
        if (child + 1 < n && is_better(kept, heap[child], heap[child + 1])) {
            child++; /* the worse one */
        }
        if (!is_better(kept, moved, heap[child])) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moved;
}

static void
offer(leaders *kept, int64_t group, candidate offered)
{
    candidate *heap = kept->heaps + group * kept->size;
    int64_t count = kept->counts[group];

    if (count < kept->size) {
        heap[count] = offered;
        sift_up(kept, heap, count);
        kept->counts[group] = ++count;
    }
    else if (is_better(kept, offered, heap[0])) {
        sift_down(kept, heap, count, offered);
    }
    if (count == kept->size) {
        kept->thresholds[group] = heap[0].word;
    }
}

static mfg_status
offer_block(void *context, const mfg_visit *visit)
{
    leaders *kept = context;
    mfg_status status = reserve_heaps(kept, mfg_grouper_count(kept->grouper));

    for (int32_t i = 0; i < visit->n && status == MFG_OK; i++) {
        int64_t group = visit->codes[i];
        if (group < 0 || group >= kept->n_groups ||
            mfg_is_missing(visit->block, i, kept->wide)) {
            continue;
        }
        uint64_t word = mfg_sortable(visit->block->values[i], kept->wide);
        if (word >= kept->thresholds[group]) {
            offer(kept, group, (candidate){word, visit->start + i});
        }
    }
    return status;
}

static mfg_status
give(leaders *kept, int64_t row, int64_t group)
{
    if (kept->n_found == kept->capacity) {
        int64_t capacity = 2 * kept->capacity + 64;
        int64_t *rows = mfg_resize(kept->rows, (size_t)capacity, sizeof *rows);
        if (rows == NULL) {
            return MFG_NO_MEMORY;
        }
        kept->rows = rows;
        int32_t *groups =
            mfg_resize(kept->groups, (size_t)capacity, sizeof *groups);
        if (groups == NULL) {
            return MFG_NO_MEMORY;
        }
        kept->groups = groups;
        kept->capacity = capacity;
    }
    kept->rows[kept->n_found] = row;
    kept->groups[kept->n_found++] = (int32_t)group;
    return MFG_OK;
}

/* All that reach the threshold, however many tie. */
static mfg_status
give_block(void *context, const mfg_visit *visit)
{
    leaders *kept = context;
    mfg_status status = MFG_OK;

    for (int32_t i = 0; i < visit->n && status == MFG_OK; i++) {
        int64_t group = visit->codes[i];
        if (group < 0 || group >= kept->n_groups ||
            mfg_is_missing(visit->block, i, kept->wide)) {
            continue;
        }
        if (mfg_sortable(visit->block->values[i], kept->wide) >=
            kept->thresholds[group]) {
            status = give(kept, visit->start + i, group);
        }
    }
    return status;
}

static mfg_status
give_heaps(leaders *kept)
{
    mfg_status status = MFG_OK;

    for (int64_t g = 0; g < kept->n_groups; g++) {
        for (int64_t j = 0; j < kept->counts[g] && status == MFG_OK; j++) {
            status = give(kept, kept->heaps[g * kept->size + j].row, g);
        }
    }
    return status;
}

mfg_status
mfg_top(mfg_grouper *grouper, const mfg_column *keys, const mfg_column *column,
        const int32_t *tie_ranks, int64_t n_rows, int64_t size, int ties_all,
        int64_t *n_found, int64_t **rows, int32_t **groups,
        mfg_control *control)
{
    leaders kept = {
        .wide = mfg_widened(column->kind),
        .grouper = grouper,
        .tie_ranks = tie_ranks,
        .size = size,
    };
    mfg_status status =
        mfg_pass(grouper, keys, column, 0, n_rows, offer_block, &kept, control);

    if (status == MFG_OK) {
        status = ties_all ? mfg_pass(grouper, keys, column, 0, n_rows,
                                     give_block, &kept, control)
                          : give_heaps(&kept);
    }
    mfg_free(kept.heaps);
    mfg_free(kept.counts);
    mfg_free(kept.thresholds);
    if (status != MFG_OK) {
        mfg_free(kept.rows);
        mfg_free(kept.groups);
        return status;
    }
    *n_found = kept.n_found;
    *rows = kept.rows;
    *groups = kept.groups;
    return MFG_OK;
}
