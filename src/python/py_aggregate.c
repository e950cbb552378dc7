/* Exact states of groups as a capsule, and what is finished from them. */
#include "binding.h"

#define CAPSULE "xxmfg._core.state"

static void
grouped_free(grouped *held)
{
    if (held == NULL) {
        return;
    }
    columns_free(held->keys);
    columns_free(held->values);
    mfg_grouper_free(held->grouper);
    mfg_state_free(held->state);
    mfg_free(held->order);
    PyMem_Free(held);
}

static void
capsule_free(PyObject *capsule)
{
    grouped_free(PyCapsule_GetPointer(capsule, CAPSULE));
}

/* The order of labels, or that of the first records: as groups stand. */
static mfg_status
put_order(grouped *held, int by_label, mfg_control *control)
{
    held->n_groups = mfg_grouper_count(held->grouper);
    if (!by_label || mfg_grouper_in_order(held->grouper)) {
        return MFG_OK;
    }
    held->order = mfg_alloc((size_t)held->n_groups, sizeof *held->order);
    if (held->order == NULL) {
        return MFG_NO_MEMORY;
    }
    return mfg_grouper_order(held->grouper, held->order, control);
}

/* The dtype of a statistic; a crowd, which has no state, is of floats. */
static int
result_type(const grouped *held, int value, mfg_statistic statistic)
{
    mfg_wide wide = held->state == NULL ? MFG_AS_FLOAT64
                                        : mfg_state_wide(held->state, value);

    if (statistic == MFG_COUNT || statistic == MFG_MISSING ||
        statistic == MFG_HIGH) {
        return NPY_INT64;
    }
    if (statistic == MFG_LOW) {
        return NPY_UINT64;
    }
    if (statistic == MFG_MEAN || statistic == MFG_TOTAL ||
        wide == MFG_AS_FLOAT64) {
        return NPY_DOUBLE;
    }
    return wide == MFG_AS_UINT64 ? NPY_UINT64 : NPY_INT64;
}

/* Number i of the results: all statistics of the first value come first.
 * Returns -1 with an exception where it is none. */
static int
statistic_at(const grouped *held, PyObject *statistics, Py_ssize_t i,
             mfg_statistic *statistic)
{
    long number = PyLong_AsLong(
        PyTuple_GetItem(statistics, i % PyTuple_Size(statistics)));

    if (number < MFG_COUNT || number > (held->only_sums ? MFG_HIGH : MFG_MAX)) {
        PyErr_SetString(PyExc_ValueError, "unknown statistic");
        return -1;
    }
    *statistic = (mfg_statistic)number;
    return 0;
}

/* A tuple of new arrays for all results. */
static PyObject *
result_arrays(const grouped *held, PyObject *statistics)
{
    Py_ssize_t n_statistics = PyTuple_Size(statistics);
    Py_ssize_t n = n_statistics < 0 ? -1 : held->n_values * n_statistics;
    PyObject *tuple = n < 0 ? NULL : PyTuple_New(n);

    for (Py_ssize_t i = 0; tuple != NULL && i < n; i++) {
        mfg_statistic statistic = MFG_COUNT;
        PyObject *results = NULL;
        if (statistic_at(held, statistics, i, &statistic) == 0) {
            results = new_array(
                held->n_groups,
                result_type(held, (int)(i / n_statistics), statistic));
        }
        if (results == NULL) {
            Py_CLEAR(tuple);
            break;
        }
        PyTuple_SetItem(tuple, i, results);
    }
    return tuple;
}

/* What the results are, looked up while the GIL is held; `tuple` has their
 * arrays. NULL with an exception where there is no memory. */
static mfg_result *
results_wanted(const grouped *held, PyObject *statistics, PyObject *tuple)
{
    Py_ssize_t n = PyTuple_Size(tuple);
    mfg_result *wanted = mfg_alloc((size_t)n, sizeof *wanted);

    for (Py_ssize_t i = 0; wanted != NULL && i < n; i++) {
        wanted[i].value = (int)(i / PyTuple_Size(statistics));
        wanted[i].results = array_items(PyTuple_GetItem(tuple, i));
        statistic_at(held, statistics, i, &wanted[i].statistic);
    }
    return wanted == NULL ? (mfg_result *)PyErr_NoMemory() : wanted;
}

