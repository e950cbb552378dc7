/* What sums by binade say of a group: all sums of integers are exact, and each
 * result is rounded from them once or twice.
 *
 *     spread  = (n sum(x^2) - sum(x)^2) / (n sum(x)^2)
 *     entropy = ln(sum(x)) - sum(x ln x) / sum(x), in units of the top binade
 */
#include "binades.h"
#include "logarithm.h"

/* Places of squares in a wide sum: the highest limb of sum(x)^2 begins at this
 * bit, so that what lies 850 binades below the greatest number is left out. */
#define TOP_OF_SQUARES 1800
/* The exponent of the top binade in the sums of x ln x. */
#define TOP_OF_TERMS 1500

/* A positive sum by its four highest limbs: 97 bits of it, or all. */
typedef struct head {
    uint64_t limbs[4];
    int top;     /* limb 3 is number `top` of the wide sum */
    double size; /* of the limbs as one integer */
} head;

static head
head_of(const mfg_wide_sum *sum)
{
    head of = {.top = sum->stop > 3 ? sum->stop - 1 : 3};
    mfg_uint128 size = 0;

    while (of.top > 3 && sum->limbs[of.top] == 0) {
        of.top--;
    }
    for (int i = 3; i >= 0; i--) {
        of.limbs[i] = (uint64_t)sum->limbs[of.top - 3 + i];
        size = size << 32 | of.limbs[i];
    }
    of.size = (double)size;
    return of;
}

/* sum += value * times * 2^place bits; value of 64 bits, times of 37. */
static void
add_product(mfg_wide_sum *sum, uint64_t value, int64_t times, int place)
{
    mfg_uint128 product = (mfg_uint128)value * (uint64_t)times;

    if (place >= 0) {
        mfg_wide_add(sum, (mfg_int128)product, place + 1);
    }
}

/* Whether a binade has a number. Those above a group's own, which other groups
 * have, may lie beyond a wide sum. */
static int
is_met(const mfg_binade *item)
{
    return mfg_binade_count(item) > 0;
}

/* n sum(x^2) - sum(x)^2 over sum(x)^2. Of the latter only the head is known
 * where numbers are a factor of 2^11 apart or more; then the difference is at
 * least 2^-38 of it, and what the tail leaves in doubt 2^-96. */
static double
variation(const mfg_binade *items, const mfg_binades *of, int64_t n,
          const head *total)
{
    mfg_wide_sum sum;
    int above = TOP_OF_SQUARES - 64 * total->top;

    mfg_wide_clear(&sum);
    for (int k = 0; k < of->width; k++) {
        const mfg_binade *item = &items[k];
        int place = 2 * (of->least + k - 1) + above;
        if (!is_met(item)) {
            continue;
        }
        add_product(&sum, (uint64_t)item->squares, n, place);
        add_product(&sum, (uint64_t)(item->squares >> 64), n, place + 64);
        add_product(&sum, item->carried, n, place + MFG_KEPT);
    }
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            mfg_int128 product =
                (mfg_int128)total->limbs[i] * (mfg_int128)total->limbs[j];
            mfg_wide_add(&sum, -product,
                         TOP_OF_SQUARES - 192 + 32 * (i + j) + 1);
        }
    }
    double difference =
        ldexp(mfg_wide_round(&sum), 1074 - TOP_OF_SQUARES + 192);
    return difference / total->size / total->size;
}

/* sum(x ln x) over 2^top, less what it is for the sum alone: x in units of
 * 2^top. */
static double
sum_of_terms(const mfg_binade *items, const mfg_binades *of, int top)
{
    const double ln2 = 0x1.62e42fefa39efp-1;
    mfg_wide_sum binades;
    mfg_wide_sum terms;

    mfg_wide_clear(&binades);
    mfg_wide_clear(&terms);
    for (int k = 0; k < of->width; k++) {
        int below = of->least + k - top;
        mfg_int128 sum = mfg_binade_sum(&items[k]);
        if (!is_met(&items[k]) || below + TOP_OF_TERMS < 1) {
            continue;
        }
        mfg_wide_add(&binades, below * sum, below + TOP_OF_TERMS);
        mfg_wide_add(&terms, mfg_binade_terms(&items[k]),
                     below + TOP_OF_TERMS + 1);
    }
    return ldexp(ln2 * mfg_wide_round(&binades) + mfg_wide_round(&terms),
                 MFG_BIAS - 52 - TOP_OF_TERMS);
}

mfg_moments
mfg_binades_moments(const mfg_binades *of, int64_t group)
{
    mfg_moments found = {.spread = NAN, .entropy = NAN};
    mfg_wide_sum sum;
    int top = 0;

    mfg_wide_clear(&sum);
    if (group >= of->n_groups || of->width == 0) {
        return found;
    }
    const mfg_binade *items = &of->items[group * of->width];
    for (int k = 0; k < of->width; k++) {
        if (is_met(&items[k])) {
            top = of->least + k;
            found.n += mfg_binade_count(&items[k]);
            mfg_wide_add(&sum, mfg_binade_sum(&items[k]), top);
        }
    }
    found.total = mfg_wide_round(&sum);
    if (found.n == 0) {
        return found;
    }
    head total = head_of(&sum);
    /* the sum in units of 2^top */
    double size =
        ldexp(total.size, 32 * (total.top - 3) - 1074 + MFG_BIAS - 52 - top);
    double terms = sum_of_terms(items, of, top);
    found.spread = variation(items, of, found.n, &total) / (double)found.n;
    found.entropy = mfg_logarithm(size) - terms / size;
    return found;
}
