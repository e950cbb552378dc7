/* The groups of one part: found by slot or by hash, and their rows added. */
#include "part.h"

#define FEWEST_SLOTS 256
/* Slots of a bench for each of the groups that are likely to come. */
#define SLOTS_A_GROUP 8

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

/* Where the search for an id begins: at the lowest bits of what is mixed, as a
 * part shares the highest. */
static inline uint64_t
first_slot(const mfg_part *part, uint64_t id, int is_mixed)
{
    return (is_mixed ? id : mfg_mix(id)) & part->mask;
}

/* Other slots, the groups filed anew. */
static mfg_status
lay_slots(mfg_part *part, uint64_t n_slots, int is_mixed)
{
    int32_t *slots = mfg_alloc(n_slots, sizeof *slots);

    if (slots == NULL) {
        return MFG_NO_MEMORY;
    }
    mfg_free(part->slots);
    part->slots = slots;
    part->mask = n_slots - 1;
    memset(slots, 0xff, n_slots * sizeof *slots);
    for (int64_t g = 0; g < part->n_groups; g++) {
        uint64_t at = first_slot(part, part->ids[g], is_mixed);
        while (slots[at] >= 0) {
            at = (at + 1) & part->mask;
        }
        slots[at] = (int32_t)g;
    }
    return MFG_OK;
}

/* Slots of 4 bytes that lead to the ids stay in the first-level cache, where
 * the entries of the one hash table would not: 21 ns a row against 9. */
