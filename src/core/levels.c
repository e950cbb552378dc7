/* Sums of floats while rows are added: three levels of doubles.
 *
 * A value of the main plane is an integer of less than 102 bits. Adding
 * 1.5 * 2^(52 + 68) and taking it away again rounds that to a multiple of 2^68,
 * and what is left is exact; so is the next cut, at 2^34. A group adds up each
 * level by itself, exactly while a level is below 2^53 of its own units:
 *
 *     x = top * 2^68 + middle * 2^34 + least
 *
 * with |top| <= 2^34, |middle| and |least| <= 2^33. MFG_CARRY_ROWS of them
 * are below 2^52, and a level above LEVEL_LIMIT = 2^52 is carried before more
 * are added. With the number of rows beside them three levels are one vector:
 * a row costs one addition in memory. Measured, 70 groups, with least and
 * greatest values, one thread: 1.2 ns a row in lanes of 256 bits, against 2.2
 * for laying values out as 128-bit integers and adding those.
 */
#include "lanes.h"
#include "state.h"

#define MIDDLE_BITS 34
#define TOP_BITS 68
#define LEVEL_LIMIT 0x1p52

/* Groups whose cells no longer fit the second-level cache are asked for some
 * rows before they are used: 16,384 cells of 32 bytes are 512 KB. */
#define MANY_GROUPS 16384
#define AHEAD 16
/* Bytes between asking for a value and using it, where there are more groups
 * than that: what foretells reads begins anew with each page of a column, and
 * waits show where cells take much of the first-level cache. Measured, 10 M
 * rows, two threads: 11.8 ms for a dictionary of 3,000 names, against 13.2; for
 * 70 groups it would be 13.8, against 11.4. */
#define SEVERAL_GROUPS 512
#define VALUES_AHEAD 1024

typedef int64_t lane_bits __attribute__((vector_size(32)));

/* What cuts the values of a column. */
typedef struct cut {
    double to_top;
    double to_middle;
    double least; /* in size, of the values inside of the main plane */
    double limit; /* the first above it */
} cut;

static double
power(int exponent) /* biased: of units of the grid */
{
    return ldexp(1.0, exponent - MFG_BIAS);
}

static cut
cut_at(int base)
{
    return (cut){
        .to_top = 0x1.8p52 * power(base + TOP_BITS),
        .to_middle = 0x1.8p52 * power(base + MIDDLE_BITS),
        .least = base == 1 ? 0 : 0x1p52 * power(base), /* with subnormals */
        .limit = 0x1p52 * power(base + MFG_PLANE),
    };
}

static inline void
widen(mfg_ends *ends, double x)
{
    ends->low.float64 = x < ends->low.float64 ? x : ends->low.float64;
    ends->high.float64 = x > ends->high.float64 ? x : ends->high.float64;
}

/* Adds four rows, each a vector of levels; those of one group, as sorted
 * records have them, at once: else each would wait for the one before. */
static inline __attribute__((always_inline)) void
add_four(const mfg_cells *into, const int32_t *codes, const mfg_word *values,
         const mfg_lanes *rows)
{
    uint32_t n_groups = (uint32_t)into->n_groups;
    uint32_t first = (uint32_t)codes[0];

    if (codes[0] == codes[1] && codes[0] == codes[2] && codes[0] == codes[3] &&
        first < n_groups) {
        into->cells[first].levels += (rows[0] + rows[1]) + (rows[2] + rows[3]);
        for (int j = 0; j < 4 && into->ends != NULL; j++) {
            widen(&into->ends[first], values[j].float64);
        }
        return;
    }
    for (int j = 0; j < 4; j++) {
        uint32_t group = (uint32_t)codes[j];
        if (group < n_groups) {
            into->cells[group].levels += rows[j];
            if (into->ends != NULL) {
                widen(&into->ends[group], values[j].float64);
            }
        }
    }
}

/* Adds n rows, a multiple of four; what lies outside of the main plane, NaN and
 * inf among it, as 0. Returns whether there is such a value. */
