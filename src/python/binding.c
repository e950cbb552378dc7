/* Checks and borrows columns, makes arrays, turns statuses into exceptions. */
#include "binding.h"

/* ---- columns ---- */

/* The allocator of a StringDType array is locked for a block: until then no
 * other thread can free or move its text. Whoever holds the lock asks for no
 * GIL, so a thread that waits for it with the GIL waits for a block at most. */
static void *
lock_strings(void *context)
{
    return NpyString_acquire_allocator(context);
}

static void
unlock_strings(void *allocator)
{
    NpyString_release_allocator(allocator);
}

/* Text of one item of a StringDType array. */
static int
fetch_string(void *allocator, const char *item, const char **text, size_t *size)
{
    npy_static_string string = {0, NULL};
    int missing = NpyString_load(
        allocator, (const npy_packed_static_string *)(const void *)item,
        &string);

    *text = string.buf == NULL ? "" : string.buf;
    *size = string.size;
    return missing;
}

static int
integer_kind(int is_signed, npy_intp size)
{
    switch (size) {
    case 1:
        return is_signed ? MFG_INT8 : MFG_UINT8;
    case 2:
        return is_signed ? MFG_INT16 : MFG_UINT16;
    case 4:
        return is_signed ? MFG_INT32 : MFG_UINT32;
    default:
        return is_signed ? MFG_INT64 : MFG_UINT64;
    }
}

/* By kind and size: long and longlong are two types of one size. */
static int
kind_of(const PyArray_Descr *type, npy_intp size)
{
    switch (type->kind) {
    case 'b':
        return MFG_BOOL;
    case 'i':
        return integer_kind(1, size);
    case 'u':
        return integer_kind(0, size);
    case 'f':
        if (size == 2) {
            return MFG_FLOAT16;
        }
        return size == 4 ? MFG_FLOAT32 : size == 8 ? MFG_FLOAT64 : -1;
    case 'M':
    case 'm':
        return MFG_DATE;
    case 'U':
        return MFG_UCS4;
    default:
        return type->type_num == NPY_VSTRING ? MFG_STRING : -1;
    }
}

static int
borrow_array(PyObject *object, mfg_column *column, int64_t *n_rows)
{
    if (!PyArray_Check(object) || PyArray_NDIM((PyArrayObject *)object) != 1) {
        PyErr_SetString(PyExc_TypeError, "a column must be a 1-D NumPy array");
        return -1;
    }
    PyArrayObject *array = (PyArrayObject *)object;
    PyArray_Descr *type = PyArray_DESCR(array);
    int kind = kind_of(type, PyArray_ITEMSIZE(array));
    if (kind < 0) {
        PyErr_Format(PyExc_TypeError, "no column can have dtype %S",
                     (PyObject *)type);
        return -1;
    }
    column->data = PyArray_BYTES(array);
    column->stride = PyArray_STRIDE(array, 0);
    column->kind = (mfg_kind)kind;
    column->swapped = kind != MFG_STRING && !PyArray_ISNOTSWAPPED(array);
    column->width = (size_t)PyArray_ITEMSIZE(array);
    if (kind == MFG_STRING) {
        column->fetch = fetch_string;
        column->open = lock_strings;
        column->close = unlock_strings;
        column->context = type;
    }
    *n_rows = PyArray_DIM(array, 0);
    return 0;
}

static int
borrow_mask(PyObject *object, mfg_column *column, int64_t n_rows)
{
    if (object == Py_None) {
        return 0;
    }
    PyArrayObject *mask = (PyArrayObject *)object;
    if (!PyArray_Check(object) || PyArray_NDIM(mask) != 1 ||
        PyArray_TYPE(mask) != NPY_BOOL || PyArray_DIM(mask, 0) != n_rows) {
        PyErr_SetString(PyExc_TypeError,
                        "a mask must be a bool array as long as its column");
        return -1;
    }
    column->mask = PyArray_BYTES(mask);
    column->mask_stride = PyArray_STRIDE(mask, 0);
    return 0;
}

