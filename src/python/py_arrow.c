/* Columns that come by Arrow's capsules: moved in, borrowed, let go. */
#include "binding.h"

#include <string.h>

#define CAPSULE "xxmfg._core.arrow"

/* Owns all. */
typedef struct arrow {
    mfg_arrow *column;
    PyObject *format;
    PyObject *labels; /* the format of the dictionary's; None without */
    PyObject *name;   /* what errors call the column */
} arrow;

/* What the owner of a structure does when it is released may be Python, which
 * an exception under way would disturb. */
static void
release_stream(mfg_arrow_stream *stream)
{
    PyObject *raised[3];

    PyErr_Fetch(&raised[0], &raised[1], &raised[2]);
    stream->release(stream);
    PyErr_Restore(raised[0], raised[1], raised[2]);
}

static void
release_schema(mfg_arrow_schema *schema)
{
    PyObject *raised[3];

    if (schema->release != NULL) {
        PyErr_Fetch(&raised[0], &raised[1], &raised[2]);
        schema->release(schema);
        PyErr_Restore(raised[0], raised[1], raised[2]);
    }
}

static void
arrow_free(arrow *held)
{
    PyObject *raised[3];

    PyErr_Fetch(&raised[0], &raised[1], &raised[2]);
    mfg_arrow_free(held->column);
    Py_XDECREF(held->format);
    Py_XDECREF(held->labels);
    Py_XDECREF(held->name);
    PyMem_Free(held);
    PyErr_Restore(raised[0], raised[1], raised[2]);
}

static void
capsule_free(PyObject *capsule)
{
    arrow_free(PyCapsule_GetPointer(capsule, CAPSULE));
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

const mfg_arrow *
arrow_of(PyObject *capsule)
{
    arrow *held = held_by_arrow(capsule);

    return held == NULL ? NULL : held->column;
}

const mfg_column *
arrow_column_of(PyObject *capsule, int64_t *n_rows)
{
    const mfg_arrow *column = arrow_of(capsule);

    *n_rows = column == NULL ? 0 : mfg_arrow_n_rows(column);
    return column == NULL ? NULL : mfg_arrow_column(column);
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
        PyErr_SetString(PyExc_TypeError, "an Arrow type that no column has");
    }
    else if (status == MFG_BAD_ARROW || status == MFG_BAD_DICTIONARY) {
        const char *which = status == MFG_BAD_ARROW ? "" : "the dictionary of ";
        if (chunk < 0) {
            PyErr_Format(PyExc_ValueError, "%sits Arrow data: %s", which,
                         problem);
        }
        else {
            PyErr_Format(PyExc_ValueError, "%schunk %lld of its Arrow data: %s",
                         which, (long long)chunk, problem);
        }
    }
    else {
        PyErr_NoMemory();
    }
}

static PyObject *
text_of(const char *format)
{
    return PyUnicode_DecodeUTF8(format, (Py_ssize_t)strlen(format), "replace");
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
    if (status != MFG_OK) {
        raise_arrow(status, problem, -1);
        arrow_free(held);
        return NULL;
    }
    held->format = text_of(schema->format);
    held->labels = schema->dictionary == NULL
                       ? Py_NewRef(Py_None)
                       : text_of(schema->dictionary->format);
    if (held->format == NULL || held->labels == NULL) {
        arrow_free(held);
        return NULL;
    }
    return held;
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
    if (PyErr_CheckSignals() < 0) {
        return -1;
    }
    PyThreadState *released = PyEval_SaveThread();
    code = stream->get_next(stream, chunk);
    PyEval_RestoreThread(released);
    if (code != 0) {
        raise_producer(stream, code);
        return -1;
    }
    return 0;
}

static int
add_chunks(arrow *held, mfg_arrow_stream *stream)
{
    for (int64_t number = 0;; number++) {
        mfg_arrow_array chunk;
        if (next_chunk(stream, &chunk) < 0) {
            return -1;
        }
        if (chunk.release == NULL) {
            return 0;
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
    release_schema(&schema);
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
        arrow_free(held);
        held = NULL;
    }
    release_stream(&stream);
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
        arrow_free(held);
        return NULL;
    }
    return held;
}

/* Closed and named, in a capsule; takes `held`. */
static PyObject *
hold_arrow(PyObject *module, arrow *held, PyObject *name)
{
    core_call call;
    mfg_status status;

    held->name = Py_NewRef(name);
    core_begin(&call, 0);
    status = mfg_arrow_close(held->column, &call.control);
    core_end(&call);
    PyObject *capsule = NULL;
    const char *called = PyUnicode_AsUTF8AndSize(name, NULL);
    mfg_arrow_name(held->column, called);
    if (called != NULL && status == MFG_OK) {
        capsule = PyCapsule_New(held, CAPSULE, capsule_free);
    }
    else if (called != NULL) {
        raise_status(module, status, &call);
    }
    if (capsule == NULL) {
        arrow_free(held);
    }
    return capsule;
}

/* arrow_column(stream, None, name) or (schema, array, name) -> column */
static PyObject *
arrow_column(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    arrow *held;

    if (!exact_arguments("arrow_column", n_args, 3)) {
        return NULL;
    }
    held = args[1] == Py_None ? from_stream(args[0])
                              : from_array(args[0], args[1]);
    return held == NULL ? NULL : hold_arrow(module, held, args[2]);
}

/* arrow_coded(codes, labels, is_ordered): codes become codes into labels */
static PyObject *
arrow_coded(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    const char *problem = NULL;

    if (!exact_arguments("arrow_coded", n_args, 3)) {
        return NULL;
    }
    arrow *codes = held_by_arrow(args[0]);
    arrow *labels = codes == NULL ? NULL : held_by_arrow(args[1]);
    if (labels == NULL) {
        return NULL;
    }
    core_begin(&call, 0);
    mfg_status status =
        mfg_arrow_label(codes->column, labels->column, args[2] == Py_True,
                        &problem, &call.control);
    core_end(&call);
    if (problem != NULL) {
        raise_arrow(status, problem, -1);
        return NULL;
    }
    if (status != MFG_OK) {
        raise_status(module, status, &call);
        return NULL;
    }
    Py_DECREF(codes->labels);
    codes->labels = Py_NewRef(labels->format);
    return Py_NewRef(args[0]);
}

/* ---- told ---- */

/* arrow_shape(column) -> (format, rows, format of its dictionary or None) */
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
               : Py_BuildValue("(OLO)", held->format,
                               (long long)mfg_arrow_n_rows(held->column),
                               held->labels);
}

PyMethodDef arrow_methods[] = {
    {"arrow_column", (PyCFunction)(void (*)(void))arrow_column, METH_FASTCALL,
     "arrow_column(stream or schema, None or array, name)"},
    {"arrow_coded", (PyCFunction)(void (*)(void))arrow_coded, METH_FASTCALL,
     "arrow_coded(codes, labels, is_ordered)"},
    {"arrow_shape", (PyCFunction)(void (*)(void))arrow_shape, METH_FASTCALL,
     "arrow_shape(column)"},
    {NULL, NULL, 0, NULL},
};
