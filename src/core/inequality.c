/* Inequality within groups, from values in ascending order.
 *
 * With W the sum of weights, C the weight of all values up to x, mu the mean:
 *
 *     gini     = sum (C / W) (1 - C / W) (next x - x) / mu
 *     theil_t  = sum w / W (r ln r - (r - 1)),  r = x / mu
 *     theil_l  = sum w / W ((r - 1) - ln r)
 *     atkinson = sum w / W (sqrt x - sum w sqrt x / W)^2 / mu
 *
 * These are the textbook's sums, but for terms that add up to zero: no term is
 * negative, so nothing cancels where values are nearly equal. They are added in
 * ascending order, in pieces whose bounds depend on the number of values alone:
 * no order of rows and no number of threads changes a bit.
 */
#include "ascent.h"
#include "parallel.h"
#include "pass.h"
#include "sort.h"

/* A group of more values is cut, so that threads share it and a poll comes
 * within milliseconds. */
#define PIECE (1 << 16)
/* Turns of the groups that are not cut. */
#define TURNS 1024
/* Below this distance from the mean the logarithm's series is used: at it, the
 * difference of two rounded numbers is still good to 2 * 64 ulp. */
#define NEAR 0x1p-6

typedef struct sums {
    mfg_twofold weight;
    mfg_twofold value;
    mfg_twofold root;
    double least; /* weight */
} sums;

typedef struct terms {
    mfg_twofold gini;
    mfg_twofold theil_t;
    mfg_twofold theil_l;
    mfg_twofold atkinson;
} terms;

/* A part of a large group. */
typedef struct piece {
    int64_t group;
    int64_t start;
    int64_t stop;
    mfg_twofold before; /* the weight of the group's values before it */
    sums own;
    sums whole; /* of its group */
    terms parts;
} piece;

typedef struct measuring {
    const mfg_ascent *ascent;
    piece *pieces;
    int64_t n_pieces;
    int64_t n_turns;
    mfg_inequality *results;
} measuring;

static double
value_at(const mfg_ascent *ascent, int64_t i)
{
    return mfg_as_double(mfg_unsortable(ascent->words[i], ascent->wide),
                         ascent->wide);
}

static void
add_sums(const mfg_ascent *ascent, int64_t start, int64_t stop, sums *to)
{
    *to = (sums){.least = INFINITY};
    for (int64_t i = start; i < stop; i++) {
        double value = value_at(ascent, i);
        double weight = mfg_weight_at(ascent, i);
        mfg_twofold_add(&to->weight, weight);
        mfg_twofold_add(&to->value, weight * value);
        mfg_twofold_add(&to->root, weight * sqrt(value));
        to->least = weight < to->least ? weight : to->least;
    }
}

/* (1 + d) ln(1 + d) - d to *t and d - ln(1 + d) to *l, of d near zero:
 *     sum over k = 2, 3, ... of (-1)^k d^k / (k (k - 1)), and of (-1)^k d^k / k
 * up to k = 11, since NEAR^10 < 2^-54. */
static void
near_terms(double d, double *t, double *l)
{
    double sum_t = 0;
    double sum_l = 0;

    for (int k = 11; k >= 2; k--) {
        sum_t = 1.0 / (k * (k - 1)) - d * sum_t;
        sum_l = 1.0 / k - d * sum_l;
    }
    *t = d * d * sum_t;
    *l = d * d * sum_l;
}

static void
theil_terms(double value, double mean, double *t, double *l)
{
    double d = (value - mean) / mean;
    double log_ratio;

    if (d < NEAR && d > -NEAR) {
        near_terms(d, t, l);
        return;
    }
    if (value == 0) {
        *t = 1;
        *l = INFINITY;
        return;
    }
    log_ratio = d > -0.5 && d < 1 ? log1p(d) : log(value / mean);
    *t = (value / mean) * log_ratio - d;
    *l = d - log_ratio;
}

