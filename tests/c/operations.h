/* Whole uses of the core, from keys and values to freed results: what must
 * survive failing memory and interruption at every point. */
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include "mfg.h"

typedef struct inputs {
    int64_t n_rows;
    int n_keys;
    mfg_column keys[2];
    mfg_column panel[2]; /* entity and period, each pair once */
    int n_values;
    mfg_column values[2]; /* measures of records take the first */
} inputs;

/* Runs, checks nothing, frees all; gives the first status that is not MFG_OK.
 */
typedef mfg_status (*operation)(const inputs *from, mfg_control *control);

typedef struct named_operation {
    const char *name;
    operation run;
    /* Asks whether to go on: 0 never, 1 between blocks of many records, 2 also
     * between groups, however few. */
    int polls;
} named_operation;

#define N_OPERATIONS 15
extern const named_operation operations[N_OPERATIONS];

#endif
