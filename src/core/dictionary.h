/* The dictionaries of the chunks of a column, made one: a label is met once,
 * however many codes stand for it. */
#ifndef MFG_DICTIONARY_H
#define MFG_DICTIONARY_H

#include "mfg.h"

/* What the codes of one dictionary stand for: groups of `labels`; once all are
 * settled, ranks. -1 for a missing label. */
typedef struct mfg_code_table {
    int32_t *ranks;
    int64_t count;
} mfg_code_table;

typedef struct mfg_dictionary {
    mfg_kind kind;       /* of the labels */
    int is_ordered;      /* ranks are by first appearance; else by label */
    mfg_grouper *labels; /* NULL: there was no dictionary yet */
    int64_t *order;      /* the group of each rank */
    int64_t n_ranks;
    mfg_code_table *tables;
    int64_t n_tables;
    int64_t capacity;
} mfg_dictionary;

void mfg_dictionary_free(mfg_dictionary *dictionary);
/* Adds the labels of one more dictionary, the last of tables. */
mfg_status mfg_dictionary_add(mfg_dictionary *dictionary,
                              const mfg_column *labels, int64_t n);
/* No dictionary follows: gives ranks. */
mfg_status mfg_dictionary_settle(mfg_dictionary *dictionary,
                                 mfg_control *control);

#endif
