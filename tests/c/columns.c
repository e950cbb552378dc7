/* Numbers laid out in memory as columns of every dtype, stride and order. */
#include "columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const mfg_control at_will = {.where = -1};

size_t
item_size(mfg_kind kind)
{
    switch (kind) {
    case MFG_BOOL:
    case MFG_INT8:
    case MFG_UINT8:
        return 1;
    case MFG_INT16:
    case MFG_UINT16:
    case MFG_FLOAT16:
        return 2;
    case MFG_INT32:
    case MFG_UINT32:
    case MFG_FLOAT32:
        return 4;
    default:
        return 8;
    }
}

/* The bits of an integer of at most 2048 in binary16, or of its NaN. */
static uint16_t
half_of(int64_t number, int missing)
{
    int64_t size = number < 0 ? -number : number;
    int exponent = 25; /* that of 1024 ... 2047 */

    if (missing) {
        return 0x7e00;
    }
    if (size == 0) {
        return 0;
    }
    for (; size < 1024; size *= 2) {
        exponent--;
    }
    for (; size > 2047; size /= 2) {
        exponent++;
    }
    return (uint16_t)((number < 0 ? 0x8000 : 0) | exponent << 10 |
                      (int)(size & 1023));
}

/* Writes a number in the native order. Integers are cut to their low bytes. */
static void
write_item(mfg_kind kind, int64_t number, int missing, void *item)
{
    double float64 = missing ? NAN : (double)number;
    float float32 = (float)float64;
    uint16_t float16;
    const void *from = &number;
    size_t size = item_size(kind);

    if (kind == MFG_DATE && missing) {
        number = INT64_MIN;
    }
    if (kind == MFG_FLOAT64) {
        from = &float64;
    }
    else if (kind == MFG_FLOAT32) {
        from = &float32;
    }
    else if (kind == MFG_FLOAT16) {
        float16 = half_of(number, missing);
        from = &float16;
    }
    else {
        const uint16_t probe = 1;
        int little = *(const unsigned char *)&probe;
        from = (const char *)from + (little ? 0 : sizeof number - size);
    }
    memcpy(item, from, size);
}

static void
reverse(char *item, size_t size)
{
    for (size_t i = 0; i < size / 2; i++) {
        char kept = item[i];
        item[i] = item[size - 1 - i];
        item[size - 1 - i] = kept;
    }
}

laid_column
lay(mfg_kind kind, int64_t n, const int64_t *numbers, const uint8_t *absent,
    layout how)
{
    size_t size = item_size(kind);
    ptrdiff_t stride = how.step * (ptrdiff_t)size;
    int64_t room = n * (how.step == 0 ? 1 : abs(how.step)) + 1;
    int by_item = mfg_widened(kind) == MFG_AS_FLOAT64 || kind == MFG_DATE;
    laid_column made = {.column = {.stride = stride, .kind = kind}};

    made.items = mfg_alloc_zeros((size_t)room * size + 16, 1);
    made.column.data = made.items + how.offset;
    if (how.step < 0) {
        made.column.data -= (n > 0 ? n - 1 : 0) * stride;
    }
    made.column.swapped = how.swapped;
    if (absent != NULL && (how.masked || !by_item)) {
        made.mask = mfg_alloc_zeros((size_t)room, 1);
        made.column.mask_stride = how.step;
        made.column.mask = made.mask + (how.step < 0 ? (1 - n) * how.step : 0);
        by_item = 0;
    }
    for (int64_t i = n - 1; i >= 0; i--) { /* row 0 last: it stays at step 0 */
        char *item = made.items + (made.column.data - made.items) + i * stride;
        int missing = absent != NULL && absent[i];
        write_item(kind, numbers[i], missing && by_item, item);
        if (how.swapped) {
            reverse(item, size);
        }
        if (made.mask != NULL) {
            made.mask[made.column.mask - made.mask + i * how.step] =
                missing ? 7 : 0;
        }
    }
    return made;
}

void
unlay(laid_column *column)
{
    mfg_free(column->items);
    mfg_free(column->mask);
    *column = (laid_column){0};
}

mfg_column
dense(mfg_kind kind, const void *items)
{
    return (mfg_column){
        .data = items,
        .stride = (ptrdiff_t)item_size(kind),
        .kind = kind,
    };
}

mfg_column
repeated(mfg_kind kind, const void *item)
{
    return (mfg_column){.data = item, .stride = 0, .kind = kind};
}

/* ---- text ---- */

static int
fetch_item(void *context, const char *item, const char **text, size_t *size)
{
    text_item held;

    (void)context;
    memcpy(&held, item, sizeof held);
    *text = held.text;
    *size = held.size;
    return held.result;
}

mfg_column
text_column(const text_item *items)
{
    return (mfg_column){
        .data = (const char *)items,
        .stride = sizeof *items,
        .kind = MFG_STRING,
        .fetch = fetch_item,
    };
}

mfg_column
ucs4_column(const uint32_t *characters, size_t width)
{
    return (mfg_column){
        .data = (const char *)characters,
        .stride = (ptrdiff_t)(4 * width),
        .kind = MFG_UCS4,
        .width = 4 * width,
    };
}

int
answer(void *so_far)
{
    asked *all = so_far;

    return ++all->times == all->stop_at;
}
