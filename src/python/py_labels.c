/* Labels of groups as arrays and strings. */
#include "binding.h"

/* Labels between two looks for signals: some 20 ms of work. */
#define LABELS_AT_ONCE (1 << 17)

/* A text in place of one that cannot be decoded: an exception that shows it. */
static PyObject *
raise_undecodable(const char *name, const char *text, size_t size)
{
    if (PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) {
        PyErr_Clear();
        PyObject *bytes = PyBytes_FromStringAndSize(
            text, (Py_ssize_t)(size < 100 ? size : 100));
        if (bytes != NULL) {
            PyErr_Format(PyExc_ValueError, "%s has text that is not UTF-8: %R",
                         name == NULL ? "a key" : name, bytes);
            Py_DECREF(bytes);
        }
    }
    return NULL;
}

static PyObject *
string_list(const mfg_grouper *grouper, int key, mfg_kind kind,
            const char *name)
{
    int64_t count = mfg_grouper_n_strings(grouper, key);
    PyObject *list = PyList_New((Py_ssize_t)count);

    for (int64_t code = 0; list != NULL && code < count; code++) {
        const char *text;
        size_t size;
        PyObject *string;
        /* Of bytes: told, as a byte order mark is a character like others. */
        int order = PY_LITTLE_ENDIAN ? -1 : 1;
        mfg_grouper_string(grouper, key, code, &text, &size);
        string = kind == MFG_UCS4
                     ? PyUnicode_DecodeUTF32(text, (Py_ssize_t)size,
                                             "surrogatepass", &order)
                     : PyUnicode_DecodeUTF8(text, (Py_ssize_t)size, NULL);
        if (string == NULL) {
            Py_DECREF(list);
            return raise_undecodable(name, text, size);
        }
        PyList_SetItem(list, (Py_ssize_t)code, string);
        if (code % LABELS_AT_ONCE == 0 && PyErr_CheckSignals() < 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

/* The type of labels of an Arrow column; dates are integers, as Python alone
 * knows their unit, and codes are ranks. */
static int
arrow_label_type(mfg_kind kind)
{
    static const int types[] = {NPY_BOOL,   NPY_INT8,   NPY_INT16,  NPY_INT32,
                                NPY_INT64,  NPY_UINT8,  NPY_UINT16, NPY_UINT32,
                                NPY_UINT64, NPY_DOUBLE, NPY_FLOAT};

    if (kind == MFG_BITS) {
        return NPY_BOOL;
    }
    if (kind == MFG_DATE || kind == MFG_DATE32 || kind == MFG_CODES) {
        return NPY_INT64;
    }
    return kind == MFG_FLOAT64 || kind == MFG_DECIMAL ? NPY_DOUBLE
                                                      : types[kind];
}

/* An array for labels of the key's dtype in native byte order; text: codes.
 * column: that of the key where it is an array, else NULL. */
static PyObject *
label_array(PyObject *column, mfg_kind kind, int64_t n)
{
    npy_intp shape[1] = {(npy_intp)n};
    PyArray_Descr *type;

    if (mfg_widened(kind) == MFG_AS_TEXT) {
        return new_array(n, NPY_INT64);
    }
    if (kind == MFG_FLOAT16) {
        return new_array(n, NPY_DOUBLE);
    }
    if (column == NULL) {
        return new_array(n, arrow_label_type(kind));
    }
    type = PyArray_DESCR((PyArrayObject *)column);
    if (PyArray_ISNOTSWAPPED((PyArrayObject *)column)) {
        Py_INCREF((PyObject *)type); /* taken by the new array */
    }
    else {
        type = PyArray_DescrNewByteorder(type, NPY_NATIVE);
    }
    return type == NULL ? NULL : PyArray_SimpleNewFromDescr(1, shape, type);
}

/* float16 labels, which the core writes as doubles. Takes the reference. */
static PyObject *
as_float16(PyObject *doubles)
{
    PyObject *halves = PyArray_Cast((PyArrayObject *)doubles, NPY_HALF);

    Py_DECREF(doubles);
    return halves;
}

/* (labels, flags or None), or the labels alone where none is missing and they
 * are no text. Takes both references. */
static PyObject *
pack_labels(PyObject *strings, PyObject *labels, PyObject *absent)
{
    PyObject *packed;

    if (strings != NULL) {
        packed =
            PyTuple_Pack(3, strings, labels, absent == NULL ? Py_None : absent);
    }
    else if (absent != NULL) {
        packed = PyTuple_Pack(2, labels, absent);
    }
    else {
        packed = Py_NewRef(labels);
    }
    Py_XDECREF(strings);
    Py_DECREF(labels);
    Py_XDECREF(absent);
    return packed;
}

/* Writes all labels, and flags of missing ones where there is an array of them;
 * -1 where a signal's handler has raised. */
static int
put_labels(const mfg_grouper *grouper, int key, int64_t n, const int64_t *order,
           PyObject *labels, PyObject *absent)
{
    char *items = array_items(labels);
    uint8_t *flags = absent == NULL ? NULL : array_items(absent);
    int64_t width = PyArray_ITEMSIZE((PyArrayObject *)labels);

    if (order == NULL) { /* as groups stand: 2 ns each */
        mfg_grouper_labels(grouper, key, n, NULL, items, flags);
        return 0;
    }
    for (int64_t at = 0; at < n; at += LABELS_AT_ONCE) {
        int64_t size = n - at < LABELS_AT_ONCE ? n - at : LABELS_AT_ONCE;
        mfg_grouper_labels(grouper, key, size, order + at, items + at * width,
                           flags == NULL ? NULL : flags + at);
        if (PyErr_CheckSignals() < 0) {
            return -1;
        }
    }
    return 0;
}

/* column: as label_array takes it; key: which of the grouper's. */
static PyObject *
labels_of(const mfg_grouper *grouper, int key, mfg_kind kind, const char *name,
          PyObject *column, int64_t n, const int64_t *order)
{
    PyObject *strings = NULL;
    PyObject *labels = label_array(column, kind, n);
    PyObject *absent = NULL;
    int any_absent = mfg_grouper_n_absent(grouper, key) > 0;

    if (any_absent) {
        absent = new_array(n, NPY_BOOL);
    }
    if (labels == NULL || (any_absent && absent == NULL)) {
        goto fail;
    }
    if (put_labels(grouper, key, n, order, labels, absent) < 0) {
        goto fail;
    }
    if (kind == MFG_FLOAT16) {
        labels = as_float16(labels);
        if (labels == NULL) {
            goto fail;
        }
    }
    if (mfg_widened(kind) == MFG_AS_TEXT) {
        strings = string_list(grouper, key, kind, name);
        if (strings == NULL) {
            goto fail;
        }
    }
    return pack_labels(strings, labels, absent);
fail:
    Py_XDECREF(labels);
    Py_XDECREF(absent);
    return NULL;
}

/* The array of a key; NULL where it came by Arrow. */
static PyObject *
array_of(PyObject *column)
{
    if (PyTuple_Check(column)) {
        column = PyTuple_GetItem(column, 0);
    }
    return is_arrow(column) ? NULL : column;
}

PyObject *
labels_tuple(const mfg_grouper *grouper, const columns *keys, int64_t n,
             const int64_t *order)
{
    core_call call;
    int n_keys = mfg_grouper_n_keys(grouper);
    PyObject *tuple = PyTuple_New(n_keys);

    core_begin(&call, 0); /* flush-to-zero would take small labels for 0 */
    for (int k = 0; tuple != NULL && k < n_keys; k++) {
        PyObject *column = array_of(PyTuple_GetItem(keys->tuple, k));
        PyObject *labels = labels_of(grouper, k, keys->items[k].kind,
                                     keys->items[k].name, column, n, order);
        if (labels == NULL) {
            Py_CLEAR(tuple);
            break;
        }
        PyTuple_SetItem(tuple, k, labels);
    }
    core_end(&call);
    return tuple;
}

PyObject *
new_labels(const columns *keys, int64_t n)
{
    PyObject *tuple = PyTuple_New(keys->count);

    for (Py_ssize_t k = 0; tuple != NULL && k < keys->count; k++) {
        PyObject *column = array_of(PyTuple_GetItem(keys->tuple, k));
        PyObject *labels = label_array(column, keys->items[k].kind, n);
        if (labels == NULL) {
            Py_CLEAR(tuple);
            break;
        }
        PyTuple_SetItem(tuple, k, labels);
    }
    return tuple;
}

PyObject *
labels_of_arrow(const mfg_grouper *grouper, mfg_kind kind, const char *name,
                int64_t n, const int64_t *order)
{
    core_call call;

    core_begin(&call, 0);
    PyObject *labels = labels_of(grouper, 0, kind, name, NULL, n, order);
    core_end(&call);
    return labels;
}
