/* The groups of one part: found by slot or by hash, and their rows added. */
#include "part.h"

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
mfg_part_add(void *context, int worker, int64_t p)
{
    const mfg_crowd *crowd = context;
    const mfg_parts *parts = &crowd->parts;
    mfg_part *part = &crowd->items[p];
    int32_t codes[MFG_BLOCK];
    mfg_block block;
    mfg_status status = MFG_OK;

    (void)worker;
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

mfg_status
mfg_part_count(void *context, int worker, int64_t p)
{
    const mfg_crowd *crowd = context;
    const mfg_part *part = &crowd->items[p];
    int64_t n_met = 0;

    (void)worker;
    for (int64_t g = 0; !crowd->parts.wide && g < part->n_groups; g++) {
        n_met += mfg_was_met(&part->cells[0], g);
    }
    crowd->starts[p + 1] = crowd->parts.wide ? part->n_groups : n_met;
    return MFG_OK;
}
