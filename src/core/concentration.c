/* Concentration: how a group's total lies with its members.
 *
 *     herfindahl = 1/N + sum((x - mean)^2) / total^2
 *     entropy = ln(total) - sum(x ln x) / total
 *
 * over the N members that are positive. Both come from exact sums by binade,
 * which one pass adds up beside the greatest values of each group; where values
 * or groups are not made for that, two passes serve (dispersion.c).
 */
#include "concentration.h"

#include "derive.h"
#include "threshold.h"

/* More leaders a group are left to two passes, which know how many members
 * there are. */
#define MOST_LEADERS 32
/* To order a group's leaders takes as long as so many rows. */
#define ROWS_A_GROUP 8

/* ---- one pass ---- */

/* What one worker keeps. */
typedef struct reader {
    mfg_wide wide;
    mfg_binades binades;
    int64_t size;
    int64_t n_heaps;
    double *heaps; /* of `size` values for each group, 0 where there is none */
    double *least; /* of each group's heap, as mfg_next_reaching takes them */
    mfg_placed placed;
} reader;

static mfg_status
reserve_heaps(reader *own, int64_t n_groups)
{
    int64_t n = 2 * own->n_heaps > n_groups ? 2 * own->n_heaps : n_groups;

    if (n_groups <= own->n_heaps) {
        return MFG_OK;
    }
    double *heaps = mfg_resize(own->heaps, (size_t)n,
                               (size_t)own->size * sizeof *own->heaps);
    own->heaps = heaps == NULL ? own->heaps : heaps;
    double *least = mfg_resize(own->least, (size_t)n + 1, sizeof *own->least);
    own->least = least == NULL ? own->least : least;
    if (heaps == NULL || least == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int64_t g = own->n_heaps; g < n; g++) {
        own->least[g] = 0;
    }
    own->least[n] = NAN;
    for (int64_t i = own->n_heaps * own->size; i < n * own->size; i++) {
        own->heaps[i] = 0;
    }
    own->n_heaps = n;
    return MFG_OK;
}

static void
enter(reader *own, int64_t group, double x)
{
    double *heap = own->heaps + group * own->size;

    mfg_replace_least(heap, own->size, x);
    own->least[group] = heap[0];
}

static mfg_status
read_block(void *context, const mfg_visit *visit)
{
    reader *own = context;
    const mfg_placed *placed = &own->placed;
    mfg_status status =
        mfg_binades_add(&own->binades, visit, own->wide, &own->placed);

    if (status == MFG_OK) {
        status = reserve_heaps(own, visit->n_groups);
    }
    if (status != MFG_OK) {
        return status;
    }
    for (int32_t i = 0;; i++) {
        i = mfg_next_reaching(placed->values, placed->codes, own->least,
                              own->n_heaps, i, placed->n);
        if (i == placed->n) {
            return MFG_OK;
        }
        enter(own, placed->codes[i], placed->values[i].float64);
    }
}

static void *
reader_of(void *context, int worker)
{
    return (reader *)context + worker;
}

static mfg_status
merge_readers(void *context, int worker, int64_t n, const int64_t *codes,
              int64_t n_groups, mfg_control *control)
{
    reader *into = context;
    reader *from = into + worker;
    (void)control; /* groups are few */
    mfg_status status =
        mfg_binades_merge(&into->binades, &from->binades, n, codes, n_groups);

    if (status == MFG_OK) {
        status = reserve_heaps(into, n_groups);
    }
    for (int64_t i = 0; i < n * into->size && status == MFG_OK; i++) {
        if (from->heaps[i] > into->least[codes[i / into->size]]) {
            enter(into, codes[i / into->size], from->heaps[i]);
        }
    }
    return status;
}

/* Takes what the reader has. */
static mfg_status
take_members(reader *from, int64_t n_groups, mfg_membership *members)
{
    mfg_status status = reserve_heaps(from, n_groups);

    members->groups = mfg_alloc((size_t)n_groups, sizeof *members->groups);
    if (members->groups == NULL || status != MFG_OK) {
        return MFG_NO_MEMORY;
    }
    members->leaders = from->heaps;
    from->heaps = NULL;
    for (int64_t g = 0; g < n_groups; g++) {
        members->groups[g] = (mfg_members){
            .moments = mfg_binades_moments(&from->binades, g),
            .leaders = members->leaders + g * from->size,
            .n_leaders = from->size,
        };
    }
    return MFG_OK;
}