static mfg_status
find_by_hash(mfg_part *part, int32_t n, const uint64_t *ids, int is_mixed,
             int32_t *codes)
{
    for (int32_t i = 0; i < n; i++) {
        if (4 * part->n_groups >= (int64_t)part->mask &&
            lay_slots(part,
                      part->mask == 0 ? FEWEST_SLOTS : 2 * (part->mask + 1),
                      is_mixed) != MFG_OK) {
            return MFG_NO_MEMORY;
        }
        uint64_t at = first_slot(part, ids[i], is_mixed);
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
void
mfg_part_begin(const mfg_crowd *crowd, mfg_part *part, int64_t p)
{
    const mfg_parts *parts = &crowd->parts;
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
    const mfg_parts *parts = &crowd->parts;
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

mfg_status
mfg_move_strays(const mfg_strays *from, const int32_t *places, mfg_strays *to)
{
    mfg_status status = MFG_OK;

    for (int64_t i = 0; i < from->count && status == MFG_OK; i++) {
        mfg_stray item = from->items[i];
        item.group = places[item.group];
        status = mfg_strays_move(to, &item);
    }
    return status;
}

/* ---- parts of wide ids at once ---- */

static mfg_status
clear_bench(const mfg_crowd *crowd, mfg_part *bench)
{
    uint64_t n_slots = FEWEST_SLOTS;
    int64_t n_groups = crowd->n_likely / crowd->parts.n_parts;

    while ((int64_t)n_slots < SLOTS_A_GROUP * n_groups) {
        n_slots *= 2;
    }
    bench->n_groups = 0;
    for (int v = 0; v < crowd->parts.n_values; v++) {
        mfg_strays_free(&bench->cells[v].strays);
        mfg_free(bench->cells[v].missing);
        bench->cells[v].missing = NULL;
        bench->cells[v].n_groups = 0;
    }
    if (bench->mask + 1 != n_slots) {
        return lay_slots(bench, n_slots, 0);
    }
    memset(bench->slots, 0xff, n_slots * sizeof *bench->slots);
    return MFG_OK;
}

mfg_cell *
mfg_part_kept(const mfg_crowd *crowd, int64_t p, int value)
{
    const mfg_parts *parts = &crowd->parts;
    int only_sums = crowd->state->values[value].only_sums;
    size_t size = sizeof(mfg_cell) + (only_sums ? 0 : sizeof(mfg_ends));
    size_t n_rows = (size_t)(parts->starts[p + 1] - parts->starts[p]);
    mfg_word *words = parts->words + value * parts->n_rows + parts->starts[p];
    size_t skipped = -(uintptr_t)words & (sizeof(mfg_cell) - 1);

    if (skipped + (size_t)crowd->items[p].n_groups * size >
        n_rows * sizeof *words) {
        return NULL;
    }
    return (mfg_cell *)(void *)((char *)words + skipped);
}

/* Where the cells of a part stay: in the memory of its rows, if there is room.
 */
static mfg_status
lay_cells(const mfg_crowd *crowd, int64_t p, int value)
{
    const mfg_part *part = &crowd->items[p];
    mfg_cells *cells = &part->cells[value];
    mfg_cell *kept = mfg_part_kept(crowd, p, value);

    if (kept == NULL) {
        return mfg_cells_make_room(cells, part->n_groups);
    }
    cells->cells = kept;
    cells->ends =
        cells->only_sums ? NULL : (mfg_ends *)(void *)(kept + part->n_groups);
    cells->capacity = part->n_groups;
    return MFG_OK;
}

/* order: which groups of a bench are those of the part. */
static mfg_status
keep_cells(const mfg_cells *from, const uint64_t *order, mfg_cells *to)
{
    int32_t *places = NULL;
    mfg_status status = MFG_OK;

    to->n_groups = from->n_groups;
    to->is_open = from->is_open;
    if (from->missing != NULL) {
        status = mfg_cells_miss(to, 0, 0);
    }
    if (from->strays.count > 0) {
        places = mfg_alloc((size_t)to->n_groups, sizeof *places);
        status = places == NULL ? MFG_NO_MEMORY : status;
    }
    for (int64_t g = 0; status == MFG_OK && g < to->n_groups; g++) {
        mfg_move_group(from, (int64_t)order[g], to, g);
        if (places != NULL) {
            places[order[g]] = (int32_t)g;
        }
    }
    if (status == MFG_OK && places != NULL) {
        status = mfg_move_strays(&from->strays, places, &to->strays);
    }
    mfg_free(places);
    return status;
}

/* Puts the groups of a bench in the order of ids and keeps them. */
static mfg_status
keep_groups(const mfg_crowd *crowd, int worker, int64_t p, mfg_control *control)
{
    const mfg_part *bench = &crowd->benches[worker];
    mfg_part *part = &crowd->items[p];
    size_t n = (size_t)bench->n_groups;
    uint64_t *order = mfg_alloc(n, sizeof *order);
    mfg_status status = order == NULL ? MFG_NO_MEMORY : MFG_OK;

    part->n_groups = bench->n_groups;
    part->ids = crowd->parts.ids + crowd->parts.starts[p];
    for (uint64_t g = 0; status == MFG_OK && g < n; g++) {
        part->ids[g] = bench->ids[g];
        order[g] = g;
    }
    if (status == MFG_OK) {
        status = mfg_sort_words(part->ids, order, bench->n_groups,
                                &crowd->rooms[worker], control);
    }
    for (int v = 0; status == MFG_OK && v < crowd->parts.n_values; v++) {
        status = lay_cells(crowd, p, v);
        if (status == MFG_OK) {
            status = keep_cells(&bench->cells[v], order, &part->cells[v]);
        }
    }
    mfg_free(order);
    return status;
}

mfg_status
mfg_part_add(void *context, int worker, int64_t p, mfg_control *control)
{
    const mfg_crowd *crowd = context;
    const mfg_parts *parts = &crowd->parts;
    int at_bench = crowd->benches != NULL;
    mfg_part *part = at_bench ? &crowd->benches[worker] : &crowd->items[p];
    int32_t codes[MFG_BLOCK];
    mfg_block block;
    mfg_status status = at_bench ? clear_bench(crowd, part) : MFG_OK;

    for (int v = 0; !parts->wide && v < parts->n_values; v++) {
        ask_for_groups(&part->cells[v]);
    }
    if (!parts->wide && part->n_groups == 0) {
        mfg_part_begin(crowd, part, p);
    }
    for (int64_t row = parts->starts[p];
         row < parts->starts[p + 1] && status == MFG_OK; row += MFG_BLOCK) {
        int64_t left = parts->starts[p + 1] - row;
        int32_t n = (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK);
        if (parts->wide) {
            status = find_by_hash(part, n, parts->ids + row, parts->map == NULL,
                                  codes);
        }
        else {
            copy_slots(n, parts->slots + row, codes);
        }
        if (status == MFG_OK) {
            status = add_values(crowd, part, row, n, codes, &block);
        }
        if (status == MFG_OK) {
            status = mfg_poll(control, row - parts->starts[p]);
        }
    }
    return status == MFG_OK && at_bench ? keep_groups(crowd, worker, p, control)
                                        : status;
}

mfg_status
mfg_part_count(void *context, int worker, int64_t p, mfg_control *control)
{
    const mfg_crowd *crowd = context;
    const mfg_part *part = &crowd->items[p];
    int64_t n_met = 0;

    (void)worker;
    (void)control;
    for (int64_t g = 0; !crowd->parts.wide && g < part->n_groups; g++) {
        n_met += mfg_was_met(&part->cells[0], g);
    }
    crowd->starts[p + 1] = crowd->parts.wide ? part->n_groups : n_met;
    return MFG_OK;
}
