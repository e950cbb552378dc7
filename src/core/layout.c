/* Arrow's formats: what an array of a format must have, and where its rows are.
 */
#include "layout.h"
#include "decimal.h"

#include <stdlib.h>
#include <string.h>

/* ---- formats ---- */

/* Formats of one letter. */
static int
kind_of_letter(char letter, mfg_kind *kind)
{
    static const char letters[] = "bcCsSiIlLefguU";
    static const mfg_kind kinds[] = {
        MFG_BITS,    MFG_INT8,    MFG_UINT8, MFG_INT16,     MFG_UINT16,
        MFG_INT32,   MFG_UINT32,  MFG_INT64, MFG_UINT64,    MFG_FLOAT16,
        MFG_FLOAT32, MFG_FLOAT64, MFG_UTF8,  MFG_UTF8_LARGE};
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);

    if (found == NULL) {
        return 0;
    }
    *kind = kinds[found - letters];
    return 1;
}

/* Dates in days or milliseconds, instants, spans. An instant of a time zone is
 * no such date: its day is that of a clock, which is not known here. */
static int
kind_of_time(const char *format, mfg_kind *kind)
{
    int is_unit = format[1] != '\0' && format[2] != '\0' &&
                  strchr("smun", format[2]) != NULL;

    if (strcmp(format, "tdD") == 0) {
        *kind = MFG_DATE32;
        return 1;
    }
    *kind = MFG_DATE;
    return strcmp(format, "tdm") == 0 ||
           (strncmp(format, "ts", 2) == 0 && is_unit &&
            (strcmp(format + 3, ":") == 0 ||
             strcmp(format + 3, ":UTC") == 0)) ||
           (strncmp(format, "tD", 2) == 0 && is_unit && format[3] == '\0');
}

/* d:precision,scale, with 128 for the bits or without: other widths are of no
 * column. */
static int
is_decimal(const char *format, int *scale)
{
    char *end;
    long number = strtol(format + 2, &end, 10);

    if (number < 1 || number > 38 || *end != ',') {
        return 0;
    }
    number = strtol(end + 1, &end, 10);
    *scale = (int)number;
    return number >= -MFG_MOST_SCALE && number <= MFG_MOST_SCALE &&
           (*end == '\0' || strcmp(end, ",128") == 0);
}

static int
kind_of_format(const char *format, mfg_kind *kind)
{
    if (format[0] == 't') {
        return kind_of_time(format, kind);
    }
    if (strcmp(format, "vu") == 0) {
        *kind = MFG_UTF8_VIEW;
        return 1;
    }
    return format[0] != '\0' && format[1] == '\0' &&
           kind_of_letter(format[0], kind);
}

/* Bytes from one row to the next; of offsets, where texts are between them. */
static ptrdiff_t
stride_of(mfg_kind kind)
{
    switch (kind) {
    case MFG_BITS:
        return 0;
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
    case MFG_DATE32:
    case MFG_UTF8:
        return 4;
    case MFG_UTF8_VIEW:
    case MFG_DECIMAL:
        return 16;
    default:
        return 8;
    }
}

int
mfg_layout_of(const mfg_arrow_schema *schema, mfg_column *form)
{
    mfg_kind kind = MFG_DECIMAL;
    int scale = 0;
    int is_known = strncmp(schema->format, "d:", 2) == 0
                       ? is_decimal(schema->format, &scale)
                       : kind_of_format(schema->format, &kind);

    if (!is_known) {
        return 0;
    }
    *form =
        (mfg_column){.kind = kind, .stride = stride_of(kind), .scale = scale};
    if (schema->dictionary != NULL) {
        form->codes = kind;
        form->kind = MFG_CODES;
        return kind >= MFG_INT8 && kind <= MFG_UINT64;
    }
    return 1;
}

/* ---- arrays ---- */

static const char *
counts_problem(const mfg_arrow_array *array)
{
    if (array->release == NULL) {
        return "it was released before";
    }
    if (array->length < 0) {
        return "its length is negative";
    }
    if (array->offset < 0) {
        return "its offset is negative";
    }
    if (array->length > MFG_MOST_ROWS || array->offset > MFG_MOST_ROWS) {
        return "its length and offset are beyond any memory";
    }
    if (array->null_count < -1 || array->null_count > array->length) {
        return "its null count is not between 0 and its length";
    }
    if (array->n_children != 0) {
        return "it has children, which its type has not";
    }
    return NULL;
}

