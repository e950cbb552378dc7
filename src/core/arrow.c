/* Columns in Arrow's memory: checked, kept, read where they lie, released. */
#include "arrow.h"

#include <string.h>

/* No column is longer: rows and their bytes are counted in 63 bits. */
#define MOST_ROWS (INT64_C(1) << 48)

struct mfg_arrow {
    mfg_column whole;
    int64_t n_chunks;
    int64_t capacity;
    int64_t n_rows;
    mfg_arrow_array *chunks;
    mfg_column *parts;
    int64_t *starts; /* of parts; starts[n_chunks] == n_rows */
};

/* ---- types ---- */

/* Formats of one letter. */
static int
kind_of_letter(char letter, mfg_kind *kind)
{
    static const char letters[] = "bcCsSiIlLefg";
    static const mfg_kind kinds[] = {
        MFG_BITS,   MFG_INT8,    MFG_UINT8,   MFG_INT16,
        MFG_UINT16, MFG_INT32,   MFG_UINT32,  MFG_INT64,
        MFG_UINT64, MFG_FLOAT16, MFG_FLOAT32, MFG_FLOAT64,
    };
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

static int
kind_of_format(const char *format, mfg_kind *kind)
{
    if (format[0] == 't') {
        return kind_of_time(format, kind);
    }
    return format[0] != '\0' && format[1] == '\0' &&
           kind_of_letter(format[0], kind);
}

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
        return 4;
    default:
        return 8;
    }
}

mfg_status
mfg_arrow_new(const mfg_arrow_schema *schema, mfg_arrow **column,
              const char **problem)
{
    mfg_kind kind;

    *column = NULL;
    *problem = NULL;
    if (schema->release == NULL) {
        *problem = "its schema was released before";
    }
    else if (schema->format == NULL) {
        *problem = "its schema has no format";
    }
    if (*problem != NULL) {
        return MFG_BAD_ARROW;
    }
    if (schema->dictionary != NULL || !kind_of_format(schema->format, &kind)) {
        *problem = schema->format;
        return MFG_OTHER_ARROW;
    }
    *column = mfg_alloc_zeros(1, sizeof **column);
    if (*column == NULL) {
        return MFG_NO_MEMORY;
    }
    (*column)->whole.kind = kind;
    (*column)->whole.stride = stride_of(kind);
    return MFG_OK;
}

/* ---- chunks ---- */

static const char *
counts_problem(const mfg_arrow_array *chunk)
{
    if (chunk->release == NULL) {
        return "it was released before";
    }
    if (chunk->length < 0) {
        return "its length is negative";
    }
    if (chunk->offset < 0) {
        return "its offset is negative";
    }
    if (chunk->length > MOST_ROWS || chunk->offset > MOST_ROWS) {
        return "its length and offset are beyond any memory";
    }
    if (chunk->null_count < -1 || chunk->null_count > chunk->length) {
        return "its null count is not between 0 and its length";
    }
    return NULL;
}

static const char *
buffers_problem(const mfg_arrow_array *chunk)
{
    if (chunk->n_children != 0) {
        return "it has children, which its type has not";
    }
    if (chunk->n_buffers != 2) {
        return "it has not the two buffers of its type";
    }
    if (chunk->buffers == NULL) {
        return "it has no buffers";
    }
    if (chunk->null_count > 0 && chunk->buffers[0] == NULL) {
        return "it counts nulls, but has no validity buffer";
    }
    if (chunk->length > 0 && chunk->buffers[1] == NULL) {
        return "its buffer of values is missing";
    }
    if (chunk->dictionary != NULL) {
        return "it has a dictionary, which its type has not";
    }
    return NULL;
}

static mfg_status
reserve_chunk(mfg_arrow *column)
{
    int64_t capacity = 2 * column->capacity + 4;

    if (column->n_chunks < column->capacity) {
        return MFG_OK;
    }
    mfg_arrow_array *chunks =
        mfg_resize(column->chunks, (size_t)capacity, sizeof *chunks);
    if (chunks == NULL) {
        return MFG_NO_MEMORY;
    }
    column->chunks = chunks;
    mfg_column *parts =
        mfg_resize(column->parts, (size_t)capacity, sizeof *parts);
    if (parts == NULL) {
        return MFG_NO_MEMORY;
    }
    column->parts = parts;
    int64_t *starts =
        mfg_resize(column->starts, (size_t)capacity + 1, sizeof *starts);
    if (starts == NULL) {
        return MFG_NO_MEMORY;
    }
    column->starts = starts;
    column->capacity = capacity;
    return MFG_OK;
}

/* The chunk as a column of the whole's kind. */
static mfg_column
part_of(const mfg_arrow *column, const mfg_arrow_array *chunk)
{
    mfg_column part = column->whole;

    part.data = chunk->buffers[1];
    part.valid = chunk->buffers[0];
    part.first_bit = chunk->offset;
    if (part.data != NULL) {
        part.data += chunk->offset * part.stride;
    }
    return part;
}

mfg_status
mfg_arrow_add(mfg_arrow *column, mfg_arrow_array *chunk, const char **problem)
{
    mfg_status status = MFG_OK;

    *problem = counts_problem(chunk);
    if (*problem == NULL) {
        *problem = buffers_problem(chunk);
    }
    if (*problem == NULL && column->n_rows + chunk->length > MOST_ROWS) {
        *problem = "with it the column is longer than any memory";
    }
    if (*problem != NULL) {
        status = MFG_BAD_ARROW;
    }
    else if (chunk->length > 0) {
        status = reserve_chunk(column);
    }
    if (status != MFG_OK || chunk->length == 0) {
        if (chunk->release != NULL) {
            chunk->release(chunk);
        }
        chunk->release = NULL;
        return status;
    }
    column->chunks[column->n_chunks] = *chunk;
    column->parts[column->n_chunks] = part_of(column, chunk);
    column->starts[column->n_chunks++] = column->n_rows;
    column->n_rows += chunk->length;
    column->starts[column->n_chunks] = column->n_rows;
    chunk->release = NULL; /* moved */
    return MFG_OK;
}

void
mfg_arrow_free(mfg_arrow *column)
{
    if (column == NULL) {
        return;
    }
    for (int64_t c = 0; c < column->n_chunks; c++) {
        column->chunks[c].release(&column->chunks[c]);
    }
    mfg_free(column->chunks);
    mfg_free(column->parts);
    mfg_free(column->starts);
    mfg_free(column);
}

int64_t
mfg_arrow_n_rows(const mfg_arrow *column)
{
    return column->n_rows;
}

int64_t
mfg_arrow_n_chunks(const mfg_arrow *column)
{
    return column->n_chunks;
}

const mfg_column *
mfg_arrow_column(mfg_arrow *column)
{
    if (column->n_chunks == 1) {
        return &column->parts[0];
    }
    column->whole.parts = column->parts;
    column->whole.starts = column->starts;
    column->whole.n_parts = column->n_chunks;
    return &column->whole;
}
