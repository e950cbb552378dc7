/* Columns in Arrow's memory: checked, kept, read where they lie, released. */
#include "dictionary.h"
#include "layout.h"

#include <string.h>

typedef struct arrow_chunk {
    mfg_arrow_array array; /* owned */
    mfg_text_span text;
    int64_t table; /* of the dictionary */
} arrow_chunk;

struct mfg_arrow {
    mfg_column whole;
    mfg_column labels; /* the form of the dictionary's; no meaning without */
    mfg_dictionary dictionary;
    int64_t n_chunks;
    int64_t capacity;
    int64_t n_rows;
    arrow_chunk *chunks;
    /* Once closed. */
    mfg_column halves[2]; /* of decimals: the low and the high */
    mfg_column *parts;    /* of decimals: then those of both halves */
    int64_t *starts;      /* of parts; starts[n_chunks] == n_rows */
};

/* ---- types ---- */

static const char *
schema_problem(const mfg_arrow_schema *schema)
{
    if (schema->release == NULL) {
        return "its schema was released before";
    }
    if (schema->format == NULL) {
        return "its schema has no format";
    }
    if (schema->dictionary == NULL) {
        return NULL;
    }
    if (schema->dictionary->format == NULL) {
        return "the schema of its dictionary has no format";
    }
    return NULL;
}

/* A dictionary of codes into another dictionary is no column, nor is one of
 * decimals: two may be one double. */
static int
forms_of(const mfg_arrow_schema *schema, mfg_column *form, mfg_column *labels)
{
    *labels = (mfg_column){.data = NULL};
    return mfg_layout_of(schema, form) &&
           (schema->dictionary == NULL ||
            (schema->dictionary->dictionary == NULL &&
             mfg_layout_of(schema->dictionary, labels) &&
             labels->kind != MFG_DECIMAL));
}

mfg_status
mfg_arrow_new(const mfg_arrow_schema *schema, mfg_arrow **column,
              const char **problem)
{
    mfg_column form;
    mfg_column labels;

    *column = NULL;
    *problem = schema_problem(schema);
    if (*problem != NULL) {
        return MFG_BAD_ARROW;
    }
    if (!forms_of(schema, &form, &labels)) {
        *problem = schema->format;
        return MFG_OTHER_ARROW;
    }
    if (schema->n_children != 0) {
        *problem = "its schema has children, which its type has not";
        return MFG_BAD_ARROW;
    }
    *column = mfg_alloc_zeros(1, sizeof **column);
    if (*column == NULL) {
        return MFG_NO_MEMORY;
    }
    (*column)->whole = form;
    (*column)->labels = labels;
    (*column)->dictionary.kind = labels.kind;
    (*column)->dictionary.is_ordered = (schema->flags & MFG_ARROW_ORDERED) != 0;
    return MFG_OK;
}

/* ---- chunks ---- */

/* Whether two arrays, both held, have the same rows of the same memory. */
static int
is_same_memory(const mfg_arrow_array *a, const mfg_arrow_array *b)
{
    return a->length == b->length && a->offset == b->offset &&
           a->n_buffers == b->n_buffers &&
           memcmp(a->buffers, b->buffers,
                  (size_t)a->n_buffers * sizeof *a->buffers) == 0;
}

/* The dictionary of a chunk that follows those that are there. */
static mfg_status
add_dictionary(mfg_arrow *column, arrow_chunk *chunk, const char **problem)
{
    const mfg_arrow_array *labels = chunk->array.dictionary;
    mfg_dictionary *dictionary = &column->dictionary;
    mfg_text_span text;

    *problem = mfg_layout_problem(&column->labels, labels);
    if (*problem == NULL && labels->length > INT32_MAX) {
        *problem = "it has more than 2,147,483,647 labels";
    }
    if (*problem != NULL) {
        return MFG_BAD_DICTIONARY;
    }
    chunk->table = dictionary->n_tables;
    if (column->n_chunks > 0) {
        const arrow_chunk *before = &column->chunks[column->n_chunks - 1];
        if (is_same_memory(before->array.dictionary, labels)) {
            chunk->table = before->table;
            return MFG_OK;
        }
    }
    mfg_column read = mfg_layout_column(&column->labels, labels, &text);
    mfg_status status = mfg_dictionary_add(dictionary, &read, labels->length);
    if (status == MFG_BAD_STRING) {
        *problem = "it has text outside of its buffers";
        status = MFG_BAD_DICTIONARY;
    }
    return status;
}

static mfg_status
reserve_chunk(mfg_arrow *column)
{
    int64_t capacity = 2 * column->capacity + 1;

    if (column->n_chunks < column->capacity) {
        return MFG_OK;
    }
    arrow_chunk *chunks =
        mfg_resize(column->chunks, (size_t)capacity, sizeof *chunks);
    if (chunks == NULL) {
        return MFG_NO_MEMORY;
    }
    column->chunks = chunks;
    column->capacity = capacity;
    return MFG_OK;
}

mfg_status
mfg_arrow_add(mfg_arrow *column, mfg_arrow_array *chunk, const char **problem)
{
    arrow_chunk kept = {.array = *chunk};
    mfg_status status = MFG_OK;

    chunk->release = NULL; /* moved */
    *problem = mfg_layout_problem(&column->whole, &kept.array);
    if (*problem == NULL &&
        column->n_rows + kept.array.length > MFG_MOST_ROWS) {
        *problem = "with it the column is longer than any memory";
    }
    if (*problem != NULL) {
        status = MFG_BAD_ARROW;
    }
    else if (kept.array.length > 0) {
        status = reserve_chunk(column);
        if (status == MFG_OK && kept.array.dictionary != NULL) {
            status = add_dictionary(column, &kept, problem);
        }
    }
    if (status == MFG_OK && kept.array.length > 0) {
        column->n_rows += kept.array.length;
        column->chunks[column->n_chunks++] = kept;
    }
    else if (kept.array.release != NULL) {
        kept.array.release(&kept.array);
    }
    return status;
}

