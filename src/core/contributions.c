/* What each contributor gives to each cell: its values there summed exactly and
 * rounded once.
 *
 * The keys of the cell and the contributor are one word (ids.c), so words in
 * order stand by cell and, within it, by contributor. All rows are put apart by
 * the highest bits of theirs (parts.c), each part is sorted where the cache
 * holds it, and what stands together is added up. Where each row is a
 * contributor the word is the cell's alone, and nothing is added up; nor are
 * rows sorted where cells are few (tally.c).
 */
#include "contributions.h"
#include "parallel.h"
#include "sample.h"
#include "state.h"

/* Measured, 10 M rows, two threads: 2^8 to 2^11 parts cost the same. */
#define MOST_PART_BITS 9
#define PART_ROWS 4096
/* With the last bit of a mark that makes 63. */
#define MOST_ID_BITS 62
/* Where each row is a contributor and a cell has more of them, they are not
 * sorted. Measured, 10 M rows, two threads, sorted and not: in 300,000 cells 98
 * and 169 ms, in 200,000 87 and 123, in 100,000 83 and 64. */
#define SOME_ROWS_A_CELL 64

/* Parts are ranges of ids of one width. */
static mfg_status
part_rows(mfg_contributions *all, int n_bits, int64_t n_rows,
          mfg_control *control)
{
    mfg_parts *parts = &all->parts;
    int part_bits = 0;
    mfg_status status;

    while (part_bits < MOST_PART_BITS && part_bits < n_bits &&
           n_rows >> part_bits > PART_ROWS) {
        part_bits++;
    }
    parts->wide = 1;
    parts->n_rows = n_rows;
    parts->n_parts = INT64_C(1) << part_bits;
    parts->map_shift = n_bits - part_bits;
    parts->map_mask = (uint64_t)parts->n_parts - 1;
    parts->map = mfg_alloc((size_t)parts->n_parts, sizeof *parts->map);
    if (parts->map == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int64_t p = 0; p < parts->n_parts; p++) {
        parts->map[p] = (uint16_t)p;
    }
    status = mfg_parts_new(parts, control);
    return status == MFG_OK ? mfg_parts_chunk(parts, 0, n_rows, control)
                            : status;
}

/* ---- parts to contributions ---- */

/* Whether a value is missing becomes the last bit of its id. */
static void
mark_rows(const mfg_contributions *all, int64_t start, int64_t stop)
{
    const mfg_parts *parts = &all->parts;
    uint64_t *marks = all->marks;

    for (int64_t i = start; parts->flags == NULL && i < stop; i++) {
        double x = parts->words[i].float64;
        marks[i] = marks[i] << 1 | (uint64_t)(x != x);
    }
    for (int64_t i = start; parts->flags != NULL && i < stop; i++) {
        marks[i] = marks[i] << 1 | parts->flags[i];
    }
}

/* The sum of n words, which stand together. */
static mfg_status
add_up(const mfg_contributions *all, const uint64_t *words, int64_t n,
       uint64_t *sum, mfg_control *control)
{
    mfg_word word = {.uint64 = words[0]};
    mfg_status status = MFG_OK;

    if (all->wide == MFG_AS_FLOAT64 && n == 1) {
        word.float64 = mfg_plain(word.float64);
    }
    else if (all->wide == MFG_AS_FLOAT64) {
        status = mfg_add_floats(words, n, 0, all->base, &word.float64, control);
    }
    else {
        mfg_int128 exact = mfg_add_integers(words, n, 0, all->wide);
        word.uint64 = (uint64_t)exact;
        if (exact != mfg_add_integers(&word.uint64, 1, 0, all->wide)) {
            return MFG_OVERFLOW;
        }
    }
    *sum = word.uint64;
    return status;
}

/* Adds up what stands together in the marks start ... stop - 1, in order; a
 * contributor's values come before those that are missing, which stay as one of
 * no word. Contributions end at *end. */