static int
borrow_half(PyObject *source, int is_high, mfg_column *column)
{
    const mfg_column *half = mfg_arrow_half(arrow_of(source), is_high);

    if (half == NULL) {
        PyErr_SetString(PyExc_TypeError, "only decimals have halves");
        return -1;
    }
    *column = *half;
    return 0;
}

static int
borrow_column(PyObject *item, mfg_column *column, int64_t *n_rows)
{
    if (!PyTuple_Check(item)) {
        return borrow_array(item, column, n_rows);
    }
    if (PyTuple_Size(item) != 3) {
        PyErr_SetString(PyExc_TypeError, "a column is (array, mask, flags)");
        return -1;
    }
    PyObject *source = PyTuple_GetItem(item, 0);
    long flags = PyLong_AsLong(PyTuple_GetItem(item, 2));
    if (is_arrow(source)) {
        *column = *arrow_column_of(source, n_rows);
        if ((flags & (LOW_HALF | HIGH_HALF)) != 0 &&
            borrow_half(source, (flags & HIGH_HALF) != 0, column) < 0) {
            return -1;
        }
    }
    else if (borrow_array(source, column, n_rows) < 0) {
        return -1;
    }
    column->negative_missing = (flags & NEGATIVE_IS_MISSING) != 0;
    column->leaves_out = (flags & MISSING_LEAVES_OUT) != 0;
    if (flags == -1 && PyErr_Occurred()) {
        return -1;
    }
    return borrow_mask(PyTuple_GetItem(item, 1), column, *n_rows);
}

columns *
columns_new(PyObject *tuple)
{
    if (!PyTuple_Check(tuple)) {
        PyErr_SetString(PyExc_TypeError, "columns come as a tuple");
        return NULL;
    }
    Py_ssize_t count = PyTuple_Size(tuple);
    columns *held =
        PyMem_Calloc(1, sizeof *held + (size_t)count * sizeof *held->items);
    if (held == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    held->count = count;
    held->n_rows = -1;
    held->tuple = Py_NewRef(tuple);
    for (Py_ssize_t i = 0; i < count; i++) {
        int64_t n_rows = 0;
        if (borrow_column(PyTuple_GetItem(tuple, i), &held->items[i], &n_rows) <
            0) {
            columns_free(held);
            return NULL;
        }
        if (held->n_rows >= 0 && held->n_rows != n_rows) {
            PyErr_Format(PyExc_ValueError,
                         "columns of %lld and %lld rows: lengths must be equal",
                         (long long)held->n_rows, (long long)n_rows);
            columns_free(held);
            return NULL;
        }
        held->n_rows = n_rows;
    }
    return held;
}

void
columns_free(columns *held)
{
    if (held != NULL) {
        Py_DECREF(held->tuple);
        PyMem_Free(held);
    }
}

int
check_numbers(const columns *values)
{
    for (Py_ssize_t i = 0; i < values->count; i++) {
        if (mfg_widened(values->items[i].kind) == MFG_AS_TEXT ||
            values->items[i].kind == MFG_CODES) {
            PyErr_SetString(PyExc_TypeError, "values must be no text");
            return -1;
        }
    }
    return 0;
}

int64_t
common_rows(const columns *keys, const columns *values)
{
    if (keys->n_rows >= 0 && values->n_rows >= 0 &&
        keys->n_rows != values->n_rows) {
        PyErr_Format(PyExc_ValueError,
                     "keys have %lld rows, values %lld: lengths must be equal",
                     (long long)keys->n_rows, (long long)values->n_rows);
        return -1;
    }
    if (keys->n_rows < 0 && values->n_rows < 0) {
        return 0;
    }
    return keys->n_rows < 0 ? values->n_rows : keys->n_rows;
}

/* ---- around a call of the core ---- */

/* Giving the GIL up and taking it back costs about 0.1 us, a block of rows
 * about 3 us: worth it from a few blocks on. */
#define RELEASE_ROWS 4096

/* Whether 50 ms have passed: a busy thread gives the GIL up only after 5 ms. */
static int
is_due(core_call *call)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if ((now.tv_sec - call->asked.tv_sec) * 1000000000LL +
            (now.tv_nsec - call->asked.tv_nsec) <
        50000000) {
        return 0;
    }
    call->asked = now;
    return 1;
}

