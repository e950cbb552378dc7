/* Sums of numbers above 0, of their squares and of x ln x, by group and binade:
 * all moments of groups exactly, in one pass.
 *
 * A number is m 2^k, 1 <= m < 2. Within a binade, where k is the same, the
 * significands, their squares and m ln m are integers of one scale, so they add
 * up without rounding and without an order:
 *
 *     sum(x)      = sum over k of 2^k sum(m)
 *     sum(x^2)    = sum over k of 4^k sum(m^2)
 *     sum(x ln x) = sum over k of 2^k (sum(m ln m) + k ln 2 sum(m))
 *
 * It takes a line of the cache a group and binade: for groups that are not too
 * many, of numbers that are not too far apart.
 */
#ifndef MFG_BINADES_H
#define MFG_BINADES_H

#include "exact.h"
#include "pass.h"

/* Groups times binades: 4 MB. */
#define MFG_MOST_BINADES (1 << 16)

typedef uint64_t mfg_halves __attribute__((vector_size(32)));

/* What the numbers of a group in one binade come to. Significands, and m ln m
 * in units of 2^-51, have 53 bits at most: those above the lower MFG_HALF ones
 * are added up by themselves, so that a row adds one vector, which also counts
 * it, and the square. */
typedef struct mfg_binade {
    /* Of significands, higher and lower; of m ln m, higher and lower. From bit
     * MFG_COUNTED on the second is the number of rows since the last carry. */
    mfg_halves halves;
    mfg_uint128 squares; /* of significands, 106 bits each */
    uint64_t carried;    /* what squares had from bit MFG_KEPT on */
    int64_t counted;     /* the rows up to the last carry */
} mfg_binade;

#define MFG_HALF 25 /* 2^36 numbers of 28 bits fit 64 */
#define MFG_COUNTED 44
#define MFG_KEPT 80

static inline int64_t
mfg_binade_count(const mfg_binade *of)
{
    return of->counted + (int64_t)(of->halves[1] >> MFG_COUNTED);
}

static inline mfg_int128
mfg_binade_sum(const mfg_binade *of)
{
    uint64_t low = of->halves[1] & ((UINT64_C(1) << MFG_COUNTED) - 1);
    return ((mfg_int128)of->halves[0] << MFG_HALF) + low;
}

/* The sum of m ln m in units of 2^-51. */
static inline mfg_int128
mfg_binade_terms(const mfg_binade *of)
{
    return ((mfg_int128)of->halves[2] << MFG_HALF) + of->halves[3];
}

typedef struct mfg_binades {
    int least; /* biased exponents met: least ... least + width - 1 */
    int width; /* 0: none was met yet */
    int64_t n_groups;
    int64_t capacity;  /* groups that there is room for */
    mfg_binade *items; /* items[group * width + exponent - least] */
    int32_t uncarried; /* rows added since the last carry */
} mfg_binades;

/* The numbers above 0 of a block, and where they go. */
typedef struct mfg_placed {
    int32_t n;
    const mfg_word *values; /* float64: into the block, or `kept` */
    const int32_t *codes;
    uint32_t at[MFG_BLOCK];
    uint64_t significands[MFG_BLOCK];
    uint64_t terms[MFG_BLOCK];
    mfg_word kept[MFG_BLOCK];
    int32_t kept_codes[MFG_BLOCK];
} mfg_placed;

void mfg_binades_free(mfg_binades *binades);
/* Adds the rows of a block; a missing value, or 0, adds nothing, and is not
 * among those placed, which are left for who reads on. MFG_OVERFLOW:
 * there are too many binades, or a value is negative, infinite, below the
 * normal doubles, or an integer that need not be a double. Which of both is
 * returned in the end does not depend on the order of rows. */
mfg_status mfg_binades_add(mfg_binades *into, const mfg_visit *visit,
                           mfg_wide wide, mfg_placed *placed);
/* Adds the n groups of others to groups codes[0 ... n-1] of n_groups; the same
 * statuses. */
mfg_status mfg_binades_merge(mfg_binades *into, mfg_binades *from, int64_t n,
                             const int64_t *codes, int64_t n_groups);

/* How the numbers of a group lie. */
typedef struct mfg_moments {
    int64_t n;      /* the numbers above 0 */
    double total;   /* rounded once */
    double spread;  /* sum((x - mean)^2) / total^2; NaN where n is 0 */
    double entropy; /* of x / total, in nats; NaN where n is 0 */
} mfg_moments;

mfg_moments mfg_binades_moments(const mfg_binades *binades, int64_t group);

#endif
