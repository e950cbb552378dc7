/* The statistics of grouped records, as a plain C11 library: the only public
 * header.
 *
 * The rules of the numbers
 *   A missing value (NaN, or a row whose mask is set) is skipped and counted.
 *   A sum of floats is the double nearest to the exact real sum; a sum of
 *   integers is exact in 128 bits. So neither depends on the order of rows.
 *   +inf with -inf is NaN. Zeros come out as +0.0, NaNs as the quiet NaN.
 *   A missing key is a label of its own, the last within its key.
 *
 * The rules of the calls
 *   Every function returns a status and leaves its inputs as they were. What it
 *   allocates it frees or hands to the object it made; after a failure the only
 *   thing to do with a state is to free it. Results go into arrays of the
 *   caller. Objects hold no global state: distinct objects may be used from
 *   distinct threads at once, one object from one thread at a time.
 */
#ifndef MFG_H
#define MFG_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "memory.h"

typedef enum mfg_status {
    MFG_OK,
    MFG_NO_MEMORY,
    MFG_OVERFLOW,    /* an integer sum does not fit; control.where: group */
    MFG_DUPLICATE,   /* a record that may stand once; control.where: row */
    MFG_MANY_GROUPS, /* more than 2^31 - 1 of them, or of what could be one */
    MFG_BAD_STRING,  /* a string that could not be read; control.where: row */
    MFG_BAD_CODE,    /* a code that is none of its dictionary; where: row */
    MFG_BAD_ARROW,   /* an Arrow structure that is broken */
    MFG_BAD_DICTIONARY, /* the same of its dictionary */
    MFG_OTHER_ARROW,    /* an Arrow type that no column has */
    MFG_INTERRUPTED,    /* poll asked to stop */
} mfg_status;

/* Kernels poll every MFG_POLL_ROWS rows, a few milliseconds of work. */
#define MFG_POLL_ROWS (1 << 19)

typedef struct mfg_control {
    int (*poll)(void *context); /* nonzero: stop; NULL: never asked */
    void *context;
    int64_t where;      /* set with the statuses that name a row or a group */
    const char *column; /* and the name of that row's column; NULL: none */
    int n_threads;      /* at most so many share a call's rows; below 2: none */
} mfg_control;

/* Asks whether to go on. */
static inline mfg_status
mfg_ask(mfg_control *control)
{
    return control->poll != NULL && control->poll(control->context)
               ? MFG_INTERRUPTED
               : MFG_OK;
}

/* Asks so every MFG_POLL_ROWS rows, after row `done`. */
static inline mfg_status
mfg_poll(mfg_control *control, int64_t done)
{
    return (done & (MFG_POLL_ROWS - 1)) == 0 && done > 0 ? mfg_ask(control)
                                                         : MFG_OK;
}

/* The same where rows done ... next - 1 come at once. */
static inline mfg_status
mfg_poll_past(mfg_control *control, int64_t done, int64_t next)
{
    return (done ^ next) >= MFG_POLL_ROWS ? mfg_ask(control) : MFG_OK;
}

#include "column.h"

/* ---- encode.c: keys to group codes ---- */

/* Groups number 0, 1, ... in the order of their first record. */
typedef struct mfg_grouper mfg_grouper;

/* No key: one group of all. n_rows: how many rows will come (a hint that sets
 * how far keys are indexed directly). Where a column says so (leaves_out), a
 * record with that key missing gets code -1 instead of a group. */
mfg_status mfg_grouper_new(const mfg_column *keys, int n_keys, int64_t n_rows,
                           mfg_grouper **grouper);
void mfg_grouper_free(mfg_grouper *grouper);
/* Gives the codes of rows start ... start + n - 1 of the keys, of the kinds
 * that the grouper was made with. */
mfg_status mfg_grouper_codes(mfg_grouper *grouper, const mfg_column *keys,
                             int64_t start, int32_t n, int32_t *codes,
                             mfg_control *control);
/* The same for the records whose last key (of integers or dates) is less by
 * `lag`; -1 where there is no such group. Makes no group. */
mfg_status mfg_grouper_lagged(mfg_grouper *grouper, const mfg_column *keys,
                              int64_t start, int32_t n, int64_t lag,
                              int32_t *codes, mfg_control *control);
/* A grouper that only finds the groups of another, which must neither change
 * nor go before it: several views may be used from several threads. */
