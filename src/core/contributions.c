/* What each contributor gives to each cell: its values there summed exactly and
 * rounded once.
 *
 * The keys of the cell and the contributor are one word (ids.c), so words in
 * order stand by cell and, within it, by contributor. All rows are put into
 * parts by the highest bits of theirs, each part is sorted where the cache
 * holds it, and what stands together is added up.
 */
#include "contributions.h"
#include "parallel.h"
#include "pass.h"
#include "sort.h"
#include "state.h"

/* Measured, 10 M rows, two threads: 2^8 to 2^11 parts cost the same. */
#define MOST_PART_BITS 9
#define PART_ROWS 4096
/* With the last bit of a mark that makes 63, so that NONE comes after all. */
#define MOST_ID_BITS 62
#define NONE UINT64_MAX

/* What a worker needs for a block of rows. */
typedef struct desk {
    mfg_grouper *view;
    uint64_t marks[MFG_BLOCK];
    mfg_block block;
} desk;

/* The marks of a block but for their last bit; NONE where a key leaves out. */
static mfg_status
mark_rows(const mfg_contributions *all, desk *at, int64_t row, int32_t n,
          mfg_control *control)
{
    mfg_status status = mfg_grouper_load(at->view, all->keys, row, n, control);

    if (status != MFG_OK) {
        return status;
    }
    mfg_ids_of_block(at->view, n, at->marks);
    for (int32_t i = 0; i < n; i++) {
        at->marks[i] <<= 1;
    }
    for (int k = 0; k < at->view->n_keys; k++) {
        const mfg_key *key = &at->view->keys[k];
        for (int32_t i = 0; key->leaves_out && i < n; i++) {
            at->marks[i] = mfg_is_absent(key, i) ? NONE : at->marks[i];
        }
    }
    return MFG_OK;
}

static void
count_rows(const mfg_contributions *all, const desk *at, int32_t n,
           int64_t *next)
{
    for (int32_t i = 0; i < n; i++) {
        uint64_t part = at->marks[i] >> all->part_shift;
        if (part < (uint64_t)all->n_parts) {
            next[part]++;
        }
    }
}

/* Rows whose keys have changed since they were counted find no place. */
static void
move_rows(const mfg_contributions *all, desk *at, int64_t row, int32_t n,
          int64_t *next, const int64_t *stops)
{
    mfg_load(all->values, row, n, &at->block);
    for (int32_t i = 0; i < n; i++) {
        uint64_t part = at->marks[i] >> all->part_shift;
        if (part < (uint64_t)all->n_parts && next[part] < stops[part]) {
            int64_t to = next[part]++;
            all->marks[to] = at->marks[i] |
                             (uint64_t)mfg_is_missing(&at->block, i, all->wide);
            all->words[to] = at->block.values[i].uint64;
        }
    }
}

/* Where such rows were to be. */
static void
fill_gaps(const mfg_contributions *all, const int64_t *next,
          const int64_t *stops)
{
    for (int64_t p = 0; p < all->n_parts; p++) {
        for (int64_t i = next[p]; i < stops[p]; i++) {
            all->marks[i] = NONE;
        }
    }
}

typedef struct reading {
    mfg_contributions *all;
    int moves; /* else counts */
} reading;

static mfg_status
read_rows(void *context, int worker, int64_t start, int64_t stop,
          mfg_control *control)
{
    const reading *of = context;
    mfg_contributions *all = of->all;
    int64_t *next = all->next + worker * all->n_parts;
    const int64_t *stops = all->stops + worker * all->n_parts;
    desk *at = mfg_alloc(1, sizeof *at);
    mfg_grouper *view;
    mfg_status status = mfg_grouper_view(all->packing, &view);

    if (at == NULL) {
        status = MFG_NO_MEMORY;
    }
    else {
        at->view = view;
    }
    for (int64_t row = start; row < stop && status == MFG_OK;
         row += MFG_BLOCK) {
        int64_t left = stop - row;
        int32_t n = (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK);
        status = mark_rows(all, at, row, n, control);
        if (status == MFG_OK && of->moves) {
            move_rows(all, at, row, n, next, stops);
        }
        else if (status == MFG_OK) {
            count_rows(all, at, n, next);
        }
        if (status == MFG_OK) {
            status = mfg_poll(control, row - start);
        }
    }
    if (status == MFG_OK && of->moves) {
        fill_gaps(all, next, stops);
    }
    mfg_grouper_free(view);
    mfg_free(at);
    return status;
}

