/* Cells of records that are each a contributor, in one pass over them: exact
 * sums, and beside them a list of the largest contributions, by which nearly
 * every row is refused with one comparison.
 *
 * The sum of sizes is that of all less twice that of the negative ones, which
 * are added up on their own where there are any.
 */
#include "tally.h"

#include "derive.h"
#include "largest.h"
#include "sums.h"

/* As far ahead as aggregate.c looks: a list is in the cache when its row comes.
 */
#define AHEAD 16

/* What one worker keeps. */
typedef struct reader {
    mfg_tally *of;
    int worker;
    int64_t n_lists;
    double *lists; /* of each group: sizes, descending, 0 where there are fewer;
                      then the least contribution, inf where there is none */
    int32_t
        codes[MFG_BLOCK]; /* the group of a negative value, -1: it is none */
} reader;

struct mfg_tally {
    mfg_grouper *grouper;
    int64_t *order;
    mfg_wide wide;
    int64_t size;
    int n_workers;
    reader *readers;
    mfg_sums sums;
    mfg_sums negatives;
};

static mfg_status
reserve_lists(reader *own, int64_t n_groups)
{
    int64_t size = own->of->size;
    int64_t n = 2 * own->n_lists > n_groups ? 2 * own->n_lists : n_groups;

    if (n_groups <= own->n_lists) {
        return MFG_OK;
    }
    double *lists =
        mfg_resize(own->lists, (size_t)n, (size_t)(size + 1) * sizeof *lists);
    if (lists == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int64_t g = own->n_lists; g < n; g++) {
        for (int64_t place = 0; place < size; place++) {
            lists[g * (size + 1) + place] = 0;
        }
        lists[g * (size + 1) + size] = INFINITY;
    }
    own->lists = lists;
    own->n_lists = n;
    return MFG_OK;
}

/* Lists the values of a block; returns whether some are negative. */
static int
list_block(reader *own, const mfg_visit *visit)
{
    mfg_wide wide = own->of->wide;
    int64_t size = own->of->size;
    int any_negative = 0;

    for (int32_t i = 0; i < visit->n; i++) {
        int32_t group = visit->codes[i];
        if (i + AHEAD < visit->n && visit->codes[i + AHEAD] >= 0) {
            __builtin_prefetch(
                &own->lists[visit->codes[i + AHEAD] * (size + 1)], 1);
        }
        own->codes[i] = -1;
        if (group < 0 || mfg_is_missing(visit->block, i, wide)) {
            continue;
        }
        double *list = own->lists + group * (size + 1);
        double x = mfg_as_double(visit->block->values[i], wide);
        if (x < 0) {
            own->codes[i] = group;
            any_negative = 1;
        }
        list[size] = x < list[size] ? x : list[size];
        mfg_insert(list, size, fabs(x));
    }
    return any_negative;
}

static mfg_status
read_block(void *context, const mfg_visit *visit)
{
    reader *own = context;
    mfg_visit negatives = *visit;
    mfg_status status = mfg_sums_add(&own->of->sums, own->worker, visit);

    if (status == MFG_OK) {
        status = reserve_lists(own, visit->n_groups);
    }
    if (status == MFG_OK && list_block(own, visit)) {
        negatives.codes = own->codes;
        status = mfg_sums_add(&own->of->negatives, own->worker, &negatives);
    }
    return status;
}

static void *
reader_of(void *context, int worker)
{
    return &((mfg_tally *)context)->readers[worker];
}

static mfg_status
merge_readers(void *context, int worker, int64_t n, const int64_t *codes,
              int64_t n_groups, mfg_control *control)
{
    mfg_tally *of = context;
    const reader *from = &of->readers[worker];
    reader *into = &of->readers[0];
    mfg_status status =
        mfg_sums_merge(&of->sums, worker, codes, n_groups, control);

    if (status == MFG_OK) {
        status =
            mfg_sums_merge(&of->negatives, worker, codes, n_groups, control);
    }
    if (status == MFG_OK) {
        status = reserve_lists(into, n_groups);
    }
    for (int64_t g = 0; g < n && status == MFG_OK; g++) {
        const double *own = from->lists + g * (of->size + 1);
        double *list = into->lists + codes[g] * (of->size + 1);
        double least = own[of->size];
        for (int64_t place = 0; place < of->size; place++) {
            mfg_insert(list, of->size, own[place]);
        }
        list[of->size] = least < list[of->size] ? least : list[of->size];
        status = mfg_poll(control, g * MFG_ROWS_AN_ENTRY);
    }
    return status;
}

static mfg_status
begin(mfg_tally *of, const mfg_column *keys, int n_keys,
      const mfg_column *column, int64_t n_rows, const mfg_control *control)
{
    mfg_status status = mfg_grouper_new(keys, n_keys, n_rows, &of->grouper);

    of->n_workers = mfg_workers(n_rows, control);
    of->readers = mfg_alloc_zeros((size_t)of->n_workers, sizeof *of->readers);
    if (of->readers == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int w = 0; w < of->n_workers; w++) {
        of->readers[w].of = of;
        of->readers[w].worker = w;
    }
    if (status == MFG_OK) {
        status = mfg_sums_begin(&of->sums, column, n_rows, of->n_workers);
    }
    if (status == MFG_OK) {
        status = mfg_sums_begin(&of->negatives, column, n_rows, of->n_workers);
    }
    return status;
}