static MFG_LANES int
add_rows(const mfg_cells *into, const cut *at, int32_t n, const int32_t *codes,
         const mfg_word *values)
{
    const lane_bits sign = {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN};
    const mfg_lanes ones = {1, 1, 1, 1};
    const cut by = *at;
    lane_bits outside = {0};
    size_t ahead = into->n_groups > SEVERAL_GROUPS ? VALUES_AHEAD : 0;
    int many = into->n_groups > MANY_GROUPS;

    for (int32_t i = 0; i < n; i += 4) {
        mfg_lanes x, rows[4];
        __builtin_prefetch((const void *)((uintptr_t)(values + i) + ahead));
        memcpy(&x, values + i, sizeof x);
        mfg_lanes size = (mfg_lanes)((lane_bits)x & ~sign);
        lane_bits inside = (size < by.limit) & (size >= by.least);
        outside |= (lane_bits)size & ~inside;
        x = (mfg_lanes)((lane_bits)x & inside);
        mfg_lanes top = (x + by.to_top) - by.to_top;
        x -= top;
        mfg_lanes middle = (x + by.to_middle) - by.to_middle;
        x -= middle;
        /* Turned: from four rows a level to a row's levels. */
        mfg_lanes even = MFG_PICK(top, middle, 0, 4, 2, 6);
        mfg_lanes odd = MFG_PICK(top, middle, 1, 5, 3, 7);
        mfg_lanes even_least = MFG_PICK(x, ones, 0, 4, 2, 6);
        mfg_lanes odd_least = MFG_PICK(x, ones, 1, 5, 3, 7);
        rows[0] = MFG_PICK(even, even_least, 0, 1, 4, 5);
        rows[1] = MFG_PICK(odd, odd_least, 0, 1, 4, 5);
        rows[2] = MFG_PICK(even, even_least, 2, 3, 6, 7);
        rows[3] = MFG_PICK(odd, odd_least, 2, 3, 6, 7);
        for (int j = 0; many && j < 4 && i + AHEAD < n; j++) {
            uint32_t soon = (uint32_t)codes[i + AHEAD + j];
            __builtin_prefetch(&into->cells[soon]);
            if (into->ends != NULL) {
                __builtin_prefetch(&into->ends[soon]);
            }
        }
        add_four(into, codes + i, values + i, rows);
    }
    return (outside[0] | outside[1] | outside[2] | outside[3]) != 0;
}

/* ---- open and settled ---- */

/* A unit of the grid, or what makes it 1, as the product of two powers of two:
 * the inverse of the smallest units is no double. */
typedef struct scale {
    double first;
    double second;
} scale;

static scale
scale_of(int exponent)
{
    return (scale){ldexp(1.0, exponent / 2),
                   ldexp(1.0, exponent - exponent / 2)};
}

static void
settle(mfg_cell *cell, scale to_units)
{
    mfg_lanes levels = cell->levels * to_units.first * to_units.second;
    mfg_int128 top = (int64_t)(levels[0] * 0x1p-68);
    mfg_int128 middle = (int64_t)(levels[1] * 0x1p-34);
    double rows = cell->levels[3];

    cell->sum = top * ((mfg_int128)1 << TOP_BITS) +
                middle * ((mfg_int128)1 << MIDDLE_BITS) + (int64_t)levels[2];
    cell->count = (int64_t)rows;
}

/* A sum below 2^101. */
static void
open_cell(mfg_cell *cell, scale from_units)
{
    const mfg_int128 mask = ((mfg_int128)1 << MIDDLE_BITS) - 1;
    mfg_int128 sum = cell->sum;
    double top = (double)(int64_t)(sum >> TOP_BITS) * 0x1p68;
    double middle = (double)(int64_t)(sum >> MIDDLE_BITS & mask) * 0x1p34;
    mfg_lanes levels = {top, middle, (double)(int64_t)(sum & mask), 0};

    levels = levels * from_units.first * from_units.second;
    levels[3] = (double)cell->count;
    cell->levels = levels;
}

/* Twice the exact sum of two numbers and what it lacks (Knuth): what is left of
 * three levels is nearly always none, and then the last addition rounds the
 * sum, once. */
int
mfg_levels_round(const mfg_cell *cell, double *sum)
{
    double top = cell->levels[0];
    double middle = cell->levels[1];
    double least = cell->levels[2];
    double high = top + middle;
    double part = high - top;
    double low = (top - (high - part)) + (middle - part);
    double rest = low + least;
    part = rest - low;
    double lost = (low - (rest - part)) + (least - part);

    *sum = high + rest;
    return lost == 0 && isfinite(*sum);
}

void
mfg_cells_settle(mfg_cells *cells)
{
    scale to_units = scale_of(MFG_BIAS - cells->base);

    for (int64_t g = 0; cells->is_open && g < cells->n_groups; g++) {
        settle(&cells->cells[g], to_units);
    }
    cells->is_open = 0;
    cells->uncarried = 0;
}