/* From counts to where the rows of each part and, within it, of each worker
 * begin. */
static void
lay_parts(mfg_contributions *all)
{
    int64_t start = 0;

    for (int64_t p = 0; p < all->n_parts; p++) {
        all->starts[p] = start;
        for (int w = 0; w < all->n_workers; w++) {
            int64_t *next = &all->next[w * all->n_parts + p];
            int64_t count = *next;
            *next = start;
            start += count;
            all->stops[w * all->n_parts + p] = start;
        }
    }
    all->starts[all->n_parts] = start;
}

static mfg_status
part_rows(mfg_contributions *all, int64_t n_rows, mfg_control *control)
{
    reading of = {.all = all};
    mfg_status status = mfg_share_out(n_rows, read_rows, &of, control);

    if (status != MFG_OK) {
        return status;
    }
    lay_parts(all);
    size_t n = (size_t)all->starts[all->n_parts];
    all->marks = mfg_alloc(n, sizeof *all->marks);
    all->words = mfg_alloc(n, sizeof *all->words);
    if (all->marks == NULL || all->words == NULL) {
        return MFG_NO_MEMORY;
    }
    of.moves = 1;
    return mfg_share_out(n_rows, read_rows, &of, control);
}

/* ---- parts to contributions ---- */

/* The sum of n words, which stand together. */
static mfg_status
add_up(const mfg_contributions *all, const uint64_t *words, int64_t n,
       uint64_t *sum)
{
    mfg_word word = {.uint64 = words[0]};

    if (all->wide == MFG_AS_FLOAT64) {
        word.float64 = n == 1 ? mfg_plain(word.float64)
                              : mfg_add_floats(words, n, 0, all->base);
    }
    else {
        mfg_int128 exact = mfg_add_integers(words, n, 0, all->wide);
        word.uint64 = (uint64_t)exact;
        if (exact != mfg_add_integers(&word.uint64, 1, 0, all->wide)) {
            return MFG_OVERFLOW;
        }
    }
    *sum = word.uint64;
    return MFG_OK;
}

/* Adds up what stands together, and counts the cells; a contributor's values
 * come before those that are missing, which stay as one of no word. */
static mfg_status
add_up_part(void *context, int worker, int64_t p)
{
    mfg_contributions *all = context;
    uint64_t *marks = all->marks;
    int64_t start = all->starts[p];
    int64_t stop = all->starts[p + 1];
    int64_t to = start;
    int64_t n_cells = 0;
    mfg_status status = MFG_OK;

    mfg_sort_words(marks + to, all->words + to, stop - to, &all->rooms[worker]);
    while (stop > to && marks[stop - 1] == NONE) {
        stop--;
    }
    for (int64_t from = to, next; from < stop && status == MFG_OK;
         from = next) {
        uint64_t sum = 0;
        next = from + 1;
        while (next < stop && marks[next] == marks[from]) {
            next++;
        }
        if (!(marks[from] & 1)) {
            status = add_up(all, all->words + from, next - from, &sum);
        }
        marks[to] = marks[from];
        all->words[to++] = sum;
        n_cells += to - 1 == start ||
                   mfg_cell_of(all, to - 1) != mfg_cell_of(all, to - 2);
    }
    all->ends[p] = to;
    all->first_cells[p] = n_cells;
    return status;
}

/* Moves contributions together where a cell may lie in several parts: it is one
 * of the first of them then. */
static void
close_up(mfg_contributions *all)
{
    int64_t to = 0;

    for (int64_t p = 0; p < all->n_parts; p++) {
        int64_t from = all->starts[p];
        size_t n = (size_t)(all->ends[p] - from);
        all->starts[p] = to;
        if (n == 0) {
            continue;
        }
        memmove(all->marks + to, all->marks + from, n * sizeof *all->marks);
        memmove(all->words + to, all->words + from, n * sizeof *all->words);
        all->first_cells[p] -=
            to > 0 && mfg_cell_of(all, to) == mfg_cell_of(all, to - 1);
        to += (int64_t)n;
    }
    all->starts[all->n_parts] = to;
    for (int64_t p = 0; p < all->n_parts; p++) {
        all->ends[p] = to;
    }
}