mfg_status
mfg_tally_new(const mfg_column *keys, int n_keys, const mfg_column *column,
              int64_t n_rows, int64_t size, mfg_tally **tally,
              mfg_control *control)
{
    mfg_tally *made = mfg_alloc_zeros(1, sizeof *made);
    mfg_sharing sharing = {.keys = keys,
                           .column = column,
                           .own = reader_of,
                           .visit = read_block,
                           .merge = merge_readers,
                           .context = made};
    mfg_status status;

    *tally = made;
    if (made == NULL) {
        return MFG_NO_MEMORY;
    }
    made->wide = mfg_widened(column->kind);
    made->size = size;
    status = begin(made, keys, n_keys, column, n_rows, control);
    if (status == MFG_OK) {
        status = mfg_pass_shared(&sharing, made->grouper, n_rows,
                                 made->n_workers, control);
    }
    if (status == MFG_OK) {
        size_t n = (size_t)mfg_grouper_count(made->grouper);
        made->order = mfg_alloc(n, sizeof *made->order);
        status = made->order == NULL
                     ? MFG_NO_MEMORY
                     : mfg_grouper_order(made->grouper, made->order, control);
    }
    if (status != MFG_OK) {
        mfg_tally_free(made);
        *tally = NULL;
    }
    return status;
}

void
mfg_tally_free(mfg_tally *tally)
{
    if (tally == NULL) {
        return;
    }
    for (int w = 0; w < tally->n_workers && tally->readers != NULL; w++) {
        mfg_free(tally->readers[w].lists);
    }
    mfg_sums_free(&tally->sums);
    mfg_sums_free(&tally->negatives);
    mfg_grouper_free(tally->grouper);
    mfg_free(tally->order);
    mfg_free(tally->readers);
    mfg_free(tally);
}

const mfg_grouper *
mfg_tally_grouper(const mfg_tally *tally)
{
    return tally->grouper;
}

const int64_t *
mfg_tally_order(const mfg_tally *tally)
{
    return tally->order;
}

/* ---- what is given ---- */

/* The sum of a group's sizes. */
static double
magnitude_of(const mfg_totals *all, const mfg_totals *negatives, int64_t group)
{
    mfg_wide_sum sum;

    if (all->cells->wide != MFG_AS_FLOAT64) {
        return mfg_exact_round(all->cells->cells[group].sum -
                                   2 * negatives->cells->cells[group].sum,
                               MFG_BIAS);
    }
    mfg_wide_clear(&sum);
    mfg_totals_add(negatives, group, &sum);
    mfg_totals_add(negatives, group, &sum);
    mfg_wide_negate(&sum);
    mfg_totals_add(all, group, &sum);
    return mfg_wide_round(&sum);
}

static mfg_status
give_magnitudes(mfg_tally *of, int64_t n, const mfg_given *given,
                mfg_control *control)
{
    mfg_totals all = {0};
    mfg_totals negatives = {0};
    mfg_status status = mfg_sums_settle(&of->negatives, n);

    if (status == MFG_OK) {
        status = mfg_totals_new(&of->sums.states[0]->values[0], &all);
    }
    if (status == MFG_OK) {
        status =
            mfg_totals_new(&of->negatives.states[0]->values[0], &negatives);
    }
    for (int64_t i = 0; i < n && status == MFG_OK; i++) {
        if (given->least[i] < 0) {
            given->magnitudes[i] = magnitude_of(&all, &negatives, of->order[i]);
        }
        status = mfg_poll(control, i * MFG_ROWS_AN_ENTRY);
    }
    mfg_totals_free(&all);
    mfg_totals_free(&negatives);
    return status;
}

mfg_status
mfg_tally_finish(mfg_tally *of, const mfg_given *given, mfg_control *control)
{
    int64_t n = mfg_grouper_count(of->grouper);
    reader *own = &of->readers[0];
    int any_negative = 0;
    mfg_status status = reserve_lists(own, n);

    if (status == MFG_OK) {
        status = mfg_sums_settle(&of->sums, n);
    }
    if (status == MFG_OK) {
        status = mfg_state_finish(of->sums.states[0], 0, MFG_COUNT, n,
                                  of->order, given->counts, control);
    }
    if (status == MFG_OK) {
        status = mfg_state_finish(of->sums.states[0], 0, MFG_TOTAL, n,
                                  of->order, given->totals, control);
    }
    for (int64_t i = 0; i < n && status == MFG_OK; i++) {
        const double *list = own->lists + of->order[i] * (of->size + 1);
        for (int64_t place = 0; place < of->size; place++) {
            given->largest[i * of->size + place] = list[place];
        }
        given->least[i] = list[of->size];
        given->magnitudes[i] = given->totals[i];
        any_negative |= list[of->size] < 0;
        status = mfg_poll(control, i);
    }
    return status == MFG_OK && any_negative
               ? give_magnitudes(of, n, given, control)
               : status;
}
