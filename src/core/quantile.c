/* Quantiles: values are counted by bucket, those of the bucket that holds the
 * place are collected, and the place is selected among them.
 *
 * The words of a group, from its least to its greatest value, are cut into
 * buckets of one width: words of floats grow with the logarithm, so a bucket
 * holds little. With very many groups there is one bucket each.
 */
#include "encode.h"
#include "parallel.h"
#include "pass.h"
#include "sort.h"
#include "state.h"

/* Buckets of all groups together: 2^16 counts of 8 bytes fill the second-level
 * cache. They are no more than the rows, that few rows need not clear and walk
 * through empty ones: 1,000 rows took 93 us with them. */
#define BUCKET_BITS 16
#define MOST_BITS 11 /* of one group */

static void
swap_words(uint64_t *a, uint64_t *b)
{
    uint64_t kept = *a;
    *a = *b;
    *b = kept;
}

/* Puts the k-th smallest of n words at k, smaller ones before it and greater
 * ones after. Three parts, so that equal words cost one round; the pivot's
 * place is drawn from a fixed mixture, so that no natural order is slow. */
static void
select_word(uint64_t *words, int64_t n, int64_t k)
{
    int64_t left = 0;
    int64_t right = n - 1;
    uint64_t draw = UINT64_C(0x9e3779b97f4a7c15);

    while (left < right) {
        draw = draw * UINT64_C(6364136223846793005) + 1442695040888963407u;
        uint64_t span = (uint64_t)(right - left + 1);
        uint64_t pivot = words[left + (int64_t)((draw >> 16) % span)];
        int64_t below = left;  /* words[left ... below-1] < pivot */
        int64_t above = right; /* words[above+1 ... right] > pivot */
        for (int64_t i = left; i <= above;) {
            if (words[i] < pivot) {
                swap_words(&words[i++], &words[below++]);
            }
            else if (words[i] > pivot) {
                swap_words(&words[i], &words[above--]);
            }
            else {
                i++;
            }
        }
        if (k < below) {
            right = below - 1;
        }
        else if (k > above) {
            left = above + 1;
        }
        else {
            return;
        }
    }
}

/* What follows k in ascending order, once k stands in its place. */
static uint64_t
next_word(const uint64_t *words, int64_t n, int64_t k)
{
    uint64_t least = UINT64_MAX;

    for (int64_t i = k + 1; i < n; i++) {
        least = words[i] < least ? words[i] : least;
    }
    return k + 1 < n ? least : words[k];
}

/* Where a group's place is. */
typedef struct spot {
    uint64_t low;  /* the least word */
    int shift;     /* (word - low) >> shift is the bucket */
    int settled;   /* no value, or all are the same: nothing to select */
    int64_t lower; /* the bucket of the place, and of the one above it */
    int64_t upper;
    int64_t start; /* the collected values of the group begin here */
    int64_t count;
    int64_t place; /* among them */
} spot;

typedef struct selection {
    const mfg_cells *cells;
    mfg_grouper *grouper;
    const mfg_column *keys;
    const mfg_column *column;
    int64_t numerator;
    int64_t denominator;
    int bits;
    int n_workers;
    spot *spots;
    int64_t *counts; /* by worker, group, bucket */
    int64_t *filled; /* by worker, group: where its next value goes */
    uint64_t *words;
    mfg_word *lower;
    mfg_word *upper;
} selection;

typedef struct own_part {
    selection *of;
    int64_t *counts;
    int64_t *filled;
} own_part;

static inline int64_t
bucket_of(const spot *at, uint64_t word, uint64_t most)
{
    uint64_t bucket = (word - at->low) >> at->shift;

    return (int64_t)(bucket < most ? bucket : most);
}

/* ---- the passes ---- */

static mfg_status
count_block(void *context, const mfg_visit *visit)
{
    const own_part *own = context;
    const selection *of = own->of;
    mfg_wide wide = of->cells->wide;
    uint64_t most = (UINT64_C(1) << of->bits) - 1;

    for (int32_t i = 0; i < visit->n; i++) {
        int64_t group = visit->codes[i];
        if (group < 0 || group >= of->cells->n_groups ||
            mfg_is_missing(visit->block, i, wide)) {
            continue;
        }
        const spot *at = &of->spots[group];
        uint64_t word = mfg_sortable(visit->block->values[i], wide);
        own->counts[(group << of->bits) + bucket_of(at, word, most)]++;
    }
    return MFG_OK;
}