static mfg_status
add_up_rows(mfg_contributions *all, int64_t start, int64_t stop, int64_t *end,
            mfg_control *control)
{
    uint64_t *marks = all->marks;
    int64_t to = start;
    mfg_status status = MFG_OK;

    for (int64_t from = start, next; from < stop && status == MFG_OK;
         from = next) {
        uint64_t sum = 0;
        next = from + 1;
        while (next < stop && marks[next] == marks[from]) {
            next++;
        }
        if (!(marks[from] & 1)) {
            status = add_up(all, all->words + from, next - from, &sum, control);
        }
        marks[to] = marks[from];
        all->words[to++] = sum;
        if (status == MFG_OK) {
            status = mfg_poll_past(control, from - start, next - start);
        }
    }
    *end = to;
    return status;
}

/* The contributions of a part, and how many cells they are of. */
static mfg_status
end_part(void *context, int worker, int64_t p, mfg_control *control)
{
    mfg_contributions *all = context;
    int64_t start = all->parts.starts[p];
    int64_t stop = all->parts.starts[p + 1];
    int64_t n_cells = stop > start;

    mark_rows(all, start, stop);
    mfg_status status =
        mfg_sort_words(all->marks + start, all->words + start, stop - start,
                       &all->rooms[worker], control);
    if (all->has_contributor && status == MFG_OK) {
        status = add_up_rows(all, start, stop, &stop, control);
    }
    for (int64_t i = start + 1; i < stop; i++) {
        n_cells += mfg_cell_of(all, i) != mfg_cell_of(all, i - 1);
    }
    all->runs[p] = (mfg_run){start, stop, n_cells};
    return status;
}

/* Moves contributions together where a cell may lie in several parts: it is one
 * of the first of them then. */
static void
close_up(mfg_contributions *all)
{
    int64_t n_parts = all->parts.n_parts;
    int64_t to = 0;

    for (int64_t p = 0; p < n_parts; p++) {
        mfg_run *run = &all->runs[p];
        int64_t from = run->start;
        size_t n = (size_t)(run->stop - from);
        run->start = to;
        if (n == 0) {
            continue;
        }
        memmove(all->marks + to, all->marks + from, n * sizeof *all->marks);
        memmove(all->words + to, all->words + from, n * sizeof *all->words);
        run->first_cell -=
            to > 0 && mfg_cell_of(all, to) == mfg_cell_of(all, to - 1);
        to += (int64_t)n;
    }
    all->runs[n_parts].start = to;
    for (int64_t p = 0; p < n_parts; p++) {
        all->runs[p].stop = to;
    }
    all->closed_up = 1;
}

/* From how many cells begin in each part to the number of the first. */
static void
number_cells(mfg_contributions *all)
{
    int64_t first = 0;

    for (int64_t p = 0; p <= all->parts.n_parts; p++) {
        int64_t n = all->runs[p].first_cell;
        all->runs[p].first_cell = first;
        first += n;
    }
}

static mfg_status
end_parts(mfg_contributions *all, mfg_control *control)
{
    const mfg_parts *parts = &all->parts;
    mfg_status status;

    all->marks = parts->ids;
    all->words = &parts->words->uint64;
    all->runs = mfg_alloc_zeros((size_t)parts->n_parts + 1, sizeof *all->runs);
    all->rooms = mfg_alloc((size_t)parts->n_workers, sizeof *all->rooms);
    if (all->runs == NULL || all->rooms == NULL) {
        return MFG_NO_MEMORY;
    }
    status = mfg_take_turns(parts->n_parts, parts->n_workers, end_part, all,
                            control);
    if (status != MFG_OK) {
        return status;
    }
    if (parts->map_shift + 1 < all->cell_shift) {
        close_up(all);
    }
    number_cells(all);
    /* The contributor, of whom no label was kept, is no key of the cells. */
    parts->packing->n_keys -= all->has_contributor;
    return mfg_grouper_make_room(parts->packing, mfg_contributions_count(all));
}

/* ---- all of it ---- */

static mfg_status
place_values(mfg_contributions *all, int64_t n_rows)
{
    mfg_cells placed = {.wide = all->wide};
    mfg_block *block = mfg_alloc(1, sizeof *block);

    if (block == NULL) {
        return MFG_NO_MEMORY;
    }
    mfg_cells_place(&placed, all->parts.values, 0, n_rows, block);
    all->base = placed.base;
    mfg_free(block);
    return MFG_OK;
}