mfg_status mfg_grouper_view(const mfg_grouper *grouper, mfg_grouper **view);
/* Adds the groups of another grouper with keys of the same kinds; codes[g] is
 * what its group g is here. */
mfg_status mfg_grouper_merge(mfg_grouper *into, const mfg_grouper *from,
                             int64_t *codes, mfg_control *control);
int mfg_grouper_n_keys(const mfg_grouper *grouper);
int64_t mfg_grouper_count(const mfg_grouper *grouper);
/* order[i] is the group whose labels come i-th, first key slowest. */
mfg_status mfg_grouper_order(const mfg_grouper *grouper, int64_t *order,
                             mfg_control *control);
/* How many groups have the missing label of a key. */
int64_t mfg_grouper_n_absent(const mfg_grouper *grouper, int key);
/* Whether groups stand in that order. */
int mfg_grouper_in_order(const mfg_grouper *grouper);
/* Labels of a key for groups order[0 ... n-1] (NULL: 0 ... n-1), in the key's
 * own kind (dates int64, float16 as float64, text as int64 codes into its
 * strings). absent[i] is set where the label is the missing one; NULL where
 * none is. */
void mfg_grouper_labels(const mfg_grouper *grouper, int key, int64_t n,
                        const int64_t *order, void *labels, uint8_t *absent);
int64_t mfg_grouper_n_strings(const mfg_grouper *grouper, int key);
void mfg_grouper_string(const mfg_grouper *grouper, int key, int64_t code,
                        const char **text, size_t *size);

/* ---- aggregate.c: exact states of groups ---- */

/* For each group and value column: sum, count, missing, least, greatest; the
 * last two not where only sums are kept, from which no other measure is made.
 */
typedef struct mfg_state mfg_state;

mfg_status mfg_state_new(const mfg_column *values, int n_values, int only_sums,
                         mfg_state **state);
void mfg_state_free(mfg_state *state);
/* Adds records start ... start + n - 1. */
mfg_status mfg_state_update(mfg_state *state, mfg_grouper *grouper,
                            const mfg_column *keys, const mfg_column *values,
                            int64_t start, int64_t n, mfg_control *control);
/* A new state of n_groups groups: groups[i] of `state` is added to codes[i], or
 * left out where that is negative. Of the old state nothing is shared. */
mfg_status mfg_state_fold(const mfg_state *state, int64_t n,
                          const int64_t *groups, const int64_t *codes,
                          int64_t n_groups, mfg_state **folded,
                          mfg_control *control);
/* Many groups, without a state of all of them; borrows the columns. */
typedef struct mfg_crowd mfg_crowd;

/* A new grouper and state of all records, shared out to control->n_threads.
 * in_any_order: groups need not come in the order of their first records. Then,
 * if `crowd` is not NULL, *crowd is made instead where there are many groups
 * and their results come straight from parts of the rows: of floats alone, by
 * numbers of which none is missing. only_sums: neither MFG_MIN nor MFG_MAX will
 * be asked for. */
mfg_status mfg_gather(const mfg_column *keys, int n_keys,
                      const mfg_column *values, int n_values, int64_t n_rows,
                      int in_any_order, int only_sums, mfg_crowd **crowd,
                      mfg_grouper **grouper, mfg_state **state,
                      mfg_control *control);
int64_t mfg_state_count(const mfg_state *state);
mfg_wide mfg_state_wide(const mfg_state *state, int value);

typedef enum mfg_statistic {
    MFG_COUNT,   /* int64 */
    MFG_MISSING, /* int64 */
    MFG_SUM,     /* the widened kind; MFG_OVERFLOW names the group */
    MFG_TOTAL,   /* the sum as a double, whatever the kind */
    MFG_MEAN,    /* double; NaN where the count is 0 */
    MFG_LOW,     /* uint64: low half of the 128 bits of a sum; 0 for floats */
    MFG_HIGH,    /* int64: the high half */
    MFG_MIN,     /* the widened kind; NaN, or 0 for integers, where count 0 */
    MFG_MAX,
} mfg_statistic;

/* Statistic of groups order[0 ... n-1] (order NULL: 0 ... n-1). */
mfg_status mfg_state_finish(const mfg_state *state, int value,
                            mfg_statistic statistic, int64_t n,
                            const int64_t *order, void *results,
                            mfg_control *control);
/* A statistic of a value column; that of group g goes to results[g]. */
typedef struct mfg_result {
    int value;
    mfg_statistic statistic;
    void *results;
} mfg_result;

