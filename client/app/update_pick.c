/* Lists to pick from: which things are in them, and what becomes of what was picked. */
#include "day.h"
#include "layout.h"
#include "part_spots.h"
#include "update_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *title;
    enum card_field field; /* CARD_TITLE: none */
    bool several;
} picks[] = {
    [PICK_COLUMN] = {"Move to", CARD_TITLE, false},
    [PICK_PRIORITY] = {"Priority", CARD_PRIORITY, false},
    [PICK_DUE] = {"Due", CARD_DUE, false},
    [PICK_ASSIGNEES] = {"Who does it", CARD_ASSIGNEE, true},
    [PICK_LABELS] = {"Labels", CARD_LABEL, true},
    [PICK_BLOCKERS] = {"Blocked by", CARD_BLOCKER, true},
    [PICK_EMOJI] = {"React", CARD_TITLE, true},
    [PICK_PIN] = {"Pinned", CARD_TITLE, false},
    [PICK_TARGET] = {"Go to", CARD_TITLE, false},
    [PICK_LEADER] = {"Follow", CARD_TITLE, false},
    [PICK_ROOM] = {"Go to", CARD_TITLE, false},
    [PICK_INVITED] = {"Invite", CARD_TITLE, false},
};

enum card_field pick_field(enum pick what)
{
    return picks[what].field;
}

/* What a list is made for: one card, or all that are marked. */
struct source {
    struct model *m;
    struct picker *p;
    const struct replica *r;
    const struct card *c; /* the first of them */
    struct card_numbers cards;
};

static const struct card *card_at(const struct source *s, size_t i)
{
    return board_card(&s->r->board, s->cards.v[i]);
}

static bool all_have(const struct source *s, enum card_field f, struct str value)
{
    for (size_t i = 0; i < s->cards.n; i++)
        if (!card_has(card_at(s, i), f, value))
            return false;
    return true;
}

/* What all of them have in a field of one value; p NULL: they differ. */
static struct str common(const struct source *s, enum card_field f)
{
    struct str value = card_scalar(s->c, f);
    for (size_t i = 1; i < s->cards.n; i++)
        if (!str_eq(card_scalar(card_at(s, i), f), value))
            return (struct str){0};
    return value.n ? value : STR("");
}

static bool all_in(const struct source *s, int column)
{
    for (size_t i = 0; i < s->cards.n; i++)
        if (card_at(s, i)->column != column)
            return false;
    return true;
}

static bool is_one_of_them(const struct source *s, const struct card *c)
{
    return c == s->c || (s->cards.n > 1 && mark_is_on(s->m, c->number));
}

static void add(const struct source *s, struct str text, const char *note, struct str value,
                int tone, bool is_on)
{
    picker_add(s->p, text, str_of(note), value, tone, is_on);
}

static void add_columns(const struct source *s)
{
    for (size_t i = 0; i < s->r->board.columns.n; i++) {
        struct str name = str_of(s->r->board.columns.v[i].name);
        add(s, name,
            !all_in(s, (int)i) ? ""
            : s->cards.n > 1   ? "they are here"
                               : "it is here",
            name, TONE_TEXT, false);
    }
}

static void add_priorities(const struct source *s)
{
    struct str now = common(s, CARD_PRIORITY);
    int n = 0;
    while (card_priorities[n])
        n++;
    while (n-- > 0) {
        struct str name = str_of(card_priorities[n]);
        add(s, name, str_eq(name, now) ? "as it is" : "", name, TONE_TEXT, false);
    }
    add(s, STR("none"), now.n || !now.p ? "" : "as it is", (struct str){0}, TONE_DIM, false);
}

static void add_day(const struct source *s, const char *name, int64_t day)
{
    char text[DAY_TEXT_MAX];
    day_print(day, text);
    add(s, str_of(name), text, str_of(text), TONE_TEXT, false);
}

static void add_days(const struct source *s)
{
    static const char *const week[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    int64_t today = model_today(s->m);
    struct str now = common(s, CARD_DUE);
    if (now.n || !now.p)
        add(s, STR("none"), "take it off", (struct str){0}, TONE_DIM, false);
    add_day(s, "today", today);
    add_day(s, "tomorrow", today + 1);
    for (int i = 2; i < 7; i++)
        add_day(s, week[day_of_week(today + i)], today + i);
    add_day(s, "in a week", today + 7);
    add_day(s, "in two weeks", today + 14);
}

/* Oneself first. */
static void add_people(const struct source *s)
{
    struct str me = str_of(s->m->session.user);
    if (replica_person(s->r, me))
        add(s, me, "you", me, TONE_PERSON, all_have(s, CARD_ASSIGNEE, me));
    vec_each (p, &s->r->people) {
        struct str name = str_of(p->user);
        if (p->role != ROLE_NONE && !str_eq(name, me))
            add(s, name, p->role == ROLE_OBSERVER ? "observer" : "", name, TONE_PERSON,
                all_have(s, CARD_ASSIGNEE, name));
    }
}

/* ---- labels ---- */

struct label {
    struct str name;
    size_t cards;
    bool is_on;
};
struct labels {
    VEC(struct label) v;
};

static int by_use(const void *a, const void *b)
{
    const struct label *x = a, *y = b;
    if (x->is_on != y->is_on)
        return x->is_on ? -1 : 1;
    return x->cards != y->cards ? (x->cards < y->cards ? 1 : -1) : str_cmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct label *)a)->name, ((const struct label *)b)->name);
}

