/* Groupers read again: merged into another, or viewed by several threads. */
#include "encode.h"

/* Brings the labels of groups start ... start + n - 1 of one key into the
 * block of the same key of another grouper. */
static mfg_status
load_labels(mfg_key *key, const mfg_key *from, int64_t start, int32_t n,
            mfg_control *control)
{
    mfg_status status = MFG_OK;

    key->any_absent = from->n_absent > 0;
    memcpy(key->block_words, from->words + start,
           (size_t)n * sizeof *key->block_words);
    memcpy(key->block_absent, from->absent + start,
           (size_t)n * sizeof *key->block_absent);
    for (int32_t i = 0; key->wide == MFG_AS_TEXT && i < n && status == MFG_OK;
         i++) {
        const char *text;
        size_t size;
        if (key->block_absent[i]) {
            continue;
        }
        mfg_strings_at(&from->strings, (int64_t)key->block_words[i], &text,
                       &size);
        status = mfg_strings_code(&key->strings, text, size,
                                  &key->block_words[i], control);
    }
    return status;
}

/* The same for all keys. */
static mfg_status
load_groups(mfg_grouper *into, const mfg_grouper *from, int64_t start,
            int32_t n, mfg_control *control)
{
    mfg_status status = MFG_OK;

    for (int k = 0; k < into->n_keys && status == MFG_OK; k++) {
        status = load_labels(&into->keys[k], &from->keys[k], start, n, control);
    }
    return status;
}

mfg_status
mfg_grouper_view(const mfg_grouper *grouper, mfg_grouper **view)
{
    mfg_grouper *made = mfg_alloc(1, sizeof *made);

    *view = NULL;
    if (made == NULL) {
        return MFG_NO_MEMORY;
    }
    memcpy(made, grouper, offsetof(mfg_grouper, block_slots));
    made->is_view = 1;
    made->listed = (mfg_listed){0};
    made->keys = mfg_alloc((size_t)grouper->n_keys, sizeof *made->keys);
    if (made->keys == NULL) {
        mfg_free(made);
        return MFG_NO_MEMORY;
    }
    for (int k = 0; k < grouper->n_keys; k++) {
        memcpy(&made->keys[k], &grouper->keys[k],
               offsetof(mfg_key, block_words));
    }
    *view = made;
    return MFG_OK;
}

mfg_status
mfg_grouper_merge(mfg_grouper *into, const mfg_grouper *from, int64_t *codes,
                  mfg_control *control)
{
    int32_t block[MFG_BLOCK];
    mfg_status status = MFG_OK;

    if (into->n_keys == 0) {
        codes[0] = 0;
        return MFG_OK;
    }
    for (int64_t start = 0; start < from->n_groups && status == MFG_OK;
         start += MFG_BLOCK) {
        int64_t left = from->n_groups - start;
        int32_t n = (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK);
        status = load_groups(into, from, start, n, control);
        if (status == MFG_OK) {
            status = mfg_grouper_encode(into, n, block, control);
        }
        if (status == MFG_OK) {
            for (int32_t i = 0; i < n; i++) {
                codes[start + i] = block[i];
            }
            status = mfg_poll(control, start);
        }
    }
    return status;
}