/* From how many cells begin in each part to the number of the first. */
static void
number_cells(mfg_contributions *all)
{
    int64_t first = 0;

    for (int64_t p = 0; p <= all->n_parts; p++) {
        int64_t n = all->first_cells[p];
        all->first_cells[p] = first;
        first += n;
    }
}

static mfg_status
make_parts(mfg_contributions *all, int n_bits, int64_t n_rows,
           mfg_control *control)
{
    int part_bits = 0;

    while (part_bits < MOST_PART_BITS && n_rows >> part_bits > PART_ROWS) {
        part_bits++;
    }
    all->part_shift = n_bits + 1 > part_bits ? n_bits + 1 - part_bits : 1;
    all->n_parts = INT64_C(1) << part_bits;
    all->n_workers = mfg_workers(n_rows, control);
    size_t n = (size_t)all->n_parts;
    all->next = mfg_alloc_zeros(n * (size_t)all->n_workers, sizeof *all->next);
    all->stops = mfg_alloc(n * (size_t)all->n_workers, sizeof *all->stops);
    all->starts = mfg_alloc(n + 1, sizeof *all->starts);
    all->ends = mfg_alloc(n, sizeof *all->ends);
    all->first_cells = mfg_alloc_zeros(n + 1, sizeof *all->first_cells);
    all->rooms = mfg_alloc((size_t)all->n_workers, sizeof *all->rooms);
    return all->next == NULL || all->stops == NULL || all->starts == NULL ||
                   all->ends == NULL || all->first_cells == NULL ||
                   all->rooms == NULL
               ? MFG_NO_MEMORY
               : MFG_OK;
}

static mfg_status
gather(mfg_contributions *all, int n_bits, int64_t n_rows, mfg_control *control)
{
    const mfg_key *contributor = &all->packing->keys[all->packing->n_keys - 1];
    mfg_cells placed = {.wide = all->wide};
    mfg_block *block = mfg_alloc(1, sizeof *block);
    mfg_status status = make_parts(all, n_bits, n_rows, control);

    all->cell_shift = contributor->bits + contributor->absent_bit + 1;
    if (block != NULL) {
        mfg_cells_place(&placed, all->values, 0, n_rows, block);
    }
    all->base = placed.base;
    status = block == NULL ? MFG_NO_MEMORY : status;
    mfg_free(block);
    if (status == MFG_OK) {
        status = part_rows(all, n_rows, control);
    }
    if (status == MFG_OK) {
        status = mfg_take_turns(all->n_parts, all->n_workers, add_up_part, all,
                                control);
    }
    if (status == MFG_OK) {
        if (all->part_shift < all->cell_shift) {
            close_up(all);
        }
        number_cells(all);
        status =
            mfg_grouper_make_room(all->packing, mfg_contributions_count(all));
    }
    return status;
}

mfg_status
mfg_contributions_new(const mfg_column *keys, int n_keys,
                      const mfg_column *column, int64_t n_rows,
                      mfg_contributions **contributions, mfg_control *control)
{
    mfg_contributions *all = mfg_alloc_zeros(1, sizeof *all);
    int n_bits = 0;
    mfg_status status;

    *contributions = NULL;
    if (all == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int k = 0; k < n_keys; k++) {
        if (mfg_widened(keys[k].kind) == MFG_AS_TEXT) {
            mfg_free(all);
            return MFG_OK;
        }
    }
    all->keys = keys;
    all->values = column;
    all->wide = mfg_widened(column->kind);
    status = mfg_grouper_new(keys, n_keys, n_rows, &all->packing);
    if (status == MFG_OK) {
        status = mfg_ids_measure(all->packing, keys, n_rows, &n_bits, control);
    }
    if (status == MFG_OK && n_bits <= MOST_ID_BITS) {
        status = gather(all, n_bits, n_rows, control);
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
    mfg_grouper_free(all->packing);
    mfg_free(all->next);
    mfg_free(all->stops);
    mfg_free(all->starts);
    mfg_free(all->ends);
    mfg_free(all->first_cells);
    mfg_free(all->rooms);
    mfg_free(all->marks);
    mfg_free(all->words);
    mfg_free(all);
}

int64_t
mfg_contributions_count(const mfg_contributions *all)
{
    return all->first_cells[all->n_parts];
}

const mfg_grouper *
mfg_contributions_grouper(const mfg_contributions *all)
{
    return all->packing;
}
