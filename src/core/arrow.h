/* Columns in Arrow's memory, read where they lie.
 *
 * The structures are those of Arrow's C data interface (Apache Arrow, "The
 * Arrow C data interface" and "The Arrow C stream interface"), whose layout is
 * fixed by that specification; names and checks are ours. What comes through
 * them is taken on trust no further than it has to be: sizes of buffers are not
 * told, all else is checked.
 */
#ifndef MFG_ARROW_H
#define MFG_ARROW_H

#include "mfg.h"

typedef struct mfg_arrow_schema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct mfg_arrow_schema **children;
    struct mfg_arrow_schema *dictionary;
    void (*release)(struct mfg_arrow_schema *); /* NULL: released, or moved */
    void *private_data;
} mfg_arrow_schema;

typedef struct mfg_arrow_array {
    int64_t length;
    int64_t null_count; /* -1: not counted */
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct mfg_arrow_array **children;
    struct mfg_arrow_array *dictionary;
    void (*release)(struct mfg_arrow_array *);
    void *private_data;
} mfg_arrow_array;

typedef struct mfg_arrow_stream {
    int (*get_schema)(struct mfg_arrow_stream *, mfg_arrow_schema *schema);
    int (*get_next)(struct mfg_arrow_stream *, mfg_arrow_array *array);
    const char *(*get_last_error)(struct mfg_arrow_stream *);
    void (*release)(struct mfg_arrow_stream *);
    void *private_data;
} mfg_arrow_stream;

/* A column of any number of chunks. It owns the chunks that were added. */
typedef struct mfg_arrow mfg_arrow;

/* The kind of column that a schema describes, which is only read. MFG_BAD_ARROW
 * and what is wrong with it; MFG_OTHER_ARROW where it is of a type that no
 * column has, and *problem is its format. */
mfg_status mfg_arrow_new(const mfg_arrow_schema *schema, mfg_arrow **column,
                         const char **problem);
/* Adds a chunk, which is moved: `chunk` is released as far as its owner sees,
 * whether or not this succeeds. MFG_BAD_ARROW: *problem says what is wrong. */
mfg_status mfg_arrow_add(mfg_arrow *column, mfg_arrow_array *chunk,
                         const char **problem);
/* Releases every chunk once. */
void mfg_arrow_free(mfg_arrow *column);

int64_t mfg_arrow_n_rows(const mfg_arrow *column);
int64_t mfg_arrow_n_chunks(const mfg_arrow *column);
/* The column as loaders read it. Lives as long as `column`, which gets no
 * chunks any more. */
const mfg_column *mfg_arrow_column(mfg_arrow *column);

#endif
