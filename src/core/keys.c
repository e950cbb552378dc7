/* The keys of a block as words: numbers in an order of unsigned integers, text
 * as the codes of a dictionary, missing ones flagged. */
#include "encode.h"
#include "sort.h"

#include <string.h>

/* Moves the texts that are not missing to the front; returns how many. */
static int32_t
gather_present(int32_t n, const uint8_t *missing, mfg_text *texts,
               int32_t *n_roomy)
{
    int32_t n_present = 0;
    int32_t roomy = 0;

    for (int32_t i = 0; i < n; i++) {
        texts[n_present] = texts[i];
        n_present += !missing[i];
        roomy = i < *n_roomy ? n_present : roomy;
    }
    *n_roomy = roomy;
    return n_present;
}

/* Moves their codes back to their rows; 0 for those that are missing. */
static void
spread_codes(int32_t n, int32_t n_present, const uint8_t *missing,
             uint64_t *codes)
{
    for (int32_t i = n - 1; i >= 0; i--) {
        codes[i] = missing[i] ? 0 : codes[--n_present];
    }
}

/* Codes into the texts of the key; in a view one that no group has, where a
 * text is unknown. */
static mfg_status
load_texts(mfg_grouper *grouper, mfg_key *key, const mfg_column *column,
           void *opened, int64_t start, int32_t n, mfg_control *control)
{
    mfg_text *texts = grouper->block_texts;
    uint64_t *codes = key->block_words;
    mfg_found_texts found;
    mfg_status status = mfg_load_texts(column, opened, start, n, texts,
                                       key->block_absent, &found);
    int32_t n_roomy = found.n_roomy;
    int32_t n_present = n;

    if (status != MFG_OK) {
        control->where = found.where;
        control->column = column->name;
        return status;
    }
    key->any_absent = found.any_missing;
    if (key->any_absent) {
        n_present = gather_present(n, key->block_absent, texts, &n_roomy);
    }
    if (grouper->is_view) {
        mfg_strings_find(&key->strings, n_present, texts, codes);
    }
    else {
        status = mfg_strings_codes(&key->strings, n_present, n_roomy, texts,
                                   codes, control);
    }
    if (key->any_absent) {
        spread_codes(n, n_present, key->block_absent, codes);
    }
    return status;
}

static mfg_status
load_text(mfg_grouper *grouper, mfg_key *key, const mfg_column *column,
          int64_t start, int32_t n, mfg_control *control)
{
    void *opened =
        column->open == NULL ? column->context : column->open(column->context);
    mfg_status status =
        load_texts(grouper, key, column, opened, start, n, control);

    if (column->close != NULL) {
        column->close(opened);
    }
    return status;
}

/* The first row whose code is none of its dictionary, or -1. */
static int32_t
unknown_code(const mfg_block *block, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        if (block->values[i].int64 == MFG_NO_RANK &&
            (block->missing == NULL || !block->missing[i])) {
            return i;
        }
    }
    return -1;
}

static mfg_status
load_key(mfg_grouper *grouper, mfg_key *key, const mfg_column *column,
         int64_t start, int32_t n, mfg_control *control)
{
    const mfg_block *block = &grouper->block;
    const uint64_t top = UINT64_C(1) << 63;

    key->any_absent = 0;
    if (key->wide == MFG_AS_TEXT) {
        return load_text(grouper, key, column, start, n, control);
    }
    mfg_load(column, start, n, &grouper->block);
    if (key->kind == MFG_CODES) {
        int32_t wrong = unknown_code(block, n);
        if (wrong >= 0) {
            control->where = start + wrong;
            control->column = column->name;
            return MFG_BAD_CODE;
        }
    }
    if (key->wide == MFG_AS_FLOAT64) {
        for (int32_t i = 0; i < n; i++) {
            double value = block->values[i].float64;
            key->block_words[i] = mfg_sortable(block->values[i], key->wide);
            key->block_absent[i] = value != value;
            key->any_absent |= value != value;
        }
        return MFG_OK;
    }
    uint64_t flip = key->wide == MFG_AS_INT64 ? top : 0;
    for (int32_t i = 0; i < n; i++) {
        key->block_words[i] = block->values[i].uint64 ^ flip;
    }
    if (block->missing != NULL) {
        memcpy(key->block_absent, block->missing, (size_t)n);
        key->any_absent = 1;
    }
    return MFG_OK;
}

mfg_status
mfg_grouper_load(mfg_grouper *grouper, const mfg_column *keys, int64_t start,
                 int32_t n, mfg_control *control)
{
    for (int k = 0; k < grouper->n_keys; k++) {
        mfg_status status =
            load_key(grouper, &grouper->keys[k], &keys[k], start, n, control);
        if (status != MFG_OK) {
            return status;
        }
    }
    return MFG_OK;
}
