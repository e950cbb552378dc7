/* The groups of parts in the order of their labels: dealt into buckets by the
 * highest bits of their ids, sorted within a bucket, then moved. */
#include "assemble.h"
#include "sort.h"

/* Buckets that a level-one cache holds: 1024 pairs of 16 bytes. */
#define BUCKET_GROUPS 1024
#define MOST_BUCKET_BITS 12
#define AHEAD 12 /* groups between asking for cells and moving them */

typedef struct assembly {
    const mfg_crowd *crowd;
    mfg_grouper *grouper;
    mfg_state *state;
    int64_t n_groups;
    mfg_pair *pairs; /* word: id; place: part, then group */
    mfg_pair *scratch;
    uint64_t least;
    int shift;       /* id - least, shifted, is its bucket */
    int64_t *starts; /* of buckets, n_buckets + 1 */
    int64_t n_buckets;
} assembly;

void
mfg_part_free(mfg_part *part, int n_values)
{
    mfg_free(part->ids);
    mfg_free(part->slots);
    for (int v = 0; part->cells != NULL && v < n_values; v++) {
        mfg_cells_free(&part->cells[v]);
    }
    mfg_free(part->cells);
}

static uint64_t
id_of(const assembly *all, const mfg_part *part, int64_t group)
{
    uint64_t id = part->ids[group];

    return all->crowd->parts->mixed ? mfg_unmix(id) : id;
}

/* Lists all groups in `scratch`, and counts them by bucket. */
static mfg_status
list_groups(assembly *all)
{
    int64_t n_parts = mfg_parts_count(all->crowd->parts);
    uint64_t least = UINT64_MAX;
    uint64_t greatest = 0;
    int64_t n = 0;
    int bits = 0;

    for (int64_t p = 0; p < n_parts; p++) {
        const mfg_part *part = &all->crowd->items[p];
        for (int64_t g = 0; g < part->n_groups; g++) {
            uint64_t id = id_of(all, part, g);
            least = id < least ? id : least;
            greatest = id > greatest ? id : greatest;
            all->scratch[n++] = (mfg_pair){id, p << 32 | g};
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
    }
    for (int64_t b = 0; b < all->n_buckets; b++) {
        all->starts[b + 1] += all->starts[b];
    }
    return MFG_OK;
}

/* From `scratch` to `pairs`; starts[b] ends as the end of bucket b, which is
 * the start of the next. */
static void
deal(assembly *all)
{
    for (int64_t i = 0; i < all->n_groups; i++) {
        mfg_pair pair = all->scratch[i];
        int64_t bucket = (int64_t)((pair.word - all->least) >> all->shift);
        all->pairs[all->starts[bucket]++] = pair;
    }
}

/* Asks for the cells of a group that comes soon. */
static void
ask_for(const assembly *all, int64_t i)
{
    const mfg_part *part = &all->crowd->items[all->pairs[i].place >> 32];
    int64_t group = all->pairs[i].place & UINT32_MAX;

    for (int v = 0; v < all->state->n_values; v++) {
        __builtin_prefetch(&part->cells[v].cells[group]);
        __builtin_prefetch(&part->cells[v].cells[group].high);
    }
}

/* Sorts a bucket and moves its groups to where they stay. */
static mfg_status
move_bucket(void *context, int64_t b)
{
    assembly *all = context;
    int64_t start = b == 0 ? 0 : all->starts[b - 1];
    int64_t stop = all->starts[b];

    mfg_control unasked = {.where = -1}; /* turns are short */
    mfg_status status = mfg_sort_pairs(stop - start, all->pairs + start,
                                       all->scratch + start, &unasked);

    for (int64_t i = start; i < stop; i++) {
        const mfg_part *part = &all->crowd->items[all->pairs[i].place >> 32];
        int64_t group = all->pairs[i].place & UINT32_MAX;
        if (i + AHEAD < stop) {
            ask_for(all, i + AHEAD);
        }
        mfg_ids_label(all->grouper, all->pairs[i].word, i);
        for (int v = 0; v < all->state->n_values; v++) {
            all->state->values[v].cells[i] = part->cells[v].cells[group];
        }
    }
    return status;
}

/* Where the group with an id stands among all. */
static int32_t
place_of(const assembly *all, uint64_t id)
{
    int64_t low = 0;
    int64_t high = all->n_groups - 1;

    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (all->pairs[middle].word < id) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return (int32_t)low;
}

/* What stands beside the cells. */
static mfg_status
move_strays(const assembly *all)
{
    mfg_status status = MFG_OK;

    for (int64_t p = 0; p < mfg_parts_count(all->crowd->parts); p++) {
        const mfg_part *part = &all->crowd->items[p];
        for (int v = 0; v < all->state->n_values && status == MFG_OK; v++) {
            mfg_cells *cells = &all->state->values[v];
            mfg_strays *strays = &part->cells[v].strays;
            if (cells->uncarried < part->cells[v].uncarried) {
                cells->uncarried = part->cells[v].uncarried;
            }
            for (int64_t i = 0; i < strays->count && status == MFG_OK; i++) {
                mfg_stray item = strays->items[i];
                item.group = place_of(all, id_of(all, part, item.group));
                status = mfg_strays_move(&cells->strays, &item);
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
    mfg_status status = mfg_grouper_make_room(all->grouper, all->n_groups);

    for (int v = 0; v < all->state->n_values && status == MFG_OK; v++) {
        mfg_cells *cells = &all->state->values[v];
        cells->cells = mfg_alloc(n, sizeof *cells->cells);
        if (cells->cells == NULL) {
            return MFG_NO_MEMORY;
        }
        cells->n_groups = cells->capacity = all->n_groups;
    }
    all->pairs = mfg_alloc(n, sizeof *all->pairs);
    all->scratch = mfg_alloc(n, sizeof *all->scratch);
    return all->pairs == NULL || all->scratch == NULL ? MFG_NO_MEMORY : status;
}

mfg_status
mfg_crowd_assemble(const mfg_crowd *crowd, mfg_grouper *grouper,
                   mfg_state *state, mfg_control *control)
{
    assembly all = {.crowd = crowd, .grouper = grouper, .state = state};
    int64_t n_parts = mfg_parts_count(crowd->parts);
    mfg_status status;

    for (int64_t p = 0; p < n_parts; p++) {
        all.n_groups += crowd->items[p].n_groups;
    }
    if (all.n_groups > INT32_MAX) {
        return MFG_MANY_GROUPS;
    }
    status = make_room(&all);
    if (status == MFG_OK) {
        status = list_groups(&all);
    }
    if (status == MFG_OK) {
        deal(&all);
        status = mfg_take_turns(all.n_buckets, crowd->parts->n_workers,
                                move_bucket, &all, control);
    }
    if (status == MFG_OK) {
        status = move_strays(&all);
        mfg_grouper_settle(grouper, all.n_groups, !crowd->parts->mixed);
        state->n_groups = all.n_groups;
    }
    mfg_free(all.starts);
    mfg_free(all.pairs);
    mfg_free(all.scratch);
    return status;
}
