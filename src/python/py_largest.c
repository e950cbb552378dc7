/* The largest values of groups, for rules of disclosure. */
#include "binding.h"

/* A rule asks for two or three; lists are searched in order. */
#define MOST_LARGEST 64

/* largest(state, value, size) -> array: `size` values a group, descending */
static PyObject *
largest(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    int value = 0;
    mfg_status status = MFG_NO_MEMORY;

    if (!exact_arguments("largest", n_args, 3)) {
        return NULL;
    }
    const grouped *held = held_value(args[0], args[1], &value);
    long size = PyLong_AsLong(args[2]);
    if (held == NULL || PyErr_Occurred()) {
        return NULL;
    }
    if (held->values == NULL) {
        PyErr_SetString(PyExc_ValueError, "a folded state has no records");
        return NULL;
    }
    if (size < 1 || size > MOST_LARGEST) {
        PyErr_SetString(PyExc_ValueError, "size must be 1 to 64");
        return NULL;
    }
    int64_t n = held->n_groups * size;
    PyObject *results = new_array(n, NPY_DOUBLE);
    double *found = mfg_alloc((size_t)n, sizeof *found);
    int64_t n_rows = held->values->n_rows;
    core_begin(&call, n_rows);
    call.control.n_threads = held->n_threads;
    if (results != NULL && found != NULL) {
        status = mfg_largest(held->state, value, held->grouper,
                             held->keys->items, &held->values->items[value],
                             n_rows, size, found, &call.control);
    }
    core_end(&call);
    double *ordered = results == NULL ? NULL : array_items(results);
    for (int64_t i = 0; status == MFG_OK && i < n; i++) {
        ordered[i] = found[group_at(held, i / size) * size + i % size];
    }
    if (status != MFG_OK) {
        Py_CLEAR(results);
        raise_status(module, status, &call);
    }
    mfg_free(found);
    return results;
}

PyMethodDef largest_methods[] = {
    {"largest", (PyCFunction)(void (*)(void))largest, METH_FASTCALL,
     "largest(state, value, size)"},
    {NULL, NULL, 0, NULL},
};
