/* Texts in the order of their code points. */
#include "sort.h"
#include "strings.h"

#include <stdlib.h>
#include <string.h>

typedef struct listed {
    const char *text;
    size_t size;
    int64_t code;
} listed;

/* Bytes of UTF-8 sort as their code points do. */
static int
compare_utf8(const void *left, const void *right)
{
    const listed *a = left;
    const listed *b = right;
    int order = memcmp(a->text, b->text, a->size < b->size ? a->size : b->size);

    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

static int
compare_ucs4(const void *left, const void *right)
{
    const listed *a = left;
    const listed *b = right;

    for (size_t i = 0; i < a->size && i < b->size; i += 4) {
        uint32_t x;
        uint32_t y;
        memcpy(&x, a->text + i, sizeof x);
        memcpy(&y, b->text + i, sizeof y);
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return (a->size > b->size) - (a->size < b->size);
}

/* Eight bytes of a text, zeros after its end, as a word that sorts as they do.
 */
static uint64_t
word_at(const char *text, size_t size, size_t depth, int is_ucs4)
{
    uint64_t word = 0;

    if (depth >= size) {
        return 0;
    }
    text += depth;
    size -= depth;
    for (size_t i = 0; is_ucs4 && i < 8; i += 4) {
        uint32_t character = 0;
        if (i < size) {
            memcpy(&character, text + i, sizeof character);
        }
        word = word << 32 | character;
    }
    for (size_t i = 0; !is_ucs4 && i < 8; i++) {
        word = word << 8 | (i < size ? (unsigned char)text[i] : 0);
    }
    return word;
}

/* ---- runs ---- */

/* Runs of no more texts are sorted by comparing them. */
#define FEW 32
/* Texts sorted between two questions whether to go on: some 20 ms of work. */
#define TEXTS_AT_ONCE (1 << 16)

/* Texts that agree in their first `depth` bytes: pairs from ... to - 1. */
typedef struct run {
    int64_t from;
    int64_t to;
    size_t depth;
} run;

typedef struct collation {
    const mfg_strings *strings;
    int is_ucs4;
    mfg_pair *pairs; /* a text's code is its place; then as many of scratch */
    run *runs;       /* still to be sorted */
    int64_t n_runs;
    int64_t capacity;
    int64_t n_sorted; /* texts since it was asked whether to go on */
} collation;

static mfg_status
add_run(collation *all, run added)
{
    if (all->n_runs == all->capacity) {
        int64_t capacity = 2 * all->capacity + 8;
        run *runs = mfg_resize(all->runs, (size_t)capacity, sizeof *runs);
        if (runs == NULL) {
            return MFG_NO_MEMORY;
        }
        all->runs = runs;
        all->capacity = capacity;
    }
    all->runs[all->n_runs++] = added;
    return MFG_OK;
}

/* Counts texts that were sorted; asks when there are many. */
static mfg_status
count_sorted(collation *all, int64_t n, mfg_control *control)
{
    all->n_sorted += n;
    if (all->n_sorted < TEXTS_AT_ONCE) {
        return MFG_OK;
    }
    all->n_sorted = 0;
    return mfg_ask(control);
}

static void
compare_few(const collation *all, run of)
{
    listed list[FEW] = {{0}};
    size_t n = (size_t)(of.to - of.from);

    for (size_t i = 0; i < n; i++) {
        list[i].code = all->pairs[of.from + (int64_t)i].place;
        mfg_strings_at(all->strings, list[i].code, &list[i].text,
                       &list[i].size);
    }
    qsort(list, n, sizeof *list, all->is_ucs4 ? compare_ucs4 : compare_utf8);
    for (size_t i = 0; i < n; i++) {
        all->pairs[of.from + (int64_t)i].place = list[i].code;
    }
}

/* The texts of a run with the words that follow, or where all have ended, and
 * differ in zeros alone, with their sizes. */
static mfg_status
read_words(const collation *all, run of, mfg_control *control)
{
    mfg_status status = MFG_OK;
    int any_left = 0;

    for (int64_t i = of.from; i < of.to && status == MFG_OK; i++) {
        mfg_pair *pair = &all->pairs[i];
        const char *text;
        size_t size;
        mfg_strings_at(all->strings, pair->place, &text, &size);
        pair->word = word_at(text, size, of.depth, all->is_ucs4);
        any_left |= size > of.depth;
        status = mfg_poll(control, i - of.from);
    }
    for (int64_t i = of.from; i < of.to && !any_left && status == MFG_OK; i++) {
        const char *text;
        size_t size;
        mfg_strings_at(all->strings, all->pairs[i].place, &text, &size);
        all->pairs[i].word = size;
    }
    return status;
}

/* Sorts a run by its next words; what they leave together are runs again. */
static mfg_status
sort_run(collation *all, run of, mfg_control *control)
{
    int64_t n = all->strings->count;
    mfg_status status = read_words(all, of, control);
    int64_t to;

    if (status == MFG_OK) {
        status = mfg_sort_pairs(of.to - of.from, all->pairs + of.from,
                                all->pairs + n + of.from, control);
    }
    for (int64_t from = of.from; from < of.to && status == MFG_OK; from = to) {
        to = from + 1;
        while (to < of.to && all->pairs[to].word == all->pairs[from].word) {
            to++;
        }
        run found = {from, to, of.depth + sizeof(uint64_t)};
        if (to - from > FEW) {
            status = add_run(all, found);
        }
        else if (to - from > 1) {
            compare_few(all, found);
            status = count_sorted(all, to - from, control);
        }
    }
    return status;
}

/* Eight bytes after eight, so that names with a long beginning in common take
 * no more than others. */
mfg_status
mfg_strings_ranks(const mfg_strings *strings, int is_ucs4, uint64_t *ranks,
                  mfg_control *control)
{
    int64_t n = strings->count;
    collation all = {.strings = strings, .is_ucs4 = is_ucs4};
    mfg_status status = MFG_NO_MEMORY;

    all.pairs = mfg_alloc((size_t)n, 2 * sizeof *all.pairs);
    if (all.pairs != NULL) {
        status = add_run(&all, (run){0, n, 0});
    }
    for (int64_t code = 0; code < n && status == MFG_OK; code++) {
        all.pairs[code].place = code;
    }
    while (all.n_runs > 0 && status == MFG_OK) {
        run next = all.runs[--all.n_runs];
        status = sort_run(&all, next, control);
        if (status == MFG_OK) {
            status = count_sorted(&all, next.to - next.from, control);
        }
    }
    for (int64_t i = 0; i < n && status == MFG_OK; i++) {
        ranks[all.pairs[i].place] = (uint64_t)i;
    }
    mfg_free(all.pairs);
    mfg_free(all.runs);
    return status;
}