static PyObject *
finish(PyObject *module, const grouped *held, PyObject *statistics)
{
    core_call call;
    mfg_status status = MFG_OK;
    PyObject *tuple = result_arrays(held, statistics);
    mfg_result *wanted =
        tuple == NULL ? NULL : results_wanted(held, statistics, tuple);

    if (wanted == NULL) {
        Py_XDECREF(tuple);
        return NULL;
    }
    Py_ssize_t n = PyTuple_Size(tuple);
    core_begin(&call, held->n_groups);
    call.control.n_threads = held->n_threads;
    for (Py_ssize_t i = 0; i < n && status == MFG_OK; i++) {
        status = mfg_state_finish(
            held->state, wanted[i].value, wanted[i].statistic, held->n_groups,
            held->order, wanted[i].results, &call.control);
    }
    core_end(&call);
    mfg_free(wanted);
    if (status != MFG_OK) {
        raise_status(module, status, &call);
        Py_CLEAR(tuple);
    }
    return tuple;
}

grouped *
held_by(PyObject *capsule)
{
    return PyCapsule_GetPointer(capsule, CAPSULE);
}

grouped *
held_sums(PyObject *capsule, PyObject *value, int *index)
{
    grouped *held = held_by(capsule);
    long given = PyLong_AsLong(value);

    if (held == NULL || (given == -1 && PyErr_Occurred())) {
        return NULL;
    }
    if (given < 0 || given >= held->n_values) {
        PyErr_SetString(PyExc_ValueError, "a state without that column");
        return NULL;
    }
    *index = (int)given;
    return held;
}

grouped *
held_value(PyObject *capsule, PyObject *value, int *index)
{
    grouped *held = held_sums(capsule, value, index);

    if (held != NULL && held->only_sums) {
        PyErr_SetString(PyExc_ValueError, "a state of nothing but sums");
        return NULL;
    }
    return held;
}

PyObject *
hold(grouped *held)
{
    PyObject *capsule = PyCapsule_New(held, CAPSULE, capsule_free);

    if (capsule == NULL) {
        grouped_free(held);
    }
    return capsule;
}

/* Borrows the columns; gives the number of records, -1 with an exception. */
static int64_t
borrow_records(grouped *held, PyObject *keys, PyObject *values)
{
    held->keys = columns_new(keys);
    held->values = held->keys == NULL ? NULL : columns_new(values);
    if (held->values == NULL || check_numbers(held->values) < 0) {
        return -1;
    }
    held->n_values = (int)held->values->count;
    return common_rows(held->keys, held->values);
}

#define ONLY_SUMS 1
#define NO_STATE 2

/* Reads all records into a state; where none is wanted, and many groups need
 * none, into *crowd instead. */
static int
read_records(PyObject *module, grouped *held, int64_t n_rows, int by_label,
             int no_state, mfg_crowd **crowd)
{
    core_call call;
    mfg_status status;
    int n_keys = (int)held->keys->count;

    core_begin(&call, n_rows);
    call.control.n_threads = held->n_threads;
    status = mfg_gather(held->keys->items, n_keys, held->values->items,
                        held->n_values, n_rows, by_label, held->only_sums,
                        no_state ? crowd : NULL, &held->grouper, &held->state,
                        &call.control);
    if (status == MFG_OK && *crowd == NULL) {
        status = put_order(held, by_label, &call.control);
    }
    core_end(&call);
    if (status != MFG_OK) {
        raise_status(module, status, &call);
        return -1;
    }
    if (*crowd != NULL) {
        held->n_groups = mfg_crowd_groups(*crowd);
    }
    return 0;
}

