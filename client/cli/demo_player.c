#include "demo_player.h"
#include "demo_note.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    READS_MAX = 4096,
    POINT_STEPS = 14,
    POINT_MS = 120,
    POINT_REST_MS = 7000,
    TYPE_MS = 45,
    TYPE_MOST_MS = 3500
};

static const struct str room = {"" TOUR_ROOM, sizeof TOUR_ROOM - 1};

/* ---- cues ---- */

static void take_cue(struct player *p, struct str line)
{
    struct tour_cue cue;
    if (!tour_cue_read(line, &cue))
        return;
    if (cue.run != p->run)
        p->cues.n = 0; /* what was left of another chapter */
    p->run = cue.run;
    if (tour_cue_beat(&cue)->who == p->part->who)
        vec_push(&p->cues, cue);
}

static void read_cues(struct player *p)
{
    char bytes[READS_MAX];
    ssize_t n = read(p->part->cues, bytes, sizeof bytes);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        fail(&p->gone, ERR_CLOSING, "the demo is over");
    if (n <= 0)
        return;
    buf_add(&p->in, bytes, (size_t)n);
    for (const char *end; (end = memchr(p->in.p, '\n', p->in.n));) {
        size_t used = (size_t)(end - p->in.p) + 1;
        take_cue(p, (struct str){p->in.p, used - 1});
        buf_drop(&p->in, used);
        if (p->in.n == 0)
            break;
    }
}

/* Lets time pass until a cue came or `until`. */
static bool turn(struct player *p, int64_t until)
{
    if (!p->gone.code && conversation_turn(p->talk, until, p->part->cues, &p->gone))
        read_cues(p);
    return !p->gone.code;
}

bool player_rest(struct player *p, int64_t ms)
{
    int64_t until = conversation_now(p->talk) + ms, run = p->run;
    while (conversation_now(p->talk) < until)
        if (!turn(p, until) || p->run != run)
            return false;
    return true;
}

/* ---- deeds ---- */

static const struct board *board_of(const struct player *p)
{
    return &session_room(conversation_session(p->talk), room)->board;
}

/* A card that was put away meanwhile is no reason to leave. */
static void ask_in(struct player *p, struct str where, struct msg m)
{
    struct msg_ok ok;
    struct err passed;
    m.request.room = where;
    conversation_request(p->talk, &m, &ok, &passed);
}

static void typing(struct player *p, bool on)
{
    struct msg m = {.type = MSG_TYPING, .typing.on = on};
    m.state.room = room;
    conversation_state(p->talk, &m);
}

/* text with the person's name for @ME. */
static struct str with_name(const struct player *p, const char *text, struct buf *out)
{
    struct str rest = str_of(text);
    if (str_starts(rest, "@ME")) {
        buf_fmt(out, "@%.*s", STR_ARG(p->part->me));
        rest = (struct str){rest.p + 3, rest.n - 3};
    }
    buf_add_str(out, rest);
    return buf_str(out);
}

/* Whoever speaks next is seen typing. */
static void say(struct player *p, const struct tour_beat *b)
{
    struct buf text = {0};
    struct msg m = {.type = MSG_MESSAGE_POST};
    m.message_post.text = with_name(p, b->text, &text);
    bool here = b->deed == TOUR_SAY, done = true;
    if (here) {
        typing(p, true);
        done = player_rest(p, MIN((int64_t)text.n * TYPE_MS, TYPE_MOST_MS));
        typing(p, false);
    }
    if (done)
        ask_in(p, here ? room : STR(TOUR_OTHER_ROOM), m);
    buf_finish(&text);
}

static void cheer(struct player *p, const char *emoji)
{
    const struct replica *r = session_room(conversation_session(p->talk), room);
    struct msg m = {.type = MSG_MESSAGE_REACT};
    if (r->lines.n == 0)
        return;
    m.message_react.message = r->lines.v[r->lines.n - 1]->seq;
    m.message_react.emoji = str_of(emoji);
    ask_in(p, room, m);
}

static void look(struct player *p, int64_t card)
{
    struct msg m = {.type = MSG_CURSOR, .cursor.task = card};
    m.state.room = room;
    conversation_state(p->talk, &m);
}

