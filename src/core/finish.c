/* Statistics of exact states: everything is added exactly and rounded once. */
#include "parallel.h"
#include "state.h"

/* Groups between asking for a cell and using it. */
#define AHEAD 16

mfg_status
mfg_totals_new(const mfg_cells *cells, mfg_totals *totals)
{
    const mfg_strays *strays = &cells->strays;

    *totals = (mfg_totals){.cells = cells};
    if (strays->count == 0) {
        return MFG_OK;
    }
    totals->first = mfg_alloc((size_t)cells->n_groups, sizeof(int64_t));
    totals->next = mfg_alloc((size_t)strays->count, sizeof(int64_t));
    if (totals->first == NULL || totals->next == NULL) {
        mfg_totals_free(totals);
        return MFG_NO_MEMORY;
    }
    for (int64_t g = 0; g < cells->n_groups; g++) {
        totals->first[g] = -1;
    }
    for (int64_t s = 0; s < strays->count; s++) {
        int32_t group = strays->items[s].group;
        totals->next[s] = totals->first[group];
        totals->first[group] = s;
    }
    return MFG_OK;
}

void
mfg_totals_free(mfg_totals *totals)
{
    mfg_free(totals->first);
    mfg_free(totals->next);
    *totals = (mfg_totals){0};
}

void
mfg_totals_add(const mfg_totals *totals, int64_t group, mfg_wide_sum *sum)
{
    const mfg_cells *cells = totals->cells;

    mfg_wide_add(sum, cells->cells[group].sum, cells->base);
    if (totals->first == NULL) {
        return;
    }
    for (int64_t s = totals->first[group]; s >= 0; s = totals->next[s]) {
        mfg_stray_into(&cells->strays.items[s], cells->base, sum);
    }
}

double
mfg_totals_round(const mfg_totals *totals, int64_t group)
{
    const mfg_cells *cells = totals->cells;

    if (totals->first == NULL || totals->first[group] < 0) {
        return mfg_exact_round(cells->cells[group].sum, cells->base);
    }
    mfg_wide_sum sum;
    mfg_wide_clear(&sum);
    mfg_totals_add(totals, group, &sum);
    return mfg_wide_round(&sum);
}

/* ---- one statistic of one group ---- */

static int
fits(mfg_int128 sum, mfg_wide wide)
{
    if (wide == MFG_AS_UINT64) {
        return sum >= 0 && sum <= UINT64_MAX;
    }
    return sum >= INT64_MIN && sum <= INT64_MAX;
}

static double
rounded_sum(const mfg_totals *totals, int64_t group)
{
    if (totals->cells->wide == MFG_AS_FLOAT64) {
        return mfg_totals_round(totals, group);
    }
    return mfg_exact_round(totals->cells->cells[group].sum, MFG_BIAS);
}

double
mfg_totals_mean(const mfg_totals *totals, int64_t group, int64_t n)
{
    double total = rounded_sum(totals, group);
    mfg_wide_sum sum;

    if (isfinite(total) || totals->cells->wide != MFG_AS_FLOAT64) {
        return mfg_plain(total / (double)n); /* may round to -0.0 */
    }
    mfg_wide_clear(&sum);
    mfg_totals_add(totals, group, &sum);
    if (sum.infinities) {
        return total;
    }
    /* Two limbs down: 2^-64 of the sum, of which the rest is nothing. */
    memmove(sum.limbs, sum.limbs + 2, (MFG_WIDE_LIMBS - 2) * sizeof *sum.limbs);
    memset(sum.limbs + MFG_WIDE_LIMBS - 2, 0, 2 * sizeof *sum.limbs);
    sum.first = 0;
    return ldexp(mfg_wide_round(&sum) / (double)n, 64);
}

/* Where there is no value: NaN, or 0 among integers. */
static mfg_word
extreme(const mfg_cells *cells, int64_t group, mfg_statistic statistic)
{
    mfg_ends ends = cells->ends[group];
    mfg_word word = statistic == MFG_MIN ? ends.low : ends.high;
    int is_empty = cells->cells[group].count == 0;

    if (cells->wide == MFG_AS_FLOAT64) {
        word.float64 = is_empty ? NAN : mfg_plain(word.float64);
    }
    else if (is_empty) {
        word.uint64 = 0;
    }
    return word;
}

static inline __attribute__((always_inline)) mfg_word
finish_group(const mfg_totals *totals, int64_t group, mfg_statistic statistic)
{
    const mfg_cell *cell = &totals->cells->cells[group];
    mfg_word word = {.int64 = 0};

    switch (statistic) {
    case MFG_COUNT:
        word.int64 = cell->count;
        break;
    case MFG_MISSING:
        word.int64 = mfg_missing(totals->cells, group);
        break;
    case MFG_SUM:
        if (totals->cells->wide == MFG_AS_FLOAT64) {
            word.float64 = mfg_totals_round(totals, group);
        }
        else {
            word.uint64 = (uint64_t)cell->sum;
        }
        break;
    case MFG_TOTAL:
        word.float64 = rounded_sum(totals, group);
        break;
    case MFG_MEAN:
        word.float64 = cell->count == 0
                           ? NAN
                           : mfg_totals_mean(totals, group, cell->count);
        break;
    case MFG_LOW:
    case MFG_HIGH:
        if (totals->cells->wide != MFG_AS_FLOAT64) {
            int half = statistic == MFG_HIGH ? 64 : 0;
            word.uint64 = (uint64_t)(cell->sum >> half);
        }
        break;
    case MFG_MIN:
    case MFG_MAX:
        word = extreme(totals->cells, group, statistic);
        break;
    }
    return word;
}

