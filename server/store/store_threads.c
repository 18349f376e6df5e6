/* Two threads around a store. The writer takes all that waits into one group, so while one
 * commit is on its way to the disk the next group forms by itself. Those who were just answered
 * are likely to write again at once: when they and those who wait are more than one, it gathers
 * for a moment until all of them are there, so that they share a commit instead of taking
 * turns. That costs at most half of what the last commit took. Who writes alone never waits.
 *
 * What the index of words takes in nobody waits for: it goes when there is nothing else to
 * write, or when it has waited INDEX_SHARE times as long as it took the last time. */
#include "store_turns.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    GROUP_MAX = 512, /* writes in one transaction: bounds how long the first one waits */
    GATHER_US = 500, /* how long at most a group gathers */
    INDEX_SHARE = 9, /* one part in ten of a writer that has no rest */
};

/* Jobs, oldest at v[first]. */
struct queue {
    VEC(struct store_job *) jobs;
    size_t first;
};

struct store_threads {
    struct store *store;
    void (*wake)(void *arg);
    void *arg;
    pthread_t writer, reader;
    pthread_mutex_t lock; /* for everything below */
    pthread_cond_t write_wanted, read_wanted;
    struct queue writes, reads, done;
    struct queue index; /* writes, behind all others */
    uint64_t index_at;  /* when one of these goes first, in us */
    struct turns pages; /* reads of the past, behind all others */
    size_t hoped; /* writes that the writer is gathering; 0: it takes the first that comes */
    struct store_counts counts;
    bool stopping;
};

static bool is_index(enum store_job_kind k)
{
    return k == JOB_INDEX || k == JOB_INDEX_TEXTS;
}

static size_t queue_n(const struct queue *q)
{
    return q->jobs.n - q->first;
}

static void queue_push(struct queue *q, struct store_job *j)
{
    vec_push(&q->jobs, j);
}

/* Takes at most n jobs off the front into out; says how many. */
static size_t queue_take(struct queue *q, struct store_job **out, size_t n)
{
    n = MIN(n, queue_n(q));
    if (n == 0)
        return 0;
    memcpy(out, q->jobs.v + q->first, n * sizeof(struct store_job *));
    q->first += n;
    if (q->first == q->jobs.n) {
        q->first = q->jobs.n = 0;
    } else if (q->first >= GROUP_MAX && q->first > q->jobs.n / 2) {
        q->jobs.n -= q->first;
        memmove(q->jobs.v, q->jobs.v + q->first, q->jobs.n * sizeof(struct store_job *));
        q->first = 0;
    }
    return n;
}

static void queue_finish(struct queue *q)
{
    struct store_job *j;
    while (queue_take(q, &j, 1))
        store_job_free(j);
    vec_finish(&q->jobs);
}

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static struct timespec in_us(uint64_t us)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += (long)us * 1000;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

/* Called with the lock held and a write waiting. */
static void gather(struct store_threads *t, size_t hoped)
{
    struct timespec until = in_us(MIN(t->counts.last_us / 2, GATHER_US));
    t->hoped = MIN(hoped, GROUP_MAX);
    while (queue_n(&t->writes) < t->hoped && !t->stopping)
        if (pthread_cond_timedwait(&t->write_wanted, &t->lock, &until) != 0)
            break;
    t->hoped = 0;
}

static bool index_goes_first(const struct store_threads *t)
{
    return queue_n(&t->index) && now_us() >= t->index_at;
}

/* The next group, or one job of the index alone; `last` is how many the group before had. 0:
 * the end has come. */
static size_t take_writes(struct store_threads *t, struct store_job **out, size_t last)
{
    pthread_mutex_lock(&t->lock);
    size_t hoped = last + queue_n(&t->writes), n = 0;
    while (queue_n(&t->writes) + queue_n(&t->index) == 0 && !t->stopping)
        pthread_cond_wait(&t->write_wanted, &t->lock);
    if (hoped > 1 && !index_goes_first(t))
        gather(t, hoped);
    if (index_goes_first(t) || queue_n(&t->writes) == 0)
        n = queue_take(&t->index, out, 1);
    if (n == 0)
        n = queue_take(&t->writes, out, GROUP_MAX);
    pthread_mutex_unlock(&t->lock);
    return n;
}

static struct store_job *take_read(struct store_threads *t)
{
    struct store_job *j = NULL;
    pthread_mutex_lock(&t->lock);
    while (!queue_take(&t->reads, &j, 1) && !(j = turns_take(&t->pages)) && !t->stopping)
        pthread_cond_wait(&t->read_wanted, &t->lock);
    pthread_mutex_unlock(&t->lock);
    return j;
}

/* Called with the lock held. */
static void count(struct store_counts *c, struct store_job **jobs, size_t n)
{
    c->waiting -= n;
    for (size_t i = 0; i < n; i++)
        c->failures += jobs[i]->err.code != ERR_NONE;
}

static void count_group(struct store_counts *c, size_t n, uint64_t took)
{
    c->writes += n;
    c->groups++;
    c->last_us = took;
    hist_add(&c->commit, took);
    hist_add(&c->group, 10 * n);
}

static void hand_back(struct store_threads *t, struct store_job **jobs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        queue_push(&t->done, jobs[i]);
}

