/* The order of groups by their labels, and the labels in their own kind. */
#include "encode.h"
#include "sort.h"

#include <string.h>

/* Slots ascend as the labels do: first key slowest, missing last. */
static void
order_by_slot(const mfg_grouper *grouper, int64_t *order)
{
    int64_t found = 0;

    for (int64_t slot = 0; found < grouper->n_groups; slot++) {
        if (grouper->slots[slot] >= 0) {
            order[found++] = grouper->slots[slot];
        }
    }
}

/* The words of a key's labels, those of text by their place among all. */
static mfg_status
rank_texts(const mfg_grouper *grouper, const mfg_key *key, uint64_t **ranked,
           mfg_control *control)
{
    int64_t n = grouper->n_groups;
    uint64_t *ranks = mfg_alloc((size_t)key->strings.count, sizeof *ranks);
    mfg_status status = MFG_NO_MEMORY;

    *ranked = mfg_alloc((size_t)n, sizeof **ranked);
    if (ranks != NULL && *ranked != NULL) {
        status = mfg_strings_ranks(&key->strings, key->kind == MFG_UCS4, ranks,
                                   control);
    }
    for (int64_t g = 0; g < n && status == MFG_OK; g++) {
        (*ranked)[g] = key->absent[g] ? 0 : ranks[key->words[g]];
    }
    mfg_free(ranks);
    return status;
}

/* Sorts by one key, stable, its missing label last. pairs: room for two a
 * group. */
static mfg_status
order_by_key(const mfg_grouper *grouper, const mfg_key *key, int64_t *order,
             mfg_pair *pairs, mfg_control *control)
{
    const uint64_t *words = key->words;
    uint64_t *ranked = NULL;
    int64_t n = grouper->n_groups;
    int64_t n_present = 0;
    int64_t n_absent = 0;
    mfg_status status = MFG_OK;

    if (key->wide == MFG_AS_TEXT) {
        status = rank_texts(grouper, key, &ranked, control);
        words = ranked;
    }
    for (int64_t i = 0; i < n && status == MFG_OK; i++) {
        int64_t group = order[i];
        if (key->absent[group]) {
            order[n_absent++] = group; /* never past what was read */
        }
        else {
            pairs[n_present++] = (mfg_pair){words[group], group};
        }
    }
    if (status == MFG_OK) {
        status = mfg_sort_pairs(n_present, pairs, pairs + n, control);
    }
    memmove(order + n_present, order, (size_t)n_absent * sizeof *order);
    for (int64_t i = 0; i < n_present; i++) {
        order[i] = pairs[i].place;
    }
    mfg_free(ranked);
    return status;
}

int
mfg_grouper_in_order(const mfg_grouper *grouper)
{
    return grouper->settled;
}

mfg_status
mfg_grouper_order(const mfg_grouper *grouper, int64_t *order,
                  mfg_control *control)
{
    int64_t n = grouper->n_groups;
    int has_text = 0;
    mfg_status status = MFG_OK;

    for (int64_t i = 0; i < n; i++) {
        order[i] = i;
    }
    if (mfg_grouper_in_order(grouper)) {
        return MFG_OK;
    }
    for (int k = 0; k < grouper->n_keys; k++) {
        has_text |= grouper->keys[k].wide == MFG_AS_TEXT;
    }
    if (grouper->slots != NULL && !has_text) {
        order_by_slot(grouper, order);
        return MFG_OK;
    }
    mfg_pair *pairs = mfg_alloc((size_t)n, 2 * sizeof *pairs);
    if (pairs == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int k = grouper->n_keys - 1; k >= 0 && status == MFG_OK; k--) {
        status =
            order_by_key(grouper, &grouper->keys[k], order, pairs, control);
    }
    mfg_free(pairs);
    return status;
}

/* Writes one label in the kind of its key. */
static void
put_label(mfg_kind kind, mfg_word value, void *labels, int64_t i)
{
    switch (kind) {
    case MFG_BOOL:
    case MFG_BITS:
    case MFG_INT8:
    case MFG_UINT8:
        ((uint8_t *)labels)[i] = (uint8_t)value.uint64;
        break;
    case MFG_INT16:
    case MFG_UINT16:
        ((uint16_t *)labels)[i] = (uint16_t)value.uint64;
        break;
    case MFG_INT32:
    case MFG_UINT32:
        ((uint32_t *)labels)[i] = (uint32_t)value.uint64;
        break;
    case MFG_FLOAT32:
        ((float *)labels)[i] = (float)value.float64;
        break;
    default: /* 8 bytes; float16 is given as float64 */
        ((mfg_word *)labels)[i] = value;
        break;
    }
}

void
mfg_labels_put(const mfg_key *key, int64_t n, const uint64_t *words,
               void *labels, int64_t at)
{
    for (int64_t i = 0; i < n; i++) {
        put_label(key->kind, mfg_unsortable(words[i], key->wide), labels,
                  at + i);
    }
}

int64_t
mfg_grouper_n_absent(const mfg_grouper *grouper, int key)
{
    return grouper->keys[key].n_absent;
}

void
mfg_grouper_labels(const mfg_grouper *grouper, int key, int64_t n,
                   const int64_t *order, void *labels, uint8_t *absent)
{
    const mfg_key *source = &grouper->keys[key];

    for (int64_t i = 0; i < n; i++) {
        int64_t group = order == NULL ? i : order[i];
        mfg_word value = {.uint64 = 0};
        if (!source->absent[group]) {
            value = mfg_unsortable(source->words[group], source->wide);
        }
        put_label(source->kind, value, labels, i);
        if (absent != NULL) {
            absent[i] = source->absent[group];
        }
    }
}

int64_t
mfg_grouper_n_strings(const mfg_grouper *grouper, int key)
{
    return grouper->keys[key].strings.count;
}

void
mfg_grouper_string(const mfg_grouper *grouper, int key, int64_t code,
                   const char **text, size_t *size)
{
    mfg_strings_at(&grouper->keys[key].strings, code, text, size);
}
