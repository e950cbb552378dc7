/* Arrow's formats: what an array of a format must have, and where its rows are.
 */
#ifndef MFG_LAYOUT_H
#define MFG_LAYOUT_H

#include "mfg.h"

/* No column is longer: rows and their bytes are counted in 63 bits. */
#define MFG_MOST_ROWS (INT64_C(1) << 48)

/* A column without rows of the kind that a schema describes, of its codes where
 * it has a dictionary; 0 where no column is of that type. */
int mfg_layout_of(const mfg_arrow_schema *schema, mfg_column *form);
/* What is wrong with an array of that form; NULL where nothing is. */
const char *mfg_layout_problem(const mfg_column *form,
                               const mfg_arrow_array *array);

/* Where the text of an array is: what a column points to. */
typedef struct mfg_text_span {
    const char *text;
    int64_t size;
} mfg_text_span;

/* The rows of an array without a problem. Borrows the array and the span. */
mfg_column mfg_layout_column(const mfg_column *form,
                             const mfg_arrow_array *array, mfg_text_span *span);

#endif
