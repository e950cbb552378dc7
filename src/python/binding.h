/* The one door to Python.h and NumPy, and what all binding files share. */
#ifndef XXMFG_BINDING_H
#define XXMFG_BINDING_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define PY_ARRAY_UNIQUE_SYMBOL xxmfg_ARRAY_API
#ifndef XXMFG_IMPORTS_NUMPY
#define NO_IMPORT_ARRAY
#endif
#include <numpy/arrayobject.h>

#include <time.h>

/* How doubles are rounded, and whether small ones are flushed to zero. On
 * x86-64 that is one register, read and set in 5 ns; the environment of C, with
 * the x87's, takes 190, which is as long as a few dozen rows. */
#if defined(__x86_64__)
#include <xmmintrin.h>
typedef unsigned environment;

static inline void
swap_environment(environment *outside)
{
    *outside = _mm_getcsr();
    _mm_setcsr(_MM_MASK_MASK); /* to nearest, nothing flushed, no trap */
}

static inline void
restore_environment(const environment *outside)
{
    _mm_setcsr(*outside);
}
#else
#include <fenv.h>
typedef fenv_t environment;

static inline void
swap_environment(environment *outside)
{
    fegetenv(outside);
    fesetenv(FE_DFL_ENV);
}

static inline void
restore_environment(const environment *outside)
{
    fesetenv(outside);
}
#endif

#include "mfg.h"

typedef struct module_state {
    PyObject *duplicate_error; /* xxmfg.errors.DuplicateError */
} module_state;

/* Columns borrowed from a tuple, which is owned for as long. */
typedef struct columns {
    PyObject *tuple;
    Py_ssize_t count;
    int64_t n_rows; /* -1 where there is no column */
    mfg_column items[];
} columns;

/* Each item: an array, or (array or Arrow column, mask or None, flags). */
#define NEGATIVE_IS_MISSING 1
#define MISSING_LEAVES_OUT 2
#define LOW_HALF 4 /* of decimals, which come from Arrow */
#define HIGH_HALF 8
/* The columns of a tuple.
 * NULL with an exception where one is not a 1-D column that load.c reads. */
columns *columns_new(PyObject *tuple);
void columns_free(columns *held);
/* Whether all are numbers or dates; -1 with an exception where one is text. */
int check_numbers(const columns *values);
/* The common number of rows; -1 with an exception where they differ. */
int64_t common_rows(const columns *keys, const columns *values);

/* What surrounds a call of the core: the floating-point environment is the
 * default one (other libraries leave flush-to-zero on), and the GIL is
 * released for as long as there is enough to do. */
typedef struct core_call {
    mfg_control control;
    PyThreadState *released;
    struct timespec asked; /* when signals were last looked for, if they were */
    environment outside;
} core_call;

void core_begin(core_call *call, int64_t n_rows);
void core_end(core_call *call);

/* A ValueError about a row of a column, whose name may be NULL. */
#define OUTSIDE "its code is outside of its dictionary"
void raise_row(const char *column, int64_t row, const char *problem);
/* The one place where a status becomes an exception. */
void raise_status(PyObject *module, mfg_status status, const core_call *call);

/* New 1-D arrays. */
PyObject *new_array(int64_t n, int type);
void *array_items(PyObject *array);
/* The items of an array of this type, 1-D and contiguous; NULL with an
 * exception where it is not. */
void *checked_items(PyObject *array, int type, int64_t *n, const char *name);

/* Labels of groups order[0 ... n-1], a tuple with an item a key: an array; or
 * (array, flags of missing labels); or (strings, codes, flags or None). */
PyObject *labels_tuple(const mfg_grouper *grouper, const columns *keys,
                       int64_t n, const int64_t *order);
/* Arrays for labels of n groups, a tuple with one a key, which is a number. */
PyObject *new_labels(const columns *keys, int64_t n);
/* Such an item for a grouper of one key. */
PyObject *labels_of_arrow(const mfg_grouper *grouper, mfg_kind kind,
                          const char *name, int64_t n, const int64_t *order);

/* ---- exact states of groups, held by a capsule (py_aggregate.c) ---- */

/* Owns all; the columns stay for measures that read the records again. After a
 * fold there are neither columns, nor a grouper, nor an order. */
typedef struct grouped {
    columns *keys;
    columns *values;
    int n_values;
    mfg_grouper *grouper;
    mfg_state *state;
    int n_threads; /* of the call that read the records */
    int only_sums; /* nothing else can be made from the state */
    int64_t n_groups;
    int64_t *order; /* the group whose results come i-th; NULL: group i */
} grouped;

/* What a capsule holds; NULL with an exception where it is no state. */
grouped *held_by(PyObject *capsule);
/* The same for column `value` of a state: its index goes to *index. */
grouped *held_sums(PyObject *capsule, PyObject *value, int *index);
/* The same where more than sums is kept. */
grouped *held_value(PyObject *capsule, PyObject *value, int *index);
/* A capsule that owns `held`, freed here where none can be made. */
PyObject *hold(grouped *held);
static inline int64_t
group_at(const grouped *held, int64_t i)
{
    return held->order == NULL ? i : held->order[i];
}

/* ---- the columns of one call and the grouper of its keys ---- */

typedef struct records {
    columns *keys;
    columns *values; /* one column, or NULL */
    int64_t n_rows;
    mfg_grouper *grouper; /* NULL until there is one */
} records;

/* values: a tuple of one column; NULL where the call has none. */
int records_new(records *read, PyObject *keys, PyObject *values);
/* Makes the grouper, for calls whose kernel does not. */
mfg_status records_group(records *read);
/* Frees the records; gives the results, or raises what the status says. */
PyObject *records_done(PyObject *module, records *read, mfg_status status,
                       const core_call *call, PyObject *results);
/* The groups in the order of their labels, or of their first records. */
mfg_status records_order(const records *read, int by_label, int64_t **order,
                         mfg_control *control);

int exact_arguments(const char *function, Py_ssize_t given, Py_ssize_t wanted);

/* ---- columns by Arrow's capsules (py_arrow.c) ---- */

int is_arrow(PyObject *object);
/* Both borrow: as long as the capsule lives. NULL with an exception where it
 * holds no column. */
const mfg_arrow *arrow_of(PyObject *capsule);
const mfg_column *arrow_column_of(PyObject *capsule, int64_t *n_rows);

/* The method tables of the families. */
extern PyMethodDef arrow_methods[];
extern PyMethodDef row_methods[];
extern PyMethodDef aggregate_methods[];
extern PyMethodDef fold_methods[];
extern PyMethodDef pass_methods[];
extern PyMethodDef group_methods[];
extern PyMethodDef record_methods[];
extern PyMethodDef text_methods[];
extern PyMethodDef contributions_methods[];
extern PyMethodDef ascent_methods[];

#endif
