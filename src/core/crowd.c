/* Groups and exact states of many groups.
 *
 * Chunk by chunk the rows are put apart by their ids (parts.c); then each part
 * adds its rows to its own groups, which no other part has. Workers take parts
 * in turns, so no group is ever shared. Where groups have so few rows that each
 * chunk would bring nearly all of them into the cache again, all rows are one
 * chunk.
 */
#include "crowd.h"
#include "assemble.h"
#include "ordered.h"
#include "sample.h"
#include "sorted.h"

/* Ids are small where there are at most so many for each group: the groups of
 * all of them are made. */
#define IDS_A_GROUP 4
#define MOST_SMALL_BITS 24
/* Where there are at most so many rows for each group, the rows of a part are
 * sorted rather than added to the groups of all. */
#define FEW_ROWS_A_GROUP 3
/* Parts of wide ids that are in order. */
#define WIDE_PARTS 256
#define PARTS_AT_ONCE 512
/* All rows of wide ids are put apart at once where there are at most so many
 * for each group, and in all. */
#define SOME_ROWS_A_GROUP 16
#define MOST_AT_ONCE (1 << 24)
/* Rows of a chunk: of small ids 2^21, 21 MB with one value, so that memory does
 * not grow with the rows; of mixed ones, whose groups may be as many, 2^22, so
 * that those of a part are met again while it is in hand. */
#define SMALL_CHUNK (1 << 21)
#define WIDE_CHUNK (1 << 22)

/* ---- all parts ---- */

static void
free_parts(mfg_part *items, int64_t n, int n_values)
{
    for (int64_t p = 0; items != NULL && p < n; p++) {
        for (int v = 0; v < n_values; v++) {
            mfg_cells_free(&items[p].cells[v]);
        }
        mfg_free(items[p].cells);
        mfg_free(items[p].ids);
        mfg_free(items[p].slots);
    }
    mfg_free(items);
}

/* Cells like those of the state for each of n parts. */
static mfg_part *
make_parts(const mfg_crowd *crowd, int64_t n)
{
    const mfg_parts *parts = &crowd->parts;
    mfg_part *made = mfg_alloc_zeros((size_t)n, sizeof *made);

    for (int64_t p = 0; made != NULL && p < n; p++) {
        made[p].cells =
            mfg_alloc_zeros((size_t)parts->n_values, sizeof *made[p].cells);
        if (made[p].cells == NULL) {
            free_parts(made, p, parts->n_values);
            return NULL;
        }
        for (int v = 0; v < parts->n_values; v++) {
            const mfg_cells *like = &crowd->state->values[v];
            made[p].cells[v] = (mfg_cells){.wide = like->wide,
                                           .base = like->base,
                                           .only_sums = like->only_sums};
        }
    }
    return made;
}

static mfg_status
begin_parts(mfg_crowd *crowd)
{
    const mfg_parts *parts = &crowd->parts;
    mfg_status status = MFG_OK;

    crowd->items = make_parts(crowd, parts->n_parts);
    if (crowd->items == NULL) {
        return MFG_NO_MEMORY;
    }
    if (parts->wide && crowd->at_once) {
        crowd->benches = make_parts(crowd, parts->n_workers);
        return crowd->benches == NULL ? MFG_NO_MEMORY : MFG_OK;
    }
    for (int v = 0; !parts->wide && v < parts->n_values && status == MFG_OK;
         v++) {
        status = mfg_cells_make_room(&crowd->state->values[v], parts->n_ids);
    }
    return status;
}

/* Lets go of what is not the parts' own: the state's cells, and what is kept in
 * the memory of rows. */
static void
disown(const mfg_crowd *crowd)
{
    for (int64_t p = 0; crowd->items != NULL && p < crowd->parts.n_parts; p++) {
        mfg_part *part = &crowd->items[p];
        for (int v = 0; v < crowd->parts.n_values; v++) {
            mfg_cells *cells = &part->cells[v];
            if (!crowd->parts.wide ||
                (crowd->benches != NULL && cells->cells != NULL &&
                 cells->cells == mfg_part_kept(crowd, p, v))) {
                cells->cells = NULL;
                cells->ends = NULL;
            }
        }
        part->ids = crowd->benches != NULL ? NULL : part->ids;
    }
}

