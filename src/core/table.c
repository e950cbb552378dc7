/* Growth of the hash table. */
#include "table.h"

static mfg_status
grow(mfg_table *table, mfg_control *control)
{
    uint64_t size = table->entries == NULL ? 16 : 2 * (table->mask + 1);
    mfg_table grown = {.mask = size - 1, .count = table->count};
    mfg_status status = MFG_OK;

    grown.entries = mfg_alloc_zeros(size, sizeof *grown.entries);
    if (grown.entries == NULL) {
        return MFG_NO_MEMORY;
    }
    for (uint64_t i = 0; table->entries != NULL && i <= table->mask; i++) {
        if (control != NULL) {
            status = mfg_poll(control, (int64_t)i * MFG_ROWS_AN_ENTRY);
        }
        if (status != MFG_OK) {
            mfg_table_free(&grown);
            return status;
        }
        if (table->entries[i].place == 0) {
            continue;
        }
        uint64_t at = table->entries[i].hash & grown.mask;
        while (grown.entries[at].place != 0) {
            at = (at + 1) & grown.mask;
        }
        grown.entries[at] = table->entries[i];
    }
    mfg_free(table->entries);
    *table = grown;
    return MFG_OK;
}

mfg_status
mfg_table_reserve(mfg_table *table, mfg_control *control)
{
    if (table->entries == NULL ||
        2 * (uint64_t)(table->count + 1) > table->mask + 1) {
        return grow(table, control);
    }
    return MFG_OK;
}

void
mfg_table_free(mfg_table *table)
{
    mfg_free(table->entries);
    *table = (mfg_table){0};
}