void
mfg_arrow_free(mfg_arrow *column)
{
    if (column == NULL) {
        return;
    }
    for (int64_t c = 0; c < column->n_chunks; c++) {
        mfg_arrow_array *array = &column->chunks[c].array;
        array->release(array);
    }
    mfg_dictionary_free(&column->dictionary);
    mfg_free(column->chunks);
    mfg_free(column->parts);
    mfg_free(column->starts);
    mfg_free(column);
}

/* ---- the column ---- */

static mfg_column
half_of(mfg_column decimals, int is_high)
{
    decimals.kind = is_high ? MFG_INT64 : MFG_UINT64;
    if (decimals.data != NULL) { /* the low half comes first */
        decimals.data += is_high ? sizeof(int64_t) : 0;
    }
    return decimals;
}

static void
halve(mfg_arrow *column, int is_high)
{
    mfg_column *half = &column->halves[is_high];
    mfg_column *parts = column->parts + (1 + is_high) * column->n_chunks;

    *half = half_of(column->whole, is_high);
    for (int64_t p = 0; p < half->n_parts; p++) {
        parts[p] = half_of(column->parts[p], is_high);
    }
    half->parts = parts;
}

mfg_status
mfg_arrow_close(mfg_arrow *column, mfg_control *control)
{
    size_t n = (size_t)column->n_chunks;
    int is_decimal = column->whole.kind == MFG_DECIMAL;
    int64_t row = 0;

    column->parts = mfg_alloc(is_decimal ? 3 * n : n, sizeof *column->parts);
    column->starts = mfg_alloc(n + 1, sizeof *column->starts);
    if (column->parts == NULL || column->starts == NULL) {
        return MFG_NO_MEMORY;
    }
    mfg_status status = mfg_dictionary_settle(&column->dictionary, control);
    for (size_t c = 0; c < n && status == MFG_OK; c++) {
        arrow_chunk *chunk = &column->chunks[c];
        mfg_column part =
            mfg_layout_column(&column->whole, &chunk->array, &chunk->text);
        if (part.kind == MFG_CODES) {
            part.ranks = column->dictionary.tables[chunk->table].ranks;
            part.n_ranks = column->dictionary.tables[chunk->table].count;
        }
        column->parts[c] = part;
        column->starts[c] = row;
        row += chunk->array.length;
    }
    column->starts[n] = row;
    if (n == 1 && status == MFG_OK) {
        column->whole = column->parts[0];
    }
    else {
        column->whole.parts = column->parts;
        column->whole.starts = column->starts;
        column->whole.n_parts = column->n_chunks;
    }
    for (int is_high = 0; is_decimal && is_high < 2; is_high++) {
        halve(column, is_high);
    }
    return status;
}

static void
stand_for_ranks(mfg_column *codes, const mfg_code_table *table)
{
    codes->codes = codes->kind;
    codes->kind = MFG_CODES;
    codes->ranks = table->ranks;
    codes->n_ranks = table->count;
}

mfg_status
mfg_arrow_label(mfg_arrow *column, const mfg_arrow *labels, int is_ordered,
                const char **problem, mfg_control *control)
{
    mfg_dictionary *dictionary = &column->dictionary;
    mfg_kind kind = column->whole.kind;

    *problem = NULL;
    if (kind < MFG_INT8 || kind > MFG_UINT64) {
        *problem = "its codes are no integers";
    }
    else if (labels->whole.kind == MFG_CODES || labels->n_rows > INT32_MAX) {
        *problem = "its labels are codes, or more than 2,147,483,647";
    }
    if (*problem != NULL) {
        return MFG_BAD_ARROW;
    }
    dictionary->kind = labels->whole.kind;
    dictionary->is_ordered = is_ordered;
    mfg_status status =
        mfg_dictionary_add(dictionary, &labels->whole, labels->n_rows);
    if (status == MFG_OK) {
        status = mfg_dictionary_settle(dictionary, control);
    }
    if (status == MFG_OK) {
        stand_for_ranks(&column->whole, dictionary->tables);
        for (int64_t c = 0; c < column->n_chunks; c++) {
            stand_for_ranks(&column->parts[c], dictionary->tables);
        }
    }
    return status;
}

void
mfg_arrow_name(mfg_arrow *column, const char *name)
{
    column->whole.name = name;
}

int64_t
mfg_arrow_n_rows(const mfg_arrow *column)
{
    return column->n_rows;
}

const mfg_column *
mfg_arrow_column(const mfg_arrow *column)
{
    return &column->whole;
}

const mfg_column *
mfg_arrow_half(const mfg_arrow *column, int is_high)
{
    return column->whole.kind == MFG_DECIMAL ? &column->halves[is_high] : NULL;
}

const mfg_grouper *
mfg_arrow_labels(const mfg_arrow *column, mfg_kind *kind, int64_t *n_ranks,
                 const int64_t **order)
{
    *kind = column->dictionary.kind;
    *n_ranks = column->dictionary.n_ranks;
    *order = column->dictionary.order;
    return column->dictionary.labels;
}