/* All that are on some card, each once. */
static void find_labels(const struct source *s, struct labels *out)
{
    vec_each (column, &s->r->board.columns)
        vec_each (card, &column->cards)
            vec_each (v, &(*card)->values)
                if (v->field == CARD_LABEL)
                    vec_push(&out->v, (struct label){str_of(v->value), 1, false});
    if (out->v.n == 0)
        return;
    qsort(out->v.v, out->v.n, sizeof *out->v.v, by_name);
    size_t n = 1;
    for (size_t i = 1; i < out->v.n; i++) {
        if (str_eq(out->v.v[i].name, out->v.v[n - 1].name))
            out->v.v[n - 1].cards++;
        else
            out->v.v[n++] = out->v.v[i];
    }
    out->v.n = n;
    vec_each (l, &out->v)
        l->is_on = all_have(s, CARD_LABEL, l->name);
    qsort(out->v.v, out->v.n, sizeof *out->v.v, by_use);
}

static void add_labels(const struct source *s)
{
    struct labels found = {0};
    find_labels(s, &found);
    vec_each (l, &found.v) {
        char note[40];
        snprintf(note, sizeof note, "%zu card%s", l->cards, l->cards > 1 ? "s" : "");
        add(s, l->name, note, l->name, TONE_LABEL, l->is_on);
    }
    vec_finish(&found.v);
}

/* ---- cards ---- */

static void add_card(const struct source *s, const struct card *c, bool is_on)
{
    char value[24];
    struct buf text = {0};
    snprintf(value, sizeof value, "%lld", (long long)c->number);
    if (c->number > 0)
        buf_fmt(&text, "#%s ", value);
    buf_fmt(&text, "%s", c->title);
    add(s, buf_str(&text), s->r->board.columns.v[c->column].name, str_of(value), TONE_TEXT,
        is_on);
    buf_finish(&text);
}

/* Those that block it come first, put away ones too. */
static void add_cards(const struct source *s)
{
    vec_each (v, &s->c->values) {
        const struct card *other =
            v->field == CARD_BLOCKER ? board_card(&s->r->board, card_blocker(str_of(v->value)))
                                     : NULL;
        if (other && all_have(s, CARD_BLOCKER, str_of(v->value)))
            add_card(s, other, true);
    }
    vec_each (column, &s->r->board.columns)
        vec_each (card, &column->cards) {
            char number[24];
            snprintf(number, sizeof number, "%lld", (long long)(*card)->number);
            if (!is_one_of_them(s, *card) && !all_have(s, CARD_BLOCKER, str_of(number)))
                add_card(s, *card, false);
        }
}

/* ---- opening ---- */

/* The cards that it is for; false after saying that there are none. */
static bool find_cards(struct source *s, int64_t card)
{
    const struct replica *r = s->r;
    const struct card *c = card ? board_card(&r->board, replica_number_of(r, card)) : NULL;
    if (card && (!c || c->archived)) {
        board_no_card(s->m, card);
        return false;
    }
    if (card)
        vec_push(&s->cards, c->number);
    else
        marked_cards(s->m, &s->cards);
    s->c = s->cards.n ? card_at(s, 0) : NULL;
    return s->c;
}

static void say_title(const struct source *s, const char *what, char *out, size_t n)
{
    if (s->cards.n > 1)
        snprintf(out, n, " %s: %zu cards ", what, s->cards.n);
    else if (s->c->number > 0)
        snprintf(out, n, " %s: card %lld ", what, (long long)s->c->number);
    else
        snprintf(out, n, " %s ", what);
}

