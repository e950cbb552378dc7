/* Groups and exact states of many groups.
 *
 * Chunk by chunk the rows are put apart by their ids (parts.c); then each part
 * adds its rows to its own groups, which no other part has. Workers take parts
 * in turns, so no group is ever shared.
 */
#include "crowd.h"
#include "assemble.h"
#include "parts.h"

/* Rows looked at, and how many groups among them make a crowd: of 20,000 or
 * more, 8,192 rows meet at least as many. */
#define SAMPLE 8192
#define MANY_AMONG 6700
/* The first of them, spread over all rows too, tell where there are clearly
 * fewer: of 20,000 groups 1,024 rows meet 998, and never as few as 900. */
#define FIRST_LOOK 1024
#define FEW_AMONG 900
/* Below it there is too little to share out. */
#define FEWEST_ROWS (1 << 18)
/* Ids are small where there are at most so many for each group: the groups of
 * all of them are made. */
#define IDS_A_GROUP 4
#define MOST_SMALL_BITS 24
/* Rows of a chunk: of small ids 2^20, 14 MB with one value, so that memory does
 * not grow with the rows; of mixed ones, whose groups may be as many, 2^22, so
 * that those of a part are met again while it is in hand. */
#define SMALL_CHUNK (1 << 20)
#define MIXED_CHUNK (1 << 22)

/* How many groups there are, judged by single rows spread over all of them; 0
 * where they make no crowd. Two rows of a sample are of one group as often as
 * two people have one birthday: of s rows about s^2 / 2 groups. */
static mfg_status
find_crowd(const mfg_column *keys, int n_keys, int64_t n_rows,
           int64_t *n_groups, mfg_control *control)
{
    int64_t step = n_rows / SAMPLE;
    mfg_grouper *grouper = NULL;
    mfg_status status;

    *n_groups = 0;
    for (int k = 0; k < n_keys; k++) {
        if (mfg_widened(keys[k].kind) == MFG_AS_TEXT) {
            return MFG_OK;
        }
    }
    if (n_keys == 0 || n_rows < FEWEST_ROWS) {
        return MFG_OK;
    }
    status = mfg_grouper_new(keys, n_keys, SAMPLE, &grouper);
    for (int64_t i = 0; i < SAMPLE && status == MFG_OK; i++) {
        int64_t place = i % FIRST_LOOK * (SAMPLE / FIRST_LOOK) + i / FIRST_LOOK;
        int32_t code;
        status =
            mfg_grouper_codes(grouper, keys, place * step, 1, &code, control);
        if (i == FIRST_LOOK && mfg_grouper_count(grouper) < FEW_AMONG) {
            break;
        }
    }
    if (status == MFG_OK && mfg_grouper_count(grouper) > MANY_AMONG) {
        int64_t met_again = SAMPLE - mfg_grouper_count(grouper);
        *n_groups = SAMPLE * SAMPLE / 2 / (met_again + 1);
    }
    mfg_grouper_free(grouper);
    return status;
}

/* ---- the groups of one part ---- */

static mfg_status
add_group(mfg_part *part, uint64_t id, int32_t *code)
{
    if (part->n_groups == part->capacity) {
        int64_t capacity = part->capacity + part->capacity / 2 + 256;
        uint64_t *ids =
            mfg_resize(part->ids, (size_t)capacity, sizeof *part->ids);
        if (ids == NULL) {
            return MFG_NO_MEMORY;
        }
        part->ids = ids;
        part->capacity = capacity;
    }
    part->ids[part->n_groups] = id;
    *code = (int32_t)part->n_groups++;
    return MFG_OK;
}

/* Twice the slots, the groups filed anew. */
static mfg_status
grow_slots(mfg_part *part)
{
    uint64_t n_slots = part->slots == NULL ? 256 : 2 * (part->mask + 1);
    int32_t *slots = mfg_alloc(n_slots, sizeof *slots);

    if (slots == NULL) {
        return MFG_NO_MEMORY;
    }
    mfg_free(part->slots);
    part->slots = slots;
    part->mask = n_slots - 1;
    memset(slots, 0xff, n_slots * sizeof *slots);
    for (int64_t g = 0; g < part->n_groups; g++) {
        uint64_t at = part->ids[g] & part->mask;
        while (slots[at] >= 0) {
            at = (at + 1) & part->mask;
        }
        slots[at] = (int32_t)g;
    }
    return MFG_OK;
}

/* A mixed id begins its search at its lowest bits: a part shares the highest.
 * Slots of 4 bytes that lead to the ids stay in the first-level cache, where
 * the entries of the one hash table would not: 21 ns a row against 9. */
