/* Decimals as their nearest doubles. */
#include "decimal.h"

/* The powers of ten that are doubles: 5^22 < 2^53 < 5^23. */
static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
#define MOST_TENS 22

static mfg_uint128
power(unsigned base, int exponent)
{
    mfg_uint128 product = 1;

    for (int i = 0; i < exponent; i++) {
        product *= base;
    }
    return product;
}

/* Long division in digits of `room` bits, until the quotient has 56 bits or
 * more: 53, one to round by, and a last one that says whether a rest is left.
 */
static double
divided(mfg_uint128 size, int scale)
{
    mfg_uint128 divisor = power(10, scale);
    uint64_t high = (uint64_t)(divisor >> 64);
    int room = high ? __builtin_clzll(high) : 64; /* rest << room fits */
    int exponent = MFG_BIAS;
    mfg_uint128 quotient = size / divisor;
    mfg_uint128 rest = size % divisor;

    while (rest != 0 && quotient >> 55 == 0) {
        rest <<= room;
        quotient = (quotient << room) | (rest / divisor);
        rest %= divisor;
        exponent -= room;
    }
    /* Below 2^127, but for the least integer over 1: that is its own size. */
    if (quotient >> 127) {
        return 0x1p127;
    }
    return mfg_exact_round((mfg_int128)(quotient | (rest != 0)), exponent);
}

/* A limb of 32 bits times 5^38 has 121 bits. */
static double
multiplied(mfg_uint128 size, int scale)
{
    mfg_int128 fives = (mfg_int128)power(5, scale);
    mfg_wide_sum sum;

    mfg_wide_clear(&sum);
    for (int i = 0; i < 4; i++) {
        mfg_int128 limb = (uint32_t)(size >> (32 * i));
        mfg_wide_add(&sum, limb * fives, MFG_BIAS + scale + 32 * i);
    }
    return mfg_wide_round(&sum);
}

static __attribute__((noinline)) double
long_round(mfg_int128 value, int scale)
{
    mfg_uint128 size = value < 0 ? -(mfg_uint128)value : (mfg_uint128)value;
    double rounded =
        scale < 0 ? multiplied(size, -scale) : divided(size, scale);

    return value < 0 ? -rounded : rounded;
}

double
mfg_decimal_round(mfg_int128 value, int scale)
{
    const mfg_int128 limit = (mfg_int128)1 << 53;

    /* Of two numbers that are doubles the processor rounds once. */
    if (value >= -limit && value <= limit && scale <= MOST_TENS &&
        scale >= -MOST_TENS) {
        double whole = (double)(int64_t)value;
        return scale < 0 ? whole * tens[-scale] : whole / tens[scale];
    }
    return long_round(value, scale);
}
