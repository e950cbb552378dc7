/* Rows shared out to threads that live for one call. */
#ifndef MFG_PARALLEL_H
#define MFG_PARALLEL_H

#include "mfg.h"

/* A worker gets at least so many rows: to start and join a thread costs about
 * 40 us, as much as 10,000 rows; with fewer than ten times that a worker's own
 * groups and their merge are not paid back. */
#define MFG_WORKER_ROWS 100000
#define MFG_MOST_WORKERS 64

/* One worker's part: rows start ... stop - 1. */
typedef mfg_status (*mfg_task)(void *context, int worker, int64_t start,
                               int64_t stop, mfg_control *control);

/* How many workers n_rows are shared out to. */
int mfg_workers(int64_t n_rows, const mfg_control *control);

/* Calls the task for each worker with consecutive ranges, worker 0 on the
 * calling thread, which alone polls; the others see that they have to stop.
 * All have ended when this returns: the first status that is not MFG_OK, in
 * order of workers. Where no thread can be started, the caller does its part.
 */
mfg_status mfg_share_out(int64_t n_rows, mfg_task task, void *context,
                         mfg_control *control);

/* One of several things to do; they are taken in turns. A turn that may be long
 * asks whether to go on, as is asked after each. */
typedef mfg_status (*mfg_turn)(void *context, int worker, int64_t item,
                               mfg_control *control);

/* Calls the turn for items 0 ... n_items - 1, each once, on up to n_workers
 * threads; who is done takes the next. */
mfg_status mfg_take_turns(int64_t n_items, int n_workers, mfg_turn turn,
                          void *context, mfg_control *control);

#endif
