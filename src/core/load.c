/* Columns of any dtype, stride, byte order and mask, brought into blocks.
 * Dtypes end here: every kernel sees float64, int64 or uint64. */
#include "decimal.h"
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

static void
load_decimal(const mfg_column *column, int64_t start, int32_t n,
             mfg_word *words)
{
    const char *item = column->data + start * column->stride;

    for (int32_t i = 0; i < n; i++, item += column->stride) {
        mfg_int128 value;
        memcpy(&value, item, sizeof value);
        words[i].float64 = mfg_decimal_round(value, column->scale);
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

static void
load_bits(const mfg_column *column, int64_t start, int32_t n, mfg_word *words)
{
    int64_t bit = column->first_bit + start;

    for (int32_t i = 0; i < n; i++, bit++) {
        words[i].int64 = (uint8_t)column->data[bit >> 3] >> (bit & 7) & 1;
    }
}

mfg_wide
mfg_widened(mfg_kind kind)
{
    switch (kind) {
    case MFG_FLOAT16:
    case MFG_FLOAT32:
    case MFG_FLOAT64:
    case MFG_DECIMAL:
        return MFG_AS_FLOAT64;
    case MFG_UINT64:
        return MFG_AS_UINT64;
    case MFG_UCS4:
    case MFG_STRING:
    case MFG_UTF8:
    case MFG_UTF8_LARGE:
    case MFG_UTF8_VIEW:
        return MFG_AS_TEXT;
    default:
        return MFG_AS_INT64;
    }
}

static void
load_words(const mfg_column *column, int64_t start, int32_t n, mfg_word *words)
{
    switch (column->kind == MFG_CODES ? column->codes : column->kind) {
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
    case MFG_DATE32:
        load_int32(column, start, n, words);
        break;
    case MFG_BITS:
        load_bits(column, start, n, words);
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
    case MFG_DECIMAL:
        load_decimal(column, start, n, words);
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

int
mfg_all_valid(const mfg_column *column, int64_t start, int32_t n)
{
    const uint8_t *bits = column->valid;
    int64_t first = column->first_bit + start;
    int64_t stop = first + n;
    unsigned seen = 0xff;

    if (bits == NULL || n == 0) {
        return 1;
    }
    /* Bits of the first and the last byte that are of other rows are set. */
    seen = bits[first >> 3] | ((1u << (first & 7)) - 1);
    if (first >> 3 == (stop - 1) >> 3) {
        return ((seen | ~0u << (((stop - 1) & 7) + 1)) & 0xff) == 0xff;
    }
    for (int64_t i = (first >> 3) + 1; i < (stop - 1) >> 3; i++) {
        seen &= bits[i];
    }
    seen &= bits[(stop - 1) >> 3] | ~0u << (((stop - 1) & 7) + 1);
    return (seen & 0xff) == 0xff;
}

/* Flags of rows whose number says that they are missing. */
static int
flag_numbers(const mfg_column *column, int32_t n, mfg_block *block)
{
    int64_t least = column->kind == MFG_DATE ? INT64_MIN + 1 : 0;
    int any = 0;

    for (int32_t i = 0; i < n; i++) {
        block->flags[i] = block->values[i].int64 < least;
        any |= block->flags[i];
    }
    return any;
}

/* Adds the flags that a mask of bytes or of bits sets. */
static int
flag_masked(const mfg_column *column, int64_t start, int32_t n, uint8_t *flags)
{
    uint8_t any = 0;

    if (column->mask != NULL) {
        const char *mask = column->mask + start * column->mask_stride;
        for (int32_t i = 0; i < n; i++, mask += column->mask_stride) {
            flags[i] |= *mask != 0;
            any |= flags[i];
        }
    }
    if (column->valid != NULL) {
        int64_t bit = column->first_bit + start;
        for (int32_t i = 0; i < n; i++, bit++) {
            flags[i] |= (uint8_t)(~column->valid[bit >> 3] >> (bit & 7) & 1);
            any |= flags[i];
        }
    }
    return any;
}

int
mfg_flag_missing(const mfg_column *column, int64_t start, int32_t n,
                 uint8_t *flags)
{
    if (column->mask == NULL && mfg_all_valid(column, start, n)) {
        return 0;
    }
    memset(flags, 0, (size_t)n);
    return flag_masked(column, start, n, flags);
}

/* Puts ranks in the place of codes; flags those that stand for none. */
static int
rank_codes(const mfg_column *column, int32_t n, mfg_block *block)
{
    int any = 0;

    for (int32_t i = 0; i < n; i++) {
        uint64_t code = block->space[i].uint64;
        int is_known = code < (uint64_t)column->n_ranks;
        int64_t rank = is_known ? column->ranks[code] : MFG_NO_RANK;
        block->space[i].int64 = rank;
        block->flags[i] = rank == -1;
        any |= block->flags[i];
    }
    return any;
}

/* Rows of a column in one piece. */
static void
load_piece(const mfg_column *column, int64_t start, int32_t n, mfg_block *block)
{
    int is_float = mfg_widened(column->kind) == MFG_AS_FLOAT64;
    int is_numbered = column->kind == MFG_DATE || column->negative_missing;
    int is_masked = column->mask != NULL || !mfg_all_valid(column, start, n);
    int any = 0;

    if (is_dense(column) && !(is_float && is_masked)) {
        block->values = (const mfg_word *)(const void *)column->data + start;
    }
    else {
        load_words(column, start, n, block->space);
        block->values = block->space;
    }
    if (column->kind == MFG_CODES) {
        any = rank_codes(column, n, block);
    }
    else if (is_numbered) {
        any = flag_numbers(column, n, block);
    }
    else if (is_masked) {
        memset(block->flags, 0, (size_t)n);
    }
    if (is_masked) {
        any |= flag_masked(column, start, n, block->flags);
    }
    for (int32_t i = 0; is_float && any && i < n; i++) {
        block->space[i].float64 =
            block->flags[i] ? NAN : block->space[i].float64;
    }
    block->missing = any && !is_float ? block->flags : NULL;
}

/* Rows that lie in several parts, brought together. */
static __attribute__((noinline)) void
load_across(const mfg_column *column, int64_t part, int64_t start, int32_t n,
            mfg_block *block)
{
    mfg_block piece;
    int any = 0;

    for (int32_t done = 0; done < n; part++) {
        int64_t at = start + done - column->starts[part];
        int64_t left = column->starts[part + 1] - column->starts[part] - at;
        int32_t rows = left < n - done ? (int32_t)left : n - done;
        load_piece(&column->parts[part], at, rows, &piece);
        memcpy(block->space + done, piece.values,
               (size_t)rows * sizeof *piece.values);
        memset(block->flags + done, 0, (size_t)rows);
        if (piece.missing != NULL) {
            memcpy(block->flags + done, piece.missing, (size_t)rows);
            any = 1;
        }
        done += rows;
    }
    block->values = block->space;
    block->missing = any ? block->flags : NULL;
}

void
mfg_load(const mfg_column *column, int64_t start, int32_t n, mfg_block *block)
{
    if (column->n_parts == 0) {
        load_piece(column, start, n, block);
        return;
    }
    int64_t part = mfg_part_at(column, start);
    if (column->starts[part + 1] - start >= n) {
        load_piece(&column->parts[part], start - column->starts[part], n,
                   block);
        return;
    }
    load_across(column, part, start, n, block);
}
