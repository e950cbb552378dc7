/* The values of groups in ascending order: rows go to buckets of their group,
 * then each bucket is sorted.
 *
 * Buckets cut the words of a group, from its least to its greatest, into parts
 * of one width, so that those of one large group can be sorted at once. The
 * order that comes out is that of the values alone.
 */
#include "ascent.h"
#include "encode.h"
#include "parallel.h"
#include "pass.h"
#include "sort.h"
#include "state.h"

/* Buckets of all groups together: 2^16 places to write at, with their cache
 * lines, stay in the second-level cache. */
#define BUCKET_BITS 16
#define MOST_BITS 12 /* of one group */
#define AHEAD 16
/* With fewer rows a bucket there is nothing to win. */
#define BUCKET_ROWS 64
/* Turns of the sort: enough that no thread waits long for the last. */
#define TURNS 1024

/* Where a group's words lie. */
typedef struct range {
    uint64_t low; /* the least word */
    int shift;    /* (word - low) >> shift is the bucket */
} range;

typedef struct ascending {
    mfg_ascent *to;
    const mfg_cells *cells;
    mfg_grouper *grouper;
    const mfg_column *keys;
    const mfg_column *column;
    const mfg_column *weight; /* NULL: none */
    mfg_wide weight_wide;
    int bits;
    int n_workers;
    int64_t n_turns;
    int64_t n_buckets;
    range *ranges;
    mfg_sort_room *rooms; /* one a worker */
    int64_t *starts;      /* of buckets, and the end */
    int64_t *places; /* by worker, bucket: how many; then where the next goes */
} ascending;

/* One worker's part of a pass. */
typedef struct own_part {
    const ascending *of;
    int64_t *places;
    int writes;      /* or only counts */
    mfg_block block; /* of weights */
} own_part;

/* ---- rows to buckets ---- */

/* Weights of a block's rows; NAN and zeros are of rows that are left out. */
static void
load_weights(own_part *own, const mfg_visit *visit, double *weights)
{
    mfg_wide wide = own->of->weight_wide;

    mfg_load(own->of->weight, visit->start, visit->n, &own->block);
    for (int32_t i = 0; i < visit->n; i++) {
        weights[i] = mfg_is_missing(&own->block, i, wide)
                         ? NAN
                         : mfg_as_double(own->block.values[i], wide);
    }
}

/* With a bucket a group there are many: what a later row needs is asked for
 * now. */
static inline void
look_ahead(const own_part *own, int64_t group)
{
    if (group >= 0 && group < own->of->to->n_groups) {
        __builtin_prefetch(&own->places[group], 1);
    }
}

static mfg_status
place_block(void *context, const mfg_visit *visit)
{
    own_part *own = context;
    const ascending *of = own->of;
    mfg_wide wide = of->cells->wide;
    uint64_t most = (UINT64_C(1) << of->bits) - 1;
    double weights[MFG_BLOCK];

    if (of->weight != NULL) {
        load_weights(own, visit, weights);
    }
    for (int32_t i = 0; i < visit->n; i++) {
        int64_t group = visit->codes[i];
        if (of->bits == 0 && i + AHEAD < visit->n) {
            look_ahead(own, visit->codes[i + AHEAD]);
        }
        if (group < 0 || group >= of->to->n_groups ||
            mfg_is_missing(visit->block, i, wide) ||
            (of->weight != NULL && !(weights[i] > 0))) {
            continue;
        }
        uint64_t word = mfg_sortable(visit->block->values[i], wide);
        uint64_t bucket = 0;
        if (of->bits > 0) {
            bucket = (word - of->ranges[group].low) >> of->ranges[group].shift;
            bucket = bucket < most ? bucket : most;
        }
        int64_t place = own->places[(group << of->bits) + (int64_t)bucket]++;
        if (own->writes) {
            of->to->words[place] = word;
            if (of->weight != NULL) {
                memcpy(&of->to->weights[place], &weights[i], sizeof word);
            }
        }
    }
    return MFG_OK;
}

static mfg_status
read_part(const ascending *of, int writes, int worker, int64_t start,
          int64_t stop, mfg_control *control)
{
    mfg_grouper *view;
    mfg_status status = mfg_grouper_view(of->grouper, &view);
    own_part *own = mfg_alloc(1, sizeof *own);

    if (own == NULL) {
        status = MFG_NO_MEMORY;
    }
    if (status == MFG_OK) {
        own->of = of;
        own->places = of->places + worker * of->n_buckets;
        own->writes = writes;
        status = mfg_pass(view, of->keys, of->column, start, stop, place_block,
                          own, control);
    }
    mfg_free(own);
    mfg_grouper_free(view);
    return status;
}

static mfg_status
count_part(void *context, int worker, int64_t start, int64_t stop,
           mfg_control *control)
{
    return read_part(context, 0, worker, start, stop, control);
}

static mfg_status
write_part(void *context, int worker, int64_t start, int64_t stop,
           mfg_control *control)
{
    return read_part(context, 1, worker, start, stop, control);
}

static void
lay_ranges(ascending *of)
{
    const mfg_cells *cells = of->cells;

    for (int64_t g = 0; g < cells->n_groups; g++) {
        const mfg_ends *ends = &cells->ends[g];
        range at = {0};
        if (cells->cells[g].count > 0) {
            uint64_t high = mfg_sortable(ends->high, cells->wide);
            at.low = mfg_sortable(ends->low, cells->wide);
            while (at.shift < 63 && (high - at.low) >> at.shift >> of->bits) {
                at.shift++;
            }
        }
        of->ranges[g] = at;
    }
}

