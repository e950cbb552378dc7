/* A chunk of rows put apart by their ids, in one pass: each row goes to the
 * open drawer of its part. */
#include "parts.h"
#include "pass.h"

/* What a worker needs for a block of rows. */
typedef struct desk {
    uint64_t ids[MFG_BLOCK];
    uint16_t places[MFG_BLOCK]; /* the part; n_parts where left out */
    uint64_t *spots[MFG_BLOCK]; /* where the id of a row lies */
    mfg_block block;
} desk;

mfg_status
mfg_parts_new(mfg_parts *parts, const mfg_control *control)
{
    int64_t n_chains;
    int64_t n_drawers;

    parts->n_columns = 1 + parts->n_values;
    for (int v = 0; v < parts->n_values; v++) {
        parts->n_columns +=
            mfg_widened(parts->values[v].kind) != MFG_AS_FLOAT64;
    }
    parts->n_workers = mfg_workers(parts->n_rows, control);
    n_chains = parts->n_workers * (mfg_parts_count(parts) + 1);
    /* Each chain may end in a drawer that is not full. */
    n_drawers = parts->n_rows / MFG_DRAWER + 1 + n_chains;
    parts->chains = mfg_alloc((size_t)n_chains, sizeof *parts->chains);
    parts->next = mfg_alloc((size_t)n_drawers, sizeof *parts->next);
    parts->drawers = mfg_alloc((size_t)(n_drawers * parts->n_columns),
                               MFG_DRAWER * sizeof *parts->drawers);
    return parts->chains == NULL || parts->next == NULL ||
                   parts->drawers == NULL
               ? MFG_NO_MEMORY
               : MFG_OK;
}

void
mfg_parts_free(mfg_parts *parts)
{
    mfg_free(parts->chains);
    mfg_free(parts->next);
    mfg_free(parts->drawers);
    parts->chains = NULL;
    parts->next = NULL;
    parts->drawers = NULL;
}

/* The ids of the block that is loaded, and their parts. */
static void
find_parts(const mfg_parts *parts, const mfg_grouper *loaded, int32_t n,
           desk *at)
{
    uint64_t mask = (uint64_t)mfg_parts_count(parts) - 1;
    int shift = 64 - parts->part_bits;

    mfg_ids_of_block(loaded, n, at->ids);
    if (parts->mixed) {
        for (int32_t i = 0; i < n; i++) {
            at->ids[i] = mfg_mix(at->ids[i]);
            at->places[i] = (uint16_t)(at->ids[i] >> shift);
        }
    }
    else {
        for (int32_t i = 0; i < n; i++) {
            at->places[i] = (uint16_t)(at->ids[i] & mask);
        }
    }
    for (int k = 0; k < loaded->n_keys; k++) {
        const mfg_key *key = &loaded->keys[k];
        for (int32_t i = 0; key->leaves_out && i < n; i++) {
            if (mfg_is_absent(key, i)) {
                at->places[i] = (uint16_t)(mask + 1);
            }
        }
    }
}

static void
open_drawer(mfg_parts *parts, mfg_chain *chain, int32_t drawer)
{
    if (chain->first < 0) {
        chain->first = drawer;
    }
    else {
        parts->next[chain->last] = drawer;
    }
    chain->last = drawer;
    chain->filled = 0;
    chain->open = mfg_drawer(parts, drawer, 0);
}

/* Files the ids; `unused` is the worker's next drawer. */
static int32_t
file_ids(mfg_parts *parts, mfg_chain *chains, int32_t n, desk *at,
         int32_t unused)
{
    for (int32_t i = 0; i < n; i++) {
        mfg_chain *chain = &chains[at->places[i]];
        if (chain->filled == MFG_DRAWER) {
            open_drawer(parts, chain, unused++);
        }
        uint64_t *spot = chain->open + chain->filled++;
        __builtin_prefetch(spot + 8, 1);
        *spot = at->ids[i];
        at->spots[i] = spot;
    }
    return unused;
}

static void
file_values(const mfg_parts *parts, int64_t start, int32_t n, desk *at)
{
    int column = 1;
    int flags = 1 + parts->n_values;

    for (int v = 0; v < parts->n_values; v++, column++) {
        int is_float = mfg_widened(parts->values[v].kind) == MFG_AS_FLOAT64;
        mfg_load(&parts->values[v], start, n, &at->block);
        for (int32_t i = 0; i < n; i++) {
            uint64_t *spot = at->spots[i] + column * MFG_DRAWER;
            __builtin_prefetch(spot + 8, 1);
            *spot = at->block.values[i].uint64;
        }
        for (int32_t i = 0; !is_float && i < n; i++) {
            at->spots[i][flags * MFG_DRAWER] =
                at->block.missing != NULL && at->block.missing[i];
        }
        flags += !is_float;
    }
}

static mfg_status
part_rows(void *context, int worker, int64_t start, int64_t stop,
          mfg_control *control)
{
    mfg_parts *parts = context;
    int64_t n_chains = mfg_parts_count(parts) + 1;
    mfg_chain *chains = parts->chains + worker * n_chains;
    /* Drawers of the workers before: those that their rows fill, and one a
     * chain; start is a whole number of drawers. */
    int32_t unused = (int32_t)(start / MFG_DRAWER + worker * n_chains);
    mfg_grouper *view;
    mfg_status status = mfg_grouper_view(parts->packing, &view);
    desk *at = mfg_alloc(1, sizeof *at);

    if (at == NULL) {
        status = MFG_NO_MEMORY;
    }
    for (int64_t p = 0; p < n_chains; p++) {
        chains[p] = (mfg_chain){.first = -1, .filled = MFG_DRAWER};
    }
    for (int64_t row = start; row < stop && status == MFG_OK;
         row += MFG_BLOCK) {
        int64_t left = stop - row;
        int32_t n = (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK);
        status =
            mfg_grouper_load(view, parts->keys, parts->first + row, n, control);
        if (status == MFG_OK) {
            find_parts(parts, view, n, at);
            unused = file_ids(parts, chains, n, at, unused);
            file_values(parts, parts->first + row, n, at);
            status = mfg_poll(control, row - start);
        }
    }
    mfg_grouper_free(view);
    mfg_free(at);
    return status;
}

mfg_status
mfg_parts_chunk(mfg_parts *parts, int64_t first, int64_t n,
                mfg_control *control)
{
    parts->first = first;
    parts->n_workers = mfg_workers(n, control);
    return mfg_share_out(n, part_rows, parts, control);
}