/* Of a part of small ids that no row came to all groups are empty. */
static mfg_status
end_part(void *context, int worker, int64_t p, mfg_control *control)
{
    const mfg_crowd *crowd = context;
    mfg_part *part = &crowd->items[p];

    (void)worker;
    (void)control;
    if (!crowd->parts.wide && part->n_groups == 0) {
        mfg_part_begin(crowd, part, p);
    }
    for (int v = 0; v < crowd->parts.n_values; v++) {
        mfg_cells_settle(&part->cells[v]);
    }
    return MFG_OK;
}

/* Puts all rows apart and adds them; those at once are kept. */
static mfg_status
read_rows(mfg_crowd *crowd, int64_t n_rows, mfg_control *control)
{
    mfg_parts *parts = &crowd->parts;
    mfg_status status;

    parts->n_rows = parts->wide ? WIDE_CHUNK : SMALL_CHUNK;
    parts->n_rows =
        n_rows < parts->n_rows || crowd->at_once ? n_rows : parts->n_rows;
    status = mfg_parts_new(parts, control);
    crowd->rooms =
        mfg_alloc((size_t)mfg_workers(n_rows, control), sizeof *crowd->rooms);
    if (crowd->rooms == NULL) {
        return MFG_NO_MEMORY;
    }
    if (status == MFG_OK && crowd->sorted) {
        return mfg_parts_chunk(parts, 0, n_rows, control);
    }
    if (status == MFG_OK) {
        status = begin_parts(crowd);
    }
    for (int64_t at = 0; at < n_rows && status == MFG_OK; at += parts->n_rows) {
        int64_t left = n_rows - at;
        status = mfg_parts_chunk(
            parts, at, left < parts->n_rows ? left : parts->n_rows, control);
        if (status == MFG_OK) {
            status = mfg_take_turns(parts->n_parts, parts->n_workers,
                                    mfg_part_add, crowd, control);
        }
    }
    if (!crowd->at_once) {
        mfg_parts_free(parts);
    }
    return status;
}

/* ---- what is made of a crowd ---- */

/* Keys measured and planes placed; of no crowd `packing` stays NULL. */
static mfg_status
begin(mfg_crowd *crowd, int n_keys, int64_t n_rows, int only_sums, int *n_bits,
      mfg_control *control)
{
    mfg_parts *parts = &crowd->parts;
    mfg_status status = mfg_likely_groups(parts->keys, n_keys, n_rows,
                                          &crowd->n_likely, control);

    if (status != MFG_OK || crowd->n_likely == 0) {
        return status;
    }
    status = mfg_grouper_new(parts->keys, n_keys, n_rows, &parts->packing);
    if (status == MFG_OK) {
        status = mfg_ids_measure(parts->packing, parts->keys, n_rows, n_bits,
                                 control);
    }
    if (status == MFG_OK && *n_bits > 64) {
        mfg_grouper_free(parts->packing);
        parts->packing = NULL;
        return MFG_OK;
    }
    if (status == MFG_OK) {
        status = mfg_state_new(parts->values, parts->n_values, only_sums,
                               &crowd->state);
    }
    for (int v = 0; v < parts->n_values && status == MFG_OK; v++) {
        mfg_cells_place(&crowd->state->values[v], &parts->values[v], 0, n_rows,
                        &crowd->state->block);
    }
    parts->wide = *n_bits > MOST_SMALL_BITS || parts->n_values == 0 ||
                  (status == MFG_OK && mfg_ids_count(parts->packing) >
                                           IDS_A_GROUP * crowd->n_likely);
    parts->n_ids =
        parts->wide || status != MFG_OK ? 0 : mfg_ids_count(parts->packing);
    return status;
}

/* Whether results come straight from parts: of floats, by labels that are no
 * text, of which none is missing, and are written as they are. */
static int
is_plain(const mfg_parts *parts)
{
    const mfg_grouper *measured = parts->packing;
    int plain = parts->n_values > 0;

    for (int k = 0; k < measured->n_keys; k++) {
        plain &=
            parts->keys[k].kind != MFG_FLOAT16 && !measured->keys[k].absent_bit;
    }
    for (int v = 0; v < parts->n_values; v++) {
        plain &= mfg_widened(parts->values[v].kind) == MFG_AS_FLOAT64;
    }
    return plain;
}

