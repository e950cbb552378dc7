/* Concentration: how a group's total lies with its members.
 *
 *     herfindahl = 1/N + sum((x - mean)^2) / total^2
 *     entropy = ln(total) - sum(x ln x) / total, in units next to the mean
 *
 * over the N members that are positive. One pass sums both and keeps the
 * greatest values of each group in a small heap, the least on top.
 */
#include "center.h"
#include "derive.h"
#include "logarithm.h"
#include "parallel.h"

/* What the pass needs of a group, in one place. */
typedef struct member_unit {
    mfg_center center;
    double unit; /* a power of two next to 1 / mean; 0: nothing to measure */
    double *leaders; /* of worker 0: a heap of `size` values */
    int64_t size;
} member_unit;

typedef struct concentrating {
    mfg_wide wide;
    int64_t n_groups;
    member_unit *units;
    int64_t n_leaders; /* of all groups */
    double *leaders;   /* worker after worker */
} concentrating;

/* ---- the greatest values ---- */

/* Replaces the least of a heap by a greater value. */
static void
replace_least(double *heap, int64_t size, double value)
{
    int64_t at = 0;

    while (2 * at + 1 < size) {
        int64_t child = 2 * at + 1;
        child += child + 1 < size && heap[child + 1] < heap[child];
        if (value <= heap[child]) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = value;
}

/* From a heap to descending order: the least goes to the end. */
static void
put_in_order(double *heap, int64_t size)
{
    for (int64_t left = size - 1; left > 0; left--) {
        double least = heap[0];
        double last = heap[left];
        heap[0] = -INFINITY; /* less than any, so that it is replaced */
        replace_least(heap, left, last);
        heap[left] = least;
    }
}

static void
merge_leaders(concentrating *of, int n_workers)
{
    for (int w = 1; w < n_workers; w++) {
        for (int64_t g = 0; g < of->n_groups; g++) {
            const member_unit *unit = &of->units[g];
            const double *from = unit->leaders + w * of->n_leaders;
            for (int64_t j = 0; j < unit->size; j++) {
                if (from[j] > unit->leaders[0]) {
                    replace_least(unit->leaders, unit->size, from[j]);
                }
            }
        }
    }
}

/* ---- the pass ---- */

/* What a member of a group adds; x is its value, above 0. */
static inline void
add_member(const member_unit *unit, double *heap, double x, double deviation,
           mfg_word *square, mfg_word *term)
{
    square->float64 = deviation * deviation;
    term->float64 = x * unit->unit;
    if (x > heap[0]) {
        replace_least(heap, unit->size, x);
    }
}

static mfg_status
concentrate_block(void *context, int worker, const mfg_visit *visit,
                  mfg_block *derived)
{
    const concentrating *of = context;
    mfg_wide wide = of->wide;
    const mfg_word *values = visit->block->values;
    mfg_word *squares = derived[0].space;
    mfg_word *terms = derived[1].space;
    double all = INFINITY; /* a heap that nothing enters, for a sample */

    for (int32_t i = 0; i < visit->n; i++) {
        int64_t group = visit->codes[i];
        squares[i].float64 = 0;
        terms[i].float64 = 0;
        if (group < 0 || group >= of->n_groups ||
            mfg_is_missing(visit->block, i, wide)) {
            continue;
        }
        const member_unit *unit = &of->units[group];
        double x = mfg_as_double(values[i], wide);
        if (unit->unit != 0 && x != 0) {
            double *heap =
                worker < 0 ? &all : unit->leaders + worker * of->n_leaders;
            add_member(unit, heap, x,
                       mfg_deviation(values[i], &unit->center, wide),
                       &squares[i], &terms[i]);
        }
    }
    mfg_entropy_terms(terms, visit->n);
    return MFG_OK;
}

/* ---- before it: who is a member ---- */

typedef struct zeros {
    mfg_wide wide;
    int64_t *members;
} zeros;

static mfg_status
count_zeros(void *context, const mfg_visit *visit)
{
    const zeros *found = context;

    for (int32_t i = 0; i < visit->n; i++) {
        if (visit->codes[i] >= 0 &&
            !mfg_is_missing(visit->block, i, found->wide) &&
            mfg_as_double(visit->block->values[i], found->wide) == 0) {
            found->members[visit->codes[i]]--;
        }
    }
    return MFG_OK;
}

/* The members of each group: its values less those that are 0. */
static mfg_status
count_members(const mfg_cells *cells, mfg_grouper *grouper,
              const mfg_column *keys, const mfg_column *column, int64_t n_rows,
              int64_t *members, mfg_control *control)
{
    zeros found = {cells->wide, members};
    int any_zero = 0;

    for (int64_t g = 0; g < cells->n_groups; g++) {
        members[g] = cells->cells[g].count;
        any_zero |= members[g] > 0 &&
                    mfg_as_double(cells->ends[g].low, cells->wide) <= 0;
    }
    return any_zero ? mfg_pass(grouper, keys, column, 0, n_rows, count_zeros,
                               &found, control)
                    : MFG_OK;
}

/* ---- all of it ---- */

/* The units of all groups, and room for their leaders. */
static mfg_status
lay_units(concentrating *of, const mfg_cells *cells, const int64_t *members,
          int64_t size, int n_workers)
{
    mfg_center *centers = mfg_centers_new(cells, members);
    int64_t n_leaders = 0;

    of->units = mfg_alloc((size_t)of->n_groups, sizeof *of->units);
    for (int64_t g = 0; g < of->n_groups; g++) {
        n_leaders += members[g] < size ? members[g] : size;
    }
    of->leaders = mfg_alloc_zeros((size_t)n_leaders * (size_t)n_workers,
                                  sizeof *of->leaders);
    if (centers == NULL || of->units == NULL || of->leaders == NULL) {
        mfg_free(centers);
        return MFG_NO_MEMORY;
    }
    of->n_leaders = n_leaders;
    n_leaders = 0;
    for (int64_t g = 0; g < of->n_groups; g++) {
        double mean = mfg_as_double(centers[g].pivot, of->wide);
        int exponent = 0;
        frexp(mean, &exponent);
        exponent = exponent < 1000 ? exponent : 1000;
        exponent = exponent > -1000 ? exponent : -1000;
        int measured = members[g] > 0 && isfinite(mean) &&
                       mfg_as_double(cells->ends[g].low, of->wide) >= 0;
        of->units[g] = (member_unit){
            .center = centers[g],
            .unit = measured ? ldexp(1, -exponent) : 0,
            .leaders = of->leaders + n_leaders,
            .size = members[g] < size ? members[g] : size,
        };
        n_leaders += of->units[g].size;
    }
    mfg_free(centers);
    return MFG_OK;
}

/* The sums of the first ranks[r] leaders, each rounded once, over the total. */
static void
give_leaders(const member_unit *unit, double total, int n_ranks,
             const int64_t *ranks, double *leading, double *primacy)
{
    mfg_wide_sum sum;
    int64_t added = 0;

    put_in_order(unit->leaders, unit->size);
    *primacy = unit->size > 1 ? unit->leaders[0] / unit->leaders[1] : NAN;
    mfg_wide_clear(&sum);
    for (int r = 0; r < n_ranks; r++) {
        for (; added < ranks[r] && added < unit->size; added++) {
            int exponent;
            int64_t significand = mfg_split(unit->leaders[added], &exponent);
            mfg_wide_add(&sum, significand, exponent);
        }
        mfg_wide_sum rounded = sum;
        leading[r] = mfg_wide_round(&rounded) / total;
    }
}

static void
finish_group(const member_unit *unit, double total, double squares,
             double terms, int n_ranks, const int64_t *ranks,
             mfg_concentration *result, double *leading)
{
    double n = unit->center.n;
    double scaled = ldexp(total, -unit->center.exponent);
    double share = total * unit->unit; /* of the mean's size: about n */

    if (unit->unit == 0 || !isfinite(total)) {
        result->herfindahl = result->normalized = NAN;
        result->entropy = result->primacy = NAN;
        for (int r = 0; r < n_ranks; r++) {
            leading[r] = NAN;
        }
        return;
    }
    double spread = mfg_centered(squares, &unit->center) / scaled / scaled;
    result->herfindahl = 1 / n + spread;
    result->normalized = n > 1 ? spread / (1 - 1 / n) : NAN;
    result->entropy = n > 1 ? mfg_logarithm(share) - terms / share : 0;
    result->entropy = result->entropy > 0 ? result->entropy : 0;
    give_leaders(unit, total, n_ranks, ranks, leading, &result->primacy);
}

static mfg_status
finish_all(const concentrating *of, const mfg_state *state, int value,
           const mfg_state *sums, int n_ranks, const int64_t *ranks,
           mfg_concentration *results, double *leading, mfg_control *control)
{
    size_t n = (size_t)of->n_groups;
    double *totals = mfg_alloc(3 * n, sizeof *totals);
    mfg_status status = MFG_NO_MEMORY;

    if (totals != NULL) {
        status = mfg_state_finish(state, value, MFG_TOTAL, of->n_groups, NULL,
                                  totals, control);
    }
    for (int d = 0; d < 2 && status == MFG_OK; d++) {
        status = mfg_state_finish(sums, d, MFG_TOTAL, of->n_groups, NULL,
                                  totals + (size_t)(d + 1) * n, control);
    }
    for (size_t g = 0; g < n && status == MFG_OK; g++) {
        finish_group(&of->units[g], totals[g], totals[n + g], totals[2 * n + g],
                     n_ranks, ranks, &results[g],
                     leading + g * (size_t)n_ranks);
    }
    mfg_free(totals);
    return status;
}

mfg_status
mfg_concentrations(const mfg_state *state, int value, mfg_grouper *grouper,
                   const mfg_column *keys, const mfg_column *column,
                   int64_t n_rows, int n_ranks, const int64_t *ranks,
                   mfg_concentration *results, double *leading,
                   mfg_control *control)
{
    const mfg_cells *cells = &state->values[value];
    int64_t n = state->n_groups;
    int64_t size =
        n_ranks > 0 && ranks[n_ranks - 1] > 2 ? ranks[n_ranks - 1] : 2;
    concentrating of = {.wide = cells->wide, .n_groups = n};
    mfg_derivation sums = {.grouper = grouper,
                           .keys = keys,
                           .column = column,
                           .n_derived = 2,
                           .derive = concentrate_block,
                           .context = &of};
    int64_t most = n_rows < n * size ? n_rows : n * size;
    int n_workers = mfg_derive_workers(
        n_rows, (size_t)n * 2 * sizeof(mfg_cell) + (size_t)most * 8, control);
    int64_t *members = mfg_alloc((size_t)n, sizeof *members);
    mfg_state *found = NULL;
    mfg_status status = MFG_NO_MEMORY;

    if (members != NULL) {
        status = count_members(cells, grouper, keys, column, n_rows, members,
                               control);
    }
    if (status == MFG_OK) {
        status = lay_units(&of, cells, members, size, n_workers);
    }
    if (status == MFG_OK) {
        status = mfg_derive(&sums, n_rows, n, n_workers, &found, control);
    }
    if (status == MFG_OK) {
        merge_leaders(&of, n_workers);
        status = finish_all(&of, state, value, found, n_ranks, ranks, results,
                            leading, control);
    }
    for (int64_t g = 0; g < n && status == MFG_OK; g++) {
        results[g].members = members[g];
    }
    mfg_state_free(found);
    mfg_free(of.units);
    mfg_free(of.leaders);
    mfg_free(members);
    return status;
}
