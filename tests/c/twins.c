/* Slow twins: what the core has to give, computed in ways that are plain. */
#include "twins.h"

#include <math.h>

/* splitmix64 (Steele, Lea, Flood 2014) */
uint64_t
draw(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t
draw_below(uint64_t *seed, int64_t n)
{
    return (int64_t)((draw(seed) >> 1) % (uint64_t)n);
}

double
draw_exponent(uint64_t *seed, int low, int high)
{
    uint64_t bits = draw(seed) & ~(UINT64_C(0x7ff) << 52);
    double x;

    bits |= (uint64_t)(low + draw_below(seed, high - low + 1)) << 52;
    memcpy(&x, &bits, sizeof x);
    return x;
}

double
draw_finite(uint64_t *seed)
{
    return draw_exponent(seed, 0, 2046);
}

/* ---- the exact sum ---- */

void
twin_clear(twin_sum *sum)
{
    memset(sum, 0, sizeof *sum);
}

void
twin_add_scaled(twin_sum *sum, mfg_int128 value, int exponent)
{
    mfg_uint128 size = value < 0 ? -(mfg_uint128)value : (mfg_uint128)value;

    for (int i = 0; i < 128; i++) {
        int bit = (int)(size >> i) & 1;
        if (bit) {
            sum->bits[exponent - 1 + i] += value < 0 ? -1 : 1;
        }
    }
}

void
twin_add(twin_sum *sum, double x)
{
    int exponent;
    double fraction;

    if (isnan(x)) {
        return;
    }
    if (isinf(x)) {
        *(x > 0 ? &sum->plus : &sum->minus) = 1;
        return;
    }
    fraction = frexp(x, &exponent);
    /* x = (fraction * 2^53) * 2^(exponent - 53), an integer times a power; a
     * subnormal one is an integer times 2^-1074. */
    if (exponent < -1021) {
        fraction = ldexp(fraction, exponent + 1021);
        exponent = -1021;
    }
    twin_add_scaled(sum, (int64_t)ldexp(fraction, 53),
                    exponent - 53 + MFG_BIAS);
}

/* Leaves 0 or 1 in every digit; returns what is carried out at the top, which
 * is negative where the number is. */
static int64_t
carry_bits(int64_t *bits)
{
    int64_t carry = 0;

    for (int i = 0; i < TWIN_BITS; i++) {
        int64_t digit = bits[i] + carry;
        bits[i] = digit & 1;
        carry = (digit - bits[i]) / 2;
    }
    return carry;
}

/* The bits of a double are assembled by hand, so that nothing rounds but the
 * lines that say so. */
static double
assemble(const int64_t *bits, int top, int negative)
{
    int lowest = top > 52 ? top - 52 : 0;
    uint64_t significand = 0;
    uint64_t raw;
    int below = 0;
    double x;

    for (int i = top; i >= lowest; i--) {
        significand = 2 * significand + (uint64_t)bits[i];
    }
    raw = significand; /* right where the number is below 2^(53 - 1074) */
    if (lowest > 0) {
        for (int i = 0; i < lowest - 1; i++) {
            below |= (int)bits[i];
        }
        if (bits[lowest - 1] && (below || (significand & 1))) {
            significand++;
        }
        if (significand == UINT64_C(1) << 53) {
            significand /= 2;
            lowest++;
        }
        raw = (uint64_t)(lowest + 1) << 52 |
              (significand & ((UINT64_C(1) << 52) - 1));
        if (lowest + 1 > 2046) {
            raw = UINT64_C(2047) << 52;
        }
    }
    memcpy(&x, &raw, sizeof x);
    return negative ? -x : x;
}

double
twin_round(const twin_sum *sum)
{
    twin_sum carried = *sum;
    int top = TWIN_BITS - 1;
    int negative;

    if (sum->plus && sum->minus) {
        return NAN;
    }
    if (sum->plus || sum->minus) {
        return sum->plus ? INFINITY : -INFINITY;
    }
    negative = carry_bits(carried.bits) < 0;
    if (negative) {
        for (int i = 0; i < TWIN_BITS; i++) {
            carried.bits[i] = -sum->bits[i];
        }
        carry_bits(carried.bits);
    }
    while (top >= 0 && carried.bits[top] == 0) {
        top--;
    }
    return top < 0 ? 0.0 : assemble(carried.bits, top, negative);
}

double
twin_of(int64_t n, const double *values)
{
    twin_sum sum;

    twin_clear(&sum);
    for (int64_t i = 0; i < n; i++) {
        twin_add(&sum, values[i]);
    }
    return twin_round(&sum);
}

/* ---- groups ---- */

static int
is_absent(const truth *key, int64_t i)
{
    return key->absent != NULL && key->absent[i];
}

int
twin_compare(int n_keys, const truth *keys, int64_t a, int64_t b)
{
    for (int k = 0; k < n_keys; k++) {
        int64_t left = keys[k].labels[a];
        int64_t right = keys[k].labels[b];
        int missing = is_absent(&keys[k], a) - is_absent(&keys[k], b);
        if (missing != 0) {
            return missing;
        }
        if (!is_absent(&keys[k], a) && left != right) {
            return left < right ? -1 : 1;
        }
    }
    return 0;
}

int64_t
twin_codes(int n_keys, const truth *keys, int64_t n, int32_t *codes,
           int64_t *firsts)
{
    int64_t *heads = mfg_alloc((size_t)n, sizeof *heads);
    int64_t n_groups = 0;

    for (int64_t i = 0; i < n; i++) {
        int64_t group = 0;
        int dropped = 0;
        for (int k = 0; k < n_keys; k++) {
            dropped |= keys[k].leaves_out && is_absent(&keys[k], i);
        }
        while (group < n_groups &&
               twin_compare(n_keys, keys, heads[group], i) != 0) {
            group++;
        }
        codes[i] = dropped ? -1 : (int32_t)group;
        if (!dropped && group == n_groups) {
            heads[n_groups++] = i;
        }
    }
    for (int64_t g = 0; firsts != NULL && g < n_groups; g++) {
        firsts[g] = heads[g];
    }
    mfg_free(heads);
    return n_groups;
}