/* Tells whether results come straight from parts; if so, from which. */
static mfg_status
plan_results(mfg_crowd *crowd, int64_t n_rows, int n_bits, int *is_direct,
             mfg_control *control)
{
    mfg_parts *parts = &crowd->parts;
    int sorted = parts->n_values == 1 && n_rows <= INT32_MAX &&
                 crowd->n_likely >= n_rows / FEW_ROWS_A_GROUP;
    int at_once = sorted || (parts->wide && n_rows <= MOST_AT_ONCE &&
                             crowd->n_likely >= n_rows / SOME_ROWS_A_GROUP);
    mfg_status status = MFG_OK;

    *is_direct = is_plain(parts);
    if (*is_direct && parts->wide) {
        status = mfg_parts_order(parts, n_rows, n_bits,
                                 at_once ? PARTS_AT_ONCE : WIDE_PARTS, control);
        *is_direct = parts->map != NULL;
    }
    crowd->sorted = *is_direct && sorted;
    crowd->at_once = *is_direct && at_once;
    return status;
}

/* Reads all rows, and numbers the first groups of the parts. */
static mfg_status
read_results(mfg_crowd *crowd, int64_t n_rows, mfg_control *control)
{
    mfg_parts *parts = &crowd->parts;
    mfg_status status;

    status = read_rows(crowd, n_rows, control);
    crowd->starts =
        mfg_alloc_zeros((size_t)parts->n_parts + 1, sizeof *crowd->starts);
    if (status == MFG_OK && crowd->starts == NULL) {
        status = MFG_NO_MEMORY;
    }
    if (status == MFG_OK) {
        status = mfg_take_turns(
            parts->n_parts, parts->n_workers,
            crowd->sorted ? mfg_sorted_count : mfg_part_count, crowd, control);
    }
    for (int64_t p = 0; p < parts->n_parts && status == MFG_OK; p++) {
        crowd->starts[p + 1] += crowd->starts[p];
    }
    return status;
}

/* Reads all rows, and makes the groups of parts those of a grouper and state,
 * which are given away. */
static mfg_status
read_state(mfg_crowd *crowd, int64_t n_rows, mfg_grouper **grouper,
           mfg_state **state, mfg_control *control)
{
    mfg_status status = read_rows(crowd, n_rows, control);

    if (status == MFG_OK) {
        status = mfg_take_turns(crowd->parts.n_parts, crowd->parts.n_workers,
                                end_part, crowd, control);
    }
    if (status == MFG_OK) {
        status = crowd->parts.wide ? mfg_crowd_assemble(crowd, control)
                                   : mfg_crowd_close_up(crowd, control);
    }
    if (status == MFG_OK) {
        *grouper = crowd->parts.packing;
        *state = crowd->state;
        crowd->parts.packing = NULL;
        crowd->state = NULL;
    }
    return status;
}

mfg_status
mfg_crowd_gather(const mfg_column *keys, int n_keys, const mfg_column *values,
                 int n_values, int64_t n_rows, int only_sums, mfg_crowd **crowd,
                 mfg_grouper **grouper, mfg_state **state, mfg_control *control)
{
    mfg_crowd *made;
    int n_bits = 0;
    int is_direct = 0;
    mfg_status status;

    if (n_keys == 0 || n_rows < MFG_CROWD_ROWS) {
        return MFG_OK;
    }
    made = mfg_alloc_zeros(1, sizeof *made);
    if (made == NULL) {
        return MFG_NO_MEMORY;
    }
    made->parts =
        (mfg_parts){.keys = keys, .values = values, .n_values = n_values};
    status = begin(made, n_keys, n_rows, only_sums, &n_bits, control);
    int any = status == MFG_OK && made->parts.packing != NULL;
    if (any && crowd != NULL) {
        status = plan_results(made, n_rows, n_bits, &is_direct, control);
    }
    if (status == MFG_OK && is_direct) {
        status = read_results(made, n_rows, control);
        if (status == MFG_OK) {
            *crowd = made;
            return MFG_OK;
        }
    }
    else if (status == MFG_OK && any) {
        status = read_state(made, n_rows, grouper, state, control);
    }
    mfg_crowd_free(made);
    return status;
}

int64_t
mfg_crowd_groups(const mfg_crowd *crowd)
{
    return crowd->starts[crowd->parts.n_parts];
}

void
mfg_crowd_free(mfg_crowd *crowd)
{
    if (crowd == NULL) {
        return;
    }
    disown(crowd);
    free_parts(crowd->items, crowd->parts.n_parts, crowd->parts.n_values);
    free_parts(crowd->benches, crowd->parts.n_workers, crowd->parts.n_values);
    mfg_parts_free(&crowd->parts);
    mfg_grouper_free(crowd->parts.packing);
    mfg_state_free(crowd->state);
    mfg_free(crowd->rooms);
    mfg_free(crowd->starts);
    mfg_free(crowd);
}
