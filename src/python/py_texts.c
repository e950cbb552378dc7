/* Columns of text by code: what a label stands for, for each record. */
#include "binding.h"
#include "parallel.h"

/* Rows of a round: between two of them signals are looked for, after some 30
 * ms of work. */
#define ROWS_AT_ONCE (1 << 19)
#define MOST_COLUMNS 16

/* One column of texts: its labels, and the array that is filled. */
typedef struct text_column {
    PyArrayObject *labels;
    PyArrayObject *filled;
    npy_static_string *texts; /* of the labels; buf is NULL for a missing one */
    npy_string_allocator *allocator; /* of `filled`, which none else has yet */
} text_column;

typedef struct filling {
    text_column columns[MOST_COLUMNS];
    Py_ssize_t n_columns;
    const int32_t *codes;
    int64_t start;
    int64_t stop;
} filling;

static PyArray_StringDTypeObject *
string_type(PyArrayObject *array)
{
    return (PyArray_StringDTypeObject *)PyArray_DESCR(array);
}

/* What the labels hold; they must not change meanwhile. */
static int
load_labels(text_column *column)
{
    int64_t n = PyArray_DIM(column->labels, 0);
    const char *items = PyArray_BYTES(column->labels);

    column->texts = mfg_alloc((size_t)n, sizeof *column->texts);
    if (column->texts == NULL) {
        return -1;
    }
    npy_string_allocator *allocator =
        NpyString_acquire_allocator(string_type(column->labels));
    for (int64_t i = 0; i < n; i++) {
        npy_static_string text = {0, NULL};
        int absent = NpyString_load(
            allocator,
            (const npy_packed_static_string *)(const void *)(items + i * 16),
            &text);
        column->texts[i].size = text.size;
        column->texts[i].buf = absent ? NULL : text.buf == NULL ? "" : text.buf;
    }
    NpyString_release_allocator(allocator);
    return 0;
}

/* The rows of a round in one column; a code below zero is the last label. */
static mfg_status
fill_rows(void *context, int worker, int64_t number, mfg_control *control)
{
    const filling *of = context;
    const text_column *column = &of->columns[number];
    int64_t last = PyArray_DIM(column->labels, 0) - 1;
    char *items = PyArray_BYTES(column->filled);

    (void)worker;
    (void)control;
    for (int64_t i = of->start; i < of->stop; i++) {
        npy_packed_static_string *item =
            (npy_packed_static_string *)(void *)(items + i * 16);
        int64_t code = of->codes[i] < 0 ? last : of->codes[i];
        const npy_static_string *text = &column->texts[code];
        int status = text->buf == NULL
                         ? NpyString_pack_null(column->allocator, item)
                         : NpyString_pack(column->allocator, item, text->buf,
                                          text->size);
        if (status < 0) {
            return MFG_NO_MEMORY;
        }
    }
    return MFG_OK;
}

/* Round by round the columns are taken in turns. */
static mfg_status
fill_columns(filling *of, int64_t n_rows, core_call *call)
{
    int n_workers = mfg_workers(n_rows, &call->control);
    mfg_status status = MFG_OK;

    while (of->start < n_rows && status == MFG_OK) {
        int64_t stop = of->start + ROWS_AT_ONCE;
        of->stop = stop < n_rows ? stop : n_rows;
        status = mfg_take_turns(of->n_columns, n_workers, fill_rows, of,
                                &call->control);
        of->start = of->stop;
    }
    return status;
}

/* -1 with an exception where a code is none of n labels. */
static int
check_codes(const int32_t *codes, int64_t n_rows, int64_t n)
{
    for (int64_t i = 0; i < n_rows; i++) {
        if (codes[i] >= n || (codes[i] < 0 && n == 0)) {
            PyErr_Format(PyExc_IndexError, "codes: row %lld", (long long)i);
            return -1;
        }
    }
    return 0;
}

/* Borrows the labels and makes the arrays; -1 with an exception where it
 * cannot. */
static int
text_columns(filling *of, PyObject *labels, PyObject *arrays, int64_t n_rows)
{
    npy_intp shape[1] = {(npy_intp)n_rows};
    int64_t fewest = INT64_MAX;

    for (Py_ssize_t c = 0; c < of->n_columns; c++) {
        PyObject *own = PyTuple_GetItem(labels, c);
        if (!PyArray_Check(own) ||
            PyArray_TYPE((PyArrayObject *)own) != NPY_VSTRING ||
            PyArray_NDIM((PyArrayObject *)own) != 1 ||
            PyArray_STRIDE((PyArrayObject *)own, 0) != 16) {
            PyErr_SetString(PyExc_TypeError, "labels must be 1-D StringDType");
            return -1;
        }
        int64_t n = PyArray_DIM((PyArrayObject *)own, 0);
        if (n < fewest && check_codes(of->codes, n_rows, n) < 0) {
            return -1;
        }
        fewest = n < fewest ? n : fewest;
        /* NumPy (2.4) cannot make the new array's type while a signal waits,
         * and reads it all the same. */
        if (PyErr_CheckSignals() < 0) {
            return -1;
        }
        PyArray_Descr *type = PyArray_DESCR((PyArrayObject *)own);
        Py_INCREF((PyObject *)type); /* taken by the new array */
        PyObject *filled = PyArray_Zeros(1, shape, type, 0);
        if (filled == NULL) {
            return -1;
        }
        PyTuple_SetItem(arrays, c, filled);
        of->columns[c].labels = (PyArrayObject *)own;
        of->columns[c].filled = (PyArrayObject *)filled;
        if (load_labels(&of->columns[c]) < 0) {
            PyErr_NoMemory();
            return -1;
        }
    }
    return 0;
}

/* texts(labels, codes, n_threads) -> labels[codes] of each of several labels,
 * the last where a code is below zero: StringDType, int32 */
static PyObject *
texts(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    filling of = {.start = 0};
    int64_t n = 0;

    if (!exact_arguments("texts", n_args, 3)) {
        return NULL;
    }
    of.n_columns = PyTuple_Size(args[0]);
    of.codes = checked_items(args[1], NPY_INT32, &n, "codes");
    long n_threads = PyLong_AsLong(args[2]);
    if (of.codes == NULL || PyErr_Occurred()) {
        return NULL;
    }
    if (of.n_columns > MOST_COLUMNS) {
        PyErr_SetString(PyExc_ValueError, "labels of 16 columns at most");
        return NULL;
    }
    PyObject *arrays = PyTuple_New(of.n_columns);
    if (arrays != NULL && text_columns(&of, args[0], arrays, n) < 0) {
        Py_CLEAR(arrays);
    }
    if (arrays != NULL) {
        for (Py_ssize_t c = 0; c < of.n_columns; c++) {
            of.columns[c].allocator =
                NpyString_acquire_allocator(string_type(of.columns[c].filled));
        }
        core_begin(&call, n);
        call.control.n_threads = (int)n_threads;
        mfg_status status = fill_columns(&of, n, &call);
        core_end(&call);
        for (Py_ssize_t c = 0; c < of.n_columns; c++) {
            NpyString_release_allocator(of.columns[c].allocator);
        }
        if (status != MFG_OK) {
            Py_CLEAR(arrays);
            raise_status(module, status, &call);
        }
    }
    for (Py_ssize_t c = 0; c < of.n_columns; c++) {
        mfg_free(of.columns[c].texts);
    }
    return arrays;
}

PyMethodDef text_methods[] = {
    {"texts", (PyCFunction)(void (*)(void))texts, METH_FASTCALL,
     "texts(labels, codes, n_threads)"},
    {NULL, NULL, 0, NULL},
};
