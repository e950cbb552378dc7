/* Columns that come by Arrow's capsules: moved in, borrowed, let go. */
#include "binding.h"

#include <string.h>

#define CAPSULE "xxmfg._core.arrow"

/* Owns both. */
typedef struct arrow {
    mfg_arrow *column;
    PyObject *format;
} arrow;

static void
capsule_free(PyObject *capsule)
{
    arrow *held = PyCapsule_GetPointer(capsule, CAPSULE);

    mfg_arrow_free(held->column);
    Py_XDECREF(held->format);
    PyMem_Free(held);
}

static arrow *
held_by_arrow(PyObject *capsule)
{
    return PyCapsule_GetPointer(capsule, CAPSULE);
}

int
is_arrow(PyObject *object)
{
    return PyCapsule_IsValid(object, CAPSULE);
}

const mfg_column *
arrow_column_of(PyObject *capsule, int64_t *n_rows)
{
    arrow *held = held_by_arrow(capsule);

    *n_rows = mfg_arrow_n_rows(held->column);
    return mfg_arrow_column(held->column);
}

/* ---- moved in ---- */

/* What a capsule of this name holds; NULL with an exception where it is none,
 * or another. */
static void *
structure_of(PyObject *capsule, const char *name)
{
    if (!PyCapsule_CheckExact(capsule)) {
        PyErr_Format(PyExc_ValueError,
                     "its Arrow interface must give a capsule \"%s\", not %R",
                     name, (PyObject *)Py_TYPE(capsule));
        return NULL;
    }
    if (!PyCapsule_IsValid(capsule, name)) {
        const char *given = PyCapsule_GetName(capsule);
        PyErr_Format(PyExc_ValueError,
                     "its Arrow interface must give a capsule \"%s\", not "
                     "\"%s\"",
                     name, given == NULL ? "" : given);
        return NULL;
    }
    return PyCapsule_GetPointer(capsule, name);
}

/* The exception of a status that is not MFG_OK; chunk: -1 for none. */
static void
raise_arrow(mfg_status status, const char *problem, int64_t chunk)
{
    if (status == MFG_OTHER_ARROW) { /* Python describes it */
        PyErr_SetString(PyExc_TypeError, problem);
    }
    else if (status == MFG_BAD_ARROW && chunk >= 0) {
        PyErr_Format(PyExc_ValueError, "chunk %lld of its Arrow data: %s",
                     (long long)chunk, problem);
    }
    else if (status == MFG_BAD_ARROW) {
        PyErr_Format(PyExc_ValueError, "its Arrow data: %s", problem);
    }
    else {
        PyErr_NoMemory();
    }
}

