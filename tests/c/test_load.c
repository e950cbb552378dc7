/* Loaders: every kind, stride, byte order, alignment and way to be missing. */
#include "check.h"
#include "columns.h"
#include "decimal.h"
#include "mfg.h"
#include "suites.h"
#include "twins.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define N 300

static const int steps[] = {1, 2, 3, -1, -2, 0};

/* A number that every kind but bool holds; negative where it can be. */
static int64_t
number_of(mfg_kind kind, int64_t i)
{
    int64_t number = (i * 37) % 101;

    switch (kind) {
    case MFG_BOOL:
        return number % 2;
    case MFG_UINT8:
    case MFG_UINT16:
    case MFG_UINT32:
    case MFG_UINT64:
        return number;
    default:
        return i % 2 ? -number : number;
    }
}

static void
check_row(const mfg_block *block, int32_t i, mfg_wide wide, int64_t number,
          int missing)
{
    if (wide == MFG_AS_FLOAT64) {
        CHECK(block->missing == NULL);
        EQUAL(missing, isnan(block->values[i].float64) != 0);
        if (!missing) {
            SAME((double)number, block->values[i].float64);
        }
        return;
    }
    EQUAL(missing, block->missing != NULL && block->missing[i]);
    if (!missing) {
        EQUAL(number, block->values[i].int64);
    }
}

static void
check_layout(mfg_kind kind, layout how, const uint8_t *absent)
{
    int64_t numbers[N];
    mfg_block block;
    laid_column made;

    for (int64_t i = 0; i < N; i++) {
        numbers[i] = number_of(kind, how.step == 0 ? 0 : i);
    }
    made = lay(kind, N, numbers, absent, how);
    for (int64_t start = 0; start < N; start += 128) {
        int32_t n = (int32_t)(N - start < 128 ? N - start : 128);
        mfg_load(&made.column, start, n, &block);
        for (int32_t i = 0; i < n; i++) {
            int missing = absent != NULL && absent[start + i];
            check_row(&block, i, mfg_widened(kind), numbers[start + i],
                      missing);
        }
    }
    unlay(&made);
}

/* Whatever kind, stride, byte order, alignment and mask, the same numbers come
 * into the block. */
static void
test_load_gives_the_numbers_of_every_layout(void)
{
    uint8_t some[N];
    uint8_t all[N];
    uint8_t none[N] = {0};

    for (int i = 0; i < N; i++) {
        some[i] = i % 7 == 3;
        all[i] = 1;
    }
    for (int kind = MFG_BOOL; kind < N_KINDS; kind++) {
        for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
            for (int bits = 0; bits < 8; bits++) {
                layout how = {
                    .step = steps[s],
                    .swapped = bits & 1,
                    .offset = bits & 2 ? 1 : 0,
                    .masked = bits & 4 ? 1 : 0,
                };
                check_layout((mfg_kind)kind, how, NULL);
                check_layout((mfg_kind)kind, how, none);
                check_layout((mfg_kind)kind, how, all);
                if (how.step != 0) {
                    check_layout((mfg_kind)kind, how, some);
                }
            }
        }
    }
}

/* Each kind is widened to the kind of block that holds all of its values. */
static void
test_load_widens_by_kind(void)
{
    for (int kind = MFG_BOOL; kind <= MFG_UINT32; kind++) {
        EQUAL(MFG_AS_INT64, mfg_widened((mfg_kind)kind));
    }
    EQUAL(MFG_AS_UINT64, mfg_widened(MFG_UINT64));
    EQUAL(MFG_AS_FLOAT64, mfg_widened(MFG_FLOAT16));
    EQUAL(MFG_AS_FLOAT64, mfg_widened(MFG_FLOAT32));
    EQUAL(MFG_AS_FLOAT64, mfg_widened(MFG_FLOAT64));
    EQUAL(MFG_AS_INT64, mfg_widened(MFG_DATE));
    EQUAL(MFG_AS_TEXT, mfg_widened(MFG_UCS4));
    EQUAL(MFG_AS_TEXT, mfg_widened(MFG_STRING));
}

