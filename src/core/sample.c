/* How many groups there are, judged by a sample of the rows.
 *
 * Two rows of a sample are of one group as often as two people have one
 * birthday: of s rows about s^2 / 2 groups. A group that holds many rows hides
 * the others from a sample, so those that do are left out of it.
 */
#include "sample.h"
#include "encode.h"

/* Rows looked at, and how many groups, judged by them, make a crowd: some
 * 20,000, which look like a few more, as three rows may be of one group. */
#define SAMPLE 8192
#define CROWD 22500
/* The first of them tell where there are clearly
 * fewer: of 20,000 groups 1,024 rows meet 998, and never as few as 900. */
#define FIRST_LOOK 1024
#define FEW_AMONG(rows) ((rows) * 7 / 8)
/* A group with more than one of so many rows is no part of the crowd, nor a
 * reason that there is none; of others there are to be so many rows. */
#define HEAVY 64
#define FEWEST_OTHERS 32

/* The groups of a sample. */
typedef struct sample {
    int32_t n_rows[SAMPLE]; /* of a group */
    int64_t n_others;       /* rows of groups that are not heavy */
    int64_t n_met;          /* such groups */
} sample;

static void
judge(sample *of, int64_t n_groups, int64_t n_rows)
{
    of->n_others = 0;
    of->n_met = 0;
    for (int64_t g = 0; g < n_groups; g++) {
        if (of->n_rows[g] <= n_rows / HEAVY) {
            of->n_others += of->n_rows[g];
            of->n_met++;
        }
    }
}

static mfg_status
take_sample(sample *of, const mfg_column *keys, int n_keys, int64_t n_rows,
            mfg_control *control)
{
    mfg_grouper *grouper;
    mfg_status status = mfg_grouper_new(keys, n_keys, SAMPLE, &grouper);

    for (int64_t i = 0; i < SAMPLE && status == MFG_OK; i++) {
        int64_t row = mfg_sample_row(i, n_rows);
        int32_t code;
        if (i == FIRST_LOOK) {
            judge(of, mfg_grouper_count(grouper), i);
            if (of->n_met < FEW_AMONG(of->n_others)) {
                break;
            }
        }
        status = mfg_grouper_codes(grouper, keys, row, 1, &code, control);
        if (status == MFG_OK && code >= 0) {
            of->n_rows[code]++;
        }
    }
    if (status == MFG_OK) {
        judge(of, mfg_grouper_count(grouper), SAMPLE);
    }
    mfg_grouper_free(grouper);
    return status;
}

mfg_status
mfg_likely_groups(const mfg_column *keys, int n_keys, int64_t n_rows,
                  int64_t *n_groups, mfg_control *control)
{
    sample *of;
    mfg_status status;

    *n_groups = 0;
    for (int k = 0; k < n_keys; k++) {
        if (mfg_widened(keys[k].kind) == MFG_AS_TEXT) {
            return MFG_OK;
        }
    }
    of = mfg_alloc_zeros(1, sizeof *of);
    if (of == NULL) {
        return MFG_NO_MEMORY;
    }
    status = take_sample(of, keys, n_keys, n_rows, control);
    if (status == MFG_OK && of->n_others >= FEWEST_OTHERS) {
        int64_t met_again = of->n_others - of->n_met;
        int64_t likely = of->n_others * of->n_others / 2 / (met_again + 1);
        likely = likely < n_rows ? likely : n_rows;
        *n_groups = likely >= CROWD ? likely : 0;
    }
    mfg_free(of);
    return status;
}
