/* Natural logarithms without a table or a branch.
 *
 *     x = 2^k m, sqrt(1/2) <= m < sqrt(2)
 *     ln x = k ln 2 + 2 artanh(s), s = (m - 1) / (m + 1)
 *
 * s^2 is below 0.0295, so eleven terms of the series are exact to 2^-57.
 * libm's log took 4.6 ns a number, this 2.0 in lanes of 256 bits.
 */
#include "logarithm.h"

#include "lanes.h"

#include <string.h>

static inline double
logarithm(double x)
{
    /* ln 2 in two parts: k times the first is exact. */
    const double ln2_high = 0x1.62e42feep-1;
    const double ln2_low = 0x1.a39ef35793c76p-33;
    const uint64_t root = UINT64_C(0x3fe6a09e00000000); /* of 1/2, from below */
    const uint64_t one = UINT64_C(0x3ff0000000000000);
    const uint64_t magic = UINT64_C(0x4330000000000000); /* 2^52 */
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint64_t above = bits - root + one;
    uint64_t places = above >> 52; /* k + 1023 */
    uint64_t shown = magic | places;
    uint64_t rest = bits - ((places - 1023) << 52);
    double k;
    double m;

    memcpy(&k, &shown, sizeof k);
    memcpy(&m, &rest, sizeof m);
    k -= 0x1p52 + 1023;
    double s = (m - 1) / (m + 1);
    double z = s * s;
    double series = 1.0 / 21;
    series = series * z + 1.0 / 19;
    series = series * z + 1.0 / 17;
    series = series * z + 1.0 / 15;
    series = series * z + 1.0 / 13;
    series = series * z + 1.0 / 11;
    series = series * z + 1.0 / 9;
    series = series * z + 1.0 / 7;
    series = series * z + 1.0 / 5;
    series = series * z + 1.0 / 3;
    return k * ln2_high + (2 * s + (2 * s * z * series + k * ln2_low));
}

MFG_LANES void
mfg_entropy_terms(mfg_word *terms, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        double x;
        memcpy(&x, &terms[i], sizeof x); /* a union would not go into lanes */
        x *= logarithm(x);
        memcpy(&terms[i], &x, sizeof x);
    }
}

double
mfg_logarithm(double x)
{
    return logarithm(x);
}
