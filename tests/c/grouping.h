/* Keys of records: run through a grouper and held against the slow twin. */
#ifndef GROUPING_H
#define GROUPING_H

#include "columns.h"
#include "mfg.h"
#include "twins.h"

/* The codes of all rows, block by block; the grouper stays the caller's. */
mfg_status grouper_codes(mfg_grouper *grouper, const mfg_column *keys,
                         int64_t n_rows, int32_t *codes);
/* A grouper of these keys, sized for n_rows. */
mfg_grouper *new_grouper(const mfg_column *keys, int n_keys, int64_t n_rows);

/* Checks codes, order and labels of keys of numbers laid out from truths.
 * expected_rows is the hint given to the grouper. */
void check_grouping(int n_keys, const mfg_column *keys, const truth *truths,
                    int64_t n_rows, int64_t expected_rows);

#endif
