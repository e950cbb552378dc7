/* Parts with few rows for each group.
 *
 * Where nearly each key stands once, a state of each group is nearly all there
 * is to do. So the rows of a part are sorted by group instead: what is to say
 * of a group of one row is said by the row, and others are added in a state of
 * MFG_BATCH groups.
 */
#include "sorted.h"

/* Groups on their way to the results. */
typedef struct tray {
    const mfg_writer *to;
    mfg_cells cells; /* of groups of several rows */
    int64_t at;      /* the first group, among all */
    int32_t n;
    uint64_t ids[MFG_BATCH];
    const mfg_word *firsts[MFG_BATCH]; /* a group's first row */
    int32_t n_rows[MFG_BATCH];
} tray;

static int64_t
count_slots(const mfg_parts *parts, int64_t p)
{
    uint64_t met[1 << (MFG_SLOT_BITS_MOST - 6)] = {0};
    int64_t n_met = 0;

    for (int64_t i = parts->starts[p]; i < parts->starts[p + 1]; i++) {
        met[parts->slots[i] >> 6] |= UINT64_C(1) << (parts->slots[i] & 63);
    }
    for (int64_t i = 0; i < INT64_C(1) << parts->slot_bits; i += 64) {
        n_met += __builtin_popcountll(met[i >> 6]);
    }
    return n_met;
}

/* Groups of a part whose rows have been sorted by their wide ids. */
static int64_t
count_ids(const mfg_parts *parts, int64_t p)
{
    int64_t start = parts->starts[p];
    int64_t n = parts->starts[p + 1] - start;
    const uint64_t *ids = parts->ids + start;
    int64_t n_met = n > 0;

    for (int64_t i = 1; i < n; i++) {
        n_met += ids[i] != ids[i - 1];
    }
    return n_met;
}

mfg_status
mfg_sorted_count(void *context, int worker, int64_t p, mfg_control *control)
{
    const mfg_crowd *crowd = context;
    const mfg_parts *parts = &crowd->parts;
    int64_t start = parts->starts[p];
    mfg_status status = MFG_OK;

    if (parts->wide) {
        status = mfg_sort_words(parts->ids + start, &parts->words[start].uint64,
                                parts->starts[p + 1] - start,
                                &crowd->rooms[worker], control);
    }
    crowd->starts[p + 1] =
        parts->wide ? count_ids(parts, p) : count_slots(parts, p);
    return status;
}

/* ---- groups of one row ---- */

/* A statistic as if each group had its first row alone. */
static void
write_firsts(const tray *of, const mfg_result *result)
{
    mfg_word *words = (mfg_word *)result->results + of->at;

    for (int32_t i = 0; i < of->n; i++) {
        double x = of->firsts[i]->float64 + 0.0; /* no negative zero */
        int there = x == x;
        switch (result->statistic) {
        case MFG_COUNT:
            words[i].int64 = there;
            break;
        case MFG_MISSING:
            words[i].int64 = !there;
            break;
        case MFG_SUM:
        case MFG_TOTAL:
            words[i].float64 = there ? x : 0;
            break;
        case MFG_LOW:
        case MFG_HIGH:
            words[i].uint64 = 0;
            break;
        case MFG_MEAN:
        case MFG_MIN:
        case MFG_MAX:
            words[i].float64 = there ? x : NAN;
            break;
        }
    }
}

/* ---- groups of several ---- */

/* Adds the rows of a group to its cell. */
static mfg_status
add_rows(mfg_cells *cells, int32_t group, int32_t n_rows,
         const mfg_word *values)
{
    int32_t codes[MFG_BLOCK];
    mfg_status status = MFG_OK;

    for (int32_t i = 0; i < n_rows && status == MFG_OK; i += MFG_BLOCK) {
        int32_t n = n_rows - i < MFG_BLOCK ? n_rows - i : MFG_BLOCK;
        for (int32_t j = 0; j < n; j++) {
            codes[j] = group;
        }
        status = mfg_cells_add_floats(cells, n, codes, values + i);
    }
    return status;
}

static mfg_status
write_several(tray *of)
{
    mfg_cells *cells = &of->cells;
    int32_t groups[MFG_BATCH];
    int64_t at[MFG_BATCH];
    int32_t n = 0;
    mfg_status status;

    for (int32_t i = 0; i < of->n; i++) {
        groups[n] = n;
        at[n] = of->at + i;
        n += of->n_rows[i] > 1;
    }
    if (n == 0) {
        return MFG_OK;
    }
    mfg_strays_free(&cells->strays);
    cells->is_open = 0;
    cells->n_groups = 0;
    status = mfg_cells_extend(cells, n);
    for (int32_t g = 0; g < n && status == MFG_OK; g++) {
        int64_t i = at[g] - of->at;
        status = add_rows(cells, g, of->n_rows[i], of->firsts[i]);
    }
    return status == MFG_OK ? mfg_write_values(of->to, 0, cells, n, groups, at)
                            : status;
}

