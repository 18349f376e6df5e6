/* Lists of rooms and people: to go somewhere, to write to somebody, to invite somebody. */
#include "direct.h"
#include "update_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- people ---- */

struct known_person {
    struct str user;
    const struct person *p; /* as some room has it, here if it is so in any */
};
struct known_people {
    VEC(struct known_person) v;
};

static int by_user(const void *a, const void *b)
{
    return str_cmp(((const struct known_person *)a)->user,
                   ((const struct known_person *)b)->user);
}

/* Everybody of any room of ours but oneself, each once. */
static void find_people(const struct model *m, struct known_people *out)
{
    vec_each (r, &m->session.rooms)
        vec_each (p, &(*r)->people)
            if (p->role != ROLE_NONE && !str_is(str_of(p->user), m->session.user))
                vec_push(&out->v, (struct known_person){str_of(p->user), p});
    if (out->v.n == 0)
        return;
    qsort(out->v.v, out->v.n, sizeof *out->v.v, by_user);
    size_t n = 1;
    for (size_t i = 1; i < out->v.n; i++) {
        if (!str_eq(out->v.v[i].user, out->v.v[n - 1].user))
            out->v.v[n++] = out->v.v[i];
        else if (out->v.v[i].p->online)
            out->v.v[n - 1].p = out->v.v[i].p;
    }
    out->v.n = n;
}

static void add_person(struct model *m, const struct known_person *k)
{
    char name[USER_NAME_MAX + 2];
    const char *how = k->p->words[0] ? k->p->words : status_name(k->p->status);
    snprintf(name, sizeof name, "@%.*s", STR_ARG(k->user));
    picker_add(&m->picker, str_of(name), str_of(k->p->online ? how : ""), str_of(name),
               k->p->online ? TONE_TEXT : TONE_DIM, false);
}

/* ---- going somewhere ---- */

static void add_room(struct model *m, const struct room_view *v)
{
    struct room_label label;
    char note[40] = "";
    if (v == m->here)
        snprintf(note, sizeof note, "here");
    else if (v->unread.all)
        snprintf(note, sizeof note, "%zu unread", v->unread.all);
    picker_add(&m->picker, str_of(model_label(m, str_of(v->name), &label)), str_of(note),
               str_of(v->name), v->unread.all ? TONE_MARK : TONE_TEXT, false);
}

static bool is_listed(const struct model *m, struct str user)
{
    struct buf room = {0};
    bool found = direct_room(user, str_of(m->session.user), &room, NULL) &&
                 model_view(m, buf_str(&room));
    buf_finish(&room);
    return found;
}

void jump_open(struct model *m, struct str typed)
{
    struct known_people people = {0};
    picker_open(&m->picker, STR(" Go to "), false);
    m->pick = PICK_ROOM;
    vec_each (v, &m->views)
        add_room(m, *v);
    find_people(m, &people);
    vec_each (k, &people.v)
        if (!is_listed(m, k->user))
            add_person(m, k);
    vec_finish(&people.v);
    lineedit_set(&m->picker.line, typed);
    pick_typed(m);
}

/* A room of which one knows the name, or several people. */
void pick_make_room(struct model *m, struct str typed)
{
    struct buf room = {0};
    bool is_good = typed.n <= TEAM_NAME_MAX && str_follows(typed, RULE_ROOM);
    if (room_is_direct(typed))
        is_good = direct_room(typed, str_of(m->session.user), &room, NULL);
    struct str name = room.n ? buf_str(&room) : typed;
    if (is_good && !model_view(m, name))
        picker_make(&m->picker, typed, room.n ? STR("write to") : STR("join"), typed);
    buf_finish(&room);
}

/* ---- inviting ---- */

void invite_open(struct model *m)
{
    const struct replica *r = model_replica(m);
    struct known_people people = {0};
    if (!r || rooms_is_fixed(m))
        return;
    find_people(m, &people);
    picker_open(&m->picker, STR(" Invite "), false);
    m->pick = PICK_INVITED;
    vec_each (k, &people.v) {
        const struct person *p = replica_person(r, k->user);
        if (!p || p->role == ROLE_NONE)
            add_person(m, k);
    }
    vec_finish(&people.v);
    pick_typed(m);
    if (picker_count(&m->picker) > 0)
        return;
    picker_close(&m->picker);
    model_toast(m, TOAST_INFO, "Everybody you know is here: :invite NAME asks somebody else.");
}

bool pick_room_take(struct model *m, struct str value, struct effects *out)
{
    if (m->pick == PICK_INVITED)
        rooms_set_member(m, (struct str){value.p + 1, value.n - 1}, ROLE_MEMBER, out);
    else if (model_view(m, value))
        rooms_show(m, value, out);
    else
        rooms_join(m, value, out);
    return true;
}