static void move(struct player *p, int64_t number, const char *column)
{
    const struct board *b = board_of(p);
    const struct card *card = board_card(b, number);
    struct msg m = {.type = MSG_TASK_MOVE};
    if (!card || card->archived || card->column == board_column(b, str_of(column)))
        return;
    look(p, number);
    m.task_move.task = number;
    m.task_move.column = str_of(column);
    m.task_move.after = AFTER_END;
    ask_in(p, room, m);
}

static void pointer(struct player *p, enum pointed at, int64_t card, int64_t place)
{
    struct msg m = {.type = MSG_POINTER};
    m.pointer = (struct msg_pointer){.head.room = room, .at = at, .task = card, .place = place};
    conversation_state(p->talk, &m);
}

/* Letter by letter, along the title, and not for ever. */
static void point(struct player *p, int64_t card)
{
    bool stays = true;
    look(p, card);
    for (int64_t place = 0; stays && place < POINT_STEPS; place++) {
        pointer(p, POINTED_CARD, card, place);
        stays = player_rest(p, POINT_MS);
    }
    if (stays)
        player_rest(p, POINT_REST_MS);
    pointer(p, POINTED_OFF, 0, -1);
}

/* Puts words behind a title, or takes them off when they are there: a change in any case. */
static void retitle(struct player *p, int64_t number, const char *words)
{
    const struct card *card = board_card(board_of(p), number);
    struct buf title = {0};
    struct msg m = {.type = MSG_TASK_EDIT};
    if (!card)
        return;
    size_t n = strlen(card->title), behind = strlen(words);
    bool there = n > behind && strcmp(card->title + n - behind, words) == 0;
    buf_add(&title, card->title, there ? n - behind : n);
    if (!there && n + behind <= TITLE_MAX)
        buf_fmt(&title, "%s", words);
    look(p, number);
    m.task_edit.task = number;
    m.task_edit.title = buf_str(&title);
    ask_in(p, room, m);
    buf_finish(&title);
}

static void perform(struct player *p, const struct tour_cue *cue)
{
    const struct tour_beat *b = tour_cue_beat(cue);
    switch (b->deed) {
    case TOUR_SAY:
    case TOUR_CALL:
        say(p, b);
        break;
    case TOUR_CHEER:
        cheer(p, b->text);
        break;
    case TOUR_MOVE:
        move(p, b->card, b->text);
        break;
    case TOUR_LOOK:
        look(p, b->card);
        break;
    case TOUR_POINT:
        point(p, b->card);
        break;
    case TOUR_RETITLE:
        retitle(p, cue->card, b->text);
        break;
    case TOUR_WRITE:
        demo_note_write(p, b->below, b->text);
        break;
    case TOUR_SHOW:
    case TOUR_ASK:
    case TOUR_AWAIT:
    case TOUR_TIDY:
    case TOUR_CUT:
    case TOUR_MEND:
        break;
    }
}

/* ---- life ---- */

static void play(struct player *p)
{
    struct err passed;
    p->note = demo_note_open(p->talk, room, &passed);
    while (turn(p, INT64_MAX)) {
        while (p->cues.n && !p->gone.code) {
            struct tour_cue cue = p->cues.v[0];
            vec_remove(&p->cues, 0);
            perform(p, &cue);
        }
    }
}

/* The room of the tour last: that is the one that is waited in. ben is not in the other. */
static bool enter(struct player *p, struct err *e)
{
    struct err passed;
    if (p->part->who != TOUR_BEN)
        conversation_open(p->talk, STR(TOUR_OTHER_ROOM), &passed);
    return conversation_open(p->talk, room, e) != NULL;
}

bool demo_play(const struct demo_part *part, struct err *e)
{
    struct player p = {.part = part};
    p.talk = conversation_new(part->url, part->token, NULL, part->timeout);
    fcntl(part->cues, F_SETFL, O_NONBLOCK);
    bool ok = conversation_start(p.talk, e) && enter(&p, e);
    if (ok)
        play(&p);
    conversation_free(p.talk);
    buf_finish(&p.in);
    vec_finish(&p.cues);
    return ok;
}
