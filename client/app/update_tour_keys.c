/* What the tour of moot demo types when nobody is here, so that whoever only watches sees all
 * of it: the keys that it asked for, through the same door as a person's. It begins where they
 * mean what they should, never in a line, a list or a question that a person opened, and any
 * key or click ends it. */
#include "keys.h"
#include "update_parts.h"

#include <stdio.h>
#include <string.h>

enum {
    LOOK_MS = 2000,   /* before the first key: it is said that the tour types */
    KEY_MS = 1200,    /* behind a key */
    LETTER_MS = 150,  /* behind a letter of a text */
    ANSWER_MS = 6000, /* behind the last one, for what should come of it */
    SAY_MS = 6000,    /* that it goes on without */
    LEAD_MAX = 6,     /* keys to get to where those of the beat mean what they should */
    TIMES_MAX = 6,    /* so often it begins in one chapter */
};

static const char failed[] =
    "Nothing came of that, so the tour goes on without it. F7 leads back.";
static const char is_open[] =
    "Something of yours is open: the tour types nothing there, and goes on. F7 leads back.";

static const struct tour_beat *typed_beat(const struct model *m)
{
    const struct tour_beat *b = tour_beat(&m->tour);
    return m->tour.on && m->tour.waits && !m->listener.action && b && b->keys ? b : NULL;
}

static int64_t patience(const struct tour *t)
{
    return t->typing.own ? TOUR_WATCHED_MS : TOUR_PATIENCE_MS;
}

void tour_type_later(struct model *m)
{
    struct tour *t = &m->tour;
    t->typing.on = false;
    t->typing.leaves = NULL;
    t->typing.shown[0] = '\0';
    t->typing.at = (t->paused_at ? t->paused_at : m->now) + patience(t);
}

/* What the tour's own keys do is no reason to think that anybody did anything else. */
void tour_touched(struct model *m, const struct input *in, const struct tour *before)
{
    struct tour *t = &m->tour;
    bool is_move = in->kind == INPUT_MOUSE && in->mouse.kind == MOUSE_MOVE;
    bool is_ours = t->run != before->run || t->paused_at != before->paused_at;
    if (!t->on || is_ours || (is_move && t->typing.on))
        return;
    t->typing.own &= is_move;
    tour_type_later(m);
}

/* ---- where its keys mean what they should ---- */

/* What is open is the tour's own doing, or has no text that a key could spoil. */
static bool may_type(const struct model *m)
{
    return m->tour.typing.own || model_where(m) & IN_PANES;
}

bool tour_may_type(const struct model *m)
{
    return typed_beat(m) && may_type(m);
}

static bool is_room(const struct model *m, const struct tour_beat *b)
{
    return b->until == TOUR_HOME || tour_is_so(m, TOUR_HOME);
}

static bool is_place(const struct model *m, const struct tour_beat *b)
{
    enum action_where where = model_where(m);
    if ((where == IN_TITLE && !tour_is_so(m, TOUR_EDITS)) ||
        (where == IN_DIALOG && !m->asked_about.id))
        return false;
    return where & b->from;
}

/* A person may have given the key another meaning. */
static bool means_the_usual(const struct model *m, struct key key)
{
    struct keymap usual;
    enum action_where where = model_where(m);
    keymap_init(&usual);
    bool same = keymap_find(&usual, where, key) == keymap_find(&m->keys, where, key);
    keymap_finish(&usual);
    return same;
}

/* The code is K_NONE where there is none. */
static struct key key_to_place(const struct model *m, const struct tour_beat *b)
{
    enum action_where where = model_where(m);
    if (where & IN_PANES && !is_room(m, b))
        return (struct key){.code = ']'};
    if (where != IN_BOARD)
        return (struct key){.code = where == IN_ROOMS ? K_TAB : K_ESCAPE};
    return (struct key){.code = b->from & IN_DIALOG ? '!' : K_NONE};
}

/* ---- keys ---- */

/* The key at s, which is not empty; returns its bytes. */
static size_t read_key(const char *s, struct key *key)
{
    const char *end = *s == '<' ? strchr(s, '>') : NULL;
    *key = (struct key){.code = (unsigned char)*s};
    if (!end)
        return 1;
    bug_on(!key_parse((struct str){s + 1, (size_t)(end - s - 1)}, key));
    return (size_t)(end - s) + 1;
}

