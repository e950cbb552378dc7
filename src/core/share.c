/* Each record's share of the total of its group.
 *
 * The codes of the first pass are kept for the second, two bytes a row. So keys
 * are read once; where there are more groups than two bytes tell apart, they
 * are read again. They do not lie in the memory of the results, new pages that
 * the kernel clears when they are first written to: it does so in the second
 * pass, which finds them in the cache. Measured, 10 M rows: 45.6 ms of
 * processor time against 50.3.
 */
#include "encode.h"
#include "lanes.h"
#include "sums.h"

#define MOST_KEPT 65535 /* what -1 becomes, and no group */

struct sharing;

/* What a worker has for its groups. */
typedef struct part {
    struct sharing *in;
    int worker;
    int64_t n_groups;
    int64_t *places; /* its groups among those of all; NULL: the same */
    double *totals;
} part;

typedef struct sharing {
    const mfg_column *keys;
    const mfg_column *column;
    mfg_wide wide;
    mfg_grouper *grouper;
    mfg_sums sums;
    part parts[MFG_MOST_WORKERS];
    uint16_t *kept; /* the codes of the first pass */
    double *shares; /* each worker writes its own rows */
} sharing;

/* ---- a block ---- */

/* A quotient that is no number is the one NaN. */
MFG_LANES static void
divide(const mfg_word *values, const double *totals, int32_t n, double *shares)
{
    for (int32_t i = 0; i < n; i++) {
        double value;
        memcpy(&value, &values[i], sizeof value);
        double share = value / totals[i];
        shares[i] = share != share ? NAN : share + 0.0;
    }
}

static void
share_rows(const part *own, const mfg_visit *visit)
{
    const sharing *to = own->in;
    const mfg_word *values = visit->block->values;
    uint32_t n_groups = (uint32_t)own->n_groups;
    double totals[MFG_BLOCK];
    mfg_word doubles[MFG_BLOCK];

    for (int32_t i = 0; i < visit->n; i++) {
        uint32_t group = (uint32_t)visit->codes[i];
        totals[i] = own->totals[group < n_groups ? group : n_groups];
    }
    for (int32_t i = 0; to->wide != MFG_AS_FLOAT64 && i < visit->n; i++) {
        doubles[i].float64 = mfg_is_missing(visit->block, i, to->wide)
                                 ? NAN
                                 : mfg_as_double(values[i], to->wide);
    }
    divide(to->wide == MFG_AS_FLOAT64 ? values : doubles, totals, visit->n,
           to->shares + visit->start);
}

/* ---- codes that are kept ---- */

/* MFG_OVERFLOW: codes of two bytes do not do. */
static mfg_status
keep_block(void *context, const mfg_visit *visit)
{
    part *own = context;
    uint16_t *kept = own->in->kept + visit->start;

    if (visit->n_groups > MOST_KEPT) {
        return MFG_OVERFLOW;
    }
    for (int32_t i = 0; i < visit->n; i++) {
        kept[i] = (uint16_t)visit->codes[i];
    }
    own->n_groups = visit->n_groups;
    return mfg_sums_add(&own->in->sums, own->worker, visit);
}

static void *
part_of(void *context, int worker)
{
    return &((sharing *)context)->parts[worker];
}

static mfg_status
merge_part(void *context, int worker, int64_t n, const int64_t *codes,
           int64_t n_groups, mfg_control *control)
{
    sharing *to = context;
    part *own = &to->parts[worker];

    own->places = mfg_alloc((size_t)n, sizeof *own->places);
    if (own->places == NULL) {
        return MFG_NO_MEMORY;
    }
    memcpy(own->places, codes, (size_t)n * sizeof *own->places);
    return mfg_sums_merge(&to->sums, worker, codes, n_groups, control);
}

/* Gives a worker the totals of its groups, NaN where they are 0; one more NaN
 * is for rows of no group. */
static mfg_status
take_totals(part *own, const double *totals)
{
    own->totals = mfg_alloc((size_t)own->n_groups + 1, sizeof *own->totals);
    if (own->totals == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int64_t g = 0; g < own->n_groups; g++) {
        double total = totals[own->places == NULL ? g : own->places[g]];
        own->totals[g] = total == 0 ? NAN : total;
    }
    own->totals[own->n_groups] = NAN;
    return MFG_OK;
}

