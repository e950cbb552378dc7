/* Growth of the hash table. */
#include "table.h"

static mfg_status
grow(mfg_table *table)
{
    uint64_t size = table->entries == NULL ? 16 : 2 * (table->mask + 1);
    mfg_table grown = {.mask = size - 1, .count = table->count};

    grown.entries = mfg_alloc_zeros(size, sizeof *grown.entries);
    if (grown.entries == NULL) {
        return MFG_NO_MEMORY;
    }
    for (uint64_t i = 0; table->entries != NULL && i <= table->mask; i++) {
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
mfg_table_reserve(mfg_table *table)
{
    if (table->entries == NULL ||
        2 * (uint64_t)(table->count + 1) > table->mask + 1) {
        return grow(table);
    }
    return MFG_OK;
}

void
mfg_table_free(mfg_table *table)
{
    mfg_free(table->entries);
    *table = (mfg_table){0};
}
