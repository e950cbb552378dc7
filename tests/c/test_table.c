/* The hash table: what is filed is found, whatever collides. */
#include "check.h"
#include "columns.h"
#include "suites.h"
#include "table.h"
#include "twins.h"

static void
file(mfg_table *table, uint64_t hash, int64_t index)
{
    uint64_t at;

    EQUAL(MFG_OK, mfg_table_reserve(table, NULL));
    at = mfg_table_start(table, hash);
    while (mfg_table_next(table, hash, &at) >= 0) {
    }
    mfg_table_put(table, hash, at, index);
}

static int
finds(const mfg_table *table, uint64_t hash, int64_t index)
{
    uint64_t at = mfg_table_start(table, hash);
    int64_t found;

    do {
        found = mfg_table_next(table, hash, &at);
    } while (found >= 0 && found != index);
    return found == index;
}

/* Entries that begin at the same place, at the last one too, are all found
 * after any growth. */
static void
test_table_finds_what_collides(void)
{
    mfg_table table = {0};

    for (int64_t i = 0; i < 500; i++) {
        file(&table, ((uint64_t)i << 32) | 0xffff, i);
        for (int64_t j = 0; j <= i; j += 7) {
            CHECK(finds(&table, ((uint64_t)j << 32) | 0xffff, j));
        }
    }
    EQUAL(500, table.count);
    CHECK(!finds(&table, (UINT64_C(500) << 32) | 0xffff, 500));
    CHECK(!finds(&table, 0, 0));
    mfg_table_free(&table);
    CHECK(table.entries == NULL);
}

/* All indices under one and the same hash come, each once. */
static void
test_table_lists_indices_of_equal_hashes(void)
{
    mfg_table table = {0};
    int seen[20] = {0};
    uint64_t at;
    int64_t found;

    for (int64_t i = 0; i < 20; i++) {
        file(&table, 42, i);
        file(&table, 43, 100 + i);
    }
    at = mfg_table_start(&table, 42);
    while ((found = mfg_table_next(&table, 42, &at)) >= 0) {
        CHECK(found < 20);
        seen[found % 20]++;
    }
    for (int i = 0; i < 20; i++) {
        EQUAL(1, seen[i]);
    }
    mfg_table_free(&table);
}

/* The table never holds more than half of its entries, so a search ends. */
static void
test_table_stays_half_empty(void)
{
    mfg_table table = {0};
    uint64_t seed = 1;

    for (int64_t i = 0; i < 3000; i++) {
        file(&table, draw(&seed), i);
        CHECK(2 * (uint64_t)table.count <= table.mask + 1);
    }
    seed = 1;
    for (int64_t i = 0; i < 3000; i++) {
        CHECK(finds(&table, draw(&seed), i));
    }
    mfg_table_free(&table);
}

/* A table that cannot grow says so and keeps what it has. */
static void
test_table_survives_a_failed_growth(void)
{
    mfg_table table = {0};

    mfg_allocations_left = 0;
    EQUAL(MFG_NO_MEMORY, mfg_table_reserve(&table, NULL));
    mfg_allocations_left = -1;
    for (int64_t i = 0; i < 8; i++) {
        file(&table, mfg_mix((uint64_t)i), i);
    }
    mfg_allocations_left = 0;
    EQUAL(MFG_NO_MEMORY, mfg_table_reserve(&table, NULL));
    mfg_allocations_left = -1;
    for (int64_t i = 0; i < 8; i++) {
        CHECK(finds(&table, mfg_mix((uint64_t)i), i));
    }
    mfg_table_free(&table);
}

/* A table that is stopped while it grows keeps what it has, and can grow later.
 */
static void
test_table_asks_while_it_grows(void)
{
    const int64_t n = 1 << 17;
    mfg_table table = {0};
    mfg_status status = MFG_INTERRUPTED;
    int stop_at = 0;

    for (int64_t i = 0; i < n; i++) {
        file(&table, mfg_mix((uint64_t)i), i);
    }
    EQUAL(2 * n - 1, table.mask);
    while (status == MFG_INTERRUPTED) {
        stop_at++;
        asked so_far = {.stop_at = stop_at};
        mfg_control control = {.poll = answer, .context = &so_far};
        status = mfg_table_reserve(&table, &control);
        EQUAL(status == MFG_OK ? stop_at - 1 : stop_at, so_far.times);
        EQUAL(status == MFG_OK ? 4 * n - 1 : 2 * n - 1, table.mask);
        for (int64_t i = 0; i < n; i += 101) {
            CHECK(finds(&table, mfg_mix((uint64_t)i), i));
        }
    }
    EQUAL(MFG_OK, status);
    EQUAL(4, stop_at); /* every 65,536 of 262,144 entries, but the first */
    mfg_table_free(&table);
}

/* Mixing is one-to-one: every one of its steps can be taken back. */
static void
test_table_mixes_one_to_one(void)
{
    const uint64_t first = UINT64_C(0xff51afd7ed558ccd);
    const uint64_t second = UINT64_C(0xc4ceb9fe1a85ec53);
    uint64_t inverse_first = 1;
    uint64_t inverse_second = 1;
    uint64_t seed = 2;

    for (int i = 0; i < 6; i++) { /* Newton: each step doubles the right bits */
        inverse_first *= 2 - first * inverse_first;
        inverse_second *= 2 - second * inverse_second;
    }
    for (int i = 0; i < 1000; i++) {
        uint64_t x = draw(&seed);
        uint64_t y = mfg_mix(x);
        y ^= y >> 33;
        y *= inverse_second;
        y ^= y >> 33;
        y *= inverse_first;
        y ^= y >> 33;
        CHECK(x == y);
    }
}

void
suite_table(void)
{
    RUN(test_table_finds_what_collides);
    RUN(test_table_lists_indices_of_equal_hashes);
    RUN(test_table_stays_half_empty);
    RUN(test_table_survives_a_failed_growth);
    RUN(test_table_asks_while_it_grows);
    RUN(test_table_mixes_one_to_one);
}
