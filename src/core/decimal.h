/* Decimals: integers of 128 bits over a power of ten. */
#ifndef MFG_DECIMAL_H
#define MFG_DECIMAL_H

#include "exact.h"

/* The greatest scale, and the least below zero: 10^38 < 2^127. */
#define MFG_MOST_SCALE 38

/* The nearest double (ties to even) to value / 10^scale. */
double mfg_decimal_round(mfg_int128 value, int scale);

#endif