static void *run_writer(void *arg)
{
    struct store_threads *t = arg;
    struct store_job *group[GROUP_MAX];
    size_t n, last = 0;
    while ((n = take_writes(t, group, last)) > 0) {
        bool indexes = is_index(group[0]->kind);
        uint64_t start = now_us();
        t->store->write(t->store, group, n);
        uint64_t took = now_us() - start;
        pthread_mutex_lock(&t->lock);
        count(&t->counts, group, n);
        t->counts.busy_us += took;
        if (indexes)
            t->index_at = start + took + INDEX_SHARE * took;
        else
            count_group(&t->counts, n, took);
        last = indexes ? 0 : n;
        hand_back(t, group, n);
        pthread_mutex_unlock(&t->lock);
        t->wake(t->arg);
    }
    return NULL;
}

static void *run_reader(void *arg)
{
    struct store_threads *t = arg;
    struct store_job *job;
    while ((job = take_read(t))) {
        t->store->read(t->store, job);
        pthread_mutex_lock(&t->lock);
        bool is_done = !job->unfinished;
        if (is_done) {
            count(&t->counts, &job, 1);
            t->counts.reads++;
            hand_back(t, &job, 1);
        } else {
            turns_push(&t->pages, job);
        }
        pthread_mutex_unlock(&t->lock);
        if (is_done)
            t->wake(t->arg);
    }
    return NULL;
}

static void finish(struct store_threads *t)
{
    queue_finish(&t->writes);
    queue_finish(&t->index);
    queue_finish(&t->reads);
    turns_finish(&t->pages);
    queue_finish(&t->done);
    pthread_cond_destroy(&t->write_wanted);
    pthread_cond_destroy(&t->read_wanted);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

static void end(struct store_threads *t)
{
    pthread_mutex_lock(&t->lock);
    t->stopping = true;
    pthread_cond_signal(&t->write_wanted);
    pthread_cond_signal(&t->read_wanted);
    pthread_mutex_unlock(&t->lock);
}

/* The threads get no signals: those are for the loop. */
static bool start_both(struct store_threads *t)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool writes = pthread_create(&t->writer, NULL, run_writer, t) == 0;
    bool reads = writes && pthread_create(&t->reader, NULL, run_reader, t) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (writes && !reads) {
        end(t);
        pthread_join(t->writer, NULL);
    }
    return reads;
}

struct store_threads *store_threads_start(struct store *s, void (*wake)(void *arg), void *arg)
{
    struct store_threads *t = NEW(struct store_threads);
    t->store = s;
    t->wake = wake;
    t->arg = arg;
    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&t->write_wanted, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_cond_init(&t->read_wanted, NULL);
    if (s->is_instant)
        return t;
    if (!start_both(t)) {
        finish(t);
        return NULL;
    }
    pthread_setname_np(t->writer, "moot-write");
    pthread_setname_np(t->reader, "moot-read");
    return t;
}

static void run_at_once(struct store_threads *t, struct store_job *j)
{
    bool is_write = store_is_write(j->kind);
    if (is_write)
        t->store->write(t->store, &j, 1);
    else
        store_read(t->store, j);
    t->counts.writes += is_write;
    t->counts.groups += is_write;
    t->counts.reads += !is_write;
    t->counts.failures += j->err.code != ERR_NONE;
    queue_push(&t->done, j);
    t->wake(t->arg);
}

/* Whoever looks back in time comes behind those who want to go on working, and has a turn after
 * each of the others who do. */
static bool is_page(const struct store_job *j)
{
    if (j->kind == JOB_TEXT)
        return j->version != INT64_MAX || j->until != 0;
    return j->kind == JOB_HISTORY || j->kind == JOB_ACTIVITY || j->kind == JOB_SEARCH ||
           j->kind == JOB_UNREAD || (j->kind == JOB_EDITS && j->from < 0);
}

static void enqueue(struct store_threads *t, struct store_job *j)
{
    if (store_is_write(j->kind))
        queue_push(is_index(j->kind) ? &t->index : &t->writes, j);
    else if (is_page(j))
        turns_push(&t->pages, j);
    else
        queue_push(&t->reads, j);
}

void store_threads_submit(struct store_threads *t, struct store_job *j)
{
    bool is_write = store_is_write(j->kind);
    if (t->store->is_instant) {
        run_at_once(t, j);
        return;
    }
    pthread_mutex_lock(&t->lock);
    enqueue(t, j);
    t->counts.waiting++;
    if (!is_write)
        pthread_cond_signal(&t->read_wanted);
    else if (queue_n(&t->writes) >= t->hoped) /* no need to wake it for one more to gather */
        pthread_cond_signal(&t->write_wanted);
    pthread_mutex_unlock(&t->lock);
}

struct store_job *store_threads_collect(struct store_threads *t)
{
    struct store_job *j = NULL;
    pthread_mutex_lock(&t->lock);
    queue_take(&t->done, &j, 1);
    pthread_mutex_unlock(&t->lock);
    return j;
}

void store_threads_stop(struct store_threads *t)
{
    if (!t)
        return;
    if (!t->store->is_instant) {
        end(t);
        pthread_join(t->writer, NULL);
        pthread_join(t->reader, NULL);
    }
    finish(t);
}

struct store_counts store_threads_counts(struct store_threads *t)
{
    pthread_mutex_lock(&t->lock);
    struct store_counts c = t->counts;
    pthread_mutex_unlock(&t->lock);
    return c;
}