/* MFG_OVERFLOW: the binades do not serve. */
static mfg_status
read_once(const mfg_column *keys, int n_keys, const mfg_column *column,
          int64_t n_rows, int64_t size, mfg_grouper **grouper,
          mfg_membership *members, mfg_control *control)
{
    int n_workers = mfg_derive_workers(
        n_rows, MFG_MOST_BINADES * sizeof(mfg_binade), control);
    reader *readers = mfg_alloc_zeros((size_t)n_workers, sizeof *readers);
    mfg_sharing sharing = {.keys = keys,
                           .column = column,
                           .own = reader_of,
                           .visit = read_block,
                           .merge = merge_readers,
                           .context = readers};
    mfg_status status = readers == NULL
                            ? MFG_NO_MEMORY
                            : mfg_grouper_new(keys, n_keys, n_rows, grouper);

    for (int w = 0; w < n_workers && readers != NULL; w++) {
        readers[w].wide = mfg_widened(column->kind);
        readers[w].size = size;
    }
    if (status == MFG_OK) {
        status =
            mfg_pass_shared(&sharing, *grouper, n_rows, n_workers, control);
    }
    if (status == MFG_OK) {
        status =
            take_members(&readers[0], mfg_grouper_count(*grouper), members);
    }
    for (int w = 0; w < n_workers && readers != NULL; w++) {
        mfg_binades_free(&readers[w].binades);
        mfg_free(readers[w].heaps);
        mfg_free(readers[w].least);
    }
    mfg_free(readers);
    return status;
}

/* ---- what is measured ---- */

/* From a heap to descending order: the least goes to the end. */
static void
put_in_order(double *heap, int64_t size)
{
    for (int64_t left = size - 1; left > 0; left--) {
        double least = heap[0];
        double last = heap[left];
        heap[0] = -INFINITY; /* less than any, so that it is replaced */
        mfg_replace_least(heap, left, last);
        heap[left] = least;
    }
}

/* The sums of the first ranks[r] leaders, each rounded once, over the total. */
static void
give_leaders(const mfg_members *of, int n_ranks, const int64_t *ranks,
             double *leading)
{
    mfg_wide_sum sum;
    int64_t added = 0;

    mfg_wide_clear(&sum);
    for (int r = 0; r < n_ranks; r++) {
        for (; added < ranks[r] && added < of->n_leaders; added++) {
            mfg_wide_add_float(&sum, of->leaders[added]);
        }
        mfg_wide_sum rounded = sum;
        leading[r] = mfg_wide_round(&rounded) / of->moments.total;
    }
}

static void
give_group(const mfg_members *of, int n_ranks, const int64_t *ranks,
           mfg_concentration *result, double *leading)
{
    double n = (double)of->moments.n;
    double spread = of->moments.spread;

    *result = (mfg_concentration){
        .members = of->moments.n,
        .total = of->moments.total,
        .herfindahl = NAN,
        .normalized = NAN,
        .entropy = NAN,
        .primacy = NAN,
    };
    for (int r = 0; r < n_ranks; r++) {
        leading[r] = NAN;
    }
    if (isnan(spread) || !isfinite(of->moments.total)) {
        return;
    }
    result->herfindahl = 1 / n + spread;
    result->normalized = n > 1 ? spread / (1 - 1 / n) : NAN;
    result->entropy =
        n > 1 && of->moments.entropy > 0 ? of->moments.entropy : 0;
    put_in_order(of->leaders, of->n_leaders);
    result->primacy = n > 1 ? of->leaders[0] / of->leaders[1] : NAN;
    give_leaders(of, n_ranks, ranks, leading);
}

static mfg_status
give_all(const mfg_membership *members, int64_t n_groups, int n_ranks,
         const int64_t *ranks, mfg_concentration **results, double **leading,
         mfg_control *control)
{
    mfg_status status = MFG_OK;

    *results = mfg_alloc((size_t)n_groups, sizeof **results);
    *leading = mfg_alloc((size_t)n_groups, (size_t)n_ranks * sizeof **leading);
    if (*results == NULL || *leading == NULL) {
        status = MFG_NO_MEMORY;
    }
    for (int64_t g = 0; g < n_groups && status == MFG_OK; g++) {
        give_group(&members->groups[g], n_ranks, ranks, &(*results)[g],
                   *leading + g * n_ranks);
        status = mfg_poll(control, g * ROWS_A_GROUP);
    }
    if (status != MFG_OK) {
        mfg_free(*results);
        mfg_free(*leading);
        *results = NULL;
        *leading = NULL;
    }
    return status;
}

mfg_status
mfg_concentrations(const mfg_column *keys, int n_keys, const mfg_column *column,
                   int64_t n_rows, int n_ranks, const int64_t *ranks,
                   mfg_grouper **grouper, mfg_concentration **results,
                   double **leading, mfg_control *control)
{
    int64_t size =
        n_ranks > 0 && ranks[n_ranks - 1] > 2 ? ranks[n_ranks - 1] : 2;
    mfg_membership members = {NULL, NULL};
    mfg_status status = MFG_OVERFLOW;

    *grouper = NULL;
    if (size <= MOST_LEADERS) {
        status = read_once(keys, n_keys, column, n_rows, size, grouper,
                           &members, control);
    }
    if (status == MFG_OVERFLOW) {
        mfg_grouper_free(*grouper);
        status = mfg_disperse(keys, n_keys, column, n_rows, size, grouper,
                              &members, control);
    }
    if (status == MFG_OK) {
        status = give_all(&members, mfg_grouper_count(*grouper), n_ranks, ranks,
                          results, leading, control);
    }
    if (status != MFG_OK) {
        mfg_grouper_free(*grouper);
        *grouper = NULL;
    }
    mfg_free(members.groups);
    mfg_free(members.leaders);
    return status;
}