static mfg_status
find_by_hash(mfg_part *part, int32_t n, const uint64_t *ids, int32_t *codes)
{
    for (int32_t i = 0; i < n; i++) {
        if (4 * part->n_groups >= (int64_t)part->mask &&
            grow_slots(part) != MFG_OK) {
            return MFG_NO_MEMORY;
        }
        uint64_t at = ids[i] & part->mask;
        int32_t code = part->slots[at];
        while (code >= 0 && part->ids[code] != ids[i]) {
            at = (at + 1) & part->mask;
            code = part->slots[at];
        }
        if (code < 0) {
            if (add_group(part, ids[i], &code) != MFG_OK) {
                return MFG_NO_MEMORY;
            }
            part->slots[at] = code;
        }
        codes[i] = code;
    }
    return MFG_OK;
}

/* The empty groups of a part of small ids, when its first rows come: in the
 * cache, where they are used next. */
static void
begin_groups(const mfg_crowd *crowd, mfg_part *part, int64_t p)
{
    const mfg_parts *parts = crowd->parts;
    int64_t first = p << parts->slot_bits;
    int64_t n = parts->n_ids - first;

    n = n < INT64_C(1) << parts->slot_bits ? n : INT64_C(1) << parts->slot_bits;
    part->n_groups = n;
    for (int v = 0; v < parts->n_values; v++) {
        mfg_cells *cells = &part->cells[v];
        cells->cells = crowd->state->values[v].cells + first;
        cells->capacity = n;
        if (!cells->only_sums) {
            cells->ends = crowd->state->values[v].ends + first;
        }
        mfg_cells_extend(cells, n); /* there is room */
    }
}

/* Asks for all groups of a part that is met again. */
static void
ask_for_groups(const mfg_cells *cells)
{
    for (int64_t g = 0; g < cells->n_groups; g += 2) {
        __builtin_prefetch(&cells->cells[g], 1);
    }
    for (int64_t g = 0; cells->ends != NULL && g < cells->n_groups; g += 4) {
        __builtin_prefetch(&cells->ends[g], 1);
    }
}

static mfg_status
add_values(const mfg_crowd *crowd, mfg_part *part, int64_t row, int32_t n,
           const int32_t *codes, mfg_block *block)
{
    const mfg_parts *parts = crowd->parts;
    mfg_status status = MFG_OK;

    for (int v = 0; v < parts->n_values && status == MFG_OK; v++) {
        mfg_cells *cells = &part->cells[v];
        int64_t at = v * parts->n_rows + row;
        if (cells->n_groups < part->n_groups) {
            status = mfg_cells_extend(cells, part->n_groups);
        }
        block->values = parts->words + at;
        block->missing =
            cells->wide == MFG_AS_FLOAT64 ? NULL : parts->flags + at;
        if (status == MFG_OK) {
            status = mfg_cells_add(cells, n, codes, block);
        }
    }
    return status;
}

static void
copy_slots(int32_t n, const uint16_t *slots, int32_t *codes)
{
    for (int32_t i = 0; i < n; i++) {
        codes[i] = slots[i];
    }
}

static mfg_status
add_part(void *context, int worker, int64_t p)
{
    const mfg_crowd *crowd = context;
    const mfg_parts *parts = crowd->parts;
    mfg_part *part = &crowd->items[p];
    int32_t codes[MFG_BLOCK];
    mfg_block block;
    mfg_status status = MFG_OK;

    (void)worker;
    for (int v = 0; !parts->mixed && v < parts->n_values; v++) {
        ask_for_groups(&part->cells[v]);
    }
    if (!parts->mixed && part->n_groups == 0) {
        begin_groups(crowd, part, p);
    }
    for (int64_t row = parts->starts[p];
         row < parts->starts[p + 1] && status == MFG_OK; row += MFG_BLOCK) {
        int64_t left = parts->starts[p + 1] - row;
        int32_t n = (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK);
        if (parts->mixed) {
            status = find_by_hash(part, n, parts->ids + row, codes);
        }
        else {
            copy_slots(n, parts->slots + row, codes);
        }
        if (status == MFG_OK) {
            status = add_values(crowd, part, row, n, codes, &block);
        }
    }
    return status;
}

/* ---- all parts ---- */

static mfg_status
begin_parts(mfg_crowd *crowd)
{
    const mfg_parts *parts = crowd->parts;
    mfg_status status = MFG_OK;

    crowd->items =
        mfg_alloc_zeros((size_t)parts->n_parts, sizeof *crowd->items);
    if (crowd->items == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int v = 0; !parts->mixed && v < parts->n_values && status == MFG_OK;
         v++) {
        status = mfg_cells_make_room(&crowd->state->values[v], parts->n_ids);
    }
    for (int64_t p = 0; p < parts->n_parts && status == MFG_OK; p++) {
        mfg_part *part = &crowd->items[p];
        part->cells =
            mfg_alloc_zeros((size_t)parts->n_values, sizeof *part->cells);
        if (part->cells == NULL) {
            return MFG_NO_MEMORY;
        }
        for (int v = 0; v < parts->n_values; v++) {
            part->cells[v].wide = crowd->state->values[v].wide;
            part->cells[v].base = crowd->state->values[v].base;
            part->cells[v].only_sums = crowd->state->values[v].only_sums;
        }
    }
    return status;
}

