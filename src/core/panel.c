/* Growth in a panel whose entities and periods are small numbers: a slot for
 * each of both, the periods of an entity side by side in one line of the cache.
 *
 * Measured, 10 M records of 2 M entities in 5 years, shuffled, two threads: 240
 * ms against 4,800 through the hash table (growth.c), which serves the rest.
 */
#include "panel.h"
#include "ids.h"
#include "parallel.h"
#include "pass.h"

/* Slots are few enough: a period in two of an entity may well be empty, and
 * ranges are rounded up to powers of two. */
#define MOST_SLOTS_A_ROW 8
#define AHEAD 24 /* records between asking for a slot and using it */
#define LINE 64

/* What slots hold is turned by this, so that memory that comes as zeros is of
 * empty slots. A value that would look empty, or missing, has no slot: the
 * panel is given up, which happens once in 2^63 values. */
#define TURN UINT64_C(0x8080808080808080)
#define MISSING UINT64_C(1)

typedef struct panel {
    mfg_grouper *packing;
    const mfg_column *keys;
    const mfg_column *column;
    mfg_wide wide;
    int64_t lag;
    uint64_t *slots;
    int64_t n_slots;
    double *rates;
    int64_t filed[MFG_MOST_WORKERS]; /* records in slots */
    int64_t used[MFG_MOST_WORKERS];  /* slots in use */
    int refused[MFG_MOST_WORKERS];   /* a value that has no slot was met */
} panel;

/* What a worker needs for a block of records. */
typedef struct sheet {
    mfg_grouper *view;
    uint64_t ids[MFG_BLOCK];
    uint8_t kept[MFG_BLOCK]; /* no key is missing */
    mfg_block block;
} sheet;

static mfg_status
load_sheet(const panel *of, sheet *own, int64_t start, int32_t n,
           mfg_control *control)
{
    mfg_status status =
        mfg_grouper_load(own->view, of->keys, start, n, control);

    if (status != MFG_OK) {
        return status;
    }
    mfg_ids_of_block(own->view, n, own->ids);
    for (int32_t i = 0; i < n; i++) {
        /* Out of range: keys that changed since they were measured. */
        int is_out = own->ids[i] >= (uint64_t)of->n_slots;
        own->ids[i] = is_out ? 0 : own->ids[i];
        own->kept[i] = !is_out && !mfg_is_dropped(own->view, i);
    }
    mfg_load(of->column, start, n, &own->block);
    return MFG_OK;
}

/* Returns whether every value has a slot. */
static int
file_sheet(const panel *of, const sheet *own, int32_t n, int64_t *filed)
{
    int refused = 0;

    for (int32_t i = 0; i < n; i++) {
        uint64_t turned = own->block.values[i].uint64 ^ TURN;
        if (i + AHEAD < n) {
            __builtin_prefetch(&of->slots[own->ids[i + AHEAD]], 1);
        }
        if (!own->kept[i]) {
            continue;
        }
        if (mfg_is_missing(&own->block, i, of->wide)) {
            turned = MISSING;
        }
        else {
            refused |= turned <= MISSING;
        }
        /* Two workers meet in a slot only where a record is a duplicate. */
        __atomic_store_n(&of->slots[own->ids[i]], turned, __ATOMIC_RELAXED);
        *filed += 1;
    }
    return !refused;
}

/* The period is the last key, whose code stands in the lowest bits. */
static void
rate_sheet(const panel *of, const sheet *own, int64_t start, int32_t n)
{
    int period_bits = of->packing->keys[of->packing->n_keys - 1].bits;
    uint64_t periods = (UINT64_C(1) << period_bits) - 1;
    uint64_t lag = (uint64_t)of->lag;

    for (int32_t i = 0; i < n; i++) {
        uint64_t turned = 0;
        if (i + AHEAD < n) {
            __builtin_prefetch(&of->slots[own->ids[i + AHEAD]]);
        }
        if (own->kept[i] && (own->ids[i] & periods) >= lag) {
            turned = of->slots[own->ids[i] - lag];
        }
        mfg_word base = {.uint64 = turned ^ TURN};
        of->rates[start + i] =
            turned <= MISSING || mfg_is_missing(&own->block, i, of->wide)
                ? NAN
                : mfg_rate(own->block.values[i], base, of->wide);
    }
}

