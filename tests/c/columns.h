/* Numbers laid out in memory as columns of every dtype, stride and order. */
#ifndef COLUMNS_H
#define COLUMNS_H

#include "mfg.h"

#define N_KINDS 13 /* those of numbers: MFG_BOOL ... MFG_DATE */

typedef struct layout {
    int step;    /* items from one row to the next; 0: all rows are row 0 */
    int swapped; /* bytes in the other order */
    int offset;  /* bytes off alignment */
    int masked;  /* missing by a mask, also where the dtype could say it */
} layout;

typedef struct laid_column {
    mfg_column column;
    char *items; /* owned, as is the mask */
    char *mask;
} laid_column;

size_t item_size(mfg_kind kind);
/* Rows as numbers[i] (which the dtype has to be able to hold), missing where
 * absent[i] is set (absent NULL: nowhere). Release by unlay. */
laid_column lay(mfg_kind kind, int64_t n, const int64_t *numbers,
                const uint8_t *absent, layout how);
void unlay(laid_column *column);

/* A column over an array as it stands. */
mfg_column dense(mfg_kind kind, const void *items);
/* n rows of the one item. */
mfg_column repeated(mfg_kind kind, const void *item);

/* A row of a column of text of any length; result as mfg_fetch returns it. */
typedef struct text_item {
    const char *text;
    size_t size;
    int result;
} text_item;

mfg_column text_column(const text_item *items);
/* Text of `width` characters, 4 bytes each, padded by zeros. */
mfg_column ucs4_column(const uint32_t *characters, size_t width);

/* Control that is never asked. */
extern const mfg_control at_will;

/* What a control that asks has come to. */
typedef struct asked {
    int times;
    int stop_at; /* the question that is answered by stop */
} asked;

/* A control's poll: counts the question, and answers. */
int answer(void *so_far);

#endif
