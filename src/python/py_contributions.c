/* What rules of disclosure ask of cells: how many contribute, how much, and the
 * largest of them. */
#include "binding.h"

/* Results of all cells: (counts, totals, magnitudes, least, largest). */
static PyObject *
cell_arrays(int64_t n_cells, int64_t size, mfg_given *given)
{
    PyObject *tuple = PyTuple_New(5);
    void *items[5];

    for (Py_ssize_t i = 0; tuple != NULL && i < 5; i++) {
        PyObject *array = new_array(i == 4 ? n_cells * size : n_cells,
                                    i == 0 ? NPY_INT64 : NPY_DOUBLE);
        if (array == NULL) {
            Py_CLEAR(tuple);
            break;
        }
        items[i] = array_items(array);
        PyTuple_SetItem(tuple, i, array);
    }
    if (tuple != NULL) {
        *given = (mfg_given){items[0], items[1], items[2], items[3], items[4]};
    }
    return tuple;
}

/* The cells of contributions, which are used up and freed. */
static PyObject *
finish_cells(PyObject *module, records *read, mfg_contributions *held,
             int64_t size, core_call *call)
{
    int64_t n_cells = mfg_contributions_count(held);
    mfg_given given;
    PyObject *cells = cell_arrays(n_cells, size, &given);
    mfg_status status = MFG_NO_MEMORY;

    if (cells != NULL) {
        int n_threads = call->control.n_threads;
        core_begin(call, read->n_rows);
        call->control.n_threads = n_threads;
        status = mfg_contributions_finish(held, &given, &call->control);
        core_end(call);
    }
    if (status == MFG_OK) {
        PyObject *labels =
            labels_tuple(mfg_contributions_grouper(held), read->keys, n_cells,
                         mfg_contributions_order(held));
        cells = labels == NULL ? (Py_DECREF(cells), NULL)
                               : Py_BuildValue("(NN)", labels, cells);
    }
    mfg_contributions_free(held);
    return records_done(module, read, status, call, cells);
}

/* contributions(keys, values, size, has_contributor, n_threads) -> (labels,
 * cells), the last key being the contributor where there is one; None where
 * there is one and keys are text or too wide */
static PyObject *
contributions(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    records read;
    mfg_contributions *held = NULL;

    if (!exact_arguments("contributions", n_args, 5)) {
        return NULL;
    }
    long size = PyLong_AsLong(args[2]);
    int has_contributor = PyObject_IsTrue(args[3]);
    long n_threads = PyLong_AsLong(args[4]);
    if (PyErr_Occurred()) {
        return NULL;
    }
    if (size < 1 || size > MFG_MOST_LARGEST) {
        PyErr_SetString(PyExc_ValueError, "size must be 1 to 64");
        return NULL;
    }
    if (records_new(&read, args[0], args[1]) < 0) {
        return NULL;
    }
    core_begin(&call, read.n_rows);
    call.control.n_threads = (int)n_threads;
    mfg_status status = mfg_contributions_new(
        read.keys->items, (int)read.keys->count, has_contributor,
        read.values->items, read.n_rows, size, &held, &call.control);
    core_end(&call);
    if (held != NULL) {
        return finish_cells(module, &read, held, size, &call);
    }
    return records_done(module, &read, status, &call, Py_NewRef(Py_None));
}

PyMethodDef contributions_methods[] = {
    {"contributions", (PyCFunction)(void (*)(void))contributions, METH_FASTCALL,
     "contributions(keys, values, size, has_contributor, n_threads)"},
    {NULL, NULL, 0, NULL},
};