mfg_status
mfg_cells_carry(mfg_cells *cells, int64_t group)
{
    const mfg_int128 limit = (mfg_int128)1 << 100;
    mfg_int128 *sum = &cells->cells[group].sum;
    mfg_int128 high = *sum >> MFG_PLANE;

    if (*sum <= limit && *sum >= -limit) {
        return MFG_OK;
    }
    *sum -= high * MFG_PLANE_UNITS;
    return mfg_strays_add(&cells->strays, (int32_t)group, high,
                          cells->base + MFG_PLANE, cells->base);
}

static mfg_status
open_cells(mfg_cells *cells)
{
    scale from_units = scale_of(cells->base - MFG_BIAS);
    mfg_status status = MFG_OK;

    for (int64_t g = 0; g < cells->n_groups && status == MFG_OK; g++) {
        if (cells->cells[g].count > 0) {
            status = mfg_cells_carry(cells, g);
            open_cell(&cells->cells[g], from_units);
        }
    }
    cells->is_open = 1;
    return status;
}

/* Makes room in the levels of every group for MFG_CARRY_ROWS rows. */
static mfg_status
carry_levels(mfg_cells *cells)
{
    scale to_units = scale_of(MFG_BIAS - cells->base);
    scale from_units = scale_of(cells->base - MFG_BIAS);
    double unit = from_units.first * from_units.second;
    double limits[3] = {LEVEL_LIMIT * 0x1p68 * unit,
                        LEVEL_LIMIT * 0x1p34 * unit, LEVEL_LIMIT * unit};
    mfg_status status = MFG_OK;

    for (int64_t g = 0; g < cells->n_groups && status == MFG_OK; g++) {
        mfg_lanes levels = cells->cells[g].levels;
        if (fabs(levels[0]) > limits[0] || fabs(levels[1]) > limits[1] ||
            fabs(levels[2]) > limits[2]) {
            settle(&cells->cells[g], to_units);
            status = mfg_cells_carry(cells, g);
            open_cell(&cells->cells[g], from_units);
        }
    }
    cells->uncarried = 0;
    return status;
}

/* ---- rows ---- */

/* The rows of a block outside of the main plane: NaN, infinite, or of another
 * magnitude. */
static __attribute__((noinline)) mfg_status
add_strays(mfg_cells *cells, int32_t n, const int32_t *codes,
           const mfg_word *values)
{
    mfg_status status = MFG_OK;

    for (int32_t i = 0; i < n && status == MFG_OK; i++) {
        double x = values[i].float64;
        int exponent;
        int64_t significand = mfg_split(x, &exponent);
        unsigned shift = (unsigned)(exponent - cells->base);
        if (shift < MFG_PLANE || significand == 0 ||
            (uint32_t)codes[i] >= (uint32_t)cells->n_groups) {
            continue;
        }
        if (x != x) {
            cells->cells[codes[i]].levels[3] -= 1;
            status = mfg_cells_miss(cells, codes[i], 1);
        }
        else if (exponent == 2047) {
            status = mfg_strays_add_infinity(&cells->strays, codes[i],
                                             x > 0 ? 1 : 2);
        }
        else {
            status = mfg_strays_add(&cells->strays, codes[i], significand,
                                    exponent, cells->base);
        }
    }
    return status;
}

mfg_status
mfg_cells_add_floats(mfg_cells *cells, int32_t n, const int32_t *codes,
                     const mfg_word *values)
{
    int32_t fours = n / 4 * 4;
    int32_t last_codes[4] = {-1, -1, -1, -1};
    mfg_word last[4] = {{0}};
    cut at = cut_at(cells->base);
    mfg_status status = MFG_OK;

    if (!cells->is_open) {
        status = open_cells(cells);
    }
    else if (cells->uncarried > MFG_CARRY_ROWS - n) {
        status = carry_levels(cells);
    }
    if (status != MFG_OK) {
        return status;
    }
    cells->uncarried += n;
    for (int32_t i = fours; i < n; i++) {
        last_codes[i - fours] = codes[i];
        last[i - fours] = values[i];
    }
    int any_stray = add_rows(cells, &at, fours, codes, values);
    any_stray |= n > fours && add_rows(cells, &at, 4, last_codes, last);
    return any_stray ? add_strays(cells, n, codes, values) : MFG_OK;
}