/* The ends of every integer kind arrive unharmed. */
static void
test_load_keeps_the_ends_of_integers(void)
{
    static const struct {
        mfg_kind kind;
        int64_t least;
        int64_t greatest;
    } kinds[] = {
        {MFG_INT8, INT8_MIN, INT8_MAX},
        {MFG_INT16, INT16_MIN, INT16_MAX},
        {MFG_INT32, INT32_MIN, INT32_MAX},
        {MFG_INT64, INT64_MIN, INT64_MAX},
        {MFG_UINT8, 0, UINT8_MAX},
        {MFG_UINT16, 0, UINT16_MAX},
        {MFG_UINT32, 0, UINT32_MAX},
        {MFG_UINT64, 0, -1},
        {MFG_DATE, INT64_MIN + 1, INT64_MAX},
    };
    mfg_block block;

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (int swapped = 0; swapped < 2; swapped++) {
            int64_t ends[2] = {kinds[k].least, kinds[k].greatest};
            laid_column made = lay(kinds[k].kind, 2, ends, NULL,
                                   (layout){.step = 1, .swapped = swapped});
            mfg_load(&made.column, 0, 2, &block);
            CHECK(block.missing == NULL);
            CHECK(block.values[0].int64 == kinds[k].least);
            CHECK(block.values[1].int64 == kinds[k].greatest);
            unlay(&made);
        }
    }
}

/* Any nonzero byte of a bool is 1. */
static void
test_load_takes_any_byte_as_true(void)
{
    const char bytes[4] = {0, 1, 2, -1};
    mfg_column column = dense(MFG_BOOL, bytes);
    mfg_block block;

    mfg_load(&column, 0, 4, &block);
    for (int i = 0; i < 4; i++) {
        EQUAL(i > 0, block.values[i].int64);
    }
}

/* All 65,536 patterns of a half float widen to the number they stand for. */
static void
test_load_widens_every_half_float(void)
{
    mfg_block block;

    for (int bits = 0; bits < 65536; bits++) {
        uint16_t half = (uint16_t)bits;
        mfg_column column = dense(MFG_FLOAT16, &half);
        double size = (bits & 1023) / 1024.0 + ((bits & 0x7c00) != 0);
        int power = ((bits & 0x7c00) ? (bits >> 10) & 31 : 1) - 15;
        for (; power > 0; power--) {
            size *= 2;
        }
        for (; power < 0; power++) {
            size /= 2;
        }
        mfg_load(&column, 0, 1, &block);
        if ((bits & 0x7c00) != 0x7c00) {
            SAME(bits & 0x8000 ? -size : size, block.values[0].float64);
        }
        else if (bits & 1023) {
            CHECK(isnan(block.values[0].float64));
        }
        else {
            SAME(bits & 0x8000 ? -INFINITY : INFINITY, block.values[0].float64);
        }
    }
}

/* Floats that are not numbers, and signs of zeros, pass as they are. */
static void
test_load_keeps_special_floats(void)
{
    const double doubles[5] = {-0.0, INFINITY, -INFINITY, 5e-324, NAN};
    const float floats[5] = {-0.0f, INFINITY, -INFINITY, 1e-45f, NAN};
    mfg_column wide = dense(MFG_FLOAT64, doubles);
    mfg_column narrow = dense(MFG_FLOAT32, floats);
    mfg_block block;

    mfg_load(&wide, 0, 5, &block);
    CHECK((const void *)block.values == (const void *)doubles);
    for (int i = 0; i < 4; i++) {
        SAME(doubles[i], block.values[i].float64);
    }
    CHECK(isnan(block.values[4].float64));
    mfg_load(&narrow, 0, 5, &block);
    for (int i = 0; i < 4; i++) {
        SAME((double)floats[i], block.values[i].float64);
    }
    CHECK(isnan(block.values[4].float64));
}