static bool is_letter(struct model *m, struct key key)
{
    return key.code >= ' ' && key.code < K_ENTER && !key.mods && update_editor(m);
}

/* Letters of a text stand together, keys apart. */
static void show_key(struct tour_typing *t, struct key key, bool letter)
{
    char name[KEY_NAME_MAX];
    size_t n = strlen(t->shown);
    if (letter)
        snprintf(name, sizeof name, "%c", (char)key.code);
    else
        key_name(key, name);
    snprintf(t->shown + n, sizeof t->shown - n, "%s%s", n && !(letter && t->letter) ? " " : "",
             name);
    t->letter = letter;
}

/* ---- the course of it ---- */

static void begin(struct model *m)
{
    struct tour_typing *t = &m->tour.typing;
    *t = (struct tour_typing){
        .on = true, .own = true, .at = m->now + LOOK_MS, .times = t->times + 1};
}

static void end_without(struct model *m, const struct tour_beat *b, const char *why)
{
    struct tour_typing *t = &m->tour.typing;
    if (b->deed == TOUR_TIDY)
        tour_pass_beat(m);
    else if (b->deed == TOUR_AWAIT)
        tour_type_later(m);
    else {
        t->on = false;
        t->leaves = why;
        t->at = m->now + SAY_MS;
    }
}

bool tour_tidy(struct model *m, const struct tour_beat *b)
{
    bool begins = !m->tour.waits;
    if (!m->tour.typing.own || (begins && !(model_where(m) & b->from))) {
        tour_pass_beat(m);
        return true;
    }
    m->tour.waits = true;
    if (begins)
        begin(m);
    return false;
}

/* The next key, if there is one that means what it should. */
static bool next_key(struct model *m, const struct tour_beat *b, struct key *key)
{
    struct tour_typing *t = &m->tour.typing;
    if (t->done) {
        bool is_asked = model_where(m) == IN_DIALOG; /* of itself, between two keys */
        t->done += b->keys[t->done] ? read_key(b->keys + t->done, key) : 0;
        return key->code && !is_asked;
    }
    if (is_place(m, b) && is_room(m, b))
        t->done = read_key(b->keys, key);
    else
        *key = key_to_place(m, b);
    return t->done || (key->code && t->lead++ < LEAD_MAX);
}

static bool type(struct model *m, const struct tour_beat *b, struct key *key)
{
    struct tour_typing *t = &m->tour.typing;
    *key = (struct key){0};
    if (!next_key(m, b, key) || !means_the_usual(m, *key)) {
        end_without(m, b, failed);
        return false;
    }
    char next = t->done ? b->keys[t->done] : '<';
    bool letter = is_letter(m, *key);
    show_key(t, *key, letter);
    t->at = m->now + (!next && b->deed != TOUR_TIDY   ? ANSWER_MS
                      : letter && next && next != '<' ? LETTER_MS
                                                      : KEY_MS);
    return true;
}

bool tour_types(struct model *m, struct key *key)
{
    struct tour_typing *t = &m->tour.typing;
    const struct tour_beat *b = typed_beat(m);
    if (!b || m->tour.paused_at || m->now < t->at)
        return false;
    if (t->on)
        return type(m, b, key);
    if (t->leaves)
        tour_leave_chapter(m); /* the rest of it tells of what would have come of this */
    else if (m->help)
        tour_type_later(m); /* who reads that, is here, and cannot see the tour */
    else if (!may_type(m))
        end_without(m, b, is_open);
    else if (t->times == TIMES_MAX)
        end_without(m, b, failed);
    else
        begin(m);
    return false;
}

int tour_countdown(const struct model *m)
{
    const struct tour *t = &m->tour;
    const struct tour_beat *b = typed_beat(m);
    if (!b || t->typing.on || t->typing.leaves || (b->deed == TOUR_AWAIT && !may_type(m)))
        return 0;
    int64_t left = t->typing.at - (t->paused_at ? t->paused_at : m->now);
    return (int)((MAX(left, 1) + 999) / 1000);
}

/* The countdown changes when a whole second of it is over. */
int64_t tour_typing_tick(const struct model *m)
{
    const struct tour_typing *t = &m->tour.typing;
    if (!typed_beat(m))
        return INT64_MAX;
    if (t->on || t->leaves || t->at <= m->now)
        return MAX(t->at, m->now + 1);
    return t->at - (t->at - m->now - 1) / 1000 * 1000;
}