int64_t mfg_crowd_groups(const mfg_crowd *crowd);
/* Writes labels[k] of key k, as mfg_grouper_labels does, and all results, in
 * the order of labels. Once: what groups are made of is used up. */
mfg_status mfg_crowd_finish(mfg_crowd *crowd, void *const *labels,
                            const mfg_result *results, int n_results,
                            mfg_control *control);
void mfg_crowd_free(mfg_crowd *crowd);

/* differences[i] = sum of later[i] - sum of earlier[i], formed exactly and
 * rounded once; a negative index stands for an empty group. */
mfg_status mfg_state_differences(const mfg_state *state, int value, int64_t n,
                                 const int64_t *later, const int64_t *earlier,
                                 void *differences, mfg_control *control);
/* Variances (n - 1 below), or their roots, of all groups of a state made from
 * these columns: a second pass, squares of deviations from a pivot next to the
 * mean. */
mfg_status mfg_variances(const mfg_state *state, int value, int is_root,
                         mfg_grouper *grouper, const mfg_column *keys,
                         const mfg_column *column, int64_t n_rows,
                         double *results, mfg_control *control);

/* ---- concentration.c ---- */

/* How a group's total lies with its members, the values above 0. */
typedef struct mfg_concentration {
    int64_t members;
    double total;      /* rounded once, whatever the kind */
    double herfindahl; /* this and what follows: NaN where a value is */
    double normalized; /* negative or infinite, or the total is 0 */
    double entropy;    /* in nats */
    double primacy;    /* the first over the second; NaN where there is none */
} mfg_concentration;

/* A new grouper, and the concentration of its groups. leading[g * n_ranks + r]
 * is the share of the ranks[r] (ascending) first members. *results and *leading
 * are freed by mfg_free. */
mfg_status mfg_concentrations(const mfg_column *keys, int n_keys,
                              const mfg_column *column, int64_t n_rows,
                              int n_ranks, const int64_t *ranks,
                              mfg_grouper **grouper,
                              mfg_concentration **results, double **leading,
                              mfg_control *control);

/* ---- share.c, growth.c: one number a record ---- */

/* shares[i] = value / total of its group; NaN where the value is missing or the
 * total is 0. */
mfg_status mfg_shares(const mfg_column *keys, int n_keys,
                      const mfg_column *column, int64_t n_rows, double *shares,
                      mfg_control *control);
/* rates[i] = value / base - 1, the base being the value of the record with the
 * same keys and a last key less by lag. grouper: new; all keys leave out.
 * MFG_DUPLICATE: control.where is the second record with the same keys. */
mfg_status mfg_growth_rates(mfg_grouper *grouper, const mfg_column *keys,
                            const mfg_column *column, int64_t lag,
                            int64_t n_rows, double *rates,
                            mfg_control *control);

/* ---- ends.c, quantile.c, top.c, rank.c: order in groups ---- */

/* The row of the first and last value that is there; -1 where none is. */
mfg_status mfg_first_last(mfg_grouper *grouper, const mfg_column *keys,
                          const mfg_column *column, int64_t n_rows,
                          int64_t n_groups, int64_t *first, int64_t *last,
                          mfg_control *control);
/* The values of each group at the places floor and ceil of (count - 1) *
 * numerator / denominator in ascending order, in the widened kind; 0 where
 * count is 0. 0 <= numerator <= denominator < 2^31: places are exact. */
mfg_status mfg_quantiles(const mfg_state *state, int value,
                         mfg_grouper *grouper, const mfg_column *keys,
                         const mfg_column *column, int64_t n_rows,
                         int64_t numerator, int64_t denominator,
                         mfg_word *lower, mfg_word *upper,
                         mfg_control *control);

/* ---- contributions.c, cells.c, tally.c: what is given to cells, and by whom
 * ---- */

/* The sum of the values of each contributor in each cell, rounded once. */
typedef struct mfg_contributions mfg_contributions;

/* A rule asks for two or three; lists are searched in order. */
#define MFG_MOST_LARGEST 64
/* The last key is the contributor, the others are the cell's; or all are, and
 * each row is a contributor. Of each cell the `size` largest will be listed.
 * *contributions stays NULL where there is a contributor, and keys are text or
 * too wide: codes of both never are. MFG_OVERFLOW: a sum of integers does not
 * fit. MFG_MANY_GROUPS: more than 2^31 - 1 rows with a contributor. Borrows all
 * columns. */