/* A negative code is a missing one where the column says so. */
static void
test_load_takes_negative_codes_as_missing(void)
{
    const int8_t codes[4] = {0, -1, 127, -128};
    mfg_column column = dense(MFG_INT8, codes);
    mfg_block block;

    mfg_load(&column, 0, 4, &block);
    CHECK(block.missing == NULL);
    column.negative_missing = 1;
    mfg_load(&column, 0, 1, &block);
    CHECK(block.missing == NULL);
    mfg_load(&column, 0, 4, &block);
    for (int i = 0; i < 4; i++) {
        EQUAL(i % 2, block.missing[i]);
    }
}

/* A date that is NaT is missing also in a column that has a mask. */
static void
test_load_finds_nat_beside_a_mask(void)
{
    const int64_t dates[3] = {7, INT64_MIN, 9};
    const char mask[3] = {0, 0, 1};
    mfg_column column = dense(MFG_DATE, dates);
    mfg_block block;

    column.mask = mask;
    column.mask_stride = 1;
    mfg_load(&column, 0, 3, &block);
    EQUAL(0, block.missing[0]);
    EQUAL(1, block.missing[1]);
    EQUAL(1, block.missing[2]);
}

/* value * 10^-scale by way of its digits: strtod rounds once. */
static double
read_decimal(mfg_int128 value, int scale)
{
    mfg_uint128 size = value < 0 ? -(mfg_uint128)value : (mfg_uint128)value;
    char text[64];
    char *digit = text + 48;

    snprintf(digit, 16, "e%d", -scale);
    do {
        *--digit = (char)('0' + (int)(size % 10));
        size /= 10;
    } while (size != 0);
    return value < 0 ? -strtod(digit, NULL) : strtod(digit, NULL);
}

/* Decimals of any size and scale are read as their nearest doubles. */
static void
test_load_rounds_decimals_once(void)
{
    const uint8_t valid[] = {0xfd};
    uint64_t seed = 7;

    for (int scale = -MFG_MOST_SCALE; scale <= MFG_MOST_SCALE; scale++) {
        for (int shift = 0; shift < 128; shift++) {
            mfg_int128 values[8];
            mfg_block block;
            mfg_column column = {.data = (const char *)values,
                                 .stride = sizeof *values,
                                 .valid = valid,
                                 .kind = MFG_DECIMAL,
                                 .scale = scale};
            for (int i = 0; i < 5; i++) {
                mfg_uint128 high = mfg_mix(seed++);
                mfg_uint128 bits = (high << 64) | mfg_mix(seed++);
                values[i] = (mfg_int128)bits >> shift;
            }
            /* Halfway between two doubles at scale 0, and beside it. */
            for (int i = 5; i < 8; i++) {
                mfg_uint128 odd = (UINT64_C(1) << 53) | 1;
                values[i] = (mfg_int128)(odd << (shift % 73)) + i - 6;
            }
            values[7] =
                shift == 0 ? (mfg_int128)((mfg_uint128)1 << 127) : values[7];
            mfg_load(&column, 0, 8, &block);
            CHECK(isnan(block.values[1].float64));
            for (int i = 0; i < 8; i++) {
                if (i != 1) {
                    SAME(read_decimal(values[i], scale),
                         block.values[i].float64);
                }
            }
        }
    }
}

void
suite_load(void)
{
    RUN(test_load_gives_the_numbers_of_every_layout);
    RUN(test_load_widens_by_kind);
    RUN(test_load_keeps_the_ends_of_integers);
    RUN(test_load_takes_any_byte_as_true);
    RUN(test_load_widens_every_half_float);
    RUN(test_load_keeps_special_floats);
    RUN(test_load_takes_negative_codes_as_missing);
    RUN(test_load_finds_nat_beside_a_mask);
    RUN(test_load_rounds_decimals_once);
}
