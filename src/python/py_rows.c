/* Labels and rows of columns that came by Arrow's capsules, copied. */
#include "binding.h"

/* Some rows of a column of numbers (NULL: the first ones), each widened, a
 * missing integer as 0. Returns 1 where one is missing, 0 where none is, -1
 * with an exception where a code is none of its dictionary. */
static int
take_rows(const mfg_column *column, int64_t n, const int64_t *rows,
          mfg_word *words, uint8_t *absent)
{
    mfg_block block;
    int is_float = mfg_widened(column->kind) == MFG_AS_FLOAT64;
    int any = 0;
    int32_t size;

    for (int64_t at = 0; at < n; at += size) {
        int64_t most = rows == NULL ? MFG_BLOCK : 1;
        size = (int32_t)(n - at < most ? n - at : most);
        mfg_load(column, rows == NULL ? at : rows[at], size, &block);
        for (int32_t i = 0; i < size; i++) {
            mfg_word word = block.values[i];
            int missing = is_float ? word.float64 != word.float64
                                   : block.missing != NULL && block.missing[i];
            if (column->kind == MFG_CODES && !missing &&
                word.int64 == MFG_NO_RANK) {
                raise_row(column->name, rows == NULL ? at + i : rows[at],
                          OUTSIDE);
                return -1;
            }
            words[at + i].int64 = missing && !is_float ? 0 : word.int64;
            absent[at + i] = (uint8_t)missing;
            any |= missing;
        }
    }
    return any;
}

/* The same of a column of text: a list, with None where one is missing. */
static PyObject *
take_texts(const mfg_column *column, int64_t n, const int64_t *rows)
{
    PyObject *list = PyList_New((Py_ssize_t)n);
    mfg_text text;
    mfg_found_texts found;
    uint8_t missing;

    for (int64_t i = 0; list != NULL && i < n; i++) {
        int64_t row = rows == NULL ? i : rows[i];
        PyObject *string = NULL;
        if (mfg_load_texts(column, NULL, row, 1, &text, &missing, &found) !=
            MFG_OK) {
            raise_row(column->name, row,
                      "its text lies outside of its column's memory");
        }
        else {
            string = found.any_missing
                         ? Py_NewRef(Py_None)
                         : PyUnicode_DecodeUTF8(text.text,
                                                (Py_ssize_t)text.size, NULL);
        }
        if (string == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SetItem(list, (Py_ssize_t)i, string);
    }
    return list;
}

/* The rows asked for, each of them there; NULL where all n are. -1 with an
 * exception where one is not. */
static int
rows_of(PyObject *asked, int64_t n_rows, const int64_t **rows, int64_t *n)
{
    *rows = NULL;
    *n = n_rows;
    if (asked == Py_None) {
        return 0;
    }
    *rows = checked_items(asked, NPY_INT64, n, "rows");
    for (int64_t i = 0; *rows != NULL && i < *n; i++) {
        if ((*rows)[i] < 0 || (*rows)[i] >= n_rows) {
            PyErr_SetString(PyExc_IndexError, "a row that is not there");
            return -1;
        }
    }
    return *rows == NULL ? -1 : 0;
}

/* (numbers, flags of missing ones or None) */
static PyObject *
number_rows(const mfg_column *column, int64_t n, const int64_t *rows)
{
    static const int types[] = {NPY_DOUBLE, NPY_INT64, NPY_UINT64};
    PyObject *numbers = new_array(n, types[mfg_widened(column->kind)]);
    PyObject *absent = new_array(n, NPY_BOOL);
    int any = -1;

    if (numbers != NULL && absent != NULL) {
        any = take_rows(column, n, rows, array_items(numbers),
                        array_items(absent));
    }
    if (any < 0) {
        Py_XDECREF(numbers);
        Py_XDECREF(absent);
        return NULL;
    }
    if (any == 0) {
        Py_DECREF(absent);
        absent = Py_NewRef(Py_None);
    }
    return Py_BuildValue("(NN)", numbers, absent);
}

/* arrow_rows(column, rows or None) -> (numbers, flags of missing ones or None),
 * or a list of texts */
static PyObject *
arrow_rows(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    const int64_t *rows;
    int64_t n;
    int64_t n_rows;

    (void)module;
    if (!exact_arguments("arrow_rows", n_args, 2)) {
        return NULL;
    }
    const mfg_column *column = arrow_column_of(args[0], &n_rows);
    if (column == NULL || rows_of(args[1], n_rows, &rows, &n) < 0) {
        return NULL;
    }
    return mfg_widened(column->kind) == MFG_AS_TEXT
               ? take_texts(column, n, rows)
               : number_rows(column, n, rows);
}

/* arrow_labels(column) -> labels by rank, as those of a key; None without */
static PyObject *
arrow_labels(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    mfg_kind kind;
    int64_t n;
    const int64_t *order;

    (void)module;
    if (!exact_arguments("arrow_labels", n_args, 1)) {
        return NULL;
    }
    const mfg_arrow *column = arrow_of(args[0]);
    if (column == NULL) {
        return NULL;
    }
    const mfg_grouper *labels = mfg_arrow_labels(column, &kind, &n, &order);
    return labels == NULL
               ? Py_NewRef(Py_None)
               : labels_of_arrow(labels, kind, mfg_arrow_column(column)->name,
                                 n, order);
}

PyMethodDef row_methods[] = {
    {"arrow_labels", (PyCFunction)(void (*)(void))arrow_labels, METH_FASTCALL,
     "arrow_labels(column)"},
    {"arrow_rows", (PyCFunction)(void (*)(void))arrow_rows, METH_FASTCALL,
     "arrow_rows(column, rows)"},
    {NULL, NULL, 0, NULL},
};