static int64_t
text_offset(const mfg_column *form, const mfg_arrow_array *array, int64_t row)
{
    const char *item = array->buffers[1];
    int64_t large;
    int32_t small;

    item += (array->offset + row) * form->stride;
    if (form->kind == MFG_UTF8_LARGE) {
        memcpy(&large, item, sizeof large);
        return large;
    }
    memcpy(&small, item, sizeof small);
    return small;
}

/* Offsets in between are looked at where they are read (texts.c). */
static const char *
text_problem(const mfg_column *form, const mfg_arrow_array *array)
{
    int64_t first = text_offset(form, array, 0);
    int64_t last = text_offset(form, array, array->length);

    if (first < 0) {
        return "its first offset is negative";
    }
    if (last < first) {
        return "its offsets run backwards";
    }
    if (last > first && array->buffers[2] == NULL) {
        return "its buffer of text is missing";
    }
    return NULL;
}

/* The last buffer holds the sizes of those after the first two. */
static const char *
view_problem(const mfg_arrow_array *array)
{
    const void *sizes = array->buffers[array->n_buffers - 1];

    if (array->n_buffers > 3 && sizes == NULL) {
        return "its buffer of sizes is missing";
    }
    if (array->n_buffers > 3 && (uintptr_t)sizes % _Alignof(int64_t) != 0) {
        return "its buffer of sizes is not aligned to 8 bytes";
    }
    return NULL;
}

static int
has_its_buffers(const mfg_column *form, const mfg_arrow_array *array)
{
    if (form->kind == MFG_UTF8_VIEW) {
        return array->n_buffers >= 3;
    }
    return array->n_buffers ==
           (form->kind == MFG_UTF8 || form->kind == MFG_UTF8_LARGE ? 3 : 2);
}

const char *
mfg_layout_problem(const mfg_column *form, const mfg_arrow_array *array)
{
    const char *problem = counts_problem(array);

    if (problem != NULL) {
        return problem;
    }
    if (!has_its_buffers(form, array)) {
        return "it has not the buffers of its type";
    }
    if (array->buffers == NULL) {
        return "it has no buffers";
    }
    if (array->null_count > 0 && array->buffers[0] == NULL) {
        return "it counts nulls, but has no validity buffer";
    }
    if ((array->dictionary != NULL) != (form->kind == MFG_CODES)) {
        return form->kind == MFG_CODES
                   ? "its dictionary is missing"
                   : "it has a dictionary, which its type has not";
    }
    if (array->length == 0) {
        return NULL;
    }
    if (array->buffers[1] == NULL) {
        return form->kind == MFG_UTF8 || form->kind == MFG_UTF8_LARGE
                   ? "its buffer of offsets is missing"
                   : "its buffer of values is missing";
    }
    if (form->kind == MFG_UTF8 || form->kind == MFG_UTF8_LARGE) {
        return text_problem(form, array);
    }
    return form->kind == MFG_UTF8_VIEW ? view_problem(array) : NULL;
}

/* ---- columns ---- */

mfg_column
mfg_layout_column(const mfg_column *form, const mfg_arrow_array *array,
                  mfg_text_span *span)
{
    mfg_column column = *form;

    if (array->length == 0) {
        return column;
    }
    column.data = array->buffers[1];
    column.data += array->offset * column.stride;
    column.valid = array->buffers[0];
    column.first_bit = array->offset;
    if (form->kind == MFG_UTF8 || form->kind == MFG_UTF8_LARGE) {
        span->text = array->buffers[2] == NULL ? "" : array->buffers[2];
        span->size = text_offset(form, array, array->length);
        column.texts = &span->text;
        column.sizes = &span->size;
    }
    if (form->kind == MFG_UTF8_VIEW) {
        column.n_texts = array->n_buffers - 3;
        column.texts = (const char *const *)array->buffers + 2;
        column.sizes = array->buffers[array->n_buffers - 1];
    }
    return column;
}