/* A column without chunks; NULL with an exception. */
static arrow *
arrow_new(const mfg_arrow_schema *schema)
{
    const char *problem;
    arrow *held = PyMem_Calloc(1, sizeof *held);

    if (held == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    mfg_status status = mfg_arrow_new(schema, &held->column, &problem);
    if (status == MFG_OK) {
        held->format = PyUnicode_DecodeUTF8(
            schema->format, (Py_ssize_t)strlen(schema->format), "replace");
        if (held->format != NULL) {
            return held;
        }
        mfg_arrow_free(held->column);
    }
    else {
        raise_arrow(status, problem, -1);
    }
    PyMem_Free(held);
    return NULL;
}

static int
add_chunk(arrow *held, mfg_arrow_array *chunk, int64_t number)
{
    const char *problem;
    mfg_status status = mfg_arrow_add(held->column, chunk, &problem);

    if (status != MFG_OK) {
        raise_arrow(status, problem, number);
        return -1;
    }
    return 0;
}

static void
raise_producer(mfg_arrow_stream *stream, int code)
{
    const char *told = NULL;

    if (stream->get_last_error != NULL) {
        told = stream->get_last_error(stream);
    }
    if (!PyErr_Occurred()) {
        PyErr_Format(PyExc_ValueError,
                     "its Arrow stream failed with error %d: %s", code,
                     told == NULL ? "(no message)" : told);
    }
}

/* The next chunk; its release is NULL after the last. Producers may need the
 * GIL on threads of their own. */
static int
next_chunk(mfg_arrow_stream *stream, mfg_arrow_array *chunk)
{
    int code;

    *chunk = (mfg_arrow_array){0};
    PyThreadState *released = PyEval_SaveThread();
    code = stream->get_next(stream, chunk);
    PyEval_RestoreThread(released);
    if (code != 0) {
        raise_producer(stream, code);
        return -1;
    }
    return PyErr_CheckSignals();
}

static int
add_chunks(arrow *held, mfg_arrow_stream *stream)
{
    for (int64_t number = 0;; number++) {
        mfg_arrow_array chunk;
        int failed = next_chunk(stream, &chunk);
        if (chunk.release == NULL) {
            return failed;
        }
        if (failed < 0) {
            chunk.release(&chunk);
            return -1;
        }
        if (add_chunk(held, &chunk, number) < 0) {
            return -1;
        }
    }
}

static arrow *
read_stream(mfg_arrow_stream *stream)
{
    mfg_arrow_schema schema = {0};
    arrow *held;
    int code = stream->get_schema(stream, &schema);

    if (code != 0) {
        raise_producer(stream, code);
        return NULL;
    }
    held = arrow_new(&schema);
    if (schema.release != NULL) {
        schema.release(&schema);
    }
    return held;
}

static arrow *
from_stream(PyObject *capsule)
{
    mfg_arrow_stream *given = structure_of(capsule, "arrow_array_stream");

    if (given == NULL) {
        return NULL;
    }
    if (given->release == NULL) {
        PyErr_SetString(PyExc_ValueError, "its Arrow stream was read before");
        return NULL;
    }
    if (given->get_schema == NULL || given->get_next == NULL) {
        PyErr_SetString(PyExc_ValueError, "its Arrow stream has no functions");
        return NULL;
    }
    mfg_arrow_stream stream = *given;
    given->release = NULL; /* moved */
    arrow *held = read_stream(&stream);
    if (held != NULL && add_chunks(held, &stream) < 0) {
        mfg_arrow_free(held->column);
        Py_XDECREF(held->format);
        PyMem_Free(held);
        held = NULL;
    }
    stream.release(&stream);
    return held;
}

static arrow *
from_array(PyObject *schema_capsule, PyObject *array_capsule)
{
    mfg_arrow_schema *schema = structure_of(schema_capsule, "arrow_schema");
    mfg_arrow_array *array =
        schema == NULL ? NULL : structure_of(array_capsule, "arrow_array");
    arrow *held = array == NULL ? NULL : arrow_new(schema);

    if (held != NULL && add_chunk(held, array, -1) < 0) {
        mfg_arrow_free(held->column);
        Py_XDECREF(held->format);
        PyMem_Free(held);
        return NULL;
    }
    return held;
}

/* arrow_column(stream, None) or arrow_column(schema, array)
 * -> (column, format, rows) */
static PyObject *
arrow_column(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    arrow *held;

    (void)module;
    if (!exact_arguments("arrow_column", n_args, 2)) {
        return NULL;
    }
    held = args[1] == Py_None ? from_stream(args[0])
                              : from_array(args[0], args[1]);
    if (held == NULL) {
        return NULL;
    }
    PyObject *capsule = PyCapsule_New(held, CAPSULE, capsule_free);
    if (capsule == NULL) {
        mfg_arrow_free(held->column);
        Py_XDECREF(held->format);
        PyMem_Free(held);
        return NULL;
    }
    return Py_BuildValue("(NOL)", capsule, held->format,
                         (long long)mfg_arrow_n_rows(held->column));
}

/* ---- told, and copied ---- */

/* arrow_shape(column) -> (format, rows) */
static PyObject *
arrow_shape(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    (void)module;
    if (!exact_arguments("arrow_shape", n_args, 1)) {
        return NULL;
    }
    arrow *held = held_by_arrow(args[0]);
    return held == NULL
               ? NULL
               : Py_BuildValue("(OL)", held->format,
                               (long long)mfg_arrow_n_rows(held->column));
}

/* Some rows of a column of numbers (NULL: the first ones), each widened, a
 * missing integer as 0; whether one is missing. */
static int
take_rows(const mfg_column *column, int64_t n, const int64_t *rows,
          mfg_word *words, uint8_t *absent)
{
    mfg_block block;
    int is_float = mfg_widened(column->kind) == MFG_AS_FLOAT64;
    int any = 0;
    int32_t size;

    for (int64_t at = 0; at < n; at += size) {
        int64_t most = rows == NULL ? MFG_BLOCK : 1;
        size = (int32_t)(n - at < most ? n - at : most);
        mfg_load(column, rows == NULL ? at : rows[at], size, &block);
        for (int32_t i = 0; i < size; i++) {
            mfg_word word = block.values[i];
            int missing = is_float ? word.float64 != word.float64
                                   : block.missing != NULL && block.missing[i];
            words[at + i].int64 = missing && !is_float ? 0 : word.int64;
            absent[at + i] = (uint8_t)missing;
            any |= missing;
        }
    }
    return any;
}

/* The rows asked for, each of them there; NULL where all n are. -1 with an
 * exception where one is not. */
static int
rows_of(PyObject *asked, int64_t n_rows, const int64_t **rows, int64_t *n)
{
    *rows = NULL;
    *n = n_rows;
    if (asked == Py_None) {
        return 0;
    }
    *rows = checked_items(asked, NPY_INT64, n, "rows");
    for (int64_t i = 0; *rows != NULL && i < *n; i++) {
        if ((*rows)[i] < 0 || (*rows)[i] >= n_rows) {
            PyErr_SetString(PyExc_IndexError, "a row that is not there");
            return -1;
        }
    }
    return *rows == NULL ? -1 : 0;
}

/* arrow_rows(column, rows or None) -> (numbers, flags of missing ones or None)
 */
static PyObject *
arrow_rows(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    static const int types[] = {NPY_DOUBLE, NPY_INT64, NPY_UINT64};
    const int64_t *rows;
    int64_t n;
    int64_t n_rows;

    (void)module;
    if (!exact_arguments("arrow_rows", n_args, 2) ||
        held_by_arrow(args[0]) == NULL) {
        return NULL;
    }
    const mfg_column *column = arrow_column_of(args[0], &n_rows);
    mfg_wide wide = mfg_widened(column->kind);
    if (rows_of(args[1], n_rows, &rows, &n) < 0) {
        return NULL;
    }
    if (wide == MFG_AS_TEXT) {
        return PyErr_Format(PyExc_TypeError, "text has no numbers");
    }
    PyObject *numbers = new_array(n, types[wide]);
    PyObject *absent = new_array(n, NPY_BOOL);
    if (numbers == NULL || absent == NULL) {
        Py_XDECREF(numbers);
        Py_XDECREF(absent);
        return NULL;
    }
    if (!take_rows(column, n, rows, array_items(numbers),
                   array_items(absent))) {
        Py_DECREF(absent);
        absent = Py_NewRef(Py_None);
    }
    return Py_BuildValue("(NN)", numbers, absent);
}

PyMethodDef arrow_methods[] = {
    {"arrow_column", (PyCFunction)(void (*)(void))arrow_column, METH_FASTCALL,
     "arrow_column(stream or schema, None or array)"},
    {"arrow_shape", (PyCFunction)(void (*)(void))arrow_shape, METH_FASTCALL,
     "arrow_shape(column)"},
    {"arrow_rows", (PyCFunction)(void (*)(void))arrow_rows, METH_FASTCALL,
     "arrow_rows(column, rows)"},
    {NULL, NULL, 0, NULL},
};
