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

/* The dtype of a statistic. */
static int
result_type(const grouped *held, int value, mfg_statistic statistic)
{
    mfg_wide wide = mfg_state_wide(held->state, value);

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

/* What a result is, looked up while the GIL is held. */
typedef struct finishing {
    int value;
    mfg_statistic statistic;
    void *results;
} finishing;

static PyObject *
finish(PyObject *module, const grouped *held, PyObject *statistics)
{
    core_call call;
    mfg_status status = MFG_OK;
    PyObject *tuple = result_arrays(held, statistics);
    Py_ssize_t n = tuple == NULL ? 0 : PyTuple_Size(tuple);
    finishing *wanted = mfg_alloc((size_t)n, sizeof *wanted);

    if (tuple == NULL || wanted == NULL) {
        Py_XDECREF(tuple);
        mfg_free(wanted);
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        wanted[i].value = (int)(i / PyTuple_Size(statistics));
        wanted[i].results = array_items(PyTuple_GetItem(tuple, i));
        statistic_at(held, statistics, i, &wanted[i].statistic);
    }
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

/* Borrows the columns and reads all records. */
static int
read_records(PyObject *module, grouped *held, PyObject *keys, PyObject *values,
             int by_label)
{
    core_call call;
    mfg_status status;
    int64_t n_rows;

    held->keys = columns_new(keys);
    held->values = held->keys == NULL ? NULL : columns_new(values);
    n_rows = held->values == NULL || check_numbers(held->values) < 0
                 ? -1
                 : common_rows(held->keys, held->values);
    if (n_rows < 0) {
        return -1;
    }
    held->n_values = (int)held->values->count;
    core_begin(&call, n_rows);
    call.control.n_threads = held->n_threads;
    status = mfg_gather(held->keys->items, (int)held->keys->count,
                        held->values->items, held->n_values, n_rows, by_label,
                        held->only_sums, &held->grouper, &held->state,
                        &call.control);
    if (status == MFG_OK) {
        status = put_order(held, by_label, &call.control);
    }
    core_end(&call);
    if (status != MFG_OK) {
        raise_status(module, status, &call);
        return -1;
    }
    return 0;
}

/* aggregate(keys, values, statistics, by_label, n_threads, only_sums)
 * -> (state, labels, results) */
static PyObject *
aggregate(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    PyObject *labels = NULL;
    PyObject *results = NULL;

    if (!exact_arguments("aggregate", n_args, 6)) {
        return NULL;
    }
    long n_threads = PyLong_AsLong(args[4]);
    if (n_threads == -1 && PyErr_Occurred()) {
        return NULL;
    }
    grouped *held = PyMem_Calloc(1, sizeof *held);
    PyObject *capsule = held == NULL ? PyErr_NoMemory() : hold(held);
    if (capsule != NULL) {
        held->n_threads = (int)n_threads;
        held->only_sums = args[5] == Py_True;
    }
    if (capsule == NULL ||
        read_records(module, held, args[0], args[1], args[3] == Py_True) < 0) {
        Py_XDECREF(capsule);
        return NULL;
    }
    labels =
        labels_tuple(held->grouper, held->keys, held->n_groups, held->order);
    results = labels == NULL ? NULL : finish(module, held, args[2]);
    if (results == NULL) {
        Py_XDECREF(labels);
        Py_DECREF(capsule);
        return NULL;
    }
    return Py_BuildValue("(NNN)", capsule, labels, results);
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
     "aggregate(keys, values, statistics, by_label, n_threads, only_sums)"},
    {"statistics", (PyCFunction)(void (*)(void))statistics, METH_FASTCALL,
     "statistics(state, statistics)"},
    {NULL, NULL, 0, NULL},
};
