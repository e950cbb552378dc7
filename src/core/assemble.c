/* The groups of parts in the order of their labels. Of small ids they stand in
 * it; mixed ones are dealt into buckets by the highest bits of their ids,
 * sorted within a bucket, then moved. */
#include "assemble.h"
#include "sort.h"

/* Buckets that a level-one cache holds: 1024 pairs of 16 bytes. */
#define BUCKET_GROUPS 1024
#define MOST_BUCKET_BITS 12
#define GROUPS_A_TURN 8192
#define AHEAD 12 /* groups between asking for cells and moving them */

/* Whether a part has missing values in a column. */
static int
lacks_any(const mfg_crowd *crowd, int value)
{
    int any = 0;

    for (int64_t p = 0; p < crowd->parts.n_parts; p++) {
        any |= crowd->items[p].cells[value].missing != NULL;
    }
    return any;
}

/* Room for n_groups in the state, whose cells all come from parts; and a count
 * of missing values where a part has one. */
static mfg_status
extend_state(mfg_crowd *crowd, int64_t n_groups)
{
    mfg_state *state = crowd->state;
    mfg_status status = MFG_OK;

    state->n_groups = n_groups;
    for (int v = 0; v < state->n_values && status == MFG_OK; v++) {
        mfg_cells *cells = &state->values[v];
        if (n_groups > cells->capacity) {
            status = mfg_cells_make_room(cells, n_groups);
        }
        cells->n_groups = n_groups;
        if (status == MFG_OK && n_groups > 0 && lacks_any(crowd, v)) {
            status = mfg_cells_miss(cells, 0, 0);
        }
    }
    return status;
}

/* ---- small ids ---- */

/* Moves the groups of part p that were met down to n_groups and after it, which
 * is no further than where they stand. places: of the groups of a part. */
static mfg_status
close_up_part(mfg_crowd *crowd, int64_t p, int64_t *n_groups, int32_t *places)
{
    const mfg_part *part = &crowd->items[p];
    mfg_state *state = crowd->state;
    int64_t first = p << crowd->parts.slot_bits;
    mfg_status status = MFG_OK;

    for (int64_t g = 0; g < part->n_groups; g++) {
        if (!mfg_was_met(&part->cells[0], g)) {
            continue;
        }
        int64_t to = (*n_groups)++;
        places[g] = (int32_t)to;
        mfg_ids_label(crowd->parts.packing, (uint64_t)(first + g), to);
        for (int v = 0; v < state->n_values; v++) {
            if (to != first + g || part->cells[v].missing != NULL) {
                mfg_move_group(&part->cells[v], g, &state->values[v], to);
            }
        }
    }
    for (int v = 0; v < state->n_values && status == MFG_OK; v++) {
        status = mfg_move_strays(&part->cells[v].strays, places,
                                 &state->values[v].strays);
    }
    return status;
}

mfg_status
mfg_crowd_close_up(mfg_crowd *crowd, mfg_control *control)
{
    const mfg_parts *parts = &crowd->parts;
    int64_t n_groups = 0;
    int64_t n_met = 0;
    int32_t *places = mfg_alloc((size_t)1 << parts->slot_bits, sizeof *places);
    mfg_status status = places == NULL ? MFG_NO_MEMORY : MFG_OK;

    for (int64_t p = 0; p < parts->n_parts; p++) {
        for (int64_t g = 0; g < crowd->items[p].n_groups; g++) {
            n_met += mfg_was_met(&crowd->items[p].cells[0], g);
        }
    }
    if (status == MFG_OK) {
        status = mfg_grouper_make_room(parts->packing, n_met);
    }
    if (status == MFG_OK) {
        status = extend_state(crowd, n_met);
    }
    for (int64_t p = 0; p < parts->n_parts && status == MFG_OK; p++) {
        status = close_up_part(crowd, p, &n_groups, places);
        if (status == MFG_OK) {
            status = mfg_ask(control);
        }
    }
    mfg_free(places);
    if (status == MFG_OK) {
        mfg_grouper_settle(parts->packing, n_groups,
                           mfg_ids_are_slots(parts->packing));
    }
    return status;
}

