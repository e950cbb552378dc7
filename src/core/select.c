/* Order within groups: quantiles by selection, first and last values. */
#include "pass.h"
#include "sort.h"
#include "state.h"

/* ---- first and last ---- */

typedef struct ends {
    mfg_wide wide;
    int64_t n_groups;
    int64_t *first;
    int64_t *last;
} ends;

static mfg_status
ends_block(void *context, const mfg_visit *visit)
{
    ends *found = context;

    for (int32_t i = 0; i < visit->n; i++) {
        int64_t group = visit->codes[i];
        if (group < 0 || group >= found->n_groups ||
            mfg_is_missing(visit->block, i, found->wide)) {
            continue;
        }
        if (found->first[group] < 0) {
            found->first[group] = visit->start + i;
        }
        found->last[group] = visit->start + i;
    }
    return MFG_OK;
}

mfg_status
mfg_first_last(mfg_grouper *grouper, const mfg_column *keys,
               const mfg_column *column, int64_t n_rows, int64_t n_groups,
               int64_t *first, int64_t *last, mfg_control *control)
{
    ends found = {mfg_widened(column->kind), n_groups, first, last};

    for (int64_t g = 0; g < n_groups; g++) {
        first[g] = -1;
        last[g] = -1;
    }
    return mfg_pass(grouper, keys, column, 0, n_rows, ends_block, &found,
                    control);
}

/* ---- quantiles ---- */

static void
swap_words(uint64_t *a, uint64_t *b)
{
    uint64_t kept = *a;
    *a = *b;
    *b = kept;
}

/* Puts the k-th smallest of n words at k, smaller ones before it and greater
 * ones after. Three parts, so that equal words cost one round; the pivot's
 * place is drawn from a fixed mixture, so that no natural order is slow. */
static void
select_word(uint64_t *words, int64_t n, int64_t k)
{
    int64_t left = 0;
    int64_t right = n - 1;
    uint64_t draw = UINT64_C(0x9e3779b97f4a7c15);

    while (left < right) {
        draw = draw * UINT64_C(6364136223846793005) + 1442695040888963407u;
        uint64_t span = (uint64_t)(right - left + 1);
        uint64_t pivot = words[left + (int64_t)((draw >> 16) % span)];
        int64_t below = left;  /* words[left ... below-1] < pivot */
        int64_t above = right; /* words[above+1 ... right] > pivot */
        for (int64_t i = left; i <= above;) {
            if (words[i] < pivot) {
                swap_words(&words[i++], &words[below++]);
            }
            else if (words[i] > pivot) {
                swap_words(&words[i], &words[above--]);
            }
            else {
                i++;
            }
        }
        if (k < below) {
            right = below - 1;
        }
        else if (k > above) {
            left = above + 1;
        }
        else {
            return;
        }
    }
}

/* What follows k in ascending order, once k stands in its place. */
static uint64_t
next_word(const uint64_t *words, int64_t n, int64_t k)
{
    uint64_t least = UINT64_MAX;

    for (int64_t i = k + 1; i < n; i++) {
        least = words[i] < least ? words[i] : least;
    }
    return k + 1 < n ? least : words[k];
}

typedef struct partition {
    mfg_wide wide;
    int64_t n_groups;
    int64_t *offsets; /* group g begins at offsets[g]; [n_groups] is the end */
    int64_t *filled;  /* where the next value of a group goes */
    uint64_t *words;
} partition;

static mfg_status
scatter_block(void *context, const mfg_visit *visit)
{
    partition *into = context;

    for (int32_t i = 0; i < visit->n; i++) {
        int64_t group = visit->codes[i];
        if (group < 0 || group >= into->n_groups ||
            mfg_is_missing(visit->block, i, into->wide) ||
            into->filled[group] == into->offsets[group + 1]) {
            continue;
        }
        into->words[into->filled[group]++] =
            mfg_sortable(visit->block->values[i], into->wide);
    }
    return MFG_OK;
}

static mfg_status
partition_new(const mfg_cells *cells, partition *into)
{
    size_t n = (size_t)cells->n_groups;

    *into = (partition){.wide = cells->wide, .n_groups = cells->n_groups};
    into->offsets = mfg_alloc(n + 1, sizeof *into->offsets);
    into->filled = mfg_alloc(n, sizeof *into->filled);
    if (into->offsets == NULL || into->filled == NULL) {
        return MFG_NO_MEMORY;
    }
    into->offsets[0] = 0;
    for (size_t g = 0; g < n; g++) {
        into->filled[g] = into->offsets[g];
        into->offsets[g + 1] = into->offsets[g] + cells->cells[g].count;
    }
    into->words = mfg_alloc((size_t)into->offsets[n], sizeof *into->words);
    return into->words == NULL ? MFG_NO_MEMORY : MFG_OK;
}

static void
partition_free(partition *into)
{
    mfg_free(into->offsets);
    mfg_free(into->filled);
    mfg_free(into->words);
}

/* Selects the neighbors of the place in one group's words. */
static void
select_neighbors(uint64_t *words, int64_t n, int64_t numerator,
                 int64_t denominator, uint64_t *lower, uint64_t *upper)
{
    mfg_int128 scaled = (mfg_int128)(n - 1) * numerator;
    int64_t k = (int64_t)(scaled / denominator);

    select_word(words, n, k);
    *lower = words[k];
    *upper = scaled % denominator == 0 ? words[k] : next_word(words, n, k);
}

mfg_status
mfg_quantiles(const mfg_state *state, int value, mfg_grouper *grouper,
              const mfg_column *keys, const mfg_column *column, int64_t n_rows,
              int64_t numerator, int64_t denominator, mfg_word *lower,
              mfg_word *upper, mfg_control *control)
{
    const mfg_cells *cells = &state->values[value];
    partition into;
    mfg_status status = partition_new(cells, &into);

    if (status == MFG_OK) {
        status = mfg_pass(grouper, keys, column, 0, n_rows, scatter_block,
                          &into, control);
    }
    for (int64_t g = 0; g < into.n_groups && status == MFG_OK; g++) {
        int64_t n = into.filled[g] - into.offsets[g];
        const mfg_word none = {.uint64 = 0};
        uint64_t words[2] = {0, 0};
        if (n > 0) {
            select_neighbors(into.words + into.offsets[g], n, numerator,
                             denominator, &words[0], &words[1]);
        }
        lower[g] = n > 0 ? mfg_unsortable(words[0], cells->wide) : none;
        upper[g] = n > 0 ? mfg_unsortable(words[1], cells->wide) : none;
        status = mfg_poll(control, g);
    }
    partition_free(&into);
    return status;
}
