/* Shares, growth, leaders, ranks and concentration of records. */
#include "binding.h"

#include <string.h>

/* share_of(keys, values, n_threads) -> array */
static PyObject *
share_of(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    records read;
    mfg_status status = MFG_NO_MEMORY;

    if (!exact_arguments("share_of", n_args, 3)) {
        return NULL;
    }
    long n_threads = PyLong_AsLong(args[2]);
    if ((n_threads == -1 && PyErr_Occurred()) ||
        records_new(&read, args[0], args[1]) < 0) {
        return NULL;
    }
    PyObject *shares = new_array(read.n_rows, NPY_DOUBLE);
    core_begin(&call, read.n_rows);
    call.control.n_threads = (int)n_threads;
    if (shares != NULL) {
        status = mfg_shares(read.keys->items, (int)read.keys->count,
                            read.values->items, read.n_rows,
                            array_items(shares), &call.control);
    }
    core_end(&call);
    return records_done(module, &read, status, &call, shares);
}

/* growth_of(keys, values, lag, n_threads) -> array; the last key is the period,
 * and every key leaves out */
static PyObject *
growth_of(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    records read;
    mfg_status status = MFG_NO_MEMORY;

    if (!exact_arguments("growth_of", n_args, 4)) {
        return NULL;
    }
    int64_t lag = PyLong_AsLongLong(args[2]);
    long n_threads = PyLong_AsLong(args[3]);
    if (PyErr_Occurred() || records_new(&read, args[0], args[1]) < 0) {
        return NULL;
    }
    PyObject *rates = new_array(read.n_rows, NPY_DOUBLE);
    core_begin(&call, read.n_rows);
    call.control.n_threads = (int)n_threads;
    if (rates != NULL && records_group(&read) == MFG_OK) {
        status = mfg_growth_rates(read.grouper, read.keys->items,
                                  read.values->items, lag, read.n_rows,
                                  array_items(rates), &call.control);
    }
    core_end(&call);
    return records_done(module, &read, status, &call, rates);
}

/* rank_of(keys, values, method, descending) -> array */
static PyObject *
rank_of(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    records read;
    mfg_status status = MFG_NO_MEMORY;

    if (!exact_arguments("rank_of", n_args, 4)) {
        return NULL;
    }
    long method = PyLong_AsLong(args[2]);
    if (method < MFG_COMPETITION || method > MFG_AVERAGE) {
        PyErr_SetString(PyExc_ValueError, "unknown method");
        return NULL;
    }
    if (records_new(&read, args[0], args[1]) < 0) {
        return NULL;
    }
    PyObject *ranks =
        new_array(read.n_rows, method == MFG_AVERAGE ? NPY_DOUBLE : NPY_INT64);
    core_begin(&call, read.n_rows);
    if (ranks != NULL && records_group(&read) == MFG_OK) {
        status = mfg_ranks(read.grouper, read.keys->items, read.values->items,
                           (mfg_rank_method)method, args[3] == Py_True,
                           read.n_rows, array_items(ranks), &call.control);
    }
    core_end(&call);
    return records_done(module, &read, status, &call, ranks);
}

/* The labels and totals of all groups, in the order of labels; the rows that
 * lead, and the place of each one's group among all. */
