#include "store_kit.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SOON_S = 30 };

/* What the loop of a server does with wake(): note it, and sleep until then. A gate in the
 * store holds the writing thread where a test wants it. */
struct loop {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t wakes;
};

static void on_wake(void *arg)
{
    struct loop *l = arg;
    pthread_mutex_lock(&l->lock);
    l->wakes++;
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
}

/* The next job that is done; fails the test when none comes. */
/* The store in memory, run by threads as one that waits for a disk. */
static struct store *threaded_store(void)
{
    struct store *s = store_mem_new();
    s->is_instant = false;
    return s;
}

static struct store_job *await(struct loop *l, struct store_threads *t)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += SOON_S;
    for (;;) {
        pthread_mutex_lock(&l->lock);
        uint64_t seen = l->wakes;
        pthread_mutex_unlock(&l->lock);
        struct store_job *j = store_threads_collect(t);
        if (j)
            return j;
        pthread_mutex_lock(&l->lock);
        int rc = 0;
        while (l->wakes == seen && rc != ETIMEDOUT)
            rc = pthread_cond_timedwait(&l->changed, &l->lock, &end);
        pthread_mutex_unlock(&l->lock);
        if (rc == ETIMEDOUT)
            fail_msg("nothing was done within %d s", SOON_S);
    }
}

/* A store in front of another whose writes, or reads too, wait until the gate is open. */
struct gate {
    struct store base;
    struct store *inner;
    struct loop *loop;
    bool holds_reads;
    bool open, reached; /* under the loop's lock */
    size_t largest;     /* group */
};

static void gate_pass(struct gate *g, size_t n)
{
    pthread_mutex_lock(&g->loop->lock);
    g->reached = true;
    g->largest = MAX(g->largest, n);
    pthread_cond_broadcast(&g->loop->changed);
    while (!g->open)
        pthread_cond_wait(&g->loop->changed, &g->loop->lock);
    pthread_mutex_unlock(&g->loop->lock);
}

static void gate_write(struct store *s, struct store_job **jobs, size_t n)
{
    struct gate *g = (struct gate *)s;
    gate_pass(g, n);
    g->inner->write(g->inner, jobs, n);
}

static void gate_read(struct store *s, struct store_job *j)
{
    struct gate *g = (struct gate *)s;
    if (g->holds_reads)
        gate_pass(g, 1);
    if (j->kind == JOB_SEARCH)
        j->unfinished = ++j->done < 3;
    else
        g->inner->read(g->inner, j);
}

static void gate_open(struct gate *g)
{
    pthread_mutex_lock(&g->loop->lock);
    g->open = true;
    pthread_cond_broadcast(&g->loop->changed);
    pthread_mutex_unlock(&g->loop->lock);
}

static void gate_await(struct gate *g)
{
    pthread_mutex_lock(&g->loop->lock);
    while (!g->reached)
        pthread_cond_wait(&g->loop->changed, &g->loop->lock);
    pthread_mutex_unlock(&g->loop->lock);
}

static void loop_init(struct loop *l)
{
    *l = (struct loop){0};
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->changed, NULL);
}

static void loop_finish(struct loop *l)
{
    pthread_cond_destroy(&l->changed);
    pthread_mutex_destroy(&l->lock);
}

/* Threads around a gate before a store in memory. */
static struct store_threads *gate_start(struct gate *g, struct loop *l)
{
    loop_init(l);
    g->base = (struct store){.write = gate_write, .read = gate_read};
    g->inner = store_mem_new();
    g->loop = l;
    return store_threads_start(&g->base, on_wake, l);
}

static void gate_stop(struct gate *g, struct store_threads *t)
{
    store_threads_stop(t);
    g->inner->close(g->inner);
    loop_finish(g->loop);
}

