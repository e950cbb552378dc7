/* The greatest values of each group: a small heap a group, its worst on top,
 * so that nearly every row is refused by one comparison. */
#include "sort.h"
#include "sums.h"
#include "threshold.h"

#include <string.h>

typedef struct candidate {
    uint64_t word; /* the value, sortable */
    int64_t row;
} candidate;

/* The candidates of a group: never more than it has records. */
typedef struct heap {
    candidate *items; /* the worst first */
    int64_t count;
    int64_t capacity;
    uint64_t threshold; /* the worst of a full heap, else 0 */
} heap;

/* A group's heap lies where it happens to: a miss or two, some 100 ns. */
static mfg_status
poll_groups(mfg_control *control, int64_t group)
{
    return mfg_poll(control, 8 * group);
}

/* What one worker keeps. */
typedef struct leaders {
    struct contest *in;
    int worker;
    int64_t n_groups; /* with a heap */
    heap *heaps;
    double *thresholds; /* of floats, as mfg_next_reaching takes them; -inf: the
                           heap is not full */
} leaders;

typedef struct contest {
    mfg_wide wide;
    const int32_t *tie_ranks;
    int64_t size;
    leaders parts[MFG_MOST_WORKERS];
    mfg_sums sums;
    /* what is given back */
    int64_t n_found;
    int64_t capacity;
    int64_t *rows;
    int32_t *groups;
} contest;

static mfg_status
reserve_heaps(leaders *kept, int64_t n_groups)
{
    int64_t room =
        2 * kept->n_groups > n_groups ? 2 * kept->n_groups : n_groups;

    if (n_groups <= kept->n_groups) {
        return MFG_OK;
    }
    heap *heaps = mfg_resize(kept->heaps, (size_t)room, sizeof *heaps);
    kept->heaps = heaps == NULL ? kept->heaps : heaps;
    double *thresholds =
        mfg_resize(kept->thresholds, (size_t)room + 1, sizeof *thresholds);
    kept->thresholds = thresholds == NULL ? kept->thresholds : thresholds;
    if (heaps == NULL || thresholds == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int64_t g = kept->n_groups; g < room; g++) {
        heaps[g] = (heap){0};
        thresholds[g] = -INFINITY;
    }
    thresholds[room] = NAN;
    kept->n_groups = room;
    return MFG_OK;
}

static void
free_heaps(leaders *kept)
{
    for (int64_t g = 0; g < kept->n_groups; g++) {
        mfg_free(kept->heaps[g].items);
    }
    mfg_free(kept->heaps);
    mfg_free(kept->thresholds);
    *kept = (leaders){0};
}

static int
is_better(const contest *in, candidate a, candidate b)
{
    if (a.word != b.word) {
        return a.word > b.word;
    }
    if (in->tie_ranks != NULL && in->tie_ranks[a.row] != in->tie_ranks[b.row]) {
        return in->tie_ranks[a.row] < in->tie_ranks[b.row];
    }
    return a.row < b.row;
}

