/* Parts of wide ids in the order of ids, so that groups of one part come before
 * those of the next, and are sorted within a part alone. */
#include "ordered.h"
#include "sample.h"
#include "sort.h"

/* So many of the highest bits tell the part: 32 KB of the first-level cache. */
#define MAP_BITS 14
#define SAMPLE 4096
/* A part may have so many times its share of the groups in the sample. */
#define MOST_SHARES 8

/* The ids of a sample of rows, in order, each once. */
static mfg_status
sample_ids(mfg_parts *parts, int64_t n_rows, uint64_t *ids, int64_t *n,
           mfg_control *control)
{
    mfg_status status = MFG_OK;

    *n = n_rows < SAMPLE ? n_rows : SAMPLE;
    for (int64_t i = 0; i < *n && status == MFG_OK; i++) {
        status = mfg_grouper_load(parts->packing, parts->keys,
                                  mfg_sample_row(i, n_rows), 1, control);
        mfg_ids_of_block(parts->packing, 1, &ids[i]);
    }
    if (status == MFG_OK) {
        status = mfg_sort_words(ids, NULL, *n, NULL, control);
    }
    if (status != MFG_OK) {
        return status;
    }
    int64_t n_kept = 0;
    for (int64_t i = 0; i < *n; i++) {
        if (i == 0 || ids[i] != ids[i - 1]) {
            ids[n_kept++] = ids[i];
        }
    }
    *n = n_kept;
    return status;
}

/* Gives each value of the highest bits the part that the sample has come to by
 * then; returns the most ids of the sample that one part has. */
static int64_t
lay_map(mfg_parts *parts, const uint64_t *ids, int64_t n)
{
    int64_t at = 0;
    int64_t start = 0; /* of the part in hand */
    int64_t most = 0;
    int64_t part = 0;

    for (uint64_t top = 0; top <= parts->map_mask; top++) {
        int64_t reached = at * parts->n_parts / n;
        if (reached > part) {
            part = reached;
            start = at;
        }
        parts->map[top] =
            (uint16_t)(part < parts->n_parts ? part : parts->n_parts - 1);
        while (at < n && (ids[at] >> parts->map_shift) == top) {
            at++;
        }
        most = at - start > most ? at - start : most;
    }
    return most;
}

mfg_status
mfg_parts_order(mfg_parts *parts, int64_t n_rows, int n_bits, int64_t n_parts,
                mfg_control *control)
{
    int bits = n_bits < MAP_BITS ? n_bits : MAP_BITS;
    uint64_t *ids = mfg_alloc(SAMPLE, sizeof *ids);
    int64_t n = 0;
    mfg_status status = ids == NULL ? MFG_NO_MEMORY : MFG_OK;

    parts->n_parts = n_parts;
    parts->map_shift = n_bits - bits;
    parts->map_mask = (UINT64_C(1) << bits) - 1;
    parts->map = mfg_alloc((size_t)1 << bits, sizeof *parts->map);
    if (parts->map == NULL) {
        status = MFG_NO_MEMORY;
    }
    if (status == MFG_OK) {
        status = sample_ids(parts, n_rows, ids, &n, control);
    }
    if (status == MFG_OK &&
        (n == 0 || lay_map(parts, ids, n) > MOST_SHARES * (n / n_parts + 1))) {
        mfg_free(parts->map);
        parts->map = NULL;
    }
    mfg_free(ids);
    return status;
}
