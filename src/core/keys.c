/* The keys of a block as words: numbers in an order of unsigned integers, text
 * as the codes of a dictionary, missing ones flagged. */
#include "encode.h"
#include "sort.h"

#include <string.h>

static size_t
ucs4_size(const char *text, size_t width)
{
    const char none[4] = {0};

    while (width >= 4 && memcmp(text + width - 4, none, 4) == 0) {
        width -= 4;
    }
    return width;
}

/* The code of a text; in a view one that no group has, where it is unknown. */
static mfg_status
code_text(const mfg_grouper *grouper, mfg_key *key, const char *text,
          size_t size, int64_t *code)
{
    if (!grouper->is_view) {
        return mfg_strings_code(&key->strings, text, size, code);
    }
    *code = mfg_strings_find(&key->strings, text, size);
    *code = *code < 0 ? key->strings.count : *code;
    return MFG_OK;
}

static mfg_status
load_texts(const mfg_grouper *grouper, mfg_key *key, const mfg_column *column,
           void *opened, int64_t start, int32_t n, mfg_control *control)
{
    const char *item = column->data + start * column->stride;
    const char *mask = column->mask;

    for (int32_t i = 0; i < n; i++, item += column->stride) {
        const char *text = item;
        size_t size = column->width;
        int64_t code = 0;
        int missing = 0;
        if (mask != NULL) {
            missing = mask[(start + i) * column->mask_stride] != 0;
        }
        if (!missing && key->kind == MFG_UCS4) {
            size = ucs4_size(text, size);
        }
        else if (!missing) {
            missing = column->fetch(opened, item, &text, &size);
        }
        if (missing < 0) {
            control->where = start + i;
            return MFG_BAD_STRING;
        }
        if (!missing && code_text(grouper, key, text, size, &code) != MFG_OK) {
            return MFG_NO_MEMORY;
        }
        key->block_words[i] = (uint64_t)code;
        key->block_absent[i] = (uint8_t)missing;
        key->any_absent |= missing;
    }
    return MFG_OK;
}

static mfg_status
load_text(const mfg_grouper *grouper, mfg_key *key, const mfg_column *column,
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
