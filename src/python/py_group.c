/* The columns of one call, and the codes of their groups. */
#include "binding.h"

static void
records_free(records *read)
{
    columns_free(read->keys);
    columns_free(read->values);
    mfg_grouper_free(read->grouper);
}

int
records_new(records *read, PyObject *keys, PyObject *values)
{
    *read = (records){.keys = columns_new(keys)};
    if (read->keys == NULL) {
        return -1;
    }
    read->n_rows = read->keys->n_rows;
    if (values != NULL) {
        read->values = columns_new(values);
        read->n_rows =
            read->values == NULL ? -1 : common_rows(read->keys, read->values);
        if (read->values != NULL && read->values->count != 1) {
            PyErr_SetString(PyExc_ValueError, "one value column is needed");
            read->n_rows = -1;
        }
    }
    if (values == NULL && read->keys->count == 0) {
        PyErr_SetString(PyExc_ValueError, "one key at least is needed");
        read->n_rows = -1;
    }
    if (read->n_rows >= 0 && read->values != NULL &&
        check_numbers(read->values) < 0) {
        read->n_rows = -1;
    }
    if (read->n_rows < 0) {
        records_free(read);
        return -1;
    }
    return 0;
}

mfg_status
records_group(records *read)
{
    return mfg_grouper_new(read->keys->items, (int)read->keys->count,
                           read->n_rows, &read->grouper);
}

PyObject *
records_done(PyObject *module, records *read, mfg_status status,
             const core_call *call, PyObject *results)
{
    records_free(read);
    if (status == MFG_OK) {
        return results;
    }
    Py_XDECREF(results);
    raise_status(module, status, call);
    return NULL;
}

/* ---- codes ---- */

/* ranks[g] is the place of group g; codes become places. Returns how many rows
 * are left out. */
static int64_t
places_of_codes(int64_t n_rows, int32_t *codes, int64_t n_groups,
                const int64_t *order, int32_t *ranks)
{
    int64_t n_missing = 0;

    for (int64_t i = 0; i < n_groups; i++) {
        ranks[order[i]] = (int32_t)i;
    }
    for (int64_t i = 0; i < n_rows; i++) {
        n_missing += codes[i] < 0;
        codes[i] = codes[i] < 0 ? -1 : ranks[codes[i]];
    }
    return n_missing;
}

static mfg_status
read_codes(const records *read, int32_t *codes, mfg_control *control)
{
    mfg_status status = MFG_OK;

    for (int64_t start = 0; start < read->n_rows && status == MFG_OK;
         start += MFG_BLOCK) {
        int64_t left = read->n_rows - start;
        status =
            mfg_grouper_codes(read->grouper, read->keys->items, start,
                              (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK),
                              codes + start, control);
        if (status == MFG_OK) {
            status = mfg_poll(control, start);
        }
    }
    return status;
}

mfg_status
records_order(const records *read, int by_label, int64_t **order,
              mfg_control *control)
{
    int64_t n = mfg_grouper_count(read->grouper);

    *order = mfg_alloc((size_t)n, sizeof **order);
    if (*order == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int64_t g = 0; g < n; g++) {
        (*order)[g] = g;
    }
    return by_label ? mfg_grouper_order(read->grouper, *order, control)
                    : MFG_OK;
}

/* group(keys, by_label) -> (codes, rows left out, labels) */
static PyObject *
group(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    records read;
    int64_t *order = NULL;
    int64_t n_missing = 0;
    PyObject *result = NULL;

    if (!exact_arguments("group", n_args, 2) ||
        records_new(&read, args[0], NULL) < 0) {
        return NULL;
    }
    PyObject *codes = new_array(read.n_rows, NPY_INT32);
    mfg_status status = codes == NULL ? MFG_NO_MEMORY : records_group(&read);
    core_begin(&call, read.n_rows);
    if (status == MFG_OK) {
        status = read_codes(&read, array_items(codes), &call.control);
    }
    int64_t n_groups = status == MFG_OK ? mfg_grouper_count(read.grouper) : 0;
    if (status == MFG_OK) {
        status =
            records_order(&read, args[1] == Py_True, &order, &call.control);
    }
    int32_t *ranks = mfg_alloc((size_t)n_groups, sizeof *ranks);
    if (status == MFG_OK && ranks != NULL) {
        n_missing = places_of_codes(read.n_rows, array_items(codes), n_groups,
                                    order, ranks);
    }
    core_end(&call);
    if (status == MFG_OK && ranks != NULL) {
        PyObject *labels =
            labels_tuple(read.grouper, read.keys, n_groups, order);
        result = labels == NULL ? NULL
                                : Py_BuildValue("(OLN)", codes,
                                                (long long)n_missing, labels);
    }
    status = ranks == NULL ? MFG_NO_MEMORY : status;
    mfg_free(ranks);
    mfg_free(order);
    Py_XDECREF(codes);
    return records_done(module, &read, status, &call, result);
}

/* ---- columns that are read as they are ---- */

/* Whether all are 1-D arrays of two kinds. */
static PyObject *
are_of(PyObject *tuple, char kind, char other)
{
    Py_ssize_t count = PyTuple_Size(tuple);
    int all = 1;

    for (Py_ssize_t i = 0; i < count && all; i++) {
        PyObject *item = PyTuple_GetItem(tuple, i);
        PyArrayObject *array = (PyArrayObject *)item;
        all = PyArray_CheckExact(item) && PyArray_NDIM(array) == 1 &&
              PyArray_ITEMSIZE(array) <= 8 &&
              (PyArray_DESCR(array)->kind == kind ||
               PyArray_DESCR(array)->kind == other);
    }
    return count < 0 ? NULL : PyBool_FromLong(all);
}

/* are_integers(columns) -> bool; of integers none is missing. */
static PyObject *
are_integers(PyObject *Py_UNUSED(module), PyObject *tuple)
{
    return are_of(tuple, 'i', 'u');
}

/* are_floats(columns) -> bool */
static PyObject *
are_floats(PyObject *Py_UNUSED(module), PyObject *tuple)
{
    return are_of(tuple, 'f', 'f');
}

PyMethodDef group_methods[] = {
    {"are_integers", are_integers, METH_O, "are_integers(columns)"},
    {"are_floats", are_floats, METH_O, "are_floats(columns)"},
    {"group", (PyCFunction)(void (*)(void))group, METH_FASTCALL,
     "group(keys, by_label)"},
    {NULL, NULL, 0, NULL},
};