static void
sift_up(const contest *in, candidate *items, int64_t at)
{
    candidate moved = items[at];

    while (at > 0 && is_better(in, items[(at - 1) / 2], moved)) {
        items[at] = items[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    items[at] = moved;
}

static void
sift_down(const contest *in, candidate *items, int64_t n, candidate moved)
{
    int64_t at = 0;

    while (2 * at + 1 < n) {
        int64_t child = 2 * at + 1;
        if (child + 1 < n && is_better(in, items[child], items[child + 1])) {
            child++; /* the worse one */
        }
        if (!is_better(in, moved, items[child])) {
            break;
        }
        items[at] = items[child];
        at = child;
    }
    items[at] = moved;
}

static mfg_status
push(const contest *in, heap *into, candidate offered)
{
    if (into->count == into->capacity) {
        int64_t capacity = 2 * into->capacity + 4;
        capacity = capacity < in->size ? capacity : in->size;
        candidate *items =
            mfg_resize(into->items, (size_t)capacity, sizeof *items);
        if (items == NULL) {
            return MFG_NO_MEMORY;
        }
        into->items = items;
        into->capacity = capacity;
    }
    into->items[into->count] = offered;
    sift_up(in, into->items, into->count++);
    return MFG_OK;
}

static mfg_status
offer(const contest *in, leaders *kept, int64_t group, candidate offered)
{
    heap *into = &kept->heaps[group];
    mfg_status status = MFG_OK;

    if (into->count < in->size) {
        status = push(in, into, offered);
    }
    else if (is_better(in, offered, into->items[0])) {
        sift_down(in, into->items, into->count, offered);
    }
    if (into->count == in->size) {
        into->threshold = into->items[0].word;
    }
    if (into->count == in->size && in->wide == MFG_AS_FLOAT64) {
        kept->thresholds[group] =
            mfg_unsortable(into->threshold, in->wide).float64;
    }
    return status;
}

static mfg_status
offer_floats(leaders *kept, const mfg_visit *visit)
{
    const mfg_word *values = visit->block->values;
    mfg_status status = MFG_OK;

    for (int32_t i = 0; status == MFG_OK; i++) {
        i = mfg_next_reaching(values, visit->codes, kept->thresholds,
                              kept->n_groups, i, visit->n);
        if (i == visit->n) {
            break;
        }
        status = offer(kept->in, kept, visit->codes[i],
                       (candidate){mfg_sortable(values[i], MFG_AS_FLOAT64),
                                   visit->start + i});
    }
    return status;
}

static mfg_status
offer_words(leaders *kept, const mfg_visit *visit)
{
    const contest *in = kept->in;
    mfg_status status = MFG_OK;

    for (int32_t i = 0; i < visit->n && status == MFG_OK; i++) {
        int64_t group = visit->codes[i];
        if (group < 0 || group >= kept->n_groups ||
            mfg_is_missing(visit->block, i, in->wide)) {
            continue;
        }
        uint64_t word = mfg_sortable(visit->block->values[i], in->wide);
        if (word >= kept->heaps[group].threshold) {
            status =
                offer(in, kept, group, (candidate){word, visit->start + i});
        }
    }
    return status;
}

static mfg_status
offer_block(void *context, const mfg_visit *visit)
{
    leaders *kept = context;
    contest *in = kept->in;
    mfg_status status = mfg_sums_add(&in->sums, kept->worker, visit);

    if (status == MFG_OK) {
        status = reserve_heaps(kept, visit->n_groups);
    }
    if (status != MFG_OK) {
        return status;
    }
    return in->wide == MFG_AS_FLOAT64 ? offer_floats(kept, visit)
                                      : offer_words(kept, visit);
}

static void *
leaders_of(void *context, int worker)
{
    return &((contest *)context)->parts[worker];
}

/* Offers the leaders of a later worker to those of the first. */
static mfg_status
merge_leaders(void *context, int worker, int64_t n, const int64_t *codes,
              int64_t n_groups, mfg_control *control)
{
    contest *in = context;
    leaders *into = &in->parts[0];
    leaders *from = &in->parts[worker];
    mfg_status status =
        mfg_sums_merge(&in->sums, worker, codes, n_groups, control);

    if (status == MFG_OK) {
        status = reserve_heaps(into, n_groups);
    }
    for (int64_t g = 0; g < n && g < from->n_groups && status == MFG_OK; g++) {
        const heap *held = &from->heaps[g];
        for (int64_t j = 0; j < held->count && status == MFG_OK; j++) {
            status = offer(in, into, codes[g], held->items[j]);
        }
        status = status == MFG_OK ? poll_groups(control, g) : status;
    }
    return status;
}

static mfg_status
give(contest *in, int64_t row, int64_t group)
{
    if (in->n_found == in->capacity) {
        int64_t capacity = 2 * in->capacity + 64;
        int64_t *rows = mfg_resize(in->rows, (size_t)capacity, sizeof *rows);
        if (rows == NULL) {
            return MFG_NO_MEMORY;
        }
        in->rows = rows;
        int32_t *groups =
            mfg_resize(in->groups, (size_t)capacity, sizeof *groups);
        if (groups == NULL) {
            return MFG_NO_MEMORY;
        }
        in->groups = groups;
        in->capacity = capacity;
    }
    in->rows[in->n_found] = row;
    in->groups[in->n_found++] = (int32_t)group;
    return MFG_OK;
}

/* All that reach the threshold, however many tie. */
static mfg_status
give_block(void *context, const mfg_visit *visit)
{
    contest *in = context;
    const leaders *kept = &in->parts[0];
    mfg_status status = MFG_OK;

    for (int32_t i = 0; i < visit->n && status == MFG_OK; i++) {
        int64_t group = visit->codes[i];
        if (group < 0 || group >= kept->n_groups ||
            mfg_is_missing(visit->block, i, in->wide)) {
            continue;
        }
        if (mfg_sortable(visit->block->values[i], in->wide) >=
            kept->heaps[group].threshold) {
            status = give(in, visit->start + i, group);
        }
    }
    return status;
}

static mfg_status
give_heaps(contest *in, mfg_control *control)
{
    const leaders *kept = &in->parts[0];
    mfg_status status = MFG_OK;

    for (int64_t g = 0; g < kept->n_groups; g++) {
        for (int64_t j = 0; j < kept->heaps[g].count && status == MFG_OK; j++) {
            status = give(in, kept->heaps[g].items[j].row, g);
        }
        status = status == MFG_OK ? poll_groups(control, g) : status;
    }
    return status;
}

mfg_status
mfg_top(mfg_grouper *grouper, const mfg_column *keys, const mfg_column *column,
        const int32_t *tie_ranks, int64_t n_rows, int64_t size, int ties_all,
        mfg_leaders *found, mfg_control *control)
{
    contest in = {
        .wide = mfg_widened(column->kind),
        .tie_ranks = tie_ranks,
        .size = size,
    };
    mfg_sharing sharing = {.keys = keys,
                           .column = column,
                           .own = leaders_of,
                           .visit = offer_block,
                           .merge = merge_leaders,
                           .context = &in};
    int n_workers = mfg_workers(n_rows, control);
    mfg_status status = mfg_sums_begin(&in.sums, column, n_rows, n_workers);

    *found = (mfg_leaders){0};
    for (int w = 0; w < n_workers; w++) {
        in.parts[w].in = &in;
        in.parts[w].worker = w;
    }
    if (status == MFG_OK) {
        status = mfg_pass_shared(&sharing, grouper, n_rows, n_workers, control);
    }
    if (status == MFG_OK) {
        status = mfg_sums_totals(&in.sums, mfg_grouper_count(grouper),
                                 &found->totals, control);
    }
    if (status == MFG_OK) {
        status = ties_all ? mfg_pass(grouper, keys, column, 0, n_rows,
                                     give_block, &in, control)
                          : give_heaps(&in, control);
    }
    for (int w = 0; w < n_workers; w++) {
        free_heaps(&in.parts[w]);
    }
    mfg_sums_free(&in.sums);
    found->n = in.n_found;
    found->rows = in.rows;
    found->groups = in.groups;
    if (status != MFG_OK) {
        mfg_leaders_free(found);
    }
    return status;
}

void
mfg_leaders_free(mfg_leaders *found)
{
    mfg_free(found->rows);
    mfg_free(found->groups);
    mfg_free(found->totals);
    *found = (mfg_leaders){0};
}
