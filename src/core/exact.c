/* Exact sums of doubles: strays, the wide sum, rounding once. */
#include "exact.h"

void
mfg_wide_clear(mfg_wide_sum *sum)
{
    memset(sum, 0, sizeof *sum);
    sum->first = MFG_WIDE_LIMBS;
}

void
mfg_wide_add(mfg_wide_sum *sum, mfg_int128 value, int exponent)
{
    unsigned position = (unsigned)(exponent - 1);
    int first = (int)(position / 32);
    int64_t *limb = sum->limbs + first;
    unsigned shift = position % 32;
    int negative = value < 0;
    mfg_uint128 size = negative ? -(mfg_uint128)value : (mfg_uint128)value;
    /* size << shift has 160 bits: what the shift pushes out is the fifth. */
    uint32_t fifth = shift ? (uint32_t)(size >> (128 - shift)) : 0;

    size <<= shift;
    for (int i = 0; i < 4; i++) {
        int64_t part = (uint32_t)(size >> (32 * i));
        limb[i] += negative ? -part : part;
    }
    limb[4] += negative ? -(int64_t)fifth : (int64_t)fifth;
    sum->first = first < sum->first ? first : sum->first;
    sum->stop = first + 5 > sum->stop ? first + 5 : sum->stop;
}

void
mfg_wide_add_float(mfg_wide_sum *sum, double x)
{
    int exponent;
    int64_t significand = mfg_split(x, &exponent);

    if (exponent == 2047) {
        sum->infinities |= x > 0 ? 1 : x < 0 ? 2 : 3;
    }
    else {
        mfg_wide_add(sum, significand, exponent);
    }
}

/* Carries so that all limbs but the last one in use lie in 0 ... 2^32 - 1;
 * returns that one, whose sign is the sign of the sum. */
static int64_t
carry_limbs(mfg_wide_sum *sum)
{
    int64_t *limbs = sum->limbs;
    int64_t carry = 0;

    sum->stop += sum->stop < MFG_WIDE_LIMBS; /* for what the others carry */
    int last = sum->stop - 1;
    for (int i = sum->first; i < last; i++) {
        int64_t limb = limbs[i] + carry;
        limbs[i] = limb & 0xffffffff;
        carry = limb >> 32;
    }
    limbs[last] += carry;
    return limbs[last];
}

void
mfg_wide_negate(mfg_wide_sum *sum)
{
    for (int i = sum->first; i < sum->stop; i++) {
        sum->limbs[i] = -sum->limbs[i];
    }
}

/* The top three limbs hold 65 bits or more (or all there is); what lies below
 * only decides whether a tie is one, so it is folded into the lowest bit. */
double
mfg_wide_round(mfg_wide_sum *sum)
{
    int64_t *limbs = sum->limbs;
    int top;
    int negative;
    mfg_int128 head = 0;
    double rounded;

    if (sum->infinities) {
        return sum->infinities == 3
                   ? NAN
                   : (sum->infinities == 1 ? INFINITY : -INFINITY);
    }
    negative = carry_limbs(sum) < 0;
    if (negative) {
        mfg_wide_negate(sum);
        carry_limbs(sum);
    }
    top = sum->stop < 3 ? 2 : sum->stop - 1;
    while (top > 2 && limbs[top] == 0) {
        top--;
    }
    for (int i = top; i >= top - 2; i--) {
        head = (head << 32) | limbs[i];
    }
    for (int i = top - 3; i >= sum->first; i--) {
        head |= limbs[i] != 0;
    }
    rounded = mfg_exact_round(head, 32 * (top - 2) + 1);
    return negative ? -rounded : rounded;
}

int
mfg_wide_compare(mfg_wide_sum *left, int64_t left_times, mfg_wide_sum *right,
                 int64_t right_times)
{
    mfg_wide_sum apart;
    int64_t last;

    carry_limbs(left);
    carry_limbs(right);
    mfg_wide_clear(&apart);
    apart.first = left->first < right->first ? left->first : right->first;
    apart.stop = left->stop > right->stop ? left->stop : right->stop;
    for (int i = apart.first; i < apart.stop; i++) {
        apart.limbs[i] =
            left->limbs[i] * left_times - right->limbs[i] * right_times;
    }
    last = carry_limbs(&apart);
    for (int i = apart.first; last == 0 && i < apart.stop; i++) {
        last = apart.limbs[i];
    }
    return (last > 0) - (last < 0);
}

/* ldexp of a whole number, which takes twice as long. */
static double
scaled(double whole, int exponent)
{
    mfg_word power = {.uint64 = (uint64_t)(exponent + 1023) << 52};

    return exponent >= -1022 && exponent <= 1023 ? whole * power.float64
                                                 : ldexp(whole, exponent);
}

/* The conversion rounds, once and to even; what it gives is a multiple of
 * 2^-1074 as well, so scaling is exact. */
double
mfg_exact_round(mfg_int128 value, int exponent)
{
    return scaled((double)value, exponent - MFG_BIAS);
}

void
mfg_strays_free(mfg_strays *strays)
{
    mfg_table_free(&strays->table);
    mfg_free(strays->items);
    *strays = (mfg_strays){0};
}

