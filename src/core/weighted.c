/* Weighted quantiles, by mass: walked to in ascending order.
 *
 *     x_i where C_(i-1) < p W < C_i;  (x_i + x_(i+1)) / 2 where C_i = p W
 *
 * with C the weight so far and W that of all: with equal weights the second
 * type of Hyndman and Fan (1996). Which of the two it is must not hang on a
 * rounding: near p W the comparison is made with exact sums.
 */
#include "ascent.h"
#include "exact.h"
#include "parallel.h"
#include "sort.h"

#define TURNS 1024
/* A sum of up to 2^31 weights that is rounded each time is nearer to the exact
 * one than this part of it. */
#define DOUBT 1e-6

/* A sum of weights. */
typedef struct mass {
    double about;
    mfg_wide_sum exact;
} mass;

typedef struct walking {
    const mfg_ascent *ascent;
    int64_t n_turns;
    int n_quantiles;
    const int64_t *numerators;
    const int64_t *denominators;
    mfg_word *lower;
    mfg_word *upper;
} walking;

static void
add_weight(mass *to, double weight)
{
    int exponent;
    int64_t significand = mfg_split(weight, &exponent);

    mfg_wide_add(&to->exact, significand, exponent);
    to->about += weight;
}

/* The sign of `sofar` - numerator / denominator * whole. */
static int
compare(mass *sofar, mass *whole, int64_t numerator, int64_t denominator)
{
    double part = (double)numerator / (double)denominator;
    double apart = sofar->about - whole->about * part;

    if (fabs(apart) > DOUBT * whole->about) {
        return apart > 0 ? 1 : -1;
    }
    return mfg_wide_compare(&sofar->exact, denominator, &whole->exact,
                            numerator);
}

/* Quantile k of values start ... stop - 1, which are not none. */
static void
walk(const walking *of, int64_t group, int k, mass *whole)
{
    const mfg_ascent *ascent = of->ascent;
    int64_t last = ascent->starts[group + 1] - 1;
    int64_t at = ascent->starts[group];
    int64_t result = k * ascent->n_groups + group;
    mass sofar = {0};
    int order = -1;

    for (; at <= last; at++) {
        add_weight(&sofar, mfg_weight_at(ascent, at));
        order = compare(&sofar, whole, of->numerators[k], of->denominators[k]);
        if (order >= 0) {
            break;
        }
    }
    at = at < last ? at : last;
    of->lower[result] = mfg_unsortable(ascent->words[at], ascent->wide);
    at += order == 0 && at < last;
    of->upper[result] = mfg_unsortable(ascent->words[at], ascent->wide);
}

static mfg_status
walk_turn(void *context, int worker, int64_t item, mfg_control *control)
{
    const walking *of = context;
    const mfg_ascent *ascent = of->ascent;
    int64_t first = ascent->n_groups * item / of->n_turns;
    int64_t stop = ascent->n_groups * (item + 1) / of->n_turns;

    (void)worker;
    (void)control;
    for (int64_t g = first; g < stop; g++) {
        mass whole = {0};
        for (int64_t i = ascent->starts[g]; i < ascent->starts[g + 1]; i++) {
            add_weight(&whole, mfg_weight_at(ascent, i));
        }
        for (int k = 0; k < of->n_quantiles; k++) {
            int64_t result = k * ascent->n_groups + g;
            of->lower[result].uint64 = 0;
            of->upper[result].uint64 = 0;
            if (ascent->starts[g] < ascent->starts[g + 1]) {
                walk(of, g, k, &whole);
            }
        }
    }
    return MFG_OK;
}

mfg_status
mfg_weighted_quantiles(const mfg_state *state, int value, int weight,
                       mfg_grouper *grouper, const mfg_column *keys,
                       const mfg_column *columns, int64_t n_rows,
                       int n_quantiles, const int64_t *numerators,
                       const int64_t *denominators, mfg_word *lower,
                       mfg_word *upper, mfg_control *control)
{
    mfg_ascent ascent;
    mfg_status status = mfg_ascend(state, value, weight, grouper, keys, columns,
                                   n_rows, &ascent, control);
    walking of = {
        .ascent = &ascent,
        .n_turns = ascent.n_groups < TURNS ? ascent.n_groups : TURNS,
        .n_quantiles = n_quantiles,
        .numerators = numerators,
        .denominators = denominators,
        .lower = lower,
        .upper = upper,
    };

    if (status != MFG_OK) {
        return status;
    }
    status = mfg_take_turns(of.n_turns, mfg_workers(n_rows, control), walk_turn,
                            &of, control);
    mfg_ascent_free(&ascent);
    return status;
}