/* Counts become places: those of a bucket follow each other by worker. */
static void
lay_places(ascending *of)
{
    int64_t at = 0;

    for (int64_t b = 0; b < of->n_buckets; b++) {
        of->starts[b] = at;
        for (int w = 0; w < of->n_workers; w++) {
            int64_t count = of->places[w * of->n_buckets + b];
            of->places[w * of->n_buckets + b] = at;
            at += count;
        }
    }
    of->starts[of->n_buckets] = at;
    for (int64_t g = 0; g <= of->to->n_groups; g++) {
        of->to->starts[g] = of->starts[g << of->bits];
    }
}

/* ---- the order within a bucket ---- */

/* Equal words ascend by weight. */
static mfg_status
sort_ties(const uint64_t *words, uint64_t *weights, int64_t n,
          mfg_sort_room *room, mfg_control *control)
{
    mfg_status status = MFG_OK;

    for (int64_t at = 0, next; at < n && status == MFG_OK; at = next) {
        next = at + 1;
        while (next < n && words[next] == words[at]) {
            next++;
        }
        status = mfg_sort_words(weights + at, NULL, next - at, room, control);
    }
    return status;
}

/* A run of buckets. */
static mfg_status
sort_turn(void *context, int worker, int64_t item, mfg_control *control)
{
    const ascending *of = context;
    int64_t first = of->n_buckets * item / of->n_turns;
    int64_t stop = of->n_buckets * (item + 1) / of->n_turns;
    mfg_sort_room *room = &of->rooms[worker];
    mfg_status status = MFG_OK;

    for (int64_t b = first; b < stop && status == MFG_OK; b++) {
        uint64_t *words = of->to->words + of->starts[b];
        int64_t n = of->starts[b + 1] - of->starts[b];
        uint64_t *weights =
            of->to->weights == NULL ? NULL : of->to->weights + of->starts[b];
        status = mfg_sort_words(words, weights, n, room, control);
        if (weights != NULL && status == MFG_OK) {
            status = sort_ties(words, weights, n, room, control);
        }
    }
    return status;
}

/* ---- all of it ---- */

static mfg_status
fill(ascending *of, int64_t n_rows, mfg_control *control)
{
    mfg_status status = mfg_share_out(n_rows, count_part, of, control);
    int64_t n;

    if (status != MFG_OK) {
        return status;
    }
    lay_places(of);
    n = of->starts[of->n_buckets];
    of->to->words = mfg_alloc((size_t)n, sizeof *of->to->words);
    if (of->weight != NULL) {
        of->to->weights = mfg_alloc((size_t)n, sizeof *of->to->weights);
    }
    if (of->to->words == NULL ||
        (of->weight != NULL && of->to->weights == NULL)) {
        return MFG_NO_MEMORY;
    }
    status = mfg_share_out(n_rows, write_part, of, control);
    if (status == MFG_OK) {
        status =
            mfg_take_turns(of->n_turns, of->n_workers, sort_turn, of, control);
    }
    return status;
}

mfg_status
mfg_ascend(const mfg_state *state, int value, int weight, mfg_grouper *grouper,
           const mfg_column *keys, const mfg_column *columns, int64_t n_rows,
           mfg_ascent *ascent, mfg_control *control)
{
    ascending of = {
        .to = ascent,
        .cells = &state->values[value],
        .grouper = grouper,
        .keys = keys,
        .column = &columns[value],
        .weight = weight < 0 ? NULL : &columns[weight],
        .n_workers = mfg_workers(n_rows, control),
    };
    int64_t n = of.cells->n_groups;
    mfg_status status = mfg_grouper_ready(grouper, control);

    *ascent = (mfg_ascent){.wide = of.cells->wide, .n_groups = n};
    while (of.bits < MOST_BITS && n << (of.bits + 1) <= 1 << BUCKET_BITS &&
           n << (of.bits + 1) <= n_rows / BUCKET_ROWS) {
        of.bits++;
    }
    of.n_buckets = n << of.bits;
    of.n_turns = of.n_buckets < TURNS ? of.n_buckets : TURNS;
    of.weight_wide =
        of.weight == NULL ? MFG_AS_FLOAT64 : mfg_widened(of.weight->kind);
    of.ranges = mfg_alloc((size_t)n, sizeof *of.ranges);
    of.rooms = mfg_alloc((size_t)of.n_workers, sizeof *of.rooms);
    of.starts = mfg_alloc((size_t)of.n_buckets + 1, sizeof *of.starts);
    of.places = mfg_alloc_zeros((size_t)of.n_buckets * (size_t)of.n_workers,
                                sizeof *of.places);
    ascent->starts = mfg_alloc((size_t)n + 1, sizeof *ascent->starts);
    if (of.ranges == NULL || of.rooms == NULL || of.starts == NULL ||
        of.places == NULL || ascent->starts == NULL) {
        status = MFG_NO_MEMORY;
    }
    if (status == MFG_OK) {
        lay_ranges(&of);
        status = fill(&of, n_rows, control);
    }
    mfg_free(of.ranges);
    mfg_free(of.rooms);
    mfg_free(of.starts);
    mfg_free(of.places);
    if (status != MFG_OK) {
        mfg_ascent_free(ascent);
    }
    return status;
}

void
mfg_ascent_free(mfg_ascent *ascent)
{
    mfg_free(ascent->starts);
    mfg_free(ascent->words);
    mfg_free(ascent->weights);
    *ascent = (mfg_ascent){0};
}
