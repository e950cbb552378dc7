/* How many groups there are, judged by a sample of the rows. */
#ifndef MFG_SAMPLE_H
#define MFG_SAMPLE_H

#include "mfg.h"
#include "table.h"

/* The i-th row of a sample, as if by chance: at equal distances rows of sorted
 * keys would hardly ever meet, and every other row could be all that is seen.
 */
static inline int64_t
mfg_sample_row(int64_t i, int64_t n_rows)
{
    return (int64_t)(mfg_mix((uint64_t)i + 1) % (uint64_t)n_rows);
}

/* Fewer rows make no crowd: there is too little to share out. */
#define MFG_CROWD_ROWS (1 << 18)
/* The groups of keys that are no text, but for heavy ones; 0 where they make no
 * crowd. */
mfg_status mfg_likely_groups(const mfg_column *keys, int n_keys, int64_t n_rows,
                             int64_t *n_groups, mfg_control *control);

#endif
