/* The cells of contributions: how many there are, how much, and what the
 * largest give. */
#include "contributions.h"
#include "parallel.h"
#include "pass.h"

/* Integers of 53 + 49 bits that a sum of 128 bits holds. */
#define MOST_ADDED (1 << 23)

/* ---- exact sums of what stands together ---- */

static double
number_at(const uint64_t *words, int64_t i, int absolute)
{
    mfg_word word = {.uint64 = words[i]};

    return absolute ? fabs(word.float64) : word.float64;
}

static mfg_status
add_widely(const uint64_t *words, int64_t n, int absolute, double *sum,
           mfg_control *control)
{
    mfg_wide_sum wide;

    mfg_wide_clear(&wide);
    for (int64_t i = 0; i < n; i++) {
        mfg_wide_add_float(&wide, number_at(words, i, absolute));
        if (mfg_poll(control, i) != MFG_OK) {
            return MFG_INTERRUPTED;
        }
    }
    *sum = mfg_wide_round(&wide);
    return MFG_OK;
}

mfg_status
mfg_add_floats(const uint64_t *words, int64_t n, int absolute, int base,
               double *sum, mfg_control *control)
{
    mfg_int128 exact = 0;

    for (int64_t i = 0; i < n; i++) {
        int exponent;
        int64_t significand =
            mfg_split(number_at(words, i, absolute), &exponent);
        int shift = exponent - base;
        if (significand == 0) {
            continue;
        }
        if (shift < 0 || shift >= MFG_PLANE || n > MOST_ADDED) {
            return add_widely(words, n, absolute, sum, control);
        }
        exact += significand * ((mfg_int128)1 << shift);
    }
    *sum = mfg_exact_round(exact, base);
    return MFG_OK;
}

mfg_int128
mfg_add_integers(const uint64_t *words, int64_t n, int absolute, mfg_wide wide)
{
    mfg_int128 sum = 0;

    for (int64_t i = 0; i < n; i++) {
        mfg_int128 x = wide == MFG_AS_UINT64 ? (mfg_int128)words[i]
                                             : (mfg_int128)(int64_t)words[i];
        sum += absolute && x < 0 ? -x : x;
    }
    return sum;
}

/* ---- cells ---- */

typedef struct finishing {
    mfg_contributions *all;
    int64_t size;
    mfg_given given;
} finishing;

/* Takes out contributions of no value, and lists the largest sizes of the n
 * that stay. The bits of sizes sort as the sizes do, and so need no branch,
 * which half of the values of a small cell would take another way. */
static inline __attribute__((always_inline)) int64_t
list_largest(const mfg_contributions *all, int64_t start, int64_t stop,
             int64_t size, double *largest, double *least)
{
    uint64_t *words = all->words + start;
    uint64_t list[MFG_MOST_LARGEST];
    int64_t n = 0;

    for (int64_t place = 0; place < size; place++) {
        list[place] = 0;
    }
    for (int64_t i = start; i < stop; i++) {
        mfg_word word = {.uint64 = all->words[i]};
        if (all->marks[i] & 1) {
            continue;
        }
        words[n++] = word.uint64;
        word.float64 = mfg_as_double(word, all->wide);
        *least = word.float64 < *least ? word.float64 : *least;
        word.float64 = fabs(word.float64);
        for (int64_t place = 0; place < size; place++) {
            uint64_t other = list[place];
            list[place] = word.uint64 > other ? word.uint64 : other;
            word.uint64 ^= other ^ list[place];
        }
    }
    for (int64_t place = 0; place < size; place++) {
        largest[place] = ((mfg_word){.uint64 = list[place]}).float64;
    }
    return n;
}

/* Gives cell number `cell`, which has contributions start ... stop - 1; those
 * of no value are taken out. */
static mfg_status
finish_cell(const finishing *of, int64_t cell, int64_t start, int64_t stop,
            mfg_control *control)
{
    const mfg_contributions *all = of->all;
    const mfg_given *given = &of->given;
    uint64_t *words = all->words + start;
    double *largest = given->largest + cell * of->size;
    double least = INFINITY;
    double sums[2] = {0, 0}; /* of the contributions, and of their sizes */
    mfg_status status = MFG_OK;
    int64_t n = of->size == 2
                    ? list_largest(all, start, stop, 2, largest, &least)
                    : list_largest(all, start, stop, of->size, largest, &least);

    for (int absolute = 0; absolute < 2 && status == MFG_OK; absolute++) {
        if (absolute && least >= 0) {
            sums[1] = sums[0];
        }
        else if (all->wide == MFG_AS_FLOAT64) {
            status = mfg_add_floats(words, n, absolute, all->base,
                                    &sums[absolute], control);
        }
        else {
            sums[absolute] = mfg_exact_round(
                mfg_add_integers(words, n, absolute, all->wide), MFG_BIAS);
        }
    }
    given->counts[cell] = n;
    given->totals[cell] = sums[0];
    given->magnitudes[cell] = sums[1];
    given->least[cell] = least;
    return status;
}

/* The cells that begin in a part; the last one may end in a later part. */
static mfg_status
finish_part(void *context, int worker, int64_t p, mfg_control *control)
{
    const finishing *of = context;
    mfg_contributions *all = of->all;
    const mfg_run *run = &all->runs[p];
    int64_t start = run->start;
    mfg_status status = MFG_OK;

    (void)worker;
    while (all->closed_up && start > 0 && start < run[1].start &&
           mfg_cell_of(all, start) == mfg_cell_of(all, start - 1)) {
        start++;
    }
    for (int64_t cell = run->first_cell;
         cell < run[1].first_cell && status == MFG_OK; cell++) {
        int64_t stop = start + 1;
        while (stop < run->stop &&
               mfg_cell_of(all, stop) == mfg_cell_of(all, start)) {
            stop++;
        }
        mfg_ids_label(all->parts.packing, all->marks[start] >> 1, cell);
        status = finish_cell(of, cell, start, stop, control);
        if (status == MFG_OK) {
            status =
                mfg_poll_past(control, start - run->start, stop - run->start);
        }
        start = stop;
    }
    return status;
}

mfg_status
mfg_contributions_finish(mfg_contributions *all, const mfg_given *given,
                         mfg_control *control)
{
    finishing of = {.all = all, .size = all->size, .given = *given};
    mfg_status status;

    if (all->tally != NULL) {
        return mfg_tally_finish(all->tally, given, control);
    }
    status = mfg_take_turns(all->parts.n_parts, all->parts.n_workers,
                            finish_part, &of, control);

    if (status == MFG_OK) {
        mfg_grouper_settle(all->parts.packing, mfg_contributions_count(all), 0);
    }
    return status;
}
