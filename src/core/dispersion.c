/* How members lie in groups, in two passes: of the first come the exact mean
 * and who is a member, in the second the squares of deviations and x ln x are
 * summed, in units next to the mean, and the greatest values of each group are
 * kept in a small heap, the least on top.
 */
#include "center.h"
#include "concentration.h"
#include "derive.h"
#include "logarithm.h"

/* A group's unit, heap or moments take as long as so many rows. */
#define ROWS_A_GROUP 8

/* What the pass needs of a group, in one place. */
typedef struct member_unit {
    mfg_center center;
    double unit; /* a power of two next to 1 / mean; 0: nothing to measure */
    double *leaders; /* of worker 0: a heap of `size` values */
    int64_t size;
} member_unit;

typedef struct dispersing {
    mfg_wide wide;
    int64_t n_groups;
    member_unit *units;
    int64_t n_leaders; /* of all groups */
    double *leaders;   /* worker after worker */
} dispersing;

static mfg_status
merge_leaders(dispersing *of, int n_workers, mfg_control *control)
{
    mfg_status status = MFG_OK;

    for (int w = 1; w < n_workers; w++) {
        for (int64_t g = 0; g < of->n_groups && status == MFG_OK; g++) {
            const member_unit *unit = &of->units[g];
            const double *from = unit->leaders + w * of->n_leaders;
            for (int64_t j = 0; j < unit->size; j++) {
                if (from[j] > unit->leaders[0]) {
                    mfg_replace_least(unit->leaders, unit->size, from[j]);
                }
            }
            status = mfg_poll(control, g * ROWS_A_GROUP);
        }
    }
    return status;
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
        mfg_replace_least(heap, unit->size, x);
    }
}

static mfg_status
disperse_block(void *context, int worker, const mfg_visit *visit,
               mfg_block *derived)
{
    const dispersing *of = context;
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
    int64_t n_groups;
    int64_t *members;
} zeros;