static mfg_status
collect_block(void *context, const mfg_visit *visit)
{
    const own_part *own = context;
    const selection *of = own->of;
    mfg_wide wide = of->cells->wide;
    uint64_t most = (UINT64_C(1) << of->bits) - 1;

    for (int32_t i = 0; i < visit->n; i++) {
        int64_t group = visit->codes[i];
        if (group < 0 || group >= of->cells->n_groups ||
            mfg_is_missing(visit->block, i, wide)) {
            continue;
        }
        const spot *at = &of->spots[group];
        uint64_t word = mfg_sortable(visit->block->values[i], wide);
        int64_t bucket = bucket_of(at, word, most);
        if ((bucket == at->lower || bucket == at->upper) &&
            own->filled[group] < at->start + at->count) {
            of->words[own->filled[group]++] = word;
        }
    }
    return MFG_OK;
}

static mfg_status
read_part(selection *of, int worker, int64_t start, int64_t stop,
          mfg_visitor visitor, mfg_control *control)
{
    int64_t n = of->cells->n_groups;
    own_part own = {
        .of = of,
        .counts = of->counts + ((worker * n) << of->bits),
        .filled = of->filled + worker * n,
    };
    mfg_grouper *view;
    mfg_status status = mfg_grouper_view(of->grouper, &view);

    if (status == MFG_OK) {
        status = mfg_pass(view, of->keys, of->column, start, stop, visitor,
                          &own, control);
    }
    mfg_grouper_free(view);
    return status;
}

static mfg_status
count_part(void *context, int worker, int64_t start, int64_t stop,
           mfg_control *control)
{
    return read_part(context, worker, start, stop, count_block, control);
}

static mfg_status
collect_part(void *context, int worker, int64_t start, int64_t stop,
             mfg_control *control)
{
    return read_part(context, worker, start, stop, collect_block, control);
}

/* ---- between the passes ---- */

/* Buckets of each group; its count goes to `place`. */
static void
lay_buckets(selection *of, int64_t n_rows)
{
    const mfg_cells *cells = of->cells;
    int64_t most = INT64_C(1) << BUCKET_BITS;

    most = n_rows < most ? n_rows : most;
    while (of->bits < MOST_BITS && cells->n_groups << (of->bits + 1) <= most) {
        of->bits++;
    }
    for (int64_t g = 0; g < cells->n_groups; g++) {
        const mfg_ends *ends = &cells->ends[g];
        spot at = {.settled = 1, .lower = -1, .upper = -1};
        if (cells->cells[g].count > 0) {
            uint64_t high = mfg_sortable(ends->high, cells->wide);
            at.low = mfg_sortable(ends->low, cells->wide);
            at.settled = high == at.low;
            while (at.shift < 63 && (high - at.low) >> at.shift >> of->bits) {
                at.shift++;
            }
        }
        of->spots[g] = at;
    }
}

/* Values of a group in one bucket, of all workers. */
static int64_t
held_in(const selection *of, int64_t group, int64_t bucket)
{
    int64_t n = of->cells->n_groups;
    int64_t held = 0;

    for (int w = 0; w < of->n_workers; w++) {
        held += of->counts[((w * n + group) << of->bits) + bucket];
    }
    return held;
}

/* The first bucket from *bucket on up to whose end there are more than `place`
 * values; *before: those before *bucket, then before that one. */
static void
walk_to(const selection *of, int64_t group, int64_t place, int64_t *bucket,
        int64_t *before)
{
    int64_t last = (INT64_C(1) << of->bits) - 1;

    while (*bucket < last) {
        int64_t held = held_in(of, group, *bucket);
        if (*before + held > place) {
            break;
        }
        *before += held;
        *bucket += 1;
    }
}

