/* Statistics that read the records of a state again. */
#include "binding.h"

/* The state of records; a folded one has none. */
static grouped *
held_records(PyObject *capsule, PyObject *value, int *index)
{
    grouped *held = held_value(capsule, value, index);

    if (held != NULL && held->values == NULL) {
        PyErr_SetString(PyExc_ValueError, "a folded state has no records");
        return NULL;
    }
    return held;
}

/* From the order of groups to that of results. */
static void
reorder(const grouped *held, const void *by_group, void *results)
{
    const mfg_word *from = by_group;
    mfg_word *to = results;

    for (int64_t i = 0; i < held->n_groups; i++) {
        to[i] = from[group_at(held, i)];
    }
}

/* variances(state, value, is_root) -> array */
static PyObject *
variances(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    int value = 0;
    mfg_status status = MFG_NO_MEMORY;

    if (!exact_arguments("variances", n_args, 3)) {
        return NULL;
    }
    const grouped *held = held_records(args[0], args[1], &value);
    if (held == NULL) {
        return NULL;
    }
    PyObject *results = new_array(held->n_groups, NPY_DOUBLE);
    double *by_group = mfg_alloc((size_t)held->n_groups, sizeof *by_group);
    int64_t n_rows = held->values->n_rows;
    core_begin(&call, n_rows);
    call.control.n_threads = held->n_threads;
    if (results != NULL && by_group != NULL) {
        status =
            mfg_variances(held->state, value, args[2] == Py_True, held->grouper,
                          held->keys->items, &held->values->items[value],
                          n_rows, by_group, &call.control);
    }
    core_end(&call);
    if (status == MFG_OK) {
        reorder(held, by_group, array_items(results));
    }
    else {
        Py_CLEAR(results);
        raise_status(module, status, &call);
    }
    mfg_free(by_group);
    return results;
}

/* (first, second) with the two halves of `found`, which is freed; or the
 * exception of the status. */
static PyObject *
give_pair(PyObject *module, const grouped *held, mfg_status status,
          const core_call *call, void *found, PyObject *first, PyObject *second)
{
    if (status == MFG_OK) {
        reorder(held, found, array_items(first));
        reorder(held, (mfg_word *)found + held->n_groups, array_items(second));
        mfg_free(found);
        return Py_BuildValue("(NN)", first, second);
    }
    mfg_free(found);
    Py_XDECREF(first);
    Py_XDECREF(second);
    raise_status(module, status, call);
    return NULL;
}

/* An array of the widened kind of a value column. */
static PyObject *
wide_array(const grouped *held, int value, int64_t n)
{
    switch (mfg_state_wide(held->state, value)) {
    case MFG_AS_FLOAT64:
        return new_array(n, NPY_DOUBLE);
    case MFG_AS_UINT64:
        return new_array(n, NPY_UINT64);
    default:
        return new_array(n, NPY_INT64);
    }
}

/* quantiles(state, value, numerator, denominator) -> (lower, upper): the
 * neighbors of that quantile */
static PyObject *
quantiles(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    int value = 0;
    mfg_status status = MFG_NO_MEMORY;

    if (!exact_arguments("quantiles", n_args, 4)) {
        return NULL;
    }
    const grouped *held = held_records(args[0], args[1], &value);
    long numerator = PyLong_AsLong(args[2]);
    long denominator = PyLong_AsLong(args[3]);
    if (held == NULL || PyErr_Occurred()) {
        return NULL;
    }
    if (numerator < 0 || numerator > denominator || denominator > INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "a quantile lies between 0 and 1");
        return NULL;
    }
    int64_t n = held->n_groups;
    PyObject *lower = wide_array(held, value, n);
    PyObject *upper = wide_array(held, value, n);
    mfg_word *found = mfg_alloc((size_t)n, 2 * sizeof *found);
    int64_t n_rows = held->values->n_rows;
    core_begin(&call, n_rows);
    call.control.n_threads = held->n_threads;
    if (lower != NULL && upper != NULL && found != NULL) {
        status =
            mfg_quantiles(held->state, value, held->grouper, held->keys->items,
                          &held->values->items[value], n_rows, numerator,
                          denominator, found, found + n, &call.control);
    }
    core_end(&call);
    return give_pair(module, held, status, &call, found, lower, upper);
}

/* first_last(state, value) -> (rows, rows): -1 where a group has no value */
static PyObject *
first_last(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    int value = 0;
    mfg_status status = MFG_NO_MEMORY;

    if (!exact_arguments("first_last", n_args, 2)) {
        return NULL;
    }
    const grouped *held = held_records(args[0], args[1], &value);
    if (held == NULL) {
        return NULL;
    }
    int64_t n = held->n_groups;
    PyObject *first = new_array(n, NPY_INT64);
    PyObject *last = new_array(n, NPY_INT64);
    int64_t *found = mfg_alloc((size_t)n, 2 * sizeof *found);
    int64_t n_rows = held->values->n_rows;
    core_begin(&call, n_rows);
    call.control.n_threads = held->n_threads;
    if (first != NULL && last != NULL && found != NULL) {
        status = mfg_first_last(held->grouper, held->keys->items,
                                &held->values->items[value], n_rows, n, found,
                                found + n, &call.control);
    }
    core_end(&call);
    return give_pair(module, held, status, &call, found, first, last);
}

PyMethodDef pass_methods[] = {
    {"variances", (PyCFunction)(void (*)(void))variances, METH_FASTCALL,
     "variances(state, value, is_root)"},
    {"quantiles", (PyCFunction)(void (*)(void))quantiles, METH_FASTCALL,
     "quantiles(state, value, numerator, denominator)"},
    {"first_last", (PyCFunction)(void (*)(void))first_last, METH_FASTCALL,
     "first_last(state, value)"},
    {NULL, NULL, 0, NULL},
};