static void writes_come_back_done_and_in_order(void **state)
{
    (void)state;
    enum { N = 5000 };
    struct loop l;
    loop_init(&l);
    struct store *s = threaded_store();
    struct store_threads *t = store_threads_start(s, on_wake, &l);
    store_threads_submit(t, kit_room("#a", 1));
    for (int64_t seq = 2; seq <= N; seq++)
        store_threads_submit(t, kit_message("#a", seq, seq, "x"));
    for (int64_t seq = 1; seq <= N; seq++) {
        struct store_job *j = await(&l, t);
        assert_int_equal(j->err.code, ERR_NONE);
        assert_int_equal(j->seq, seq);
        store_job_free(j);
    }
    struct store_counts c = store_threads_counts(t);
    assert_int_equal(c.writes, N);
    assert_int_equal(c.waiting, 0);
    assert_int_equal(c.failures, 0);
    assert_true(c.groups >= 1 && c.groups <= N);
    store_threads_stop(t);
    assert_int_equal(kit_newest(s, "#a"), N);
    s->close(s);
    loop_finish(&l);
}

static void all_that_waits_leaves_in_bounded_groups(void **state)
{
    (void)state;
    enum { N = 2000 };
    struct loop l;
    struct gate g = {0};
    struct store_threads *t = gate_start(&g, &l);
    store_threads_submit(t, kit_room("#a", 1));
    gate_await(&g);
    for (int64_t seq = 2; seq <= N; seq++)
        store_threads_submit(t, kit_message("#a", seq, seq, "x"));
    assert_int_equal(store_threads_counts(t).waiting, N);
    gate_open(&g);
    for (int64_t seq = 1; seq <= N; seq++)
        store_job_free(await(&l, t));
    assert_int_equal(g.largest, 512);
    assert_int_equal(store_threads_counts(t).groups, 1 + (N - 1 + 511) / 512);
    gate_stop(&g, t);
}

static void reads_do_not_wait_for_writes(void **state)
{
    (void)state;
    struct loop l;
    struct gate g = {0};
    struct store_threads *t = gate_start(&g, &l);
    store_threads_submit(t, kit_room("#a", 1));
    gate_await(&g);
    store_threads_submit(t, store_job_new(JOB_TOKENS));
    struct store_job *j = await(&l, t);
    assert_int_equal(j->kind, JOB_TOKENS);
    store_job_free(j);
    gate_open(&g);
    j = await(&l, t);
    assert_int_equal(j->kind, JOB_APPEND);
    store_job_free(j);
    gate_stop(&g, t);
}

/* Who looks back in time waits for those who want to go on working, not they for him. */
static void reads_of_the_past_come_behind_all_others(void **state)
{
    enum { PAGES = 50 };
    (void)state;
    struct loop l;
    struct gate g = {.holds_reads = true};
    struct store_threads *t = gate_start(&g, &l);
    for (int i = 0; i < PAGES; i++)
        store_threads_submit(t, kit_read(JOB_HISTORY, "#a", 1, 1));
    gate_await(&g); /* the first page is being read */
    struct store_job *past[] = {kit_text("#a", 1, 7, 0), kit_text("#a", 1, INT64_MAX, 7),
                                kit_edits("#a", 1, -7, 1)};
    struct store_job *now[] = {kit_lookup("ana", 1), kit_read(JOB_EVENTS, "#a", 0, 1),
                               kit_text("#a", 1, INT64_MAX, 0), kit_edits("#a", 1, 7, 1)};
    for (size_t i = 0; i < COUNT_OF(past); i++)
        store_threads_submit(t, past[i]);
    for (size_t i = 0; i < COUNT_OF(now); i++)
        store_threads_submit(t, now[i]);
    gate_open(&g);
    for (size_t i = 0; i < PAGES + COUNT_OF(past) + COUNT_OF(now); i++) {
        struct store_job *j = await(&l, t);
        if (i >= 1 && i <= COUNT_OF(now))
            assert_ptr_equal(j, now[i - 1]);
        else if (i >= PAGES + COUNT_OF(now))
            assert_ptr_equal(j, past[i - PAGES - COUNT_OF(now)]);
        else
            assert_int_equal(j->kind, JOB_HISTORY);
        store_job_free(j);
    }
    gate_stop(&g, t);
}

