/* Ranges of keys, and their labels packed into one word. */
#include "ids.h"
#include "parallel.h"

/* The range of one key in the rows of one worker. */
typedef struct span {
    uint64_t low;
    uint64_t high; /* below low where no label was seen */
    int any_absent;
} span;

typedef struct survey {
    const mfg_grouper *grouper;
    const mfg_column *keys;
    span *spans; /* those of worker w begin at w * n_keys */
} survey;

static void
widen(span *into, const mfg_key *key, int32_t n)
{
    uint64_t low = into->low;
    uint64_t high = into->high;

    if (key->any_absent) {
        for (int32_t i = 0; i < n; i++) {
            uint64_t word = key->block_words[i];
            if (key->block_absent[i]) {
                into->any_absent = 1;
                continue;
            }
            low = word < low ? word : low;
            high = word > high ? word : high;
        }
    }
    else {
        for (int32_t i = 0; i < n; i++) {
            uint64_t word = key->block_words[i];
            low = word < low ? word : low;
            high = word > high ? word : high;
        }
    }
    into->low = low;
    into->high = high;
}

/* The ranges of a block of plain integers; 0 where it is none, or not all. */
static int
widen_quickly(span *spans, const mfg_column *keys, int n_keys, int64_t first,
              int32_t n)
{
    for (int k = 0; k < n_keys; k++) {
        uint64_t low, high;
        if (!mfg_quick_range(&keys[k], first, n, &low, &high)) {
            return 0;
        }
        spans[k].low = low < spans[k].low ? low : spans[k].low;
        spans[k].high = high > spans[k].high ? high : spans[k].high;
    }
    return 1;
}

static mfg_status
survey_part(void *context, int worker, int64_t start, int64_t stop,
            mfg_control *control)
{
    survey *of = context;
    int n_keys = of->grouper->n_keys;
    span *spans = &of->spans[worker * n_keys];
    mfg_grouper *view;
    mfg_status status = mfg_grouper_view(of->grouper, &view);

    for (int64_t first = start; first < stop && status == MFG_OK;
         first += MFG_BLOCK) {
        int64_t left = stop - first;
        int32_t n = (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK);
        if (!widen_quickly(spans, of->keys, n_keys, first, n)) {
            status = mfg_grouper_load(view, of->keys, first, n, control);
            for (int k = 0; k < n_keys && status == MFG_OK; k++) {
                widen(&spans[k], &view->keys[k], n);
            }
        }
        if (status == MFG_OK) {
            status = mfg_poll(control, first - start);
        }
    }
    mfg_grouper_free(view);
    return status;
}

/* The ranges of all workers together; places the keys, the last one lowest. */
static int
place_keys(mfg_grouper *grouper, const span *spans, int n_workers)
{
    int shift = 0;

    for (int k = grouper->n_keys - 1; k >= 0; k--) {
        mfg_key *key = &grouper->keys[k];
        uint64_t low = UINT64_MAX;
        uint64_t high = 0;
        for (int w = 0; w < n_workers; w++) {
            const span *part = &spans[w * grouper->n_keys + k];
            key->absent_bit |= part->any_absent;
            low = part->low < low ? part->low : low;
            high = part->high > high ? part->high : high;
        }
        if (low <= high) {
            mfg_key_place(key, low, high);
        }
        key->last = low <= high ? high - key->low : 0;
        key->last =
            key->absent_bit ? UINT64_C(1) << (key->bits & 63) : key->last;
        key->shift = shift;
        shift += key->bits + key->absent_bit;
    }
    return shift;
}

mfg_status
mfg_ids_measure(mfg_grouper *grouper, const mfg_column *keys, int64_t n_rows,
                int *n_bits, mfg_control *control)
{
    int n_workers = mfg_workers(n_rows, control);
    int n_spans = n_workers * grouper->n_keys;
    survey of = {.grouper = grouper, .keys = keys};
    mfg_status status = MFG_NO_MEMORY;

    of.spans = mfg_alloc((size_t)n_spans, sizeof *of.spans);
    if (of.spans != NULL) {
        for (int i = 0; i < n_spans; i++) {
            of.spans[i] = (span){.low = UINT64_MAX};
        }
        status = mfg_share_out(n_rows, survey_part, &of, control);
    }
    if (status == MFG_OK) {
        *n_bits = place_keys(grouper, of.spans, n_workers);
    }
    mfg_free(of.spans);
    return status;
}

void
mfg_ids_of_block(const mfg_grouper *grouper, int32_t n, uint64_t *ids)
{
    for (int k = 0; k < grouper->n_keys; k++) {
        const mfg_key *key = &grouper->keys[k];
        uint64_t low = key->low;
        uint64_t absent = UINT64_C(1) << (key->bits & 63);
        int shift = key->shift & 63; /* 64 only where all bits are taken */
        for (int32_t i = 0; !key->any_absent && i < n; i++) {
            uint64_t code = key->block_words[i] - low;
            ids[i] = (k == 0 ? 0 : ids[i]) | code << shift;
        }
        /* The word of a missing key may be any, and its code of any width. */
        for (int32_t i = 0; key->any_absent && i < n; i++) {
            uint64_t code =
                key->block_absent[i] ? absent : key->block_words[i] - low;
            ids[i] = (k == 0 ? 0 : ids[i]) | code << shift;
        }
    }
}

mfg_status
mfg_ids_numbers(mfg_grouper *view, const mfg_column *keys, int64_t start,
                int32_t n, uint32_t none, uint32_t *numbers,
                mfg_control *control)
{
    uint64_t *ids = view->block_hashes;

    if (mfg_quick_slots(view, keys, start, n, numbers)) {
        for (int32_t i = 0; i < n; i++) {
            numbers[i] = numbers[i] < none ? numbers[i] : none;
        }
        return MFG_OK;
    }
    mfg_status status = mfg_grouper_load(view, keys, start, n, control);
    if (status != MFG_OK) {
        return status;
    }
    mfg_ids_of_block(view, n, ids);
    for (int32_t i = 0; i < n; i++) {
        int is_none = ids[i] >= none || mfg_is_dropped(view, i);
        numbers[i] = is_none ? none : (uint32_t)ids[i];
    }
    return MFG_OK;
}

void
mfg_ids_label(mfg_grouper *grouper, uint64_t id, int64_t group)
{
    for (int k = 0; k < grouper->n_keys; k++) {
        mfg_key *key = &grouper->keys[k];
        uint64_t code = id >> (key->shift & 63);
        int width = key->bits + key->absent_bit;
        code &= width < 64 ? (UINT64_C(1) << width) - 1 : UINT64_MAX;
        key->absent[group] = key->absent_bit && code >> key->bits != 0;
        key->words[group] = code + key->low;
    }
}
