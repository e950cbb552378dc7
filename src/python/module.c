/* xxmfg._core: the module's state, its methods, its start. */
#define XXMFG_IMPORTS_NUMPY
#include "binding.h"

static int
execute(PyObject *module)
{
    module_state *state = PyModule_GetState(module);
    PyObject *errors;

    if (PyArray_ImportNumPyAPI() < 0) {
        return -1;
    }
    errors = PyImport_ImportModule("xxmfg.errors");
    if (errors == NULL) {
        return -1;
    }
    state->duplicate_error = PyObject_GetAttrString(errors, "DuplicateError");
    Py_DECREF(errors);
    if (state->duplicate_error == NULL ||
        PyModule_AddFunctions(module, arrow_methods) < 0 ||
        PyModule_AddFunctions(module, row_methods) < 0 ||
        PyModule_AddFunctions(module, group_methods) < 0 ||
        PyModule_AddFunctions(module, aggregate_methods) < 0 ||
        PyModule_AddFunctions(module, fold_methods) < 0 ||
        PyModule_AddFunctions(module, pass_methods) < 0 ||
        PyModule_AddFunctions(module, record_methods) < 0 ||
        PyModule_AddFunctions(module, contributions_methods) < 0 ||
        PyModule_AddFunctions(module, text_methods) < 0 ||
        PyModule_AddFunctions(module, ascent_methods) < 0) {
        return -1;
    }
    return 0;
}

static int
traverse(PyObject *module, visitproc visit, void *arg)
{
    module_state *state = PyModule_GetState(module);

    Py_VISIT(state->duplicate_error);
    return 0;
}

static int
clear(PyObject *module)
{
    module_state *state = PyModule_GetState(module);

    Py_CLEAR(state->duplicate_error);
    return 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, execute},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "xxmfg._core",
    .m_doc = "The exact kernels of xxmfg over NumPy arrays.",
    .m_size = sizeof(module_state),
    .m_slots = slots,
    .m_traverse = traverse,
    .m_clear = clear,
};

PyMODINIT_FUNC
PyInit__core(void)
{
    return PyModuleDef_Init(&definition);
}