mfg_word
mfg_totals_finish(const mfg_totals *totals, int64_t group,
                  mfg_statistic statistic)
{
    return finish_group(totals, group, statistic);
}

typedef struct finishing {
    const mfg_totals *totals;
    mfg_statistic statistic;
    const int64_t *order;
    mfg_word *words;
} finishing;

/* A loop for each statistic: the compiler settles which it is before it. */
static inline __attribute__((always_inline)) mfg_status
finish_groups(const finishing *of, mfg_statistic statistic, int64_t start,
              int64_t stop, mfg_control *control)
{
    const mfg_cells *cells = of->totals->cells;
    int may_overflow = statistic == MFG_SUM && cells->wide != MFG_AS_FLOAT64;
    mfg_status status = MFG_OK;

    for (int64_t i = start; i < stop && status == MFG_OK; i++) {
        int64_t group = of->order == NULL ? i : of->order[i];
        if (of->order != NULL && i + AHEAD < stop) {
            __builtin_prefetch(&cells->cells[of->order[i + AHEAD]]);
        }
        if (may_overflow && !fits(cells->cells[group].sum, cells->wide)) {
            control->where = i;
            return MFG_OVERFLOW;
        }
        of->words[i] = finish_group(of->totals, group, statistic);
        status = mfg_poll(control, i - start);
    }
    return status;
}

static mfg_status
finish_part(void *context, int worker, int64_t start, int64_t stop,
            mfg_control *control)
{
    const finishing *of = context;

    (void)worker;
    switch (of->statistic) {
    case MFG_COUNT:
        return finish_groups(of, MFG_COUNT, start, stop, control);
    case MFG_SUM:
        return finish_groups(of, MFG_SUM, start, stop, control);
    case MFG_MEAN:
        return finish_groups(of, MFG_MEAN, start, stop, control);
    case MFG_MIN:
        return finish_groups(of, MFG_MIN, start, stop, control);
    case MFG_MAX:
        return finish_groups(of, MFG_MAX, start, stop, control);
    default:
        return finish_groups(of, of->statistic, start, stop, control);
    }
}

mfg_status
mfg_state_finish(const mfg_state *state, int value, mfg_statistic statistic,
                 int64_t n, const int64_t *order, void *results,
                 mfg_control *control)
{
    const mfg_cells *cells = &state->values[value];
    mfg_totals totals;
    finishing of = {&totals, statistic, order, results};
    mfg_status status = mfg_totals_new(cells, &totals);

    if (status == MFG_OK && cells->wide == MFG_AS_FLOAT64) {
        status = mfg_share_out(n, finish_part, &of, control);
    }
    else if (status == MFG_OK) { /* the first sum that overflows is named */
        status = finish_part(&of, 0, 0, n, control);
    }
    mfg_totals_free(&totals);
    return status;
}

/* ---- differences ---- */

static double
float_difference(const mfg_totals *totals, int64_t later, int64_t earlier)
{
    mfg_wide_sum sum;

    /* -(earlier) + later; infinities change sign. */
    mfg_wide_clear(&sum);
    if (earlier >= 0) {
        mfg_totals_add(totals, earlier, &sum);
        mfg_wide_negate(&sum);
        sum.infinities = (sum.infinities >> 1) | ((sum.infinities & 1) << 1);
    }
    if (later >= 0) {
        mfg_totals_add(totals, later, &sum);
    }
    return mfg_wide_round(&sum);
}

static mfg_int128
integer_sum(const mfg_cells *cells, int64_t group)
{
    return group < 0 ? 0 : cells->cells[group].sum;
}

mfg_status
mfg_state_differences(const mfg_state *state, int value, int64_t n,
                      const int64_t *later, const int64_t *earlier,
                      void *differences, mfg_control *control)
{
    const mfg_cells *cells = &state->values[value];
    mfg_word *words = differences;
    mfg_totals totals;
    mfg_status status = mfg_totals_new(cells, &totals);

    for (int64_t i = 0; i < n && status == MFG_OK; i++) {
        if (cells->wide == MFG_AS_FLOAT64) {
            words[i].float64 = float_difference(&totals, later[i], earlier[i]);
            status = mfg_poll(control, i);
            continue;
        }
        mfg_int128 difference =
            integer_sum(cells, later[i]) - integer_sum(cells, earlier[i]);
        if (!fits(difference, MFG_AS_INT64)) {
            control->where = i;
            status = MFG_OVERFLOW;
            break;
        }
        words[i].int64 = (int64_t)difference;
        status = mfg_poll(control, i);
    }
    mfg_totals_free(&totals);
    return status;
}