mfg_status mfg_contributions_new(const mfg_column *keys, int n_keys,
                                 int has_contributor, const mfg_column *column,
                                 int64_t n_rows, int64_t size,
                                 mfg_contributions **contributions,
                                 mfg_control *control);
void mfg_contributions_free(mfg_contributions *contributions);
/* How many cells occur; and, once finished, their labels: those of groups
 * order[0 ... n-1] (NULL: 0 ... n-1). */
int64_t mfg_contributions_count(const mfg_contributions *contributions);
const mfg_grouper *
mfg_contributions_grouper(const mfg_contributions *contributions);
const int64_t *mfg_contributions_order(const mfg_contributions *contributions);

/* An entry a cell, in the order of labels; of `largest` `size` ones. */
typedef struct mfg_given {
    int64_t *counts;    /* of contributors that have a value */
    double *totals;     /* sums of contributions */
    double *magnitudes; /* of their sizes */
    double *least;      /* contribution; inf where there is none */
    double *largest;    /* sizes, descending; 0 where there are fewer */
} mfg_given;

/* Once: contributions are used up. */
mfg_status mfg_contributions_finish(mfg_contributions *contributions,
                                    const mfg_given *given,
                                    mfg_control *control);

/* ---- ascent.c, weighted.c, inequality.c: values in ascending order ---- */

/* What follows takes one column of a state made from these columns as the
 * values, and another as their weights (negative: each weighs 1), none of which
 * is negative or infinite. Records without a weight above 0 are left out. */

/* Quantiles by mass: the value up to which the part numerators[k] /
 * denominators[k] of the group's weight lies, lower[k * n_groups + g]; upper is
 * the next value where just that part lies up to lower, else the same. Both are
 * 0 where a group has no value. Denominators are below 2^31. */
mfg_status mfg_weighted_quantiles(const mfg_state *state, int value, int weight,
                                  mfg_grouper *grouper, const mfg_column *keys,
                                  const mfg_column *columns, int64_t n_rows,
                                  int n_quantiles, const int64_t *numerators,
                                  const int64_t *denominators, mfg_word *lower,
                                  mfg_word *upper, mfg_control *control);

/* NaN where a value is negative or their sum 0; theil_l also where one is 0,
 * the normalized Gini where there is one. */
typedef struct mfg_inequality {
    double gini;            /* 0 ... 1 - least weight / all weights */
    double gini_normalized; /* by that, 0 ... 1 */
    double theil_t;
    double theil_l;
    double atkinson; /* of epsilon 1/2 */
} mfg_inequality;

mfg_status mfg_inequalities(const mfg_state *state, int value, int weight,
                            mfg_grouper *grouper, const mfg_column *keys,
                            const mfg_column *columns, int64_t n_rows,
                            int64_t *counts, mfg_inequality *results,
                            mfg_control *control);

/* Rows that lead, in no order, their groups; and the sums of all groups. */
typedef struct mfg_leaders {
    int64_t n;
    int64_t *rows;
    int32_t *groups;
    double *totals;
} mfg_leaders;

/* The rows of the `size` greatest values of each group; ties go to the lesser
 * tie_rank (NULL: none), then to the first row. ties_all keeps all that tie
 * with the last. grouper: new. */
mfg_status mfg_top(mfg_grouper *grouper, const mfg_column *keys,
                   const mfg_column *column, const int32_t *tie_ranks,
                   int64_t n_rows, int64_t size, int ties_all,
                   mfg_leaders *leaders, mfg_control *control);
void mfg_leaders_free(mfg_leaders *leaders);
/* sums[i]: of value i and those before it in the same group, whose rows follow
 * each other. Group numbers are integers from 0 on; no value is missing. */
mfg_status mfg_running_sums(const mfg_column *groups, const mfg_column *column,
                            int64_t n, double *sums, mfg_control *control);

typedef enum mfg_rank_method {
    MFG_COMPETITION, /* 1 2 2 4 */
    MFG_DENSE,       /* 1 2 2 3 */
    MFG_ORDINAL,     /* 1 2 3 4, ties by row */
    MFG_AVERAGE,     /* 1 2.5 2.5 4 */
} mfg_rank_method;

/* ranks: int64, or double for MFG_AVERAGE; missing: 0, or NaN. */
mfg_status mfg_ranks(mfg_grouper *grouper, const mfg_column *keys,
                     const mfg_column *column, mfg_rank_method method,
                     int descending, int64_t n_rows, void *ranks,
                     mfg_control *control);

#include "arrow.h"

#endif