/* Finds the buckets of each place; returns how many values lie in them. */
static int64_t
find_spots(selection *of)
{
    int64_t n = of->cells->n_groups;
    int64_t total = 0;

    for (int64_t g = 0; g < n; g++) {
        spot *at = &of->spots[g];
        mfg_int128 scaled =
            (mfg_int128)(of->cells->cells[g].count - 1) * of->numerator;
        int64_t place = (int64_t)(scaled / of->denominator);
        int64_t before = 0;
        if (at->settled) {
            continue;
        }
        at->lower = 0;
        walk_to(of, g, place, &at->lower, &before);
        at->place = place - before;
        at->upper = at->lower;
        walk_to(of, g, place + (scaled % of->denominator != 0), &at->upper,
                &before);
        at->start = total;
        for (int w = 0; w < of->n_workers; w++) {
            const int64_t *counts = of->counts + ((w * n + g) << of->bits);
            of->filled[w * n + g] = total;
            total += counts[at->lower];
            total += at->upper == at->lower ? 0 : counts[at->upper];
        }
        at->count = total - at->start;
    }
    return total;
}

static mfg_status
select_group(void *context, int worker, int64_t g, mfg_control *control)
{
    selection *of = context;
    const mfg_cell *cell = &of->cells->cells[g];
    mfg_wide wide = of->cells->wide;
    const spot *at = &of->spots[g];
    mfg_word none = {.uint64 = 0};
    mfg_int128 scaled = (mfg_int128)(cell->count - 1) * of->numerator;

    (void)worker;
    (void)control;
    if (at->settled || at->place >= at->count) {
        /* from the word, so that -0.0 is 0.0 here as everywhere else */
        of->lower[g] = cell->count > 0 ? mfg_unsortable(at->low, wide) : none;
        of->upper[g] = of->lower[g];
        return MFG_OK;
    }
    uint64_t *words = of->words + at->start;
    select_word(words, at->count, at->place);
    uint64_t lower = words[at->place];
    uint64_t upper = scaled % of->denominator == 0
                         ? lower
                         : next_word(words, at->count, at->place);
    of->lower[g] = mfg_unsortable(lower, wide);
    of->upper[g] = mfg_unsortable(upper, wide);
    return MFG_OK;
}

static mfg_status
select_all(selection *of, int64_t n_rows, mfg_control *control)
{
    mfg_status status = mfg_share_out(n_rows, count_part, of, control);

    if (status != MFG_OK) {
        return status;
    }
    of->words = mfg_alloc((size_t)find_spots(of), sizeof *of->words);
    if (of->words == NULL) {
        return MFG_NO_MEMORY;
    }
    status = mfg_share_out(n_rows, collect_part, of, control);
    if (status == MFG_OK) {
        status = mfg_take_turns(of->cells->n_groups, of->n_workers,
                                select_group, of, control);
    }
    return status;
}

mfg_status
mfg_quantiles(const mfg_state *state, int value, mfg_grouper *grouper,
              const mfg_column *keys, const mfg_column *column, int64_t n_rows,
              int64_t numerator, int64_t denominator, mfg_word *lower,
              mfg_word *upper, mfg_control *control)
{
    selection of = {
        .cells = &state->values[value],
        .grouper = grouper,
        .keys = keys,
        .column = column,
        .numerator = numerator,
        .denominator = denominator,
        .n_workers = mfg_workers(n_rows, control),
        .lower = lower,
        .upper = upper,
    };
    size_t n = (size_t)of.cells->n_groups;
    size_t n_parts = n * (size_t)of.n_workers;
    mfg_status status = mfg_grouper_ready(grouper, control);

    of.spots = mfg_alloc(n, sizeof *of.spots);
    of.filled = mfg_alloc(n_parts, sizeof *of.filled);
    if (status == MFG_OK && of.spots != NULL && of.filled != NULL) {
        lay_buckets(&of, n_rows);
        of.counts = mfg_alloc_zeros(n_parts << of.bits, sizeof *of.counts);
        status = of.counts == NULL ? MFG_NO_MEMORY
                                   : select_all(&of, n_rows, control);
    }
    else {
        status = MFG_NO_MEMORY;
    }
    mfg_free(of.spots);
    mfg_free(of.filled);
    mfg_free(of.counts);
    mfg_free(of.words);
    return status;
}
