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

#define MFG_ARROW_ORDERED 1 /* a flag: the dictionary is in order */

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
 * whether or not this succeeds. MFG_BAD_ARROW, MFG_BAD_DICTIONARY: *problem
 * says what is wrong. */
mfg_status mfg_arrow_add(mfg_arrow *column, mfg_arrow_array *chunk,
                         const char **problem);
/* Releases every chunk once. */
void mfg_arrow_free(mfg_arrow *column);

/* No chunk follows: makes of them one column. */
mfg_status mfg_arrow_close(mfg_arrow *column, mfg_control *control);
/* What errors call the closed column; borrowed for as long as it lives. */
void mfg_arrow_name(mfg_arrow *column, const char *name);

/* Makes of a closed column of integers one of codes into another, `labels`,
 * which may go after it; is_ordered: in that order. MFG_BAD_ARROW: *problem
 * says what is wrong. */
mfg_status mfg_arrow_label(mfg_arrow *column, const mfg_arrow *labels,
                           int is_ordered, const char **problem,
                           mfg_control *control);

int64_t mfg_arrow_n_rows(const mfg_arrow *column);
/* The closed column as loaders read it. Lives as long as `column`. */
const mfg_column *mfg_arrow_column(const mfg_arrow *column);
/* The low 64 bits of each decimal as uint64, or the high ones as int64: a value
 * is high * 2^64 + low. NULL where the closed column has no decimals. */
const mfg_column *mfg_arrow_half(const mfg_arrow *column, int is_high);
/* What the ranks of a closed column of codes stand for: rank r for the label of
 * group order[r]. NULL where there is no dictionary, or none with rows. */
const mfg_grouper *mfg_arrow_labels(const mfg_arrow *column, mfg_kind *kind,
                                    int64_t *n_ranks, const int64_t **order);

#endif