/* Who asks for a lot waits for it, and not the others. */
static void who_asks_for_much_holds_nobody_else_up(void **state)
{
    enum { MANY = 50 };
    (void)state;
    struct loop l;
    struct gate g = {.holds_reads = true};
    struct store_threads *t = gate_start(&g, &l);
    struct store_job *asked[MANY + 3];
    static const uint64_t askers[] = {2, 3, 2};
    for (int i = 0; i < MANY + 3; i++) {
        asked[i] = kit_read(JOB_HISTORY, "#a", 1, 1);
        asked[i]->asker = i < MANY ? 1 : askers[i - MANY];
        store_threads_submit(t, asked[i]);
        if (i == 0)
            gate_await(&g);
    }
    gate_open(&g);
    static const int order[] = {0, 1, MANY, MANY + 1, 2, MANY + 2, 3, 4};
    for (size_t i = 0; i < MANY + 3; i++) {
        struct store_job *j = await(&l, t);
        if (i < COUNT_OF(order))
            assert_ptr_equal(j, asked[order[i]]);
        store_job_free(j);
    }
    gate_stop(&g, t);
}

static void what_is_read_in_parts_lets_others_in_between(void **state)
{
    (void)state;
    struct loop l;
    struct gate g = {.holds_reads = true};
    struct store_threads *t = gate_start(&g, &l);
    struct store_job *asked[] = {store_job_new(JOB_SEARCH), kit_read(JOB_HISTORY, "#a", 1, 1),
                                 kit_read(JOB_EVENTS, "#a", 0, 1)};
    static const int order[] = {2, 1, 0};
    asked[0]->asker = 1;
    asked[1]->asker = 2;
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        store_threads_submit(t, asked[i]);
        gate_await(&g); /* the first part of the search is being read */
    }
    gate_open(&g);
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        struct store_job *j = await(&l, t);
        assert_ptr_equal(j, asked[order[i]]);
        assert_int_equal(j->done, j->kind == JOB_SEARCH ? 3 : 0);
        store_job_free(j);
    }
    assert_int_equal(store_threads_counts(t).reads, COUNT_OF(asked));
    gate_stop(&g, t);
}

/* Nobody waits for the index of words: who writes goes first. */
static void index_comes_behind_what_is_written(void **state)
{
    enum { N = 2000, GROUP = 512 };
    (void)state;
    struct loop l;
    struct gate g = {0};
    struct store_threads *t = gate_start(&g, &l);
    store_threads_submit(t, store_job_new(JOB_INDEX));
    gate_await(&g);
    store_threads_submit(t, store_job_new(JOB_INDEX_TEXTS));
    store_threads_submit(t, kit_room("#a", 1));
    for (int64_t seq = 2; seq <= N; seq++)
        store_threads_submit(t, kit_message("#a", seq, seq, "x"));
    gate_open(&g);
    for (int64_t i = 0; i < N + 2; i++) {
        struct store_job *j = await(&l, t);
        if (i <= GROUP)
            assert_int_equal(j->kind, i == 0 ? JOB_INDEX : JOB_APPEND);
        store_job_free(j);
    }
    assert_int_equal(store_threads_counts(t).writes, N);
    gate_stop(&g, t);
}

/* A store in whose writes the next write is asked for. */
struct busy {
    struct store base;
    struct store *inner;
    struct store_threads *threads;
    struct loop *loop;
    int64_t seq;
    bool is_over; /* under the loop's lock */
};

static void busy_write(struct store *s, struct store_job **jobs, size_t n)
{
    struct busy *b = (struct busy *)s;
    pthread_mutex_lock(&b->loop->lock);
    bool is_over = b->is_over;
    pthread_mutex_unlock(&b->loop->lock);
    if (!is_over) {
        store_threads_submit(b->threads, kit_message("#a", b->seq + 1, b->seq + 1, "x"));
        b->seq++;
    }
    b->inner->write(b->inner, jobs, n);
}

