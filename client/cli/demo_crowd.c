#include "demo_crowd.h"
#include "demo_note.h"
#include "demo_room.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PAUSE_MS = 9000, /* at most, between two deeds */
    THINK_MS = 3500, /* at most, over a message */
    KEY_MS = 60,     /* at least, for a letter; twice as much at most */
    WORDS_MIN = 3,
    WORDS_MAX = 9,
    CARDS_MAX = 150, /* on the board: none are added above */
    SLIP = 20,       /* one letter of so many is wrong, and taken back */
    END_WITHIN_MS = 60000,
};

static const struct str room = {"" TOUR_ROOM, sizeof TOUR_ROOM - 1};

struct worker {
    const struct crowd_part *part;
    struct conversation *talk;
    struct doc *note;
    uint64_t random;
    struct crowd_sums sums;
    VEC(char *) lines; /* that stand in the note */
    FILE *told;        /* part->lines */
    bool stop;
    struct err gone;
};

/* ---- names and signs ---- */

void crowd_name(int64_t who, char name[CROWD_NAME_MAX + 1])
{
    static const char *const names[] = {"ana", "ben", "kim", "mia", "tom",
                                        "eva", "leo", "ida", "max", "zoe"};
    int64_t round = who / (int64_t)COUNT_OF(names);
    const char *first = names[who % (int64_t)COUNT_OF(names)];
    if (round)
        snprintf(name, CROWD_NAME_MAX + 1, "%s%d", first, (int)round + 1);
    else
        snprintf(name, CROWD_NAME_MAX + 1, "%s", first);
}

void crowd_sign(struct buf *out, const char *name, int64_t n)
{
    buf_fmt(out, "%s-%lld: ", name, (long long)n);
}

bool crowd_signed(struct str text, struct str *name, int64_t *n)
{
    struct str sign = str_cut(&text, ':');
    *name = str_cut(&sign, '-');
    return text.p && name->n && str_int(sign, 1, INT32_MAX, n);
}

/* ---- chance ---- */

