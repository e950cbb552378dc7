/* Exact states added into coarser groups, and their differences. */
#include "binding.h"

/* The groups of results; -1 where there is no such result. NULL: no memory. */
static int64_t *
groups_of(const grouped *held, const int64_t *results, int64_t n)
{
    int64_t *groups = mfg_alloc((size_t)n, sizeof *groups);

    for (int64_t i = 0; groups != NULL && i < n; i++) {
        int known = results[i] >= 0 && results[i] < held->n_groups;
        groups[i] = known ? group_at(held, results[i]) : -1;
    }
    return groups;
}

/* fold(state, results, codes, n_groups) -> state: what stands at results[i] is
 * added to group codes[i], or left out where that is negative. */
static PyObject *
fold(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    int64_t n = 0;
    int64_t n_codes = 0;

    if (!exact_arguments("fold", n_args, 4)) {
        return NULL;
    }
    const grouped *held = held_by(args[0]);
    const int64_t *results = checked_items(args[1], NPY_INT64, &n, "results");
    const int64_t *codes = checked_items(args[2], NPY_INT64, &n_codes, "codes");
    int64_t n_groups = PyLong_AsLongLong(args[3]);
    if (held == NULL || results == NULL || codes == NULL || PyErr_Occurred()) {
        return NULL;
    }
    if (n != n_codes || n_groups < 0 || n_groups > INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "codes must name a group a result");
        return NULL;
    }
    grouped *made = PyMem_Calloc(1, sizeof *made);
    int64_t *groups = groups_of(held, results, n);
    mfg_status status = MFG_NO_MEMORY;
    core_begin(&call, 0);
    if (made != NULL && groups != NULL) {
        made->n_values = held->n_values;
        made->n_groups = n_groups;
        status = mfg_state_fold(held->state, n, groups, codes, n_groups,
                                &made->state, &call.control);
    }
    core_end(&call);
    mfg_free(groups);
    if (status != MFG_OK) {
        PyMem_Free(made);
        raise_status(module, status, &call);
        return NULL;
    }
    return hold(made);
}

/* differences(state, value, later, earlier) -> array: sums of results
 * later[i] less those of earlier[i]; a negative index is an empty group. */
static PyObject *
differences(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    core_call call;
    int value = 0;
    int64_t n = 0;
    int64_t n_earlier = 0;

    if (!exact_arguments("differences", n_args, 4)) {
        return NULL;
    }
    const grouped *held = held_sums(args[0], args[1], &value);
    const int64_t *later = checked_items(args[2], NPY_INT64, &n, "later");
    const int64_t *earlier =
        checked_items(args[3], NPY_INT64, &n_earlier, "earlier");
    if (held == NULL || later == NULL || earlier == NULL || n != n_earlier) {
        return PyErr_Occurred()
                   ? NULL
                   : PyErr_Format(PyExc_ValueError, "unequal lengths");
    }
    int is_float = mfg_state_wide(held->state, value) == MFG_AS_FLOAT64;
    PyObject *results = new_array(n, is_float ? NPY_DOUBLE : NPY_INT64);
    int64_t *from = groups_of(held, earlier, n);
    int64_t *to = groups_of(held, later, n);
    mfg_status status = MFG_NO_MEMORY;
    core_begin(&call, 0);
    if (results != NULL && from != NULL && to != NULL) {
        status = mfg_state_differences(held->state, value, n, to, from,
                                       array_items(results), &call.control);
    }
    core_end(&call);
    mfg_free(from);
    mfg_free(to);
    if (status != MFG_OK) {
        Py_CLEAR(results);
        raise_status(module, status, &call);
    }
    return results;
}

PyMethodDef fold_methods[] = {
    {"fold", (PyCFunction)(void (*)(void))fold, METH_FASTCALL,
     "fold(state, results, codes, n_groups)"},
    {"differences", (PyCFunction)(void (*)(void))differences, METH_FASTCALL,
     "differences(state, value, later, earlier)"},
    {NULL, NULL, 0, NULL},
};
