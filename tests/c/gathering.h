/* Groups and states of all records, gathered in one way and another. */
#ifndef GATHERING_H
#define GATHERING_H

#include "mfg.h"

typedef struct records {
    int64_t n_rows;
    int n_keys;
    mfg_column keys[3];
    int n_values;
    mfg_column values[3];
} records;

typedef struct gathered {
    mfg_grouper *grouper;
    mfg_state *state;
} gathered;

/* Checks that it works. Release by free_gathered. */
gathered gather(const records *from, int n_threads, int in_any_order);
void free_gathered(gathered *made);

/* Checks that both have the same labels, text as text, and the same statistics,
 * bit for bit: group by group, or in the order of their labels. */
void check_gathered(const records *from, const gathered *expected,
                    const gathered *actual, int by_label);

#endif