/* splitmix64, http://xoshiro.di.unimi.it/splitmix64.c */
static uint64_t draw(struct worker *w)
{
    uint64_t z = w->random += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* 0 to n - 1. */
static size_t below(struct worker *w, size_t n)
{
    return n ? (size_t)(draw(w) % n) : 0;
}

static void add_words(struct worker *w, struct buf *out)
{
    static const char *const words[] = {
        "the",       "build", "is",   "green", "again", "card",  "looks",  "good",
        "on",        "a",     "slow", "link",  "after", "lunch", "and",    "then",
        "caf\u00e9", "tests", "take", "too",   "long",  "but",   "memory", "holds",
    };
    size_t n = WORDS_MIN + below(w, WORDS_MAX - WORDS_MIN + 1);
    for (size_t i = 0; i < n; i++)
        buf_fmt(out, "%s%s", i ? " " : "", words[below(w, COUNT_OF(words))]);
}

/* ---- time ---- */

static void rest(struct worker *w, int64_t ms)
{
    int64_t until = conversation_now(w->talk) + ms;
    char order;
    while (!w->stop && !w->gone.code && conversation_now(w->talk) < until)
        if (conversation_turn(w->talk, until, w->part->orders, &w->gone))
            w->stop = read(w->part->orders, &order, 1) >= 0 || errno != EAGAIN;
}

static bool goes_on(const struct worker *w)
{
    return !w->stop && !w->gone.code;
}

/* ---- deeds ---- */

static void wrong(struct worker *w, const char *what, const struct err *e)
{
    if (!w->sums.wrong[0])
        snprintf(w->sums.wrong, sizeof w->sums.wrong, "%s: %.150s", what, e->text);
}

static bool ask(struct worker *w, const char *what, struct msg m)
{
    struct msg_ok ok;
    struct err e = {0};
    m.request.room = room;
    bool done = conversation_request(w->talk, &m, &ok, &e);
    if (!done && e.code == ERR_CONFLICT)
        w->sums.conflicts++; /* somebody was first: as it should be */
    else if (!done)
        wrong(w, what, &e);
    return done;
}

static const struct replica *room_of(const struct worker *w)
{
    return session_room(conversation_session(w->talk), room);
}

/* Any card on the board; NULL when there is none. */
static const struct card *any_card(struct worker *w)
{
    const struct board *b = &room_of(w)->board;
    size_t at = below(w, b->live);
    vec_each (c, &b->columns) {
        if (at < c->cards.n)
            return c->cards.v[at];
        at -= c->cards.n;
    }
    return NULL;
}

static void look(struct worker *w)
{
    const struct card *card = any_card(w);
    struct msg m = {.type = MSG_CURSOR, .cursor.task = card ? card->number : 0};
    m.state.room = room;
    conversation_state(w->talk, &m);
}

static void typing(struct worker *w, bool on)
{
    struct msg m = {.type = MSG_TYPING, .typing.on = on};
    m.state.room = room;
    conversation_state(w->talk, &m);
}

static void say(struct worker *w)
{
    struct buf text = {0};
    struct msg m = {.type = MSG_MESSAGE_POST};
    crowd_sign(&text, w->part->name, w->sums.said + 1);
    add_words(w, &text);
    m.message_post.text = buf_str(&text);
    typing(w, true);
    rest(w, (int64_t)below(w, THINK_MS));
    typing(w, false);
    w->sums.said += ask(w, "a message", m);
    buf_finish(&text);
}

static void add(struct worker *w)
{
    struct buf title = {0};
    struct msg m = {.type = MSG_TASK_ADD};
    if (room_of(w)->board.live >= CARDS_MAX)
        return;
    crowd_sign(&title, w->part->name, w->sums.added + 1);
    add_words(w, &title);
    m.task_add.title = buf_str(&title);
    m.task_add.after = AFTER_END;
    w->sums.added += ask(w, "a card", m);
    buf_finish(&title);
}

static void move(struct worker *w)
{
    const struct board *b = &room_of(w)->board;
    const struct card *card = any_card(w);
    struct msg m = {.type = MSG_TASK_MOVE};
    if (!card)
        return;
    struct arena a = {0};
    const struct column *to = &b->columns.v[below(w, b->columns.n)];
    m.task_move.task = card->number;
    m.task_move.column = str_keep(&a, str_of(to->name));
    m.task_move.after = below(w, 2) ? 0 : AFTER_END;
    w->sums.moved += ask(w, "a move", m);
    arena_finish(&a);
}

/* Another title behind the same sign. */
static void retitle(struct worker *w)
{
    const struct card *card = any_card(w);
    struct msg m = {.type = MSG_TASK_EDIT};
    struct buf title = {0};
    struct str name;
    int64_t n;
    if (!card || !crowd_signed(str_of(card->title), &name, &n))
        return;
    buf_fmt(&title, "%.*s-%lld: ", STR_ARG(name), (long long)n);
    add_words(w, &title);
    m.task_edit.task = card->number;
    m.task_edit.title = buf_str(&title);
    w->sums.retitled += ask(w, "a title", m);
    buf_finish(&title);
}

static void react(struct worker *w)
{
    static const char *const emoji[] = {"\U0001F44D", "\U0001F389", "\u2764\ufe0f"};
    const struct replica *r = room_of(w);
    struct msg m = {.type = MSG_MESSAGE_REACT};
    if (r->lines.n == 0)
        return;
    m.message_react.message =
        r->lines.v[r->lines.n - 1 - below(w, MIN(r->lines.n, (size_t)5))]->seq;
    m.message_react.emoji = str_of(emoji[below(w, COUNT_OF(emoji))]);
    w->sums.reacted += ask(w, "a reaction", m);
}

/* ---- the note ---- */

/* Takes characters out at the caret and puts others there. */
static bool edit(struct worker *w, size_t out, struct str in)
{
    struct op o = {0};
    struct doc *d = w->note;
    struct err e = {0};
    size_t at = d->caret;
    op_skip(&o, at);
    op_delete(&o, out);
    op_insert(&o, in);
    bool ok = conversation_edit(w->talk, d, &o, false, &e);
    op_finish(&o);
    if (ok)
        d->caret = d->anchor = at + utf8_chars(in);
    else
        wrong(w, "an edit", &e);
    return ok;
}

static bool type_letter(struct worker *w, struct str letter)
{
    if (below(w, SLIP) == 0) {
        if (!edit(w, 0, STR("x")))
            return false;
        rest(w, 3 * KEY_MS);
        w->note->caret = w->note->anchor = w->note->caret - 1;
        if (!edit(w, 1, (struct str){0}))
            return false;
    }
    w->sums.letters++;
    bool ok = edit(w, 0, letter);
    rest(w, KEY_MS + (int64_t)below(w, KEY_MS));
    return ok;
}

/* A line of one's own, in front of any other; nobody else writes where it ends. */
static void write_line(struct worker *w)
{
    struct doc *d = w->note;
    struct buf line = {0}, text = {0};
    crowd_sign(&line, w->part->name, ++w->sums.lines);
    add_words(w, &text);
    size_t sign = line.n, at = rope_line_start(d->text, below(w, rope_lines(d->text)));
    buf_add_c(&line, '\n');
    d->caret = d->anchor = at;
    bool ok = edit(w, 0, buf_str(&line));
    d->caret = d->anchor = d->caret - 1;
    line.n = sign;
    struct str rest_of = buf_str(&text);
    uint32_t cp;
    for (size_t n; ok && (n = utf8_next(rest_of, &cp)); rest_of.p += n, rest_of.n -= n)
        ok = type_letter(w, (struct str){rest_of.p, n});
    buf_add_str(&line, buf_str(&text));
    fprintf(w->told, "+%.*s\n", STR_ARG(buf_str(&line)));
    vec_push(&w->lines, str_dup(buf_str(&line)));
    buf_finish(&line);
    buf_finish(&text);
}

/* Where a line stands; false: it does not. */
static bool find_line(const struct doc *d, const char *line, size_t *from, size_t *chars)
{
    struct buf there = {0};
    bool found = false;
    for (size_t i = 0; i < rope_lines(d->text) && !found; i++) {
        *from = rope_line_start(d->text, i);
        *chars = rope_line_end(d->text, i) - *from;
        buf_clear(&there);
        rope_read(d->text, *from, *chars, &there);
        found = str_is(buf_str(&there), line);
    }
    buf_finish(&there);
    return found;
}

/* An own line, at one stroke. */
static void take_out(struct worker *w)
{
    struct doc *d = w->note;
    size_t at = below(w, w->lines.n), from, chars;
    struct err e = {0};
    if (w->lines.n == 0)
        return;
    if (!find_line(d, w->lines.v[at], &from, &chars)) {
        fail(&e, ERR_NOT_FOUND, "\"%.60s\" is not in the note", w->lines.v[at]);
        wrong(w, "an own line", &e);
        return;
    }
    d->caret = d->anchor = from;
    if (!edit(w, chars + 1, (struct str){0}))
        return;
    fprintf(w->told, "-%s\n", w->lines.v[at]);
    w->sums.taken_out++;
    free(w->lines.v[at]);
    vec_remove(&w->lines, at);
}

/* ---- work ---- */

static void work(struct worker *w)
{
    /* How much of each, of 100. */
    static const struct {
        size_t share;
        void (*deed)(struct worker *w);
    } deeds[] = {{26, look},   {18, say},  {18, move},       {9, add},
                 {5, retitle}, {6, react}, {15, write_line}, {3, take_out}};
    while (goes_on(w)) {
        rest(w, (int64_t)below(w, PAUSE_MS));
        size_t at = below(w, 100);
        for (size_t i = 0; goes_on(w) && i < COUNT_OF(deeds); i++) {
            if (at < deeds[i].share) {
                deeds[i].deed(w);
                break;
            }
            at -= MIN(at, deeds[i].share);
        }
    }
}

/* ---- the end ---- */

static bool read_goal(struct worker *w, int64_t *seq, int64_t *version)
{
    char line[64];
    fcntl(w->part->orders, F_SETFL, 0);
    ssize_t n = read(w->part->orders, line, sizeof line);
    struct str text = {line, n > 0 ? (size_t)n : 0};
    struct str first = str_cut(&text, ' ');
    return str_int(first, 0, SEQ_MAX, seq) && str_int(str_trim(text), 0, SEQ_MAX, version);
}

/* Waits until all that anybody did has come. */
static bool catch_up(struct worker *w, struct err *e)
{
    int64_t seq, version, until = conversation_now(w->talk) + END_WITHIN_MS;
    if (!read_goal(w, &seq, &version))
        return fail(e, ERR_CLOSING, "the demo is over");
    while (room_of(w)->seq < seq || w->note->sync.version < version) {
        if (conversation_now(w->talk) >= until)
            return fail(e, ERR_UNREACHABLE,
                        "got no further than event %lld of %lld, version %lld of %lld",
                        (long long)room_of(w)->seq, (long long)seq,
                        (long long)w->note->sync.version, (long long)version);
        if (!conversation_turn(w->talk, until, -1, e))
            return false;
    }
    return true;
}

static bool end(struct worker *w, struct err *e)
{
    struct err unsaved = {0};
    if (w->gone.code)
        wrong(w, "the link", &w->gone);
    else if (!conversation_save(w->talk, w->note, &unsaved))
        wrong(w, "what was typed", &unsaved);
    fflush(w->told);
    if (write(w->part->sums, &w->sums, sizeof w->sums) != sizeof w->sums)
        return fail(e, ERR_CLOSING, "the demo is over");
    return catch_up(w, e) && demo_room_write(room_of(w), w->note, w->part->room, e);
}

bool crowd_play(const struct crowd_part *part, struct err *e)
{
    struct worker w = {.part = part, .random = (uint64_t)part->who + 1, .sums.who = part->who};
    w.talk = conversation_new(part->url, part->token, NULL, part->timeout);
    conversation_hush(w.talk, true);
    w.told = fopen(part->lines, "we");
    fcntl(part->orders, F_SETFL, O_NONBLOCK);
    bool ok = (w.told || fail(e, ERR_IO, "%s: %s", part->lines, strerror(errno))) &&
              conversation_start(w.talk, e) && conversation_open(w.talk, room, e) &&
              (w.note = demo_note_open(w.talk, room, e));
    if (ok) {
        work(&w);
        ok = end(&w, e);
    }
    conversation_free(w.talk);
    if (w.told)
        fclose(w.told);
    vec_each (line, &w.lines)
        free(*line);
    vec_finish(&w.lines);
    return ok;
}