void pick_open(struct model *m, enum pick what, int64_t card)
{
    static void (*const fill[])(const struct source *s) = {
        [PICK_COLUMN] = add_columns, [PICK_PRIORITY] = add_priorities,
        [PICK_DUE] = add_days,       [PICK_ASSIGNEES] = add_people,
        [PICK_LABELS] = add_labels,  [PICK_BLOCKERS] = add_cards,
    };
    struct source s = {.m = m, .p = &m->picker, .r = model_replica(m)};
    char title[80];
    if (find_cards(&s, card)) {
        say_title(&s, picks[what].title, title, sizeof title);
        picker_open(&m->picker, str_of(title), picks[what].several);
        m->pick = what;
        m->pick_card = card ? s.c->number : 0;
        m->pick_seen = s.r->seq;
        fill[what](&s);
        pick_typed(m);
    }
    vec_finish(&s.cards);
}

/* ---- typing ---- */

static void make_label(struct picker *p, struct str typed)
{
    struct card_change change = {CARD_LABEL, typed, false};
    if (typed.n && card_change_check(&change, NULL) && !picker_has(p, typed))
        picker_make(p, typed, STR("a new label"), typed);
}

static void make_day(const struct model *m, struct picker *p, struct str typed)
{
    int64_t day, today = model_today(m);
    char text[DAY_TEXT_MAX], said[DAY_SAID_MAX];
    if (!day_said(typed, today, &day))
        return;
    day_print(day, text);
    day_say(day, today, said);
    picker_make(p, str_of(text), str_of(said), str_of(text));
}

void pick_typed(struct model *m)
{
    struct str typed = str_trim(lineedit_text(&m->picker.line));
    picker_filter(&m->picker);
    if (m->pick == PICK_LABELS)
        make_label(&m->picker, typed);
    else if (m->pick == PICK_DUE)
        make_day(m, &m->picker, typed);
    else if (m->pick == PICK_EMOJI)
        pick_make_emoji(m, typed);
    else if (m->pick == PICK_ROOM)
        pick_make_room(m, typed);
}

/* ---- picking ---- */

static bool take(struct model *m, const struct pick_item *item, struct effects *out)
{
    struct str value = str_keep(&out->arena, item->value);
    struct field_edit e = {.card = m->pick_card,
                           .seen = m->pick_seen,
                           .field = picks[m->pick].field,
                           .value = value,
                           .gone = item->is_on};
    struct card_change change = {e.field, value, e.gone};
    if (m->pick == PICK_LEADER) {
        follow(m, value);
        return true;
    }
    if (m->pick >= PICK_ROOM)
        return pick_room_take(m, value, out);
    if (m->pick >= PICK_EMOJI)
        return pick_message_take(m, value, out);
    if (m->editing.id && conflict_edited(m, value, out))
        return true;
    if (m->pick != PICK_COLUMN)
        return m->pick_card ? field_set(m, &e, out)
                            : bulk_edit(m, &change, 1, m->pick_seen, out);
    if (m->pick_card)
        board_move(m, m->pick_card, value, AFTER_END, out);
    else
        bulk_move(m, value, AFTER_END, out);
    return true;
}

void pick_accept(struct model *m, bool more, struct effects *out)
{
    struct picker *p = &m->picker;
    const struct pick_item *item = picker_selected(p);
    if (!p->is_open || !item)
        return;
    bool is_new = item == &p->made;
    bool ok = (m->pick >= PICK_ROOM || model_replica(m)) && take(m, item, out);
    if (!more || !p->several) {
        picker_close(p);
        return;
    }
    if (ok && is_new) {
        picker_add(p, item->text, item->note, item->value, TONE_LABEL, true);
        lineedit_set(&p->line, (struct str){0});
        pick_typed(m);
    } else if (ok) {
        picker_toggle(p);
    }
}

void pick_leave(struct model *m)
{
    m->editing = (struct conflict_ref){0};
    picker_close(&m->picker);
}

void pick_press(struct model *m, const struct mouse *mouse, struct effects *out)
{
    struct picker_spots spots;
    struct picker *p = &m->picker;
    picker_spots_of(p, (struct rect){0, 0, m->width, m->height}, &spots);
    if (!rect_has(spots.box, mouse->x, mouse->y)) {
        pick_leave(m);
        return;
    }
    size_t at = spots.first + (size_t)(mouse->y - spots.list.y);
    if (!rect_has(spots.list, mouse->x, mouse->y) || at >= picker_count(p))
        return;
    p->at = at;
    pick_accept(m, p->several, out);
}

/* ---- questions ---- */

void dialog_press(struct model *m, const struct mouse *mouse, struct effects *out)
{
    struct dialog_spots spots;
    struct dialog *d = &m->dialog;
    dialog_spots_of(d, &m->keys, (struct rect){0, 0, m->width, m->height}, &spots);
    enum action_id id = ACTION_NONE;
    for (size_t i = 0; i < d->n; i++)
        if (rect_has(spots.choices[i], mouse->x, mouse->y))
            id = d->choices[i].action;
    dialog_spots_finish(&spots);
    if (id)
        update_action(m, &(struct command){.action = id}, out);
}