static mfg_status
flush(tray *of)
{
    mfg_status status;

    mfg_write_labels(of->to, of->n, of->ids, of->at);
    for (int r = 0; r < of->to->n_results; r++) {
        write_firsts(of, &of->to->results[r]);
    }
    status = write_several(of);
    of->at += of->n;
    of->n = 0;
    return status;
}

/* ---- a part ---- */

/* Puts the values of a part into the order of their slots; ends[s] is where
 * those of slot s end. */
static void
sort_values(const mfg_parts *parts, int64_t p, int32_t *ends, mfg_word *sorted)
{
    int64_t start = parts->starts[p];
    int64_t stop = parts->starts[p + 1];
    int32_t at = 0;

    memset(ends, 0, sizeof *ends << parts->slot_bits);
    for (int64_t i = start; i < stop; i++) {
        ends[parts->slots[i]]++;
    }
    for (int64_t slot = 0; slot < INT64_C(1) << parts->slot_bits; slot++) {
        int32_t n = ends[slot];
        ends[slot] = at;
        at += n;
    }
    for (int64_t i = start; i < stop; i++) {
        sorted[ends[parts->slots[i]]++] = parts->words[i];
    }
}

static mfg_status
write_slots(tray *of, int64_t p, const int32_t *ends, const mfg_word *sorted)
{
    const mfg_parts *parts = &of->to->crowd->parts;
    uint64_t first = (uint64_t)p << parts->slot_bits;
    int32_t start = 0;
    mfg_status status = MFG_OK;

    for (int64_t slot = 0;
         slot < INT64_C(1) << parts->slot_bits && status == MFG_OK; slot++) {
        of->ids[of->n] = first + (uint64_t)slot;
        of->firsts[of->n] = sorted + start;
        of->n_rows[of->n] = ends[slot] - start;
        of->n += ends[slot] > start;
        start = ends[slot];
        if (of->n == MFG_BATCH) {
            status = flush(of);
        }
    }
    return status == MFG_OK ? flush(of) : status;
}

static mfg_status
write_small(tray *of, int64_t p)
{
    const mfg_parts *parts = &of->to->crowd->parts;
    size_t n_rows = (size_t)(parts->starts[p + 1] - parts->starts[p]);
    int32_t *ends = mfg_alloc((size_t)1 << parts->slot_bits, sizeof *ends);
    mfg_word *sorted = mfg_alloc(n_rows, sizeof *sorted);
    mfg_status status = MFG_NO_MEMORY;

    if (ends != NULL && sorted != NULL) {
        sort_values(parts, p, ends, sorted);
        status = write_slots(of, p, ends, sorted);
    }
    mfg_free(sorted);
    mfg_free(ends);
    return status;
}

/* Rows of wide ids have been sorted by then. */
static mfg_status
write_wide(tray *of, int64_t p)
{
    const mfg_parts *parts = &of->to->crowd->parts;
    int32_t stop = parts->starts[p + 1];
    mfg_status status = MFG_OK;

    for (int32_t i = parts->starts[p]; i < stop && status == MFG_OK;) {
        int32_t first = i;
        while (i < stop && parts->ids[i] == parts->ids[first]) {
            i++;
        }
        of->ids[of->n] = parts->ids[first];
        of->firsts[of->n] = parts->words + first;
        of->n_rows[of->n++] = i - first;
        if (of->n == MFG_BATCH) {
            status = flush(of);
        }
    }
    return status == MFG_OK ? flush(of) : status;
}

mfg_status
mfg_sorted_write(const mfg_writer *to, int64_t p)
{
    const mfg_cells *like = &to->crowd->state->values[0];
    tray *of = mfg_alloc(1, sizeof *of);
    mfg_status status;

    if (of == NULL) {
        return MFG_NO_MEMORY;
    }
    of->to = to;
    of->at = to->crowd->starts[p];
    of->n = 0;
    of->cells = (mfg_cells){
        .wide = like->wide, .base = like->base, .only_sums = like->only_sums};
    status = (to->crowd->parts.wide ? write_wide : write_small)(of, p);
    mfg_cells_free(&of->cells);
    mfg_free(of);
    return status;
}