static mfg_status
read_part(panel *of, int is_filing, int worker, int64_t start, int64_t stop,
          mfg_control *control)
{
    sheet *own = mfg_alloc(1, sizeof *own);
    mfg_status status = MFG_NO_MEMORY;
    int64_t filed = 0;
    int refused = 0;

    if (own != NULL) {
        status = mfg_grouper_view(of->packing, &own->view);
    }
    for (int64_t row = start; row < stop && status == MFG_OK && !refused;
         row += MFG_BLOCK) {
        int64_t left = stop - row;
        int32_t n = (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK);
        status = load_sheet(of, own, row, n, control);
        if (status != MFG_OK) {
            break;
        }
        if (is_filing) {
            refused = !file_sheet(of, own, n, &filed);
        }
        else {
            rate_sheet(of, own, row, n);
        }
        status = mfg_poll(control, row - start);
    }
    of->filed[worker] += filed;
    of->refused[worker] = refused;
    if (own != NULL) {
        mfg_grouper_free(own->view);
    }
    mfg_free(own);
    return status;
}

static mfg_status
file_part(void *context, int worker, int64_t start, int64_t stop,
          mfg_control *control)
{
    return read_part(context, 1, worker, start, stop, control);
}

static mfg_status
rate_part(void *context, int worker, int64_t start, int64_t stop,
          mfg_control *control)
{
    return read_part(context, 0, worker, start, stop, control);
}

static mfg_status
count_part(void *context, int worker, int64_t start, int64_t stop,
           mfg_control *control)
{
    panel *of = context;
    int64_t used = 0;

    (void)control;
    for (int64_t i = start; i < stop; i++) {
        used += of->slots[i] != 0;
    }
    of->used[worker] = used;
    return MFG_OK;
}

/* As many slots are in use as records were filed: none holds two. */
static int
is_sound(const panel *of)
{
    int64_t filed = 0;
    int64_t used = 0;
    int refused = 0;

    for (int w = 0; w < MFG_MOST_WORKERS; w++) {
        filed += of->filed[w];
        used += of->used[w];
        refused |= of->refused[w];
    }
    return filed == used && !refused;
}

static mfg_status
read_panel(panel *of, int64_t n_rows, int *done, mfg_control *control)
{
    mfg_status status = mfg_share_out(n_rows, file_part, of, control);

    if (status == MFG_OK) {
        status = mfg_share_out(of->n_slots, count_part, of, control);
    }
    if (status == MFG_OK && is_sound(of)) {
        *done = 1;
        status = mfg_share_out(n_rows, rate_part, of, control);
    }
    return status;
}

mfg_status
mfg_panel_rates(const mfg_column *keys, int n_keys, const mfg_column *column,
                int64_t lag, int64_t n_rows, double *rates, int *done,
                mfg_control *control)
{
    panel of = {.keys = keys,
                .column = column,
                .wide = mfg_widened(column->kind),
                .lag = lag,
                .rates = rates};
    int n_bits = 0;
    uint64_t *memory;
    mfg_status status;

    *done = 0;
    for (int k = 0; k < n_keys; k++) {
        if (mfg_widened(keys[k].kind) == MFG_AS_TEXT) {
            return MFG_OK;
        }
    }
    status = mfg_grouper_new(keys, n_keys, n_rows, &of.packing);
    if (status == MFG_OK) {
        status = mfg_ids_measure(of.packing, keys, n_rows, &n_bits, control);
    }
    of.n_slots = n_bits < 62 ? INT64_C(1) << n_bits : INT64_MAX;
    if (status == MFG_OK && of.n_slots / MOST_SLOTS_A_ROW <= n_rows) {
        memory = mfg_alloc_zeros((size_t)of.n_slots + LINE / 8, 8);
        status = memory == NULL ? MFG_NO_MEMORY : MFG_OK;
        of.slots = memory + (LINE - (uintptr_t)memory % LINE) % LINE / 8;
        if (status == MFG_OK) {
            status = read_panel(&of, n_rows, done, control);
        }
        mfg_free(memory);
    }
    mfg_grouper_free(of.packing);
    return status;
}