/* Whether keys have ids, of so many bits, and are worth sorting by. */
static mfg_status
measure(mfg_contributions *all, int n_keys, int64_t n_rows, int *n_bits,
        mfg_control *control)
{
    mfg_parts *parts = &all->parts;
    mfg_status status = MFG_OK;

    *n_bits = MOST_ID_BITS + 1;
    if (n_rows > INT32_MAX) { /* which parts.c cannot put apart at once */
        return all->has_contributor ? MFG_MANY_GROUPS : MFG_OK;
    }
    for (int k = 0; k < n_keys; k++) {
        if (mfg_widened(parts->keys[k].kind) == MFG_AS_TEXT) {
            return MFG_OK;
        }
    }
    if (!all->has_contributor && n_rows < MFG_CROWD_ROWS) {
        return MFG_OK;
    }
    if (!all->has_contributor) {
        int64_t n_likely = 0;
        status =
            mfg_likely_groups(parts->keys, n_keys, n_rows, &n_likely, control);
        if (status != MFG_OK || n_likely < n_rows / SOME_ROWS_A_CELL) {
            return status;
        }
    }
    status = mfg_grouper_new(parts->keys, n_keys, n_rows, &parts->packing);
    if (status == MFG_OK) {
        status = mfg_ids_measure(parts->packing, parts->keys, n_rows, n_bits,
                                 control);
    }
    if (status == MFG_OK && all->has_contributor) {
        const mfg_key *contributor = &parts->packing->keys[n_keys - 1];
        all->cell_shift += contributor->bits + contributor->absent_bit;
    }
    return status;
}

mfg_status
mfg_contributions_new(const mfg_column *keys, int n_keys, int has_contributor,
                      const mfg_column *column, int64_t n_rows, int64_t size,
                      mfg_contributions **contributions, mfg_control *control)
{
    mfg_contributions *all = mfg_alloc_zeros(1, sizeof *all);
    int n_bits = 0;
    mfg_status status;

    *contributions = NULL;
    if (all == NULL) {
        return MFG_NO_MEMORY;
    }
    all->parts = (mfg_parts){.keys = keys, .values = column, .n_values = 1};
    all->has_contributor = has_contributor;
    all->size = size;
    all->cell_shift = 1;
    all->wide = mfg_widened(column->kind);
    status = measure(all, n_keys, n_rows, &n_bits, control);
    if (status == MFG_OK && n_bits <= MOST_ID_BITS) {
        status = place_values(all, n_rows);
        if (status == MFG_OK) {
            status = part_rows(all, n_bits, n_rows, control);
        }
        if (status == MFG_OK) {
            status = end_parts(all, control);
        }
        *contributions = status == MFG_OK ? all : NULL;
    }
    else if (status == MFG_OK && !has_contributor) {
        status = mfg_tally_new(keys, n_keys, column, n_rows, size, &all->tally,
                               control);
        *contributions = status == MFG_OK ? all : NULL;
    }
    if (*contributions == NULL) {
        mfg_contributions_free(all);
    }
    return status;
}

void
mfg_contributions_free(mfg_contributions *all)
{
    if (all == NULL) {
        return;
    }
    mfg_tally_free(all->tally);
    mfg_grouper_free(all->parts.packing);
    mfg_parts_free(&all->parts);
    mfg_free(all->runs);
    mfg_free(all->rooms);
    mfg_free(all);
}

int64_t
mfg_contributions_count(const mfg_contributions *all)
{
    return all->tally != NULL ? mfg_grouper_count(mfg_tally_grouper(all->tally))
                              : all->runs[all->parts.n_parts].first_cell;
}

const mfg_grouper *
mfg_contributions_grouper(const mfg_contributions *all)
{
    return all->tally != NULL ? mfg_tally_grouper(all->tally)
                              : all->parts.packing;
}

const int64_t *
mfg_contributions_order(const mfg_contributions *all)
{
    return all->tally != NULL ? mfg_tally_order(all->tally) : NULL;
}
