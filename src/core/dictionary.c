/* The dictionaries of the chunks of a column, made one. */
#include "dictionary.h"

void
mfg_dictionary_free(mfg_dictionary *dictionary)
{
    for (int64_t t = 0; t < dictionary->n_tables; t++) {
        mfg_free(dictionary->tables[t].ranks);
    }
    mfg_free(dictionary->tables);
    mfg_free(dictionary->order);
    mfg_grouper_free(dictionary->labels);
}

static mfg_status
add_table(mfg_dictionary *dictionary, int64_t count)
{
    if (dictionary->n_tables == dictionary->capacity) {
        int64_t capacity = 2 * dictionary->capacity + 1;
        mfg_code_table *tables =
            mfg_resize(dictionary->tables, (size_t)capacity, sizeof *tables);
        if (tables == NULL) {
            return MFG_NO_MEMORY;
        }
        dictionary->tables = tables;
        dictionary->capacity = capacity;
    }
    mfg_code_table made = {.count = count};
    made.ranks = mfg_alloc((size_t)count, sizeof *made.ranks);
    if (made.ranks == NULL) {
        return MFG_NO_MEMORY;
    }
    dictionary->tables[dictionary->n_tables++] = made;
    return MFG_OK;
}

mfg_status
mfg_dictionary_add(mfg_dictionary *dictionary, const mfg_column *labels,
                   int64_t n)
{
    mfg_column keys = *labels;
    mfg_control control = {.where = -1};
    mfg_status status = MFG_OK;

    keys.leaves_out = 1; /* a missing label is code -1 */
    if (dictionary->labels == NULL) {
        status = mfg_grouper_new(&keys, 1, n, &dictionary->labels);
    }
    if (status == MFG_OK) {
        status = add_table(dictionary, n);
    }
    for (int64_t start = 0; start < n && status == MFG_OK; start += MFG_BLOCK) {
        int32_t size = (int32_t)(n - start < MFG_BLOCK ? n - start : MFG_BLOCK);
        int32_t *codes = dictionary->tables[dictionary->n_tables - 1].ranks;
        status = mfg_grouper_codes(dictionary->labels, &keys, start, size,
                                   codes + start, &control);
    }
    return status;
}

mfg_status
mfg_dictionary_settle(mfg_dictionary *dictionary, mfg_control *control)
{
    if (dictionary->labels == NULL) {
        return MFG_OK;
    }
    int64_t n = mfg_grouper_count(dictionary->labels);
    int32_t *ranks = mfg_alloc((size_t)n, sizeof *ranks);
    mfg_status status = MFG_NO_MEMORY;

    dictionary->order = mfg_alloc((size_t)n, sizeof *dictionary->order);
    if (ranks != NULL && dictionary->order != NULL) {
        status =
            mfg_grouper_order(dictionary->labels, dictionary->order, control);
    }
    for (int64_t r = 0; r < n && status == MFG_OK; r++) {
        if (dictionary->is_ordered) {
            dictionary->order[r] = r;
        }
        ranks[dictionary->order[r]] = (int32_t)r;
    }
    for (int64_t t = 0; t < dictionary->n_tables && status == MFG_OK; t++) {
        int32_t *codes = dictionary->tables[t].ranks;
        for (int64_t i = 0; i < dictionary->tables[t].count; i++) {
            codes[i] = codes[i] < 0 ? -1 : ranks[codes[i]];
        }
    }
    dictionary->n_ranks = status == MFG_OK ? n : 0;
    mfg_free(ranks);
    return status;
}