/* From the last rows to the first: of those the first pass ended with, keys
 * aside, much is still in the cache. Measured, 10 M rows, two threads: 22.6 ms
 * against 24.0. */
static mfg_status
share_kept(void *context, int worker, int64_t start, int64_t stop,
           mfg_control *control)
{
    const sharing *to = context;
    int32_t codes[MFG_BLOCK];
    mfg_block block;
    mfg_status status = MFG_OK;

    for (int64_t row = stop; row > start && status == MFG_OK;) {
        int64_t left = row - start;
        int32_t n = (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK);
        row -= n;
        mfg_visit visit = {
            .start = row, .n = n, .codes = codes, .block = &block};
        for (int32_t i = 0; i < n; i++) {
            codes[i] = to->kept[row + i];
        }
        mfg_load(to->column, row, n, &block);
        share_rows(&to->parts[worker], &visit);
        status = mfg_poll(control, stop - row);
    }
    return status;
}

/* Rows are cut for both passes in the same way, so that each worker finds the
 * codes of its own groups. */
static mfg_status
share_by_codes(sharing *to, int n_keys, int64_t n_rows, mfg_control *control)
{
    mfg_sharing first = {.keys = to->keys,
                         .column = to->column,
                         .own = part_of,
                         .visit = keep_block,
                         .merge = merge_part,
                         .context = to};
    int n_workers = mfg_workers(n_rows, control);
    double *totals = NULL;
    mfg_status status = mfg_grouper_new(to->keys, n_keys, n_rows, &to->grouper);

    to->kept = mfg_alloc((size_t)n_rows, sizeof *to->kept);
    if (status == MFG_OK) {
        status = to->kept == NULL
                     ? MFG_NO_MEMORY
                     : mfg_sums_begin(&to->sums, to->column, n_rows, n_workers);
    }
    if (status == MFG_OK) {
        status =
            mfg_pass_shared(&first, to->grouper, n_rows, n_workers, control);
    }
    if (status == MFG_OK) {
        status = mfg_sums_totals(&to->sums, mfg_grouper_count(to->grouper),
                                 &totals, control);
    }
    for (int w = 0; w < n_workers && status == MFG_OK; w++) {
        status = take_totals(&to->parts[w], totals);
    }
    if (status == MFG_OK) {
        status = mfg_share_out(n_rows, share_kept, to, control);
    }
    mfg_sums_free(&to->sums);
    mfg_free(to->kept);
    mfg_free(totals);
    return status;
}

/* ---- keys that are read again ---- */

static mfg_status
share_block(void *context, const mfg_visit *visit)
{
    share_rows(context, visit);
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
                          &to->parts[0], control);
    }
    mfg_grouper_free(view);
    return status;
}

static mfg_status
share_by_keys(sharing *to, int n_keys, int64_t n_rows, mfg_control *control)
{
    part *all = &to->parts[0];
    double *totals = NULL;
    mfg_state *state = NULL;
    mfg_status status = mfg_gather(to->keys, n_keys, to->column, 1, n_rows, 1,
                                   1, NULL, &to->grouper, &state, control);

    if (status == MFG_OK) {
        all->n_groups = mfg_grouper_count(to->grouper);
        totals = mfg_alloc((size_t)all->n_groups, sizeof *totals);
        status = totals == NULL
                     ? MFG_NO_MEMORY
                     : mfg_state_finish(state, 0, MFG_TOTAL, all->n_groups,
                                        NULL, totals, control);
    }
    mfg_state_free(state);
    if (status == MFG_OK) {
        status = take_totals(all, totals);
    }
    mfg_free(totals);
    if (status == MFG_OK) {
        status = mfg_grouper_ready(to->grouper, control);
    }
    return status == MFG_OK ? mfg_share_out(n_rows, share_part, to, control)
                            : status;
}

static void
free_parts(sharing *to)
{
    mfg_grouper_free(to->grouper);
    to->grouper = NULL;
    for (int w = 0; w < MFG_MOST_WORKERS; w++) {
        mfg_free(to->parts[w].places);
        mfg_free(to->parts[w].totals);
        to->parts[w] = (part){.in = to, .worker = w};
    }
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
    mfg_status status;

    free_parts(&to); /* which are empty */
    status = share_by_codes(&to, n_keys, n_rows, control);
    if (status == MFG_OVERFLOW) {
        free_parts(&to);
        status = share_by_keys(&to, n_keys, n_rows, control);
    }
    free_parts(&to);
    return status;
}