/* ---- mixed ids ---- */

typedef struct assembly {
    mfg_crowd *crowd;
    int64_t n_groups;
    mfg_pair *pairs; /* word: id; place: part, then group */
    mfg_pair *scratch;
    uint64_t least;
    int shift;       /* id - least, shifted, is its bucket */
    int64_t *starts; /* of buckets, n_buckets + 1 */
    int64_t n_buckets;
    int any_strays; /* then ids give way to where their groups come to stand */
} assembly;

/* Lists all groups in `scratch`, and counts them by bucket. */
static mfg_status
list_groups(assembly *all, mfg_control *control)
{
    uint64_t least = UINT64_MAX;
    uint64_t greatest = 0;
    int64_t n = 0;
    int bits = 0;

    for (int64_t p = 0; p < all->crowd->parts.n_parts; p++) {
        const mfg_part *part = &all->crowd->items[p];
        for (int64_t g = 0; g < part->n_groups; g++) {
            uint64_t id = mfg_unmix(part->ids[g]);
            least = id < least ? id : least;
            greatest = id > greatest ? id : greatest;
            all->scratch[n++] = (mfg_pair){id, p << 32 | g};
        }
        for (int v = 0; v < all->crowd->state->n_values; v++) {
            all->any_strays |= part->cells[v].strays.count > 0;
        }
        if (mfg_ask(control) != MFG_OK) {
            return MFG_INTERRUPTED;
        }
    }
    while (bits < MOST_BUCKET_BITS && n >> bits > BUCKET_GROUPS) {
        bits++;
    }
    all->least = least;
    all->shift = 0;
    while ((greatest - least) >> all->shift >> bits != 0) {
        all->shift++;
    }
    all->n_buckets = INT64_C(1) << bits;
    all->starts =
        mfg_alloc_zeros((size_t)all->n_buckets + 1, sizeof *all->starts);
    if (all->starts == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int64_t i = 0; i < n; i++) {
        all->starts[((all->scratch[i].word - least) >> all->shift) + 1]++;
        if (mfg_poll(control, i) != MFG_OK) {
            return MFG_INTERRUPTED;
        }
    }
    for (int64_t b = 0; b < all->n_buckets; b++) {
        all->starts[b + 1] += all->starts[b];
    }
    return MFG_OK;
}

/* From `scratch` to `pairs`; starts[b] ends as the end of bucket b, which is
 * the start of the next. */
static mfg_status
deal(assembly *all, mfg_control *control)
{
    mfg_status status = MFG_OK;

    for (int64_t i = 0; i < all->n_groups && status == MFG_OK; i++) {
        mfg_pair pair = all->scratch[i];
        int64_t bucket = (int64_t)((pair.word - all->least) >> all->shift);
        all->pairs[all->starts[bucket]++] = pair;
        status = mfg_poll(control, i);
    }
    return status;
}

/* Asks for the cells of a group that comes soon. */
static void
ask_for(const assembly *all, int64_t i)
{
    const mfg_part *part = &all->crowd->items[all->pairs[i].place >> 32];
    int64_t group = all->pairs[i].place & UINT32_MAX;

    for (int v = 0; v < all->crowd->state->n_values; v++) {
        __builtin_prefetch(&part->cells[v].cells[group]);
        if (part->cells[v].ends != NULL) {
            __builtin_prefetch(&part->cells[v].ends[group]);
        }
    }
}

/* A bucket may have most of the groups: those whose ids lie close together
 * where a few are far off. */
static mfg_status
sort_turn(void *context, int worker, int64_t b, mfg_control *control)
{
    assembly *all = context;
    int64_t start = b == 0 ? 0 : all->starts[b - 1];

    (void)worker;
    return mfg_sort_pairs(all->starts[b] - start, all->pairs + start,
                          all->scratch + start, control);
}

