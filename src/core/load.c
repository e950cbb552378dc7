/* Columns of any dtype, stride, byte order and mask, brought into blocks.
 * Dtypes end here: every kernel sees float64, int64 or uint64. */
#include "mfg.h"

#include <string.h>

static void
swap_bytes(void *value, size_t size)
{
    unsigned char *byte = value;

    for (size_t i = 0; i < size / 2; i++) {
        unsigned char kept = byte[i];
        byte[i] = byte[size - 1 - i];
        byte[size - 1 - i] = kept;
    }
}

#define VALUE int8_t
#define FIELD int64
#define LOADER load_int8
#include "load_template.h"
#define VALUE int16_t
#define FIELD int64
#define LOADER load_int16
#include "load_template.h"
#define VALUE int32_t
#define FIELD int64
#define LOADER load_int32
#include "load_template.h"
#define VALUE int64_t
#define FIELD int64
#define LOADER load_int64
#include "load_template.h"
#define VALUE uint8_t
#define FIELD int64
#define LOADER load_uint8
#include "load_template.h"
#define VALUE uint16_t
#define FIELD int64
#define LOADER load_uint16
#include "load_template.h"
#define VALUE uint32_t
#define FIELD int64
#define LOADER load_uint32
#include "load_template.h"
#define VALUE float
#define FIELD float64
#define LOADER load_float32
#include "load_template.h"
#define VALUE double
#define FIELD float64
#define LOADER load_float64
#include "load_template.h"

/* IEEE binary16: 1 sign bit, 5 of exponent (bias 15), 10 of significand. */
static double
widen_half(uint16_t bits)
{
    int exponent = (bits >> 10) & 0x1f;
    int significand = bits & 0x3ff;
    double size;

    if (exponent == 0x1f) {
        size = significand ? NAN : INFINITY;
    }
    else if (exponent == 0) {
        size = ldexp(significand, -24);
    }
    else {
        size = ldexp(significand | 0x400, exponent - 25);
    }
    return bits & 0x8000 ? -size : size;
}

static void
load_float16(const mfg_column *column, int64_t start, int32_t n,
             mfg_word *words)
{
    const char *item = column->data + start * column->stride;

    for (int32_t i = 0; i < n; i++, item += column->stride) {
        uint16_t bits;
        memcpy(&bits, item, sizeof bits);
        if (column->swapped) {
            swap_bytes(&bits, sizeof bits);
        }
        words[i].float64 = widen_half(bits);
    }
}

/* Any nonzero byte of a bool is true. */
static void
load_bool(const mfg_column *column, int64_t start, int32_t n, mfg_word *words)
{
    const char *item = column->data + start * column->stride;

    for (int32_t i = 0; i < n; i++, item += column->stride) {
        words[i].int64 = *item != 0;
    }
}

mfg_wide
mfg_widened(mfg_kind kind)
{
    switch (kind) {
    case MFG_FLOAT16:
    case MFG_FLOAT32:
    case MFG_FLOAT64:
        return MFG_AS_FLOAT64;
    case MFG_UINT64:
        return MFG_AS_UINT64;
    case MFG_UCS4:
    case MFG_STRING:
        return MFG_AS_TEXT;
    default:
        return MFG_AS_INT64;
    }
}

static void
load_words(const mfg_column *column, int64_t start, int32_t n, mfg_word *words)
{
    switch (column->kind) {
    case MFG_BOOL:
        load_bool(column, start, n, words);
        break;
    case MFG_INT8:
        load_int8(column, start, n, words);
        break;
    case MFG_INT16:
        load_int16(column, start, n, words);
        break;
    case MFG_INT32:
        load_int32(column, start, n, words);
        break;
    case MFG_UINT8:
        load_uint8(column, start, n, words);
        break;
    case MFG_UINT16:
        load_uint16(column, start, n, words);
        break;
    case MFG_UINT32:
        load_uint32(column, start, n, words);
        break;
    case MFG_FLOAT16:
        load_float16(column, start, n, words);
        break;
    case MFG_FLOAT32:
        load_float32(column, start, n, words);
        break;
    case MFG_FLOAT64:
        load_float64(column, start, n, words);
        break;
    default: /* int64, dates; uint64 has the same bits */
        load_int64(column, start, n, words);
        break;
    }
}

/* A column that stands in memory as a block would hold it is not copied. */
static int
is_dense(const mfg_column *column)
{
    int wide = column->kind == MFG_FLOAT64 || column->kind == MFG_INT64 ||
               column->kind == MFG_UINT64 || column->kind == MFG_DATE;

    return wide && column->stride == 8 && !column->swapped &&
           (uintptr_t)column->data % _Alignof(mfg_word) == 0;
}

/* Sets flags of missing rows; returns whether one is. Floats get NaN instead.
 */
static int
mark_missing(const mfg_column *column, int64_t start, int32_t n,
             mfg_block *block)
{
    int is_float = mfg_widened(column->kind) == MFG_AS_FLOAT64;
    int bounded = column->kind == MFG_DATE || column->negative_missing;
    int any = 0;

    if (bounded) {
        int64_t least = column->kind == MFG_DATE ? INT64_MIN + 1 : 0;
        for (int32_t i = 0; i < n; i++) {
            block->flags[i] = block->values[i].int64 < least;
            any |= block->flags[i];
        }
    }
    if (column->mask != NULL) {
        const char *mask = column->mask + start * column->mask_stride;
        for (int32_t i = 0; i < n; i++, mask += column->mask_stride) {
            block->flags[i] = *mask != 0 || (bounded && block->flags[i]);
            any |= block->flags[i];
            if (is_float && *mask) {
                block->space[i].float64 = NAN;
            }
        }
    }
    return any && !is_float;
}

void
mfg_load(const mfg_column *column, int64_t start, int32_t n, mfg_block *block)
{
    int is_float = mfg_widened(column->kind) == MFG_AS_FLOAT64;

    if (is_dense(column) && !(is_float && column->mask != NULL)) {
        block->values = (const mfg_word *)(const void *)column->data + start;
    }
    else {
        load_words(column, start, n, block->space);
        block->values = block->space;
    }
    block->missing =
        mark_missing(column, start, n, block) ? block->flags : NULL;
}