static mfg_status
count_zeros(void *context, const mfg_visit *visit)
{
    const zeros *found = context;

    /* Records that another thread has changed since make neither groups nor
     * fewer members than none. */
    for (int32_t i = 0; i < visit->n; i++) {
        int64_t group = visit->codes[i];
        if (group >= 0 && group < found->n_groups &&
            found->members[group] > 0 &&
            !mfg_is_missing(visit->block, i, found->wide) &&
            mfg_as_double(visit->block->values[i], found->wide) == 0) {
            found->members[group]--;
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
    zeros found = {cells->wide, cells->n_groups, members};
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

/* The power of two next to 1 / mean, which may be subnormal; of a subnormal
 * mean the greatest that there is. */
static double
unit_of(double mean)
{
    int exponent = 0;

    frexp(mean, &exponent);
    return ldexp(1, exponent > -1023 ? -exponent : 1023);
}

/* The units of all groups, and room for their leaders. */
static mfg_status
lay_units(dispersing *of, const mfg_cells *cells, const int64_t *members,
          int64_t size, int n_workers, mfg_control *control)
{
    mfg_status status = MFG_OK;
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
    for (int64_t g = 0; g < of->n_groups && status == MFG_OK; g++) {
        double mean = mfg_as_double(centers[g].pivot, of->wide);
        int measured = members[g] > 0 && isfinite(mean) &&
                       mfg_as_double(cells->ends[g].low, of->wide) >= 0;
        of->units[g] = (member_unit){
            .center = centers[g],
            .unit = measured ? unit_of(mean) : 0,
            .leaders = of->leaders + n_leaders,
            .size = members[g] < size ? members[g] : size,
        };
        n_leaders += of->units[g].size;
        status = mfg_poll(control, g * ROWS_A_GROUP);
    }
    mfg_free(centers);
    return status;
}

static mfg_moments
moments_of(const member_unit *unit, int64_t n, double total, double squares,
           double terms)
{
    double scaled = ldexp(total, -unit->center.exponent);
    double share = total * unit->unit; /* of the mean's size: about n */
    mfg_moments found = {.n = n, .total = total, .spread = NAN, .entropy = NAN};

    if (unit->unit != 0 && isfinite(total)) {
        found.spread = mfg_centered(squares, &unit->center) / scaled / scaled;
        found.entropy = mfg_logarithm(share) - terms / share;
    }
    return found;
}

static mfg_status
give_members(const dispersing *of, const mfg_state *state,
             const mfg_state *sums, const int64_t *counts,
             mfg_membership *members, mfg_control *control)
{
    size_t n = (size_t)of->n_groups;
    double *totals = mfg_alloc(3 * n, sizeof *totals);
    mfg_status status = MFG_NO_MEMORY;

    members->groups = mfg_alloc(n, sizeof *members->groups);
    if (totals != NULL && members->groups != NULL) {
        status = mfg_state_finish(state, 0, MFG_TOTAL, of->n_groups, NULL,
                                  totals, control);
    }
    for (int d = 0; d < 2 && status == MFG_OK; d++) {
        status = mfg_state_finish(sums, d, MFG_TOTAL, of->n_groups, NULL,
                                  totals + (size_t)(d + 1) * n, control);
    }
    for (size_t g = 0; g < n && status == MFG_OK; g++) {
        const member_unit *unit = &of->units[g];
        members->groups[g] = (mfg_members){
            .moments = moments_of(unit, counts[g], totals[g], totals[n + g],
                                  totals[2 * n + g]),
            .leaders = unit->leaders,
            .n_leaders = unit->size,
        };
        status = mfg_poll(control, (int64_t)g * ROWS_A_GROUP);
    }
    mfg_free(totals);
    return status;
}

/* The second pass. */
static mfg_status
read_again(const mfg_state *state, mfg_grouper *grouper, const mfg_column *keys,
           const mfg_column *column, int64_t n_rows, int64_t size,
           mfg_membership *members, mfg_control *control)
{
    const mfg_cells *cells = &state->values[0];
    int64_t n = state->n_groups;
    dispersing of = {.wide = cells->wide, .n_groups = n};
    mfg_derivation sums = {.grouper = grouper,
                           .keys = keys,
                           .column = column,
                           .n_derived = 2,
                           .derive = disperse_block,
                           .context = &of};
    int64_t most = n_rows / size < n ? n_rows : n * size;
    int n_workers = mfg_derive_workers(
        n_rows, (size_t)n * 2 * sizeof(mfg_cell) + (size_t)most * 8, control);
    int64_t *counts = mfg_alloc((size_t)n, sizeof *counts);
    mfg_state *found = NULL;
    mfg_status status = MFG_NO_MEMORY;

    if (counts != NULL) {
        status = count_members(cells, grouper, keys, column, n_rows, counts,
                               control);
    }
    if (status == MFG_OK) {
        status = lay_units(&of, cells, counts, size, n_workers, control);
    }
    if (status == MFG_OK) {
        status = mfg_derive(&sums, n_rows, n, n_workers, &found, control);
    }
    members->leaders = of.leaders;
    if (status == MFG_OK) {
        status = merge_leaders(&of, n_workers, control);
    }
    if (status == MFG_OK) {
        status = give_members(&of, state, found, counts, members, control);
    }
    mfg_state_free(found);
    mfg_free(of.units);
    mfg_free(counts);
    return status;
}

mfg_status
mfg_disperse(const mfg_column *keys, int n_keys, const mfg_column *column,
             int64_t n_rows, int64_t size, mfg_grouper **grouper,
             mfg_membership *members, mfg_control *control)
{
    mfg_state *state = NULL;
    mfg_status status = mfg_gather(keys, n_keys, column, 1, n_rows, 1, 0, NULL,
                                   grouper, &state, control);

    if (status == MFG_OK) {
        status = read_again(state, *grouper, keys, column, n_rows, size,
                            members, control);
    }
    mfg_state_free(state);
    return status;
}