/* `before` is the weight of what stands before the first. */
static void
add_terms(const mfg_ascent *ascent, int64_t start, int64_t stop,
          mfg_twofold before, const sums *whole, terms *to)
{
    double weight = mfg_twofold_round(whole->weight);
    double mean = mfg_twofold_round(whole->value) / weight;
    double mean_root = mfg_twofold_round(whole->root) / weight;
    double last = start > 0 ? value_at(ascent, start - 1) : 0;

    *to = (terms){0};
    for (int64_t i = start; i < stop; i++) {
        double value = value_at(ascent, i);
        double own = mfg_weight_at(ascent, i);
        double t;
        double l;
        if (value > last && before.sum > 0) {
            double below = mfg_twofold_round(before);
            double above = (whole->weight.sum - before.sum) +
                           (whole->weight.rest - before.rest);
            mfg_twofold_add(&to->gini, (below / weight) * (above / weight) *
                                           (value - last));
        }
        theil_terms(value, mean, &t, &l);
        mfg_twofold_add(&to->theil_t, own * t);
        mfg_twofold_add(&to->theil_l, own * l);
        double apart = sqrt(value) - mean_root;
        mfg_twofold_add(&to->atkinson, own * (apart * apart));
        mfg_twofold_add(&before, own);
        last = value;
    }
}

static mfg_inequality
finish(const mfg_ascent *ascent, int64_t group, const sums *whole,
       const terms *parts)
{
    int64_t start = ascent->starts[group];
    int64_t stop = ascent->starts[group + 1];
    double weight = mfg_twofold_round(whole->weight);
    double mean = mfg_twofold_round(whole->value) / weight;
    double most = 1 - whole->least / weight; /* all is of the least weight */
    mfg_inequality found = {NAN, NAN, NAN, NAN, NAN};

    if (start == stop || value_at(ascent, start) < 0 || !(mean > 0) ||
        !isfinite(mean)) {
        return found;
    }
    if (ascent->words[start] == ascent->words[stop - 1]) {
        found = (mfg_inequality){0};
    }
    else {
        found.gini = fmin(mfg_twofold_round(parts->gini) / mean, most);
        found.gini_normalized = fmin(found.gini / most, 1);
        found.theil_t = mfg_twofold_round(parts->theil_t) / weight;
        found.theil_l = mfg_twofold_round(parts->theil_l) / weight;
        found.atkinson =
            fmin(mfg_twofold_round(parts->atkinson) / weight / mean, 1);
    }
    if (stop - start == 1) {
        found.gini_normalized = NAN;
    }
    if (value_at(ascent, start) == 0) {
        found.theil_l = NAN;
    }
    return found;
}

/* ---- groups of a few values, a run of them a turn ---- */

static mfg_status
measure_turn(void *context, int worker, int64_t item, mfg_control *control)
{
    const measuring *of = context;
    const mfg_ascent *ascent = of->ascent;
    int64_t first = ascent->n_groups * item / of->n_turns;
    int64_t stop = ascent->n_groups * (item + 1) / of->n_turns;

    (void)worker;
    (void)control;
    for (int64_t g = first; g < stop; g++) {
        int64_t from = ascent->starts[g];
        int64_t to = ascent->starts[g + 1];
        sums whole;
        terms parts;
        if (to - from <= PIECE) {
            add_sums(ascent, from, to, &whole);
            add_terms(ascent, from, to, (mfg_twofold){0}, &whole, &parts);
            of->results[g] = finish(ascent, g, &whole, &parts);
        }
    }
    return MFG_OK;
}

/* ---- large groups, a piece a turn ---- */

static mfg_status
sums_turn(void *context, int worker, int64_t item, mfg_control *control)
{
    const measuring *of = context;
    piece *own = &of->pieces[item];

    (void)worker;
    (void)control;
    add_sums(of->ascent, own->start, own->stop, &own->own);
    return MFG_OK;
}

static mfg_status
terms_turn(void *context, int worker, int64_t item, mfg_control *control)
{
    const measuring *of = context;
    piece *own = &of->pieces[item];

    (void)worker;
    (void)control;
    add_terms(of->ascent, own->start, own->stop, own->before, &own->whole,
              &own->parts);
    return MFG_OK;
}

/* Cuts the large groups; returns how many pieces there are. pieces may be NULL,
 * to count only. */
