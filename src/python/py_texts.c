/* Columns of text by code: what a label stands for, for each record. */
#include "binding.h"

/* Rows between two looks for signals: some 30 ms of work. */
#define ROWS_AT_ONCE (1 << 19)

/* Packs texts[codes[i]] into n items; -1 where there is no memory. */
static int
pack_rows(npy_string_allocator *allocator, const npy_static_string *texts,
          const int64_t *codes, char *items, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        npy_packed_static_string *item =
            (npy_packed_static_string *)(void *)(items + i * 16);
        const npy_static_string *text = &texts[codes[i]];
        int status = text->buf == NULL ? NpyString_pack_null(allocator, item)
                                       : NpyString_pack(allocator, item,
                                                        text->buf, text->size);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

/* What the items of a StringDType array hold, which must not change meanwhile;
 * buf is NULL for a missing one. Freed by mfg_free. */
static npy_static_string *
load_texts(npy_string_allocator *allocator, const char *items, int64_t n)
{
    npy_static_string *texts = mfg_alloc((size_t)n, sizeof *texts);

    for (int64_t i = 0; texts != NULL && i < n; i++) {
        npy_static_string text = {0, NULL};
        int absent = NpyString_load(
            allocator,
            (const npy_packed_static_string *)(const void *)(items + i * 16),
            &text);
        texts[i].size = text.size;
        texts[i].buf = absent ? NULL : text.buf == NULL ? "" : text.buf;
    }
    return texts;
}

static int
fill_texts(PyObject *labels, const int64_t *codes, PyObject *filled, int64_t n)
{
    int64_t n_labels = PyArray_DIM((PyArrayObject *)labels, 0);
    PyArray_StringDTypeObject *types[2] = {
        (PyArray_StringDTypeObject *)PyArray_DESCR((PyArrayObject *)labels),
        (PyArray_StringDTypeObject *)PyArray_DESCR((PyArrayObject *)filled),
    };
    int status = 0;

    for (int64_t start = 0; start < n && status == 0; start += ROWS_AT_ONCE) {
        int64_t left = n - start;
        npy_string_allocator *held[2];
        NpyString_acquire_allocators(2, (PyArray_Descr **)types, held);
        npy_static_string *texts = load_texts(
            held[0], PyArray_BYTES((PyArrayObject *)labels), n_labels);
        status =
            texts == NULL
                ? -1
                : pack_rows(held[1], texts, codes + start,
                            PyArray_BYTES((PyArrayObject *)filled) + start * 16,
                            left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE);
        NpyString_release_allocators(2, held);
        mfg_free(texts);
        if (status < 0) {
            PyErr_NoMemory();
        }
        else {
            status = PyErr_CheckSignals();
        }
    }
    return status;
}

/* texts(labels, codes) -> labels[codes]: StringDType, int64 */
static PyObject *
texts(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    int64_t n = 0;

    (void)module;
    if (!exact_arguments("texts", n_args, 2)) {
        return NULL;
    }
    PyObject *labels = args[0];
    const int64_t *codes = checked_items(args[1], NPY_INT64, &n, "codes");
    if (codes == NULL) {
        return NULL;
    }
    if (!PyArray_Check(labels) ||
        PyArray_TYPE((PyArrayObject *)labels) != NPY_VSTRING ||
        PyArray_NDIM((PyArrayObject *)labels) != 1 ||
        PyArray_STRIDE((PyArrayObject *)labels, 0) != 16) {
        PyErr_SetString(PyExc_TypeError, "labels must be 1-D StringDType");
        return NULL;
    }
    for (int64_t i = 0; i < n; i++) {
        if (codes[i] < 0 ||
            codes[i] >= PyArray_DIM((PyArrayObject *)labels, 0)) {
            return PyErr_Format(PyExc_IndexError, "codes: row %lld",
                                (long long)i);
        }
    }
    npy_intp shape[1] = {(npy_intp)n};
    PyArray_Descr *type = PyArray_DESCR((PyArrayObject *)labels);
    Py_INCREF((PyObject *)type); /* taken by the new array */
    PyObject *filled = PyArray_Zeros(1, shape, type, 0);
    if (filled != NULL && fill_texts(labels, codes, filled, n) < 0) {
        Py_CLEAR(filled);
    }
    return filled;
}

PyMethodDef text_methods[] = {
    {"texts", (PyCFunction)(void (*)(void))texts, METH_FASTCALL,
     "texts(labels, codes)"},
    {NULL, NULL, 0, NULL},
};