static void
free_parts(mfg_crowd *crowd)
{
    for (int64_t p = 0; crowd->items != NULL && p < crowd->parts->n_parts;
         p++) {
        mfg_part *part = &crowd->items[p];
        for (int v = 0; part->cells != NULL && v < crowd->parts->n_values;
             v++) {
            if (!crowd->parts->mixed) { /* they are the state's */
                part->cells[v].cells = NULL;
                part->cells[v].ends = NULL;
            }
            mfg_cells_free(&part->cells[v]);
        }
        mfg_free(part->cells);
        mfg_free(part->ids);
        mfg_free(part->slots);
    }
    mfg_free(crowd->items);
}

/* Of a part of small ids that no row came to all groups are empty. */
static mfg_status
end_part(void *context, int worker, int64_t p)
{
    const mfg_crowd *crowd = context;
    mfg_part *part = &crowd->items[p];

    (void)worker;
    if (!crowd->parts->mixed && part->n_groups == 0) {
        begin_groups(crowd, part, p);
    }
    for (int v = 0; v < crowd->parts->n_values; v++) {
        mfg_cells_settle(&part->cells[v]);
    }
    return MFG_OK;
}

static mfg_status
read_rows(mfg_crowd *crowd, int64_t n_rows, mfg_control *control)
{
    mfg_parts *parts = crowd->parts;
    mfg_status status = mfg_parts_new(parts, control);

    if (status == MFG_OK) {
        status = begin_parts(crowd);
    }
    for (int64_t at = 0; at < n_rows && status == MFG_OK; at += parts->n_rows) {
        int64_t left = n_rows - at;
        status = mfg_parts_chunk(
            parts, at, left < parts->n_rows ? left : parts->n_rows, control);
        if (status == MFG_OK) {
            status = mfg_take_turns(parts->n_parts, parts->n_workers, add_part,
                                    crowd, control);
        }
    }
    mfg_parts_free(parts);
    if (status == MFG_OK) {
        status = mfg_take_turns(parts->n_parts, parts->n_workers, end_part,
                                crowd, control);
    }
    return status;
}

static mfg_status
gather(mfg_crowd *crowd, int64_t n_rows, mfg_control *control)
{
    mfg_parts *parts = crowd->parts;
    mfg_status status;

    parts->n_rows = parts->mixed ? MIXED_CHUNK : SMALL_CHUNK;
    parts->n_rows = n_rows < parts->n_rows ? n_rows : parts->n_rows;
    status = read_rows(crowd, n_rows, control);
    if (status == MFG_OK) {
        status = parts->mixed ? mfg_crowd_assemble(crowd, control)
                              : mfg_crowd_close_up(crowd, control);
    }
    free_parts(crowd);
    return status;
}

mfg_status
mfg_crowd_gather(const mfg_column *keys, int n_keys, const mfg_column *values,
                 int n_values, int64_t n_rows, int only_sums,
                 mfg_grouper **grouper, mfg_state **state, mfg_control *control)
{
    mfg_parts parts = {.keys = keys, .values = values, .n_values = n_values};
    mfg_crowd crowd = {.parts = &parts};
    int64_t n_groups = 0;
    int n_bits = 0;
    mfg_status status = find_crowd(keys, n_keys, n_rows, &n_groups, control);

    if (status != MFG_OK || n_groups == 0) {
        return status;
    }
    status = mfg_grouper_new(keys, n_keys, n_rows, grouper);
    if (status == MFG_OK) {
        status = mfg_ids_measure(*grouper, keys, n_rows, &n_bits, control);
    }
    if (status == MFG_OK && n_bits > 64) {
        mfg_grouper_free(*grouper);
        *grouper = NULL;
        return MFG_OK;
    }
    if (status == MFG_OK) {
        status = mfg_state_new(values, n_values, only_sums, state);
    }
    for (int v = 0; v < n_values && status == MFG_OK; v++) {
        mfg_cells_place(&(*state)->values[v], &values[v], 0, n_rows,
                        &(*state)->block);
    }
    if (status != MFG_OK) {
        return status;
    }
    parts.packing = *grouper;
    parts.mixed = n_values == 0 || n_bits > MOST_SMALL_BITS ||
                  mfg_ids_count(*grouper) > IDS_A_GROUP * n_groups;
    parts.n_ids = parts.mixed ? 0 : mfg_ids_count(*grouper);
    crowd.state = *state;
    return gather(&crowd, n_rows, control);
}