static mfg_status
stray_at(mfg_strays *strays, int32_t group, int plane, mfg_stray **item)
{
    uint64_t key = ((uint64_t)(uint32_t)group << 8) | (uint8_t)(plane + 128);
    uint64_t hash = mfg_mix(key);
    uint64_t at;
    int64_t index;

    if (mfg_table_reserve(&strays->table, NULL) != MFG_OK) {
        return MFG_NO_MEMORY;
    }
    at = mfg_table_start(&strays->table, hash);
    index = mfg_table_next(&strays->table, hash, &at);
    if (index < 0) {
        if (strays->count == strays->capacity) {
            int64_t capacity = 2 * strays->capacity + 8;
            mfg_stray *items =
                mfg_resize(strays->items, (size_t)capacity, sizeof *items);
            if (items == NULL) {
                return MFG_NO_MEMORY;
            }
            strays->items = items;
            strays->capacity = capacity;
        }
        index = strays->count++;
        strays->items[index] = (mfg_stray){.group = group, .plane = plane};
        mfg_table_put(&strays->table, hash, at, index);
    }
    *item = strays->items + index;
    return MFG_OK;
}

/* Adds value, at most 2^120 in size, to one plane; what has grown past 2^120
 * is carried up, so that no sum ever reaches 2^127. */
static mfg_status
add_to_plane(mfg_strays *strays, int32_t group, int plane, mfg_int128 value)
{
    const mfg_int128 limit = (mfg_int128)1 << 120;

    while (value != 0) {
        mfg_stray *item;
        if (stray_at(strays, group, plane, &item) != MFG_OK) {
            return MFG_NO_MEMORY;
        }
        item->sum += value;
        value = 0;
        if (item->sum > limit || item->sum < -limit) {
            value = item->sum >> MFG_PLANE;
            item->sum -= value * MFG_PLANE_UNITS;
            plane++;
        }
    }
    return MFG_OK;
}

mfg_status
mfg_strays_add(mfg_strays *strays, int32_t group, mfg_int128 value,
               int exponent, int base)
{
    /* Cut into 64 bits of its size, so that a shift of up to 49 stays below
     * 2^114, and a small negative value takes one plane as a positive one
     * does. */
    mfg_uint128 size = value < 0 ? -(mfg_uint128)value : (mfg_uint128)value;
    uint64_t parts[2] = {(uint64_t)size, (uint64_t)(size >> 64)};

    for (int i = 0; i < 2; i++, exponent += 64) {
        int plane = (exponent - base) / MFG_PLANE;
        plane -= exponent - base < plane * MFG_PLANE; /* floor */
        int shift = exponent - base - plane * MFG_PLANE;
        mfg_int128 part = (mfg_int128)parts[i] << shift;
        mfg_status status =
            add_to_plane(strays, group, plane, value < 0 ? -part : part);
        if (status != MFG_OK) {
            return status;
        }
    }
    return MFG_OK;
}

mfg_status
mfg_strays_add_infinity(mfg_strays *strays, int32_t group, int flags)
{
    mfg_stray *item;

    if (stray_at(strays, group, MFG_INFINITIES, &item) != MFG_OK) {
        return MFG_NO_MEMORY;
    }
    item->sum |= flags;
    return MFG_OK;
}

mfg_status
mfg_strays_move(mfg_strays *strays, const mfg_stray *item)
{
    if (item->plane == MFG_INFINITIES) {
        return mfg_strays_add_infinity(strays, item->group, (int)item->sum);
    }
    return add_to_plane(strays, item->group, item->plane, item->sum);
}

void
mfg_stray_into(const mfg_stray *item, int base, mfg_wide_sum *sum)
{
    int exponent = base + item->plane * MFG_PLANE;
    mfg_int128 value = item->sum;

    if (item->plane == MFG_INFINITIES) {
        sum->infinities |= (int)item->sum;
        return;
    }
    if (exponent < 1) {
        /* Values are multiples of 2^-1074, so the bits below are zeros. */
        value >>= 1 - exponent;
        exponent = 1;
    }
    mfg_wide_add(sum, value, exponent);
}

/* The highest value of the plane that holds most of them; of several planes, of
 * the highest. */
static int
highest_of_most(const int32_t *counts)
{
    int32_t held = 0;
    int32_t most = 0;
    int stop = 0;

    for (int last = 1; last < 2047; last++) {
        held += counts[last];
        held -= last > MFG_PLANE ? counts[last - MFG_PLANE] : 0;
        if (held >= most) {
            most = held;
            stop = last;
        }
    }
    while (stop > 1 && counts[stop] == 0) {
        stop--;
    }
    return stop;
}

int
mfg_exact_place(const mfg_word *values, int32_t n)
{
    int32_t counts[2048];
    int lowest = 2047;
    int highest = 0;
    int base;

    for (int32_t i = 0; i < n; i++) {
        int exponent;
        int64_t significand = mfg_split(values[i].float64, &exponent);
        if (exponent < 2047 && significand != 0) {
            lowest = exponent < lowest ? exponent : lowest;
            highest = exponent > highest ? exponent : highest;
        }
    }
    if (highest - lowest > MFG_PLANE - MFG_HEADROOM) {
        memset(counts, 0, sizeof counts);
        for (int32_t i = 0; i < n; i++) {
            int exponent;
            int64_t significand = mfg_split(values[i].float64, &exponent);
            counts[exponent] += exponent < 2047 && significand != 0;
        }
        highest = highest_of_most(counts);
    }
    if (highest == 0) {
        return 0;
    }
    base = highest + MFG_HEADROOM - MFG_PLANE + 1;
    base = base < 1 ? 1 : base;
    return base > MFG_HIGHEST_BASE ? MFG_HIGHEST_BASE : base;
}