static PyObject *
leaders_tuple(const records *read, const mfg_leaders *found,
              const int64_t *order)
{
    int64_t n_groups = mfg_grouper_count(read->grouper);
    PyObject *labels = labels_tuple(read->grouper, read->keys, n_groups, order);
    PyObject *totals = new_array(n_groups, NPY_DOUBLE);
    PyObject *rows = new_array(found->n, NPY_INT64);
    PyObject *places = new_array(found->n, NPY_INT64);
    int64_t *place = mfg_alloc((size_t)n_groups, sizeof *place);

    if (labels == NULL || totals == NULL || rows == NULL || places == NULL ||
        place == NULL) {
        Py_XDECREF(labels);
        Py_XDECREF(totals);
        Py_XDECREF(rows);
        Py_XDECREF(places);
        mfg_free(place);
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    for (int64_t i = 0; i < n_groups; i++) {
        place[order[i]] = i;
        ((double *)array_items(totals))[i] = found->totals[order[i]];
    }
    for (int64_t i = 0; i < found->n; i++) {
        ((int64_t *)array_items(rows))[i] = found->rows[i];
        ((int64_t *)array_items(places))[i] = place[found->groups[i]];
    }
    mfg_free(place);
    return Py_BuildValue("(NNNN)", labels, totals, rows, places);
}

/* The ranks of labels, an int32 a row; NULL where there are none, or with an
 * exception. */
static const int32_t *
tie_ranks_of(PyObject *given, int64_t n_rows)
{
    int64_t n = 0;
    const int32_t *ranks =
        given == Py_None ? NULL
                         : checked_items(given, NPY_INT32, &n, "tie_ranks");

    if (ranks != NULL && n != n_rows) {
        PyErr_SetString(PyExc_ValueError, "tie_ranks: an int32 a row");
    }
    return ranks;
}

/* top(keys, values, size, tie_ranks or None, all_ties, n_threads) -> (labels,
 * totals, rows, places): rows in no order */
static PyObject *
top(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    records read;
    mfg_leaders found = {0};
    int64_t *order = NULL;
    PyObject *result = NULL;

    if (!exact_arguments("top", n_args, 6)) {
        return NULL;
    }
    int64_t size = PyLong_AsLongLong(args[2]);
    long n_threads = PyLong_AsLong(args[5]);
    if (size < 1 && !PyErr_Occurred()) {
        PyErr_SetString(PyExc_ValueError, "size must be 1 or more");
    }
    if (PyErr_Occurred() || records_new(&read, args[0], args[1]) < 0) {
        return NULL;
    }
    const int32_t *tie_ranks = tie_ranks_of(args[3], read.n_rows);
    if (PyErr_Occurred()) {
        return records_done(module, &read, MFG_OK, &call, NULL);
    }
    mfg_status status = records_group(&read);
    core_begin(&call, read.n_rows);
    call.control.n_threads = (int)n_threads;
    if (status == MFG_OK) {
        status = mfg_top(read.grouper, read.keys->items, read.values->items,
                         tie_ranks, read.n_rows, size, args[4] == Py_True,
                         &found, &call.control);
    }
    if (status == MFG_OK) {
        status = records_order(&read, 1, &order, &call.control);
    }
    core_end(&call);
    if (status == MFG_OK) {
        result = leaders_tuple(&read, &found, order);
    }
    mfg_leaders_free(&found);
    mfg_free(order);
    return records_done(module, &read, status, &call, result);
}

/* running_sums(keys, values) -> array; the one key is the group */
static PyObject *
running_sums(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    records read;
    mfg_status status = MFG_NO_MEMORY;

    if (!exact_arguments("running_sums", n_args, 2) ||
        records_new(&read, args[0], args[1]) < 0) {
        return NULL;
    }
    PyObject *sums = new_array(read.n_rows, NPY_DOUBLE);
    core_begin(&call, read.n_rows);
    if (sums != NULL && read.keys->count == 1) {
        status =
            mfg_running_sums(read.keys->items, read.values->items, read.n_rows,
                             array_items(sums), &call.control);
    }
    core_end(&call);
    return records_done(module, &read, status, &call, sums);
}

/* What mfg_concentrations found, and the groups in the order of their labels.
 */
typedef struct concentrated {
    mfg_concentration *groups;
    double *leading;
    int64_t *order;
} concentrated;

/* Labels, and seven arrays, the last a row a group, a column a rank, flat. */
static PyObject *
concentration_tuple(const records *read, const concentrated *found,
                    int64_t n_ranks)
{
    int64_t n = mfg_grouper_count(read->grouper);
    PyObject *tuple = PyTuple_New(7);
    double *columns[7] = {NULL};

    for (int c = 0; tuple != NULL && c < 7; c++) {
        PyObject *array = new_array(c == 6 ? n * n_ranks : n,
                                    c == 0 ? NPY_INT64 : NPY_DOUBLE);
        if (array == NULL) {
            Py_CLEAR(tuple);
            break;
        }
        columns[c] = array_items(array);
        PyTuple_SetItem(tuple, c, array);
    }
    for (int64_t i = 0; tuple != NULL && i < n; i++) {
        int64_t group = found->order[i];
        const mfg_concentration *of = &found->groups[group];
        ((int64_t *)(void *)columns[0])[i] = of->members;
        columns[1][i] = of->total;
        columns[2][i] = of->herfindahl;
        columns[3][i] = of->normalized;
        columns[4][i] = of->entropy;
        columns[5][i] = of->primacy;
        memcpy(columns[6] + i * n_ranks, found->leading + group * n_ranks,
               (size_t)n_ranks * sizeof(double));
    }
    PyObject *labels = labels_tuple(read->grouper, read->keys, n, found->order);
    return Py_BuildValue("(NN)", labels, tuple);
}

/* concentration(keys, values, ranks, n_threads) -> (labels, results): results
 * are members, totals, herfindahl, normalized, entropy, primacy, leading */
static PyObject *
concentration(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    records read;
    concentrated found = {NULL, NULL, NULL};
    int64_t n_ranks = 0;
    PyObject *result = NULL;

    if (!exact_arguments("concentration", n_args, 4)) {
        return NULL;
    }
    const int64_t *ranks = checked_items(args[2], NPY_INT64, &n_ranks, "ranks");
    long n_threads = ranks == NULL ? -1 : PyLong_AsLong(args[3]);
    if (PyErr_Occurred() || records_new(&read, args[0], args[1]) < 0) {
        return NULL;
    }
    core_begin(&call, read.n_rows);
    call.control.n_threads = (int)n_threads;
    mfg_status status = mfg_concentrations(
        read.keys->items, (int)read.keys->count, read.values->items,
        read.n_rows, (int)n_ranks, ranks, &read.grouper, &found.groups,
        &found.leading, &call.control);
    if (status == MFG_OK) {
        status = records_order(&read, 1, &found.order, &call.control);
    }
    core_end(&call);
    if (status == MFG_OK) {
        result = concentration_tuple(&read, &found, n_ranks);
    }
    mfg_free(found.groups);
    mfg_free(found.leading);
    mfg_free(found.order);
    return records_done(module, &read, status, &call, result);
}

PyMethodDef record_methods[] = {
    {"concentration", (PyCFunction)(void (*)(void))concentration, METH_FASTCALL,
     "concentration(keys, values, ranks, n_threads)"},
    {"share_of", (PyCFunction)(void (*)(void))share_of, METH_FASTCALL,
     "share_of(keys, values, n_threads)"},
    {"growth_of", (PyCFunction)(void (*)(void))growth_of, METH_FASTCALL,
     "growth_of(keys, values, lag, n_threads)"},
    {"rank_of", (PyCFunction)(void (*)(void))rank_of, METH_FASTCALL,
     "rank_of(keys, values, method, descending)"},
    {"running_sums", (PyCFunction)(void (*)(void))running_sums, METH_FASTCALL,
     "running_sums(keys, values)"},
    {"top", (PyCFunction)(void (*)(void))top, METH_FASTCALL,
     "top(keys, values, size, tie_ranks, all_ties, n_threads)"},
    {NULL, NULL, 0, NULL},
};
