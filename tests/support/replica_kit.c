#include "replica_kit.h"

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
    f->r = replica_new(STR("#core"));
    memcpy(f->r->user, "ana", 4);
    f->r->role = ROLE_MEMBER;
    *state = f;
    return 0;
}

int tear_down(void **state)
{
    struct fixture *f = *state;
    struct err e = {0};
    bool ok = replica_check(f->r, &e);
    if (!ok)
        print_error("%s\n", e.text);
    replica_free(f->r);
    free(f);
    return ok ? 0 : -1;
}

/* ---- what the server says ---- */

bool apply(struct fixture *f, struct msg *m, struct err *e)
{
    return replica_apply(f->r, m, OWN, 1000, e);
}

void must_apply(struct fixture *f, struct msg *m)
{
    struct err e = {0};
    if (!apply(f, m, &e))
        fail_msg("%s", e.text);
}

struct msg event(struct fixture *f, enum msg_type type, int64_t own_id)
{
    struct msg m = {.type = type};
    m.event = (struct event_head){.room = STR("#core"),
                                  .seq = ++f->seq,
                                  .time = 5000 + f->seq,
                                  .author = own_id ? STR("ana") : STR("ben"),
                                  .client = own_id ? OWN : STR("otherone"),
                                  .id = own_id ? own_id : f->seq};
    return m;
}

void created(struct fixture *f)
{
    struct column_item columns[] = {
        {.name = STR("Todo")}, {.name = STR("Doing")}, {.name = STR("Done")}};
    struct msg m = event(f, MSG_ROOM_CREATED, 0);
    m.room_created.columns.v = columns;
    m.room_created.columns.n = COUNT_OF(columns);
    must_apply(f, &m);
}

void added(struct fixture *f, int64_t number, const char *title, const char *key,
           int64_t own_id)
{
    struct msg m = event(f, MSG_TASK_ADDED, own_id);
    m.task_added.task = number;
    m.task_added.title = str_of(title);
    m.task_added.column = STR("Todo");
    m.task_added.key = str_of(key);
    must_apply(f, &m);
}

void said(struct fixture *f, const char *text, int64_t own_id)
{
    struct msg m = event(f, MSG_MESSAGE, own_id);
    m.message.text = str_of(text);
    must_apply(f, &m);
}

/* ---- what we ask for ---- */

struct msg request(struct fixture *f, enum msg_type type)
{
    struct msg m = {.type = type};
    m.request.id = ++f->id;
    m.request.room = STR("#core");
    return m;
}

int64_t ask(struct fixture *f, struct msg *m)
{
    struct err e = {0};
    if (!replica_request(f->r, m, 2000, &e))
        fail_msg("%s", e.text);
    return m->request.id;
}

int64_t ask_add(struct fixture *f, const char *title, int64_t after)
{
    struct msg m = request(f, MSG_TASK_ADD);
    m.task_add.title = str_of(title);
    m.task_add.after = after;
    return ask(f, &m);
}

int64_t ask_edit(struct fixture *f, int64_t task, const char *title)
{
    struct msg m = request(f, MSG_TASK_EDIT);
    m.task_edit.task = task;
    m.task_edit.title = str_of(title);
    return ask(f, &m);
}

int64_t ask_move(struct fixture *f, int64_t task, const char *column, int64_t after)
{
    struct msg m = request(f, MSG_TASK_MOVE);
    m.task_move.task = task;
    m.task_move.column = str_of(column);
    m.task_move.after = after;
    return ask(f, &m);
}

int64_t ask_archive(struct fixture *f, int64_t task)
{
    struct msg m = request(f, MSG_TASK_ARCHIVE);
    m.task_archive.task = task;
    return ask(f, &m);
}

const char *column(const struct fixture *f, int i)
{
    static char out[400];
    size_t n = 0;
    out[0] = 0;
    vec_each (c, &f->r->board.columns.v[i].cards) {
        n += (size_t)snprintf(out + n, sizeof out - n, "%s ", (*c)->title);
    }
    return out;
}