/* (None, labels, results) of a crowd. */
static PyObject *
finish_crowd(PyObject *module, const grouped *held, PyObject *statistics,
             mfg_crowd *crowd)
{
    core_call call;
    mfg_status status = MFG_NO_MEMORY;
    PyObject *labels = new_labels(held->keys, held->n_groups);
    PyObject *results = labels == NULL ? NULL : result_arrays(held, statistics);
    mfg_result *wanted =
        results == NULL ? NULL : results_wanted(held, statistics, results);
    void **items = mfg_alloc((size_t)held->keys->count, sizeof *items);

    if (wanted == NULL || items == NULL) {
        goto fail;
    }
    for (Py_ssize_t k = 0; k < held->keys->count; k++) {
        items[k] = array_items(PyTuple_GetItem(labels, k));
    }
    Py_ssize_t n = PyTuple_Size(results);
    core_begin(&call, held->n_groups);
    call.control.n_threads = held->n_threads;
    status = mfg_crowd_finish(crowd, items, wanted, (int)n, &call.control);
    core_end(&call);
    if (status != MFG_OK) {
        raise_status(module, status, &call);
    }
fail:
    mfg_free(items);
    mfg_free(wanted);
    if (status == MFG_OK) {
        return Py_BuildValue("(ONN)", Py_None, labels, results);
    }
    Py_XDECREF(labels);
    Py_XDECREF(results);
    return PyErr_Occurred() ? NULL : PyErr_NoMemory();
}

/* (state, labels, results) */
static PyObject *
finish_state(PyObject *module, PyObject *capsule, PyObject *statistics)
{
    const grouped *held = held_by(capsule);
    PyObject *labels =
        labels_tuple(held->grouper, held->keys, held->n_groups, held->order);
    PyObject *results =
        labels == NULL ? NULL : finish(module, held, statistics);

    if (results == NULL) {
        Py_XDECREF(labels);
        return NULL;
    }
    return Py_BuildValue("(ONN)", capsule, labels, results);
}

/* aggregate(keys, values, statistics, by_label, n_threads, flags)
 * -> (state or None, labels, results) */
static PyObject *
aggregate(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    PyObject *given = NULL;
    mfg_crowd *crowd = NULL;
    int64_t n_rows;

    if (!exact_arguments("aggregate", n_args, 6)) {
        return NULL;
    }
    long n_threads = PyLong_AsLong(args[4]);
    long flags = PyLong_AsLong(args[5]);
    if (PyErr_Occurred()) {
        return NULL;
    }
    grouped *held = PyMem_Calloc(1, sizeof *held);
    PyObject *capsule = held == NULL ? PyErr_NoMemory() : hold(held);
    if (capsule == NULL) {
        return NULL;
    }
    held->n_threads = (int)n_threads;
    held->only_sums = (flags & ONLY_SUMS) != 0;
    n_rows = borrow_records(held, args[0], args[1]);
    if (n_rows >= 0 && read_records(module, held, n_rows, args[3] == Py_True,
                                    (flags & NO_STATE) != 0, &crowd) == 0) {
        given = crowd == NULL ? finish_state(module, capsule, args[2])
                              : finish_crowd(module, held, args[2], crowd);
    }
    mfg_crowd_free(crowd);
    Py_DECREF(capsule);
    return given;
}

/* statistics(state, statistics) -> results */
static PyObject *
statistics(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    grouped *held;

    if (!exact_arguments("statistics", n_args, 2)) {
        return NULL;
    }
    held = held_by(args[0]);
    return held == NULL ? NULL : finish(module, held, args[1]);
}

PyMethodDef aggregate_methods[] = {
    {"aggregate", (PyCFunction)(void (*)(void))aggregate, METH_FASTCALL,
     "aggregate(keys, values, statistics, by_label, n_threads, flags)"},
    {"statistics", (PyCFunction)(void (*)(void))statistics, METH_FASTCALL,
     "statistics(state, statistics)"},
    {NULL, NULL, 0, NULL},
};
