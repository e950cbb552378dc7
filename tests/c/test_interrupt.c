/* Interruption: every operation asks now and then, and stops when told to. */
#include "check.h"
#include "columns.h"
#include "mfg.h"
#include "operations.h"
#include "suites.h"

#define MOST_QUESTIONS 1000
#define N (MFG_POLL_ROWS + 3 * MFG_BLOCK)

/* One group of one value, and a panel of two periods. */
static void
fill_inputs(inputs *from, int32_t *entities, int8_t *periods)
{
    static const int32_t key = 7;
    static const double value = 1.5;

    for (int64_t i = 0; i < N; i++) {
        entities[i] = (int32_t)(i / 2);
        periods[i] = (int8_t)(i % 2);
    }
    *from = (inputs){
        .n_rows = N,
        .n_keys = 1,
        .keys = {repeated(MFG_INT32, &key)},
        .panel = {dense(MFG_INT32, entities), dense(MFG_INT8, periods)},
        .n_values = 1,
        .values = {repeated(MFG_FLOAT64, &value)},
    };
}

/* Whichever question is answered by stop, the operation returns
 * MFG_INTERRUPTED and asks no more; with none it completes. */
static void
test_interrupt_stops_every_operation(void)
{
    inputs from;
    int32_t *entities = mfg_alloc(N, sizeof *entities);
    int8_t *periods = mfg_alloc(N, sizeof *periods);

    fill_inputs(&from, entities, periods);
    for (int o = 0; o < N_OPERATIONS; o++) {
        mfg_status status = MFG_INTERRUPTED;
        for (int stop_at = 1; status != MFG_OK && stop_at < MOST_QUESTIONS;
             stop_at += 1 + stop_at / 8) {
            asked so_far = {.stop_at = stop_at};
            mfg_control control = {.poll = answer, .context = &so_far};
            status = operations[o].run(&from, &control);
            CHECK(status == MFG_OK || status == MFG_INTERRUPTED);
            CHECK(status == MFG_OK ? so_far.times < stop_at
                                   : so_far.times == stop_at);
            CHECK(stop_at > 1 ||
                  (status == MFG_INTERRUPTED) == (operations[o].polls > 0));
        }
        EQUAL(MFG_OK, status);
    }
    mfg_free(entities);
    mfg_free(periods);
}

/* Few records are not worth a question, but that between groups. */
static void
test_interrupt_does_not_ask_for_few_records(void)
{
    inputs from;
    int32_t *entities = mfg_alloc(N, sizeof *entities);
    int8_t *periods = mfg_alloc(N, sizeof *periods);

    fill_inputs(&from, entities, periods);
    from.n_rows = 5000;
    for (int o = 0; o < N_OPERATIONS; o++) {
        asked so_far = {.stop_at = 1};
        mfg_control control = {.poll = answer, .context = &so_far};
        int asks = operations[o].polls > 1;
        EQUAL(asks ? MFG_INTERRUPTED : MFG_OK,
              operations[o].run(&from, &control));
        EQUAL(asks, so_far.times);
    }
    mfg_free(entities);
    mfg_free(periods);
}

void
suite_interrupt(void)
{
    RUN(test_interrupt_stops_every_operation);
    RUN(test_interrupt_does_not_ask_for_few_records);
}
