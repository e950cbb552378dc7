/* Slow twins: what the core has to give, computed in ways that are plain. */
#ifndef TWINS_H
#define TWINS_H

#include "exact.h"
#include "mfg.h"

/* ---- numbers that look random and are the same in every run ---- */

uint64_t draw(uint64_t *seed);
/* 0 ... n - 1 */
int64_t draw_below(uint64_t *seed, int64_t n);
/* Any finite double: every exponent is as likely. */
double draw_finite(uint64_t *seed);
/* A double of biased exponent low ... high. */
double draw_exponent(uint64_t *seed, int low, int high);

/* ---- the exact sum of doubles, one digit a bit ---- */

#define TWIN_BITS 2400

/* Bit i weighs 2^(i - 1074); digits are not carried before the end. */
typedef struct twin_sum {
    int64_t bits[TWIN_BITS];
    int plus;  /* +inf was added */
    int minus; /* -inf was added */
} twin_sum;

void twin_clear(twin_sum *sum);
/* NaN is passed over. */
void twin_add(twin_sum *sum, double x);
/* Adds value * 2^(exponent - MFG_BIAS), exponent >= 1. */
void twin_add_scaled(twin_sum *sum, mfg_int128 value, int exponent);
/* The nearest double, ties to even; NaN of +inf and -inf. */
double twin_round(const twin_sum *sum);
/* The rounded sum of one value after another. */
double twin_of(int64_t n, const double *values);

/* ---- groups, by comparing each record with the first of every group ---- */

/* A key as it was meant, before it was laid out as a column. */
typedef struct truth {
    const int64_t *labels;
    const uint8_t *absent; /* NULL: none */
    int leaves_out;
} truth;

/* Codes in the order of first records; returns how many groups. firsts[g], if
 * not NULL, is the first record of group g. */
int64_t twin_codes(int n_keys, const truth *keys, int64_t n, int32_t *codes,
                   int64_t *firsts);
/* < 0, 0, > 0 as record a comes before, with, after b; absent labels last. */
int twin_compare(int n_keys, const truth *keys, int64_t a, int64_t b);

#endif
