/* What the tests of the tour do again and again. */
#ifndef MOOT_TEST_TOUR_KIT_H
#define MOOT_TEST_TOUR_KIT_H

#include "screen_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum {
    YOUR_TURN = 2,
    CONFLICT = 3,
    NOTE = 5,
    CUT = 6,
    MORE = 7,
    NARROW = 78,
    CAPTION_ROWS = 2,
    WATCH_MOST = 2400, /* steps */
    STEP = 50,         /* ms */
    BEGUN = 2500, /* ms behind the countdown: the first key was typed, and not a second one */
    TYPED = 9000, /* ms: the longest keys were */
};

static inline void start(struct screen_kit *k, int width, int height)
{
    kit_init_full(k, width, height);
    k->model.tour = (struct tour){.on = true, .home = "#core"};
    kit_forget(k);
    kit_tick(k, 10);
}

static inline void go_to(struct screen_kit *k, size_t chapter)
{
    while (k->model.tour.chapter < chapter)
        kit_keys(k, "F8");
    kit_forget(k);
}

/* Time as a screen that is open sees it: often. */
static inline void watch(struct screen_kit *k, int64_t ms)
{
    for (; ms > 0; ms -= STEP) {
        kit_tick(k, STEP);
        if (k->now / 1000 != (k->now - STEP) / 1000)
            kit_frame(k, "{'type':'sign.of.life'}");
    }
}

/* What never comes is a failure, not a test without end. */
#define WATCH_UNTIL(k, is_so)                                                                  \
    for (int left = WATCH_MOST; !(is_so); left--) {                                            \
        if (left == 0)                                                                         \
            fail_msg("never: %s", #is_so);                                                     \
        watch(k, STEP);                                                                        \
    }

/* How often this was cued since kit_forget(). */
static inline int cued(const struct screen_kit *k, enum tour_deed deed)
{
    int n = 0;
    vec_each (e, &k->out.items) {
        struct tour_cue cue;
        if (e->kind != EFFECT_CUE)
            continue;
        assert_true(e->bytes.n && e->bytes.p[e->bytes.n - 1] == '\n');
        assert_true(tour_cue_read((struct str){e->bytes.p, e->bytes.n - 1}, &cue));
        n += tour_cue_beat(&cue)->deed == deed;
    }
    return n;
}

/* ana, whose screen it is, moved card 42, and the server says so. */
static inline void own_move(struct screen_kit *k)
{
    kit_frame(
        k,
        "{'type':'task.moved','room':'#core','seq':%d,'time':1,'author':'ana','client':'%s',"
        "'id':%lld,'task':42,'column':'Doing','key':'M'}",
        ++k->seq, k->model.session.client, 900LL);
}

#endif