static int64_t
cut(const mfg_ascent *ascent, piece *pieces)
{
    int64_t n = 0;

    for (int64_t g = 0; g < ascent->n_groups; g++) {
        int64_t start = ascent->starts[g];
        int64_t end = ascent->starts[g + 1];
        for (; end - ascent->starts[g] > PIECE && start < end; start += PIECE) {
            if (pieces != NULL) {
                int64_t stop = start + PIECE < end ? start + PIECE : end;
                pieces[n] = (piece){.group = g, .start = start, .stop = stop};
            }
            n++;
        }
    }
    return n;
}

/* The pieces of the group that begins at *first; *first becomes their end. */
static sums
whole_of(const measuring *of, int64_t *first)
{
    int64_t group = of->pieces[*first].group;
    sums whole = {.least = INFINITY};
    int64_t p = *first;

    for (; p < of->n_pieces && of->pieces[p].group == group; p++) {
        const sums *own = &of->pieces[p].own;
        of->pieces[p].before = whole.weight;
        mfg_twofold_merge(&whole.weight, own->weight);
        mfg_twofold_merge(&whole.value, own->value);
        mfg_twofold_merge(&whole.root, own->root);
        whole.least = own->least < whole.least ? own->least : whole.least;
    }
    *first = p;
    return whole;
}

static void
finish_large(const measuring *of)
{
    int64_t p = 0;

    while (p < of->n_pieces) {
        const piece *first = &of->pieces[p];
        terms parts = {0};
        for (; p < of->n_pieces && of->pieces[p].group == first->group; p++) {
            const terms *own = &of->pieces[p].parts;
            mfg_twofold_merge(&parts.gini, own->gini);
            mfg_twofold_merge(&parts.theil_t, own->theil_t);
            mfg_twofold_merge(&parts.theil_l, own->theil_l);
            mfg_twofold_merge(&parts.atkinson, own->atkinson);
        }
        of->results[first->group] =
            finish(of->ascent, first->group, &first->whole, &parts);
    }
}

static mfg_status
measure_large(measuring *of, int n_workers, mfg_control *control)
{
    mfg_status status =
        mfg_take_turns(of->n_pieces, n_workers, sums_turn, of, control);

    if (status != MFG_OK) {
        return status;
    }
    for (int64_t p = 0; p < of->n_pieces;) {
        int64_t first = p;
        sums whole = whole_of(of, &p);
        for (int64_t i = first; i < p; i++) {
            of->pieces[i].whole = whole;
        }
    }
    status = mfg_take_turns(of->n_pieces, n_workers, terms_turn, of, control);
    if (status == MFG_OK) {
        finish_large(of);
    }
    return status;
}

mfg_status
mfg_inequalities(const mfg_state *state, int value, int weight,
                 mfg_grouper *grouper, const mfg_column *keys,
                 const mfg_column *columns, int64_t n_rows, int64_t *counts,
                 mfg_inequality *results, mfg_control *control)
{
    mfg_ascent ascent;
    measuring of = {.ascent = &ascent, .results = results};
    int n_workers = mfg_workers(n_rows, control);
    mfg_status status = mfg_ascend(state, value, weight, grouper, keys, columns,
                                   n_rows, &ascent, control);

    if (status != MFG_OK) {
        return status;
    }
    for (int64_t g = 0; g < ascent.n_groups; g++) {
        counts[g] = ascent.starts[g + 1] - ascent.starts[g];
    }
    of.n_pieces = cut(&ascent, NULL);
    of.pieces = mfg_alloc((size_t)of.n_pieces, sizeof *of.pieces);
    if (of.pieces == NULL) {
        status = MFG_NO_MEMORY;
    }
    if (status == MFG_OK) {
        cut(&ascent, of.pieces);
        of.n_turns = ascent.n_groups < TURNS ? ascent.n_groups : TURNS;
        status =
            mfg_take_turns(of.n_turns, n_workers, measure_turn, &of, control);
    }
    if (status == MFG_OK) {
        status = measure_large(&of, n_workers, control);
    }
    mfg_free(of.pieces);
    mfg_ascent_free(&ascent);
    return status;
}