/* Ctrl-C is seen here. Taking the GIL is safe: no lock of ours is held. */
static int
poll_signals(void *context)
{
    core_call *call = context;
    int interrupted;

    if (!is_due(call)) {
        return 0;
    }
    if (call->released != NULL) {
        PyEval_RestoreThread(call->released);
    }
    interrupted = PyErr_CheckSignals() < 0;
    if (call->released != NULL) {
        call->released = PyEval_SaveThread();
    }
    return interrupted;
}

void
core_begin(core_call *call, int64_t n_rows)
{
    *call = (core_call){
        .control = {.poll = poll_signals, .context = call, .where = -1}};
    swap_environment(&call->outside);
    if (n_rows >= RELEASE_ROWS) {
        (void)clock_gettime(CLOCK_MONOTONIC, &call->asked);
        call->released = PyEval_SaveThread();
    }
}

void
core_end(core_call *call)
{
    if (call->released != NULL) {
        PyEval_RestoreThread(call->released);
    }
    restore_environment(&call->outside);
}

void
raise_row(const char *column, int64_t row, const char *problem)
{
    PyErr_Format(PyExc_ValueError, "%s%srow %lld: %s",
                 column == NULL ? "" : column, column == NULL ? "" : ": ",
                 (long long)row, problem);
}

void
raise_status(PyObject *module, mfg_status status, const core_call *call)
{
    module_state *state = PyModule_GetState(module);
    PyObject *where = PyLong_FromLongLong(call->control.where);

    switch (status) {
    case MFG_OVERFLOW: /* Python names the group */
        PyErr_SetObject(PyExc_OverflowError, where);
        break;
    case MFG_DUPLICATE: /* Python names the record */
        PyErr_SetObject(state->duplicate_error, where);
        break;
    case MFG_MANY_GROUPS:
        PyErr_SetString(PyExc_OverflowError,
                        "more than 2,147,483,647 groups, or records with a "
                        "contributor, in one call");
        break;
    case MFG_BAD_STRING:
        raise_row(call->control.column, call->control.where,
                  "its text cannot be read, or lies outside of its column's "
                  "memory");
        break;
    case MFG_BAD_CODE:
        raise_row(call->control.column, call->control.where, OUTSIDE);
        break;
    case MFG_INTERRUPTED: /* the handler of the signal has set its own */
        break;
    default:
        PyErr_NoMemory();
        break;
    }
    Py_XDECREF(where);
}

/* ---- arrays ---- */

PyObject *
new_array(int64_t n, int type)
{
    npy_intp shape[1] = {(npy_intp)n};

    return PyArray_SimpleNew(1, shape, type);
}

void *
array_items(PyObject *array)
{
    return PyArray_DATA((PyArrayObject *)array);
}

void *
checked_items(PyObject *object, int type, int64_t *n, const char *name)
{
    PyArrayObject *array = (PyArrayObject *)object;

    if (!PyArray_Check(object) || PyArray_NDIM(array) != 1 ||
        PyArray_TYPE(array) != type || !PyArray_ISCARRAY_RO(array)) {
        PyErr_Format(PyExc_TypeError, "%s must be a contiguous 1-D array",
                     name);
        return NULL;
    }
    *n = PyArray_DIM(array, 0);
    return PyArray_DATA(array);
}

int
exact_arguments(const char *function, Py_ssize_t given, Py_ssize_t wanted)
{
    if (given == wanted) {
        return 1;
    }
    PyErr_Format(PyExc_TypeError, "%s takes %zd arguments, not %zd", function,
                 wanted, given);
    return 0;
}
