/* Inequality and weighted quantiles: what reads values in ascending order. */
#include "binding.h"

/* The state of records, and two of its columns; the weights may be -1: none. */
static grouped *
held_columns(PyObject *const *args, int *value, int *weight)
{
    grouped *held = held_value(args[0], args[1], value);
    long given = PyLong_AsLong(args[2]);

    if (held == NULL || (given == -1 && PyErr_Occurred())) {
        return NULL;
    }
    if (held->values == NULL || given >= held->n_values) {
        PyErr_SetString(PyExc_ValueError, "a state without these records");
        return NULL;
    }
    *weight = given < 0 ? -1 : (int)given;
    return held;
}

/* A tuple of new arrays of n items each. */
static PyObject *
arrays_tuple(int64_t n, int n_arrays, const int *types)
{
    PyObject *tuple = PyTuple_New(n_arrays);

    for (int i = 0; tuple != NULL && i < n_arrays; i++) {
        PyObject *array = new_array(n, types[i]);
        if (array == NULL) {
            Py_CLEAR(tuple);
            break;
        }
        PyTuple_SetItem(tuple, i, array);
    }
    return tuple;
}

static void *
items_at(PyObject *tuple, int i)
{
    return array_items(PyTuple_GetItem(tuple, i));
}

/* From the order of groups to that of results. */
static void
put_measures(const grouped *held, const int64_t *counts,
             const mfg_inequality *found, PyObject *tuple)
{
    for (int64_t i = 0; i < held->n_groups; i++) {
        int64_t group = group_at(held, i);
        const mfg_inequality *of = &found[group];
        ((int64_t *)items_at(tuple, 0))[i] = counts[group];
        ((double *)items_at(tuple, 1))[i] = of->gini;
        ((double *)items_at(tuple, 2))[i] = of->gini_normalized;
        ((double *)items_at(tuple, 3))[i] = of->theil_t;
        ((double *)items_at(tuple, 4))[i] = of->theil_l;
        ((double *)items_at(tuple, 5))[i] = of->atkinson;
    }
}

/* inequality(state, value, weight) -> (counts, gini, normalized, theil_t,
 * theil_l, atkinson) */
static PyObject *
inequality(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    int value = 0;
    int weight = -1;
    mfg_status status = MFG_NO_MEMORY;

    if (!exact_arguments("inequality", n_args, 3)) {
        return NULL;
    }
    const grouped *held = held_columns(args, &value, &weight);
    if (held == NULL) {
        return NULL;
    }
    size_t n = (size_t)held->n_groups;
    const int types[] = {NPY_INT64,  NPY_DOUBLE, NPY_DOUBLE,
                         NPY_DOUBLE, NPY_DOUBLE, NPY_DOUBLE};
    PyObject *results = arrays_tuple(held->n_groups, 6, types);
    int64_t *counts = mfg_alloc(n, sizeof *counts);
    mfg_inequality *found = mfg_alloc(n, sizeof *found);
    int64_t n_rows = held->values->n_rows;
    core_begin(&call, n_rows);
    call.control.n_threads = held->n_threads;
    if (results != NULL && counts != NULL && found != NULL) {
        status = mfg_inequalities(held->state, value, weight, held->grouper,
                                  held->keys->items, held->values->items,
                                  n_rows, counts, found, &call.control);
    }
    core_end(&call);
    if (status == MFG_OK) {
        put_measures(held, counts, found, results);
    }
    else {
        Py_CLEAR(results);
        raise_status(module, status, &call);
    }
    mfg_free(counts);
    mfg_free(found);
    return results;
}

/* Numerators and denominators of quantiles; -1 with an exception where one is
 * none. */
static int
check_quantiles(const int64_t *numerators, const int64_t *denominators,
                int64_t n, int64_t n_denominators)
{
    if (numerators == NULL || denominators == NULL) {
        return -1;
    }
    int good = n == n_denominators && n < INT32_MAX;
    for (int64_t k = 0; good && k < n; k++) {
        good = numerators[k] >= 0 && numerators[k] <= denominators[k] &&
               denominators[k] <= INT32_MAX && denominators[k] > 0;
    }
    if (!good) {
        PyErr_SetString(PyExc_ValueError, "a quantile lies between 0 and 1");
    }
    return good ? 0 : -1;
}

static void
put_quantiles(const grouped *held, int64_t n, const mfg_word *found,
              PyObject *tuple)
{
    int64_t n_groups = held->n_groups;

    for (int side = 0; side < 2; side++) {
        const mfg_word *from = found + side * n * n_groups;
        mfg_word *to = items_at(tuple, side);
        for (int64_t k = 0; k < n; k++) {
            for (int64_t i = 0; i < n_groups; i++) {
                to[k * n_groups + i] = from[k * n_groups + group_at(held, i)];
            }
        }
    }
}

/* The widened kind of a value column. */
static int
wide_type(const grouped *held, int value)
{
    switch (mfg_state_wide(held->state, value)) {
    case MFG_AS_FLOAT64:
        return NPY_DOUBLE;
    case MFG_AS_UINT64:
        return NPY_UINT64;
    default:
        return NPY_INT64;
    }
}

/* weighted_quantiles(state, value, weight, numerators, denominators)
 * -> (lower, upper): quantile k of group g at k * n_groups + g */
static PyObject *
weighted_quantiles(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    int value = 0;
    int weight = -1;
    int64_t n = 0;
    int64_t n_denominators = 0;
    mfg_status status = MFG_NO_MEMORY;

    if (!exact_arguments("weighted_quantiles", n_args, 5)) {
        return NULL;
    }
    const grouped *held = held_columns(args, &value, &weight);
    const int64_t *above = checked_items(args[3], NPY_INT64, &n, "numerators");
    const int64_t *below =
        checked_items(args[4], NPY_INT64, &n_denominators, "denominators");
    if (held == NULL || check_quantiles(above, below, n, n_denominators) < 0) {
        return NULL;
    }
    int64_t n_found = n * held->n_groups;
    const int types[] = {wide_type(held, value), wide_type(held, value)};
    PyObject *results = arrays_tuple(n_found, 2, types);
    mfg_word *found = mfg_alloc((size_t)n_found, 2 * sizeof *found);
    core_begin(&call, held->values->n_rows);
    call.control.n_threads = held->n_threads;
    if (results != NULL && found != NULL) {
        status = mfg_weighted_quantiles(
            held->state, value, weight, held->grouper, held->keys->items,
            held->values->items, held->values->n_rows, (int)n, above, below,
            found, found + n_found, &call.control);
    }
    core_end(&call);
    if (status == MFG_OK) {
        put_quantiles(held, n, found, results);
    }
    else {
        Py_CLEAR(results);
        raise_status(module, status, &call);
    }
    mfg_free(found);
    return results;
}

PyMethodDef ascent_methods[] = {
    {"inequality", (PyCFunction)(void (*)(void))inequality, METH_FASTCALL,
     "inequality(state, value, weight)"},
    {"weighted_quantiles", (PyCFunction)(void (*)(void))weighted_quantiles,
     METH_FASTCALL,
     "weighted_quantiles(state, value, weight, numerators, denominators)"},
    {NULL, NULL, 0, NULL},
};
