/* Variances: a second pass of exact sums of squared deviations.
 *
 *     pivot = the rounded mean (of integers: the integer next to it)
 *     variance = (sum((x - pivot)^2) - (sum(x) - n pivot)^2 / n) / (n - 1)
 *
 * The second term mends what the rounding of the pivot did; it is formed from
 * the exact sum.
 */
#include "pass.h"
#include "state.h"

typedef struct deviations {
    mfg_wide wide;
    int64_t n_groups;
    const mfg_word *pivots;
    mfg_cells squares;
    mfg_block block; /* of squares */
} deviations;

/* Integers are subtracted before they are rounded to doubles. */
static double
deviation(mfg_word value, mfg_word pivot, mfg_wide wide)
{
    if (wide == MFG_AS_FLOAT64) {
        return value.float64 - pivot.float64;
    }
    if (wide == MFG_AS_UINT64) {
        return (double)((mfg_int128)value.uint64 - pivot.uint64);
    }
    return (double)((mfg_int128)value.int64 - pivot.int64);
}

static mfg_status
square_block(void *context, const mfg_visit *visit)
{
    deviations *from = context;

    for (int32_t i = 0; i < visit->n; i++) {
        int64_t group = visit->codes[i];
        double d = NAN;
        if (group >= 0 && group < from->n_groups &&
            !mfg_is_missing(visit->block, i, from->wide)) {
            d = deviation(visit->block->values[i], from->pivots[group],
                          from->wide);
        }
        from->block.space[i].float64 = d * d;
    }
    from->block.values = from->block.space;
    if (from->squares.base == 0) {
        from->squares.base = mfg_exact_place(from->block.space, visit->n);
    }
    return mfg_cells_add(&from->squares, visit->n, visit->codes, &from->block);
}

/* sum(x) - n pivot, rounded once. */
static double
excess(const mfg_totals *totals, int64_t group, mfg_word pivot)
{
    const mfg_cells *cells = totals->cells;
    const mfg_cell *cell = &cells->cells[group];
    mfg_wide_sum sum;
    int exponent;

    if (cells->wide != MFG_AS_FLOAT64) {
        mfg_int128 centre = cells->wide == MFG_AS_UINT64
                                ? (mfg_int128)pivot.uint64
                                : (mfg_int128)pivot.int64;
        return (double)(cell->sum - cell->count * centre);
    }
    mfg_wide_clear(&sum);
    mfg_totals_add(totals, group, &sum);
    mfg_int128 significand = mfg_split(pivot.float64, &exponent);
    mfg_wide_add(&sum, -significand * cell->count, exponent);
    return mfg_wide_round(&sum);
}

/* The number next to the mean: no further off than half a unit of the values,
 * so that the second term is at most half of the first. */
static mfg_word
pivot_of(const mfg_totals *totals, int64_t group)
{
    const mfg_cells *cells = totals->cells;
    const mfg_cell *cell = &cells->cells[group];
    mfg_word pivot = {.uint64 = 0};

    if (cell->count == 0) {
        return pivot;
    }
    if (cells->wide == MFG_AS_FLOAT64) {
        pivot.float64 = mfg_totals_round(totals, group) / (double)cell->count;
        if (isfinite(pivot.float64)) {
            pivot.float64 += excess(totals, group, pivot) / (double)cell->count;
        }
    }
    else {
        mfg_int128 doubled = 2 * (cell->sum % cell->count);
        pivot.uint64 =
            (uint64_t)(cell->sum / cell->count + (doubled > cell->count) -
                       (doubled < -cell->count));
    }
    return pivot;
}

static double
variance_of(const mfg_totals *totals, const mfg_totals *squares, int64_t group,
            mfg_word pivot)
{
    const mfg_cells *cells = totals->cells;
    double n = (double)cells->cells[group].count;
    double rest;
    double sum;

    if (n < 2 || (cells->wide == MFG_AS_FLOAT64 && !isfinite(pivot.float64))) {
        return NAN;
    }
    sum = mfg_totals_round(squares, group);
    rest = excess(totals, group, pivot);
    sum -= rest * rest / n;
    return sum > 0 ? sum / (n - 1) : mfg_plain(sum * 0.0);
}

mfg_status
mfg_variances(const mfg_state *state, int value, mfg_grouper *grouper,
              const mfg_column *keys, const mfg_column *column, int64_t n_rows,
              double *variances, mfg_control *control)
{
    int64_t n = state->n_groups;
    mfg_word *pivots = mfg_alloc((size_t)n, sizeof *pivots);
    deviations *from = mfg_alloc_zeros(1, sizeof *from);
    mfg_totals totals = {0};
    mfg_totals squares = {0};
    mfg_status status = MFG_NO_MEMORY;

    if (pivots == NULL || from == NULL ||
        mfg_totals_new(&state->values[value], &totals) != MFG_OK) {
        goto done;
    }
    for (int64_t g = 0; g < n; g++) {
        pivots[g] = pivot_of(&totals, g);
    }
    from->wide = state->values[value].wide;
    from->n_groups = n;
    from->pivots = pivots;
    from->squares.wide = MFG_AS_FLOAT64;
    status = mfg_cells_extend(&from->squares, n);
    if (status == MFG_OK) {
        status = mfg_pass(grouper, keys, column, 0, n_rows, square_block, from,
                          control);
    }
    if (from->squares.base == 0) { /* no deviation but zeros: any will do */
        from->squares.base = 1;
    }
    if (status == MFG_OK) {
        status = mfg_totals_new(&from->squares, &squares);
    }
    for (int64_t g = 0; g < n && status == MFG_OK; g++) {
        variances[g] = variance_of(&totals, &squares, g, pivots[g]);
    }
done:
    if (from != NULL) {
        mfg_cells_free(&from->squares);
    }
    mfg_totals_free(&totals);
    mfg_totals_free(&squares);
    mfg_free(from);
    mfg_free(pivots);
    return status;
}
