/* Ranks within groups: the records sorted by (group, value), then numbered. */
#include "pass.h"
#include "sort.h"

#include <string.h>

typedef struct ranking {
    mfg_wide wide;
    uint64_t flip; /* all bits where the greatest comes first */
    int64_t n_present;
    uint64_t *words;
    int32_t *codes;
    int64_t *order; /* rows that have a value and a group */
    int64_t *scratch;
} ranking;

static mfg_status
gather_block(void *context, const mfg_visit *visit)
{
    ranking *all = context;

    for (int32_t i = 0; i < visit->n; i++) {
        int64_t row = visit->start + i;
        all->codes[row] = visit->codes[i];
        if (visit->codes[i] < 0 || mfg_is_missing(visit->block, i, all->wide)) {
            continue;
        }
        all->words[row] =
            mfg_sortable(visit->block->values[i], all->wide) ^ all->flip;
        all->order[all->n_present++] = row;
    }
    return MFG_OK;
}

/* A stable counting sort by group of what is in order of value. */
static mfg_status
sort_by_group(ranking *all, int64_t n_groups)
{
    int64_t *starts = mfg_alloc_zeros((size_t)n_groups + 1, sizeof *starts);

    if (starts == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int64_t i = 0; i < all->n_present; i++) {
        starts[all->codes[all->order[i]] + 1]++;
    }
    for (int64_t g = 0; g < n_groups; g++) {
        starts[g + 1] += starts[g];
    }
    for (int64_t i = 0; i < all->n_present; i++) {
        all->scratch[starts[all->codes[all->order[i]]]++] = all->order[i];
    }
    memcpy(all->order, all->scratch,
           (size_t)all->n_present * sizeof *all->order);
    mfg_free(starts);
    return MFG_OK;
}

/* order[from ... to-1] tie; `before` records of the group come before them and
 * `distinct` values, their own counted. */
static void
number_ties(const ranking *all, int64_t from, int64_t to, int64_t before,
            int64_t distinct, mfg_rank_method method, mfg_word *ranks)
{
    for (int64_t i = from; i < to; i++) {
        mfg_word *rank = &ranks[all->order[i]];
        switch (method) {
        case MFG_COMPETITION:
            rank->int64 = before + 1;
            break;
        case MFG_DENSE:
            rank->int64 = distinct;
            break;
        case MFG_ORDINAL:
            rank->int64 = before + 1 + (i - from);
            break;
        case MFG_AVERAGE:
            rank->float64 = (double)(2 * before + 1 + (to - from)) / 2;
            break;
        }
    }
}

static void
number_records(const ranking *all, mfg_rank_method method, mfg_word *ranks)
{
    int64_t group_start = 0;
    int64_t distinct = 0;
    int64_t to;

    for (int64_t from = 0; from < all->n_present; from = to) {
        int32_t group = all->codes[all->order[from]];
        uint64_t word = all->words[all->order[from]];
        if (from > 0 && all->codes[all->order[from - 1]] != group) {
            group_start = from;
            distinct = 0;
        }
        to = from + 1;
        while (to < all->n_present && all->codes[all->order[to]] == group &&
               all->words[all->order[to]] == word) {
            to++;
        }
        number_ties(all, from, to, from - group_start, ++distinct, method,
                    ranks);
    }
}

mfg_status
mfg_ranks(mfg_grouper *grouper, const mfg_column *keys,
          const mfg_column *column, mfg_rank_method method, int descending,
          int64_t n_rows, void *ranks, mfg_control *control)
{
    size_t n = (size_t)n_rows;
    mfg_word none = {.int64 = 0};
    mfg_status status = MFG_NO_MEMORY;
    ranking all = {
        .wide = mfg_widened(column->kind),
        .flip = descending ? UINT64_MAX : 0,
        .words = mfg_alloc(n, sizeof *all.words),
        .codes = mfg_alloc(n, sizeof *all.codes),
        .order = mfg_alloc(n, sizeof *all.order),
        .scratch = mfg_alloc(n, sizeof *all.scratch),
    };

    if (all.words != NULL && all.codes != NULL && all.order != NULL &&
        all.scratch != NULL) {
        status = mfg_pass(grouper, keys, column, 0, n_rows, gather_block, &all,
                          control);
    }
    if (status == MFG_OK) {
        status = mfg_sort_order(all.n_present, all.words, all.order,
                                all.scratch, control);
    }
    if (status == MFG_OK) {
        status = sort_by_group(&all, mfg_grouper_count(grouper));
    }
    if (status == MFG_OK) {
        if (method == MFG_AVERAGE) {
            none.float64 = NAN;
        }
        for (size_t i = 0; i < n; i++) {
            ((mfg_word *)ranks)[i] = none;
        }
        number_records(&all, method, ranks);
    }
    mfg_free(all.words);
    mfg_free(all.codes);
    mfg_free(all.order);
    mfg_free(all.scratch);
    return status;
}
