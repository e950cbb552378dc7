/* Each record's growth against its entity's record some periods earlier, where
 * there is no slot for each (panel.c), or to find a duplicate.
 *
 * First pass: each (entity, period) is a group of one record, whose value is
 * kept under the group's code; a second record is a duplicate. Second pass:
 * the same keys with the period moved back find the base.
 */
#include "lanes.h"
#include "panel.h"
#include "pass.h"

#include <string.h>

typedef struct panel {
    mfg_wide wide;
    mfg_grouper *grouper;
    int64_t n_seen;
    int64_t capacity;
    mfg_word *values;
    uint8_t *missing;
    int64_t duplicate; /* the row of one, or -1 */
} panel;

static mfg_status
reserve_records(panel *records, int64_t count)
{
    int64_t capacity = 2 * records->capacity + MFG_BLOCK;

    if (count <= records->capacity) {
        return MFG_OK;
    }
    mfg_word *values =
        mfg_resize(records->values, (size_t)capacity, sizeof *values);
    if (values == NULL) {
        return MFG_NO_MEMORY;
    }
    records->values = values;
    uint8_t *missing =
        mfg_resize(records->missing, (size_t)capacity, sizeof *missing);
    if (missing == NULL) {
        return MFG_NO_MEMORY;
    }
    records->missing = missing;
    records->capacity = capacity;
    return MFG_OK;
}

/* Codes count up in the order of records, so one that is not new is the code
 * of an earlier record with the same keys. */
static mfg_status
keep_block(void *context, const mfg_visit *visit)
{
    panel *records = context;
    mfg_status status = reserve_records(records, records->n_seen + visit->n);

    if (status != MFG_OK) {
        return status;
    }
    for (int32_t i = 0; i < visit->n; i++) {
        int64_t code = visit->codes[i];
        if (code < 0) {
            continue;
        }
        if (code != records->n_seen) {
            records->duplicate = visit->start + i;
            return MFG_DUPLICATE;
        }
        records->values[code] = visit->block->values[i];
        records->missing[code] =
            (uint8_t)mfg_is_missing(visit->block, i, records->wide);
        records->n_seen++;
    }
    return MFG_OK;
}

/* The difference is formed exactly for integers and rounded once. */
double
mfg_rate(mfg_word value, mfg_word base, mfg_wide wide)
{
    double below = mfg_as_double(base, wide);
    double change;

    if (!(below > 0)) {
        return NAN;
    }
    if (wide == MFG_AS_FLOAT64) {
        change = value.float64 - base.float64;
    }
    else if (wide == MFG_AS_UINT64) {
        change = value.uint64 >= base.uint64
                     ? (double)(value.uint64 - base.uint64)
                     : -(double)(base.uint64 - value.uint64);
    }
    else { /* base > 0, so only a negative value can be too far off */
        change = value.int64 >= 0
                     ? (double)(value.int64 - base.int64)
                     : -(double)((uint64_t)base.int64 - (uint64_t)value.int64);
    }
    return mfg_plain(change / below);
}

MFG_LANES void
mfg_rate_floats(const mfg_word *bases, int32_t n, mfg_word *words)
{
    for (int32_t i = 0; i < n; i++) {
        double value;
        double base;
        memcpy(&value, &words[i], sizeof value);
        memcpy(&base, &bases[i], sizeof base);
        double rate = (value - base) / base;
        rate = base > 0 && rate == rate ? rate + 0.0 : NAN;
        memcpy(&words[i], &rate, sizeof rate);
    }
}

static mfg_status
rate_block(const panel *records, const mfg_column *keys,
           const mfg_column *column, int64_t lag, int64_t start, int32_t n,
           mfg_block *block, int32_t *codes, double *rates,
           mfg_control *control)
{
    mfg_status status = mfg_grouper_lagged(records->grouper, keys, start, n,
                                           lag, codes, control);

    if (status != MFG_OK) {
        return status;
    }
    mfg_load(column, start, n, block);
    for (int32_t i = 0; i < n; i++) {
        int64_t base = codes[i];
        rates[start + i] = NAN;
        if (base >= 0 && base < records->n_seen && !records->missing[base] &&
            !mfg_is_missing(block, i, records->wide)) {
            rates[start + i] = mfg_rate(block->values[i], records->values[base],
                                        records->wide);
        }
    }
    return mfg_poll(control, start);
}

mfg_status
mfg_growth_rates(mfg_grouper *grouper, const mfg_column *keys,
                 const mfg_column *column, int64_t lag, int64_t n_rows,
                 double *rates, mfg_control *control)
{
    panel records = {
        .wide = mfg_widened(column->kind),
        .grouper = grouper,
        .duplicate = -1,
    };
    int32_t *codes = mfg_alloc(MFG_BLOCK, sizeof *codes);
    mfg_block *block = mfg_alloc(1, sizeof *block);
    int is_done = 0;
    mfg_status status =
        mfg_panel_rates(keys, mfg_grouper_n_keys(grouper), column, lag, n_rows,
                        rates, &is_done, control);

    if (status != MFG_OK || is_done) {
        goto done;
    }
    status = MFG_NO_MEMORY;
    if (codes == NULL || block == NULL) {
        goto done;
    }
    status = mfg_pass(grouper, keys, column, 0, n_rows, keep_block, &records,
                      control);
    if (status == MFG_DUPLICATE) {
        control->where = records.duplicate;
    }
    for (int64_t start = 0; start < n_rows && status == MFG_OK;
         start += MFG_BLOCK) {
        int64_t left = n_rows - start;
        status = rate_block(&records, keys, column, lag, start,
                            (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK),
                            block, codes, rates, control);
    }
done:
    mfg_free(records.values);
    mfg_free(records.missing);
    mfg_free(codes);
    mfg_free(block);
    return status;
}