/* Moves groups that are in order to where they stay. */
static mfg_status
move_turn(void *context, int worker, int64_t turn, mfg_control *control)
{
    assembly *all = context;
    mfg_state *state = all->crowd->state;
    int64_t start = turn * GROUPS_A_TURN;
    int64_t stop = start + GROUPS_A_TURN;

    (void)worker;
    (void)control;
    stop = stop < all->n_groups ? stop : all->n_groups;
    for (int64_t i = start; i < stop; i++) {
        const mfg_part *part = &all->crowd->items[all->pairs[i].place >> 32];
        int64_t group = all->pairs[i].place & UINT32_MAX;
        if (i + AHEAD < stop) {
            ask_for(all, i + AHEAD);
        }
        mfg_ids_label(all->crowd->parts.packing, all->pairs[i].word, i);
        for (int v = 0; v < state->n_values; v++) {
            mfg_move_group(&part->cells[v], group, &state->values[v], i);
        }
        if (all->any_strays) {
            part->ids[group] = (uint64_t)i;
        }
    }
    return MFG_OK;
}

static mfg_status
put_in_order(assembly *all, mfg_control *control)
{
    int n_workers = all->crowd->parts.n_workers;
    int64_t n_turns = (all->n_groups + GROUPS_A_TURN - 1) / GROUPS_A_TURN;
    mfg_status status =
        mfg_take_turns(all->n_buckets, n_workers, sort_turn, all, control);

    return status == MFG_OK
               ? mfg_take_turns(n_turns, n_workers, move_turn, all, control)
               : status;
}

static mfg_status
move_strays(const assembly *all, mfg_control *control)
{
    mfg_status status = MFG_OK;
    int64_t n_moved = 0;

    for (int64_t p = 0; p < all->crowd->parts.n_parts; p++) {
        const mfg_part *part = &all->crowd->items[p];
        for (int v = 0; v < all->crowd->state->n_values; v++) {
            const mfg_strays *strays = &part->cells[v].strays;
            for (int64_t i = 0; i < strays->count && status == MFG_OK; i++) {
                mfg_stray item = strays->items[i];
                item.group = (int32_t)part->ids[item.group];
                status = mfg_strays_move(&all->crowd->state->values[v].strays,
                                         &item);
                if (status == MFG_OK) {
                    status = mfg_poll(control, ++n_moved);
                }
            }
        }
    }
    return status;
}

/* Room for all groups in the grouper and the state. */
static mfg_status
make_room(assembly *all)
{
    size_t n = (size_t)all->n_groups;
    mfg_status status =
        mfg_grouper_make_room(all->crowd->parts.packing, all->n_groups);

    if (status == MFG_OK) {
        status = extend_state(all->crowd, all->n_groups);
    }
    all->pairs = mfg_alloc(n, sizeof *all->pairs);
    all->scratch = mfg_alloc(n, sizeof *all->scratch);
    return all->pairs == NULL || all->scratch == NULL ? MFG_NO_MEMORY : status;
}

mfg_status
mfg_crowd_assemble(mfg_crowd *crowd, mfg_control *control)
{
    assembly all = {.crowd = crowd};
    mfg_grouper *grouper = crowd->parts.packing;
    mfg_status status;

    for (int64_t p = 0; p < crowd->parts.n_parts; p++) {
        all.n_groups += crowd->items[p].n_groups;
    }
    if (all.n_groups > INT32_MAX) {
        return MFG_MANY_GROUPS;
    }
    status = make_room(&all);
    if (status == MFG_OK) {
        status = list_groups(&all, control);
    }
    if (status == MFG_OK) {
        status = deal(&all, control);
    }
    if (status == MFG_OK) {
        status = put_in_order(&all, control);
    }
    if (status == MFG_OK) {
        status = move_strays(&all, control);
        mfg_grouper_settle(grouper, all.n_groups, mfg_ids_are_slots(grouper));
    }
    mfg_free(all.starts);
    mfg_free(all.pairs);
    mfg_free(all.scratch);
    return status;
}
