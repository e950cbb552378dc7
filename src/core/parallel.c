/* Threads that are started and joined within a call, so that a fork between
 * calls finds none. */
#include "parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#define WAIT_NANOSECONDS                                                       \
    50000000 /* between two polls of a caller that waits                       \
              */

typedef struct crew {
    mfg_task task;
    void *context;
    mfg_control *control; /* the caller's; worker 0 polls through it */
    atomic_int stopped;
    /* How many threads are at work, and the word that one has ended. */
    pthread_mutex_t lock;
    pthread_cond_t ended;
    int n_running;
} crew;

typedef struct part {
    crew *of;
    int worker;
    int64_t start;
    int64_t stop;
    mfg_status status;
    mfg_control control;
    pthread_t thread;
    int started;
} part;

int
mfg_workers(int64_t n_rows, const mfg_control *control)
{
    int64_t most = n_rows / MFG_WORKER_ROWS;

    most = most < control->n_threads ? most : control->n_threads;
    most = most < MFG_MOST_WORKERS ? most : MFG_MOST_WORKERS;
    return most < 1 ? 1 : (int)most;
}

static int
poll_as_caller(void *context)
{
    const part *own = context;
    mfg_control *control = own->of->control;

    if (control->poll != NULL && control->poll(control->context)) {
        atomic_store(&own->of->stopped, 1);
    }
    return atomic_load(&own->of->stopped);
}

static int
poll_as_worker(void *context)
{
    return atomic_load(&((const part *)context)->of->stopped);
}

static void
work(part *own)
{
    own->status = own->of->task(own->of->context, own->worker, own->start,
                                own->stop, &own->control);
    if (own->status != MFG_OK) {
        atomic_store(&own->of->stopped, 1);
    }
}

static void *
work_as_thread(void *argument)
{
    part *own = argument;

    work(own);
    pthread_mutex_lock(&own->of->lock);
    own->of->n_running--;
    pthread_cond_signal(&own->of->ended);
    pthread_mutex_unlock(&own->of->lock);
    return NULL;
}

/* The caller, whose own part is done, asks on whether to go on. */
static void
wait_for_threads(crew *of, part *own)
{
    pthread_mutex_lock(&of->lock);
    while (of->n_running > 0) {
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += WAIT_NANOSECONDS;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (pthread_cond_timedwait(&of->ended, &of->lock, &until) != 0) {
            pthread_mutex_unlock(&of->lock);
            poll_as_caller(own);
            pthread_mutex_lock(&of->lock);
        }
    }
    pthread_mutex_unlock(&of->lock);
}

/* Cuts the rows at whole blocks, which are the same for any number of threads.
 */
static void
cut_rows(crew *of, int64_t n_rows, int n_workers, part *parts)
{
    int64_t n_blocks = (n_rows + MFG_BLOCK - 1) / MFG_BLOCK;

    for (int w = 0; w < n_workers; w++) {
        int64_t stop = n_blocks * (w + 1) / n_workers * MFG_BLOCK;
        parts[w] = (part){
            .of = of,
            .worker = w,
            .start = n_blocks * w / n_workers * MFG_BLOCK,
            .stop = stop < n_rows ? stop : n_rows,
            .control = {.poll = w == 0 ? poll_as_caller : poll_as_worker,
                        .context = &parts[w],
                        .where = -1,
                        .n_threads = 1},
        };
    }
}

/* A thread that cannot be started leaves its part to the caller. */
static void
start_threads(crew *of, part *parts, int n_workers)
{
    for (int w = 1; w < n_workers; w++) {
        parts[w].started = pthread_create(&parts[w].thread, NULL,
                                          work_as_thread, &parts[w]) == 0;
        if (!parts[w].started) {
            parts[w].control.poll = poll_as_caller;
            pthread_mutex_lock(&of->lock);
            of->n_running--;
            pthread_mutex_unlock(&of->lock);
        }
    }
}

/* Runs the task on n_workers threads, the calling one among them. */
static mfg_status
employ(int n_workers, int64_t n_rows, mfg_task task, void *context,
       mfg_control *control)
{
    crew of = {.task = task,
               .context = context,
               .control = control,
               .n_running = n_workers - 1};
    part parts[MFG_MOST_WORKERS];
    mfg_status status = MFG_OK;

    if (n_workers <= 1) {
        return task(context, 0, 0, n_rows, control);
    }
    pthread_mutex_init(&of.lock, NULL);
    pthread_cond_init(&of.ended, NULL);
    cut_rows(&of, n_rows, n_workers, parts);
    start_threads(&of, parts, n_workers);
    for (int w = 0; w < n_workers; w++) {
        if (!parts[w].started) {
            work(&parts[w]);
        }
    }
    wait_for_threads(&of, &parts[0]);
    for (int w = n_workers - 1; w >= 0; w--) {
        if (parts[w].started) {
            pthread_join(parts[w].thread, NULL);
        }
        /* A worker that was only told to stop is not the reason. */
        if (parts[w].status != MFG_OK &&
            (status == MFG_OK || parts[w].status != MFG_INTERRUPTED)) {
            status = parts[w].status;
            control->where = parts[w].control.where;
            control->column = parts[w].control.column;
        }
    }
    pthread_cond_destroy(&of.ended);
    pthread_mutex_destroy(&of.lock);
    return atomic_load(&of.stopped) && status == MFG_OK ? MFG_INTERRUPTED
                                                        : status;
}

mfg_status
mfg_share_out(int64_t n_rows, mfg_task task, void *context,
              mfg_control *control)
{
    return employ(mfg_workers(n_rows, control), n_rows, task, context, control);
}

/* ---- items in turns ---- */

typedef struct rota {
    mfg_turn turn;
    void *context;
    int64_t n_items;
    _Atomic int64_t next;
} rota;

static mfg_status
take_turns(void *context, int worker, int64_t start, int64_t stop,
           mfg_control *control)
{
    rota *of = context;
    mfg_status status = MFG_OK;

    (void)start;
    (void)stop;
    while (status == MFG_OK) {
        int64_t item = atomic_fetch_add(&of->next, 1);
        if (item >= of->n_items) {
            break;
        }
        status = of->turn(of->context, worker, item, control);
        if (status == MFG_OK && control->poll != NULL &&
            control->poll(control->context)) {
            status = MFG_INTERRUPTED;
        }
    }
    return status;
}

mfg_status
mfg_take_turns(int64_t n_items, int n_workers, mfg_turn turn, void *context,
               mfg_control *control)
{
    rota of = {.turn = turn, .context = context, .n_items = n_items};

    return employ(n_workers, 0, take_turns, &of, control);
}
