#include "session_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

int set_up(void **state)
{
    struct fixture *f = NEW(struct fixture);
    session_init(&f->s, STR("client01"), 1, 7);
    f->now = 100000;
    *state = f;
    return 0;
}

int tear_down(void **state)
{
    struct fixture *f = *state;
    session_finish(&f->s);
    effects_finish(&f->out);
    free(f);
    return 0;
}

static void on_message(void *arg, const struct msg *m)
{
    struct fixture *f = arg;
    f->messages++;
    f->last = m->type;
}

static void on_refused(void *arg, const struct msg *request, const struct err *why)
{
    struct fixture *f = arg;
    f->refused++;
    f->why = *why;
    if (request->type == MSG_MESSAGE_POST)
        snprintf(f->refused_text, sizeof f->refused_text, "%.*s",
                 STR_ARG(request->message_post.text));
}

static bool on_conflict(void *arg, const struct msg *request, const struct err *why)
{
    struct fixture *f = arg;
    (void)request;
    f->why = *why;
    f->asked += f->asks;
    return f->asks;
}

/* ---- steps ---- */

void hear(struct fixture *f, const char *json)
{
    effects_clear(&f->out);
    session_frame(&f->s, str_of(json), f->now,
                  (struct session_listener){on_message, f, on_refused, on_conflict}, &f->out);
}

void pass(struct fixture *f, int64_t ms)
{
    f->now += ms;
    effects_clear(&f->out);
    session_tick(&f->s, f->now, &f->out);
}

void link_up(struct fixture *f)
{
    session_start(&f->s, f->now, &f->out);
    session_opened(&f->s, f->now, &f->out);
}

void sign_in(struct fixture *f)
{
    link_up(f);
    hear(f, WELCOME);
    assert_int_equal(f->s.state, SESSION_ONLINE);
}

void be_in_room(struct fixture *f)
{
    session_open_room(&f->s, STR("#core"), f->now, &f->out);
    sign_in(f);
    hear(f, SNAPSHOT);
    hear(f, SYNCED);
}

void lose(struct fixture *f, enum err_code code)
{
    struct err why = {.code = code, .text = "gone"};
    effects_clear(&f->out);
    session_lost(&f->s, &why, f->now, &f->out);
}

int64_t post(struct fixture *f, const char *text)
{
    struct msg m = {.type = MSG_MESSAGE_POST};
    struct err e = {0};
    m.request.room = STR("#core");
    m.message_post.text = str_of(text);
    effects_clear(&f->out);
    int64_t id = session_request(&f->s, &m, f->now, &f->out, &e);
    if (!id)
        f->why = e;
    return id;
}

/* ---- what came out ---- */

size_t count_of(const struct fixture *f, enum effect_kind kind)
{
    size_t n = 0;
    vec_each (e, &f->out.items)
        n += e->kind == kind;
    return n;
}

bool sent(const struct fixture *f, const char *part)
{
    vec_each (e, &f->out.items) {
        if (e->kind == EFFECT_SEND && memmem(e->bytes.p, e->bytes.n, part, strlen(part)))
            return true;
    }
    return false;
}

size_t place(const struct fixture *f, enum effect_kind kind)
{
    for (size_t i = 0; i < f->out.items.n; i++) {
        if (f->out.items.v[i].kind == kind)
            return i;
    }
    fail_msg("effect %d is missing", (int)kind);
    return 0;
}