/* But it does go, also while there is always something to write. */
static void index_has_its_share_of_a_writer_without_rest(void **state)
{
    (void)state;
    struct loop l;
    loop_init(&l);
    struct busy b = {.base.write = busy_write, .inner = store_mem_new(), .loop = &l, .seq = 1};
    b.threads = store_threads_start(&b.base, on_wake, &l);
    struct timespec end, now;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += SOON_S;
    store_threads_submit(b.threads, kit_room("#a", 1));
    for (int left = 3; left > 0;) {
        struct store_job *j = await(&l, b.threads);
        if (j->kind == JOB_INDEX)
            left--;
        if (j->kind == JOB_INDEX || j->seq == 1)
            store_threads_submit(b.threads, store_job_new(JOB_INDEX));
        store_job_free(j);
        clock_gettime(CLOCK_MONOTONIC, &now);
        assert_true(now.tv_sec < end.tv_sec);
    }
    pthread_mutex_lock(&l.lock);
    b.is_over = true;
    pthread_mutex_unlock(&l.lock);
    store_threads_stop(b.threads);
    b.inner->close(b.inner);
    loop_finish(&l);
}

static void an_instant_store_has_answered_when_submit_returns(void **state)
{
    (void)state;
    struct loop l;
    loop_init(&l);
    struct store *s = store_mem_new();
    struct store_threads *t = store_threads_start(s, on_wake, &l);
    store_threads_submit(t, kit_room("#a", 1));
    store_threads_submit(t, kit_read(JOB_ROOM, "#a", 0, 0));
    for (int i = 0; i < 2; i++) {
        struct store_job *j = store_threads_collect(t);
        assert_non_null(j);
        assert_int_equal(j->err.code, ERR_NONE);
        store_job_free(j);
    }
    assert_null(store_threads_collect(t));
    assert_int_equal(store_threads_counts(t).writes, 1);
    store_threads_stop(t);
    s->close(s);
    loop_finish(&l);
}

static void failures_are_counted_and_handed_back(void **state)
{
    (void)state;
    struct loop l;
    loop_init(&l);
    struct store *s = threaded_store();
    struct store_threads *t = store_threads_start(s, on_wake, &l);
    store_threads_submit(t, kit_message("#none", 7, 1, "x"));
    store_threads_submit(t, kit_read(JOB_ROOM, "#none", 0, 0));
    for (int i = 0; i < 2; i++) {
        struct store_job *j = await(&l, t);
        assert_int_not_equal(j->err.code, ERR_NONE);
        store_job_free(j);
    }
    assert_int_equal(store_threads_counts(t).failures, 2);
    store_threads_stop(t);
    s->close(s);
    loop_finish(&l);
}

static void stopping_finishes_what_was_submitted(void **state)
{
    (void)state;
    struct loop l;
    loop_init(&l);
    struct store *s = threaded_store();
    struct store_threads *t = store_threads_start(s, on_wake, &l);
    store_threads_submit(t, kit_room("#a", 1));
    for (int64_t seq = 2; seq <= 1500; seq++) {
        store_threads_submit(t, kit_message("#a", seq, seq, "x"));
        if (seq % 100 == 0)
            store_threads_submit(t, store_job_new(JOB_TOKENS));
    }
    store_threads_stop(t);
    store_threads_stop(NULL);
    assert_int_equal(kit_newest(s, "#a"), 1500);
    s->close(s);
    loop_finish(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_in_parts_lets_others_in_between),
        cmocka_unit_test(writes_come_back_done_and_in_order),
        cmocka_unit_test(all_that_waits_leaves_in_bounded_groups),
        cmocka_unit_test(reads_do_not_wait_for_writes),
        cmocka_unit_test(reads_of_the_past_come_behind_all_others),
        cmocka_unit_test(who_asks_for_much_holds_nobody_else_up),
        cmocka_unit_test(index_comes_behind_what_is_written),
        cmocka_unit_test(index_has_its_share_of_a_writer_without_rest),
        cmocka_unit_test(an_instant_store_has_answered_when_submit_returns),
        cmocka_unit_test(failures_are_counted_and_handed_back),
        cmocka_unit_test(stopping_finishes_what_was_submitted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
