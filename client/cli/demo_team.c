#include "demo_team.h"
#include "demo_note.h"

#include <string.h>

enum { ANA, BEN };
const char *const demo_people[DEMO_PEOPLE] = {[ANA] = "ana", [BEN] = "ben"};

enum deed { SAY, ADD, MOVE, LOOK, POINT, AWAY, WRITE };

/* One thing that somebody does: after `ms`, with a card where it is about one. */
struct beat {
    int who;
    int64_t ms;
    enum deed deed;
    int64_t card;     /* or what is written, see demo_note.h */
    const char *text; /* what is said, the title, or the column */
};

/* clang-format off */

static const struct {
    int who;
    const char *text;
} lines[] = {
    {ANA, "Morning! I put the release on the board."},
    {BEN, "Nice. I take the build; it was red on Friday."},
    {ANA, "The release notes are half done. Write with us: N lists the notes."},
};

static const struct {
    const char *column, *title;
} cards[] = {
    {"Todo",  "Write the release notes"},
    {"Todo",  "Try it on a slow link"},
    {"Todo",  "Ask Kim about the licence header"},
    {"Doing", "Fix the red build"},
    {"Doing", "Measure the start-up time"},
    {"Done",  "Choose a name"},
};

static const struct beat script[] = {
    {BEN, 2000, LOOK, 4, NULL},
    {BEN, 2500, SAY,  0, "Found it: the test waited for a port that was taken."},
    {ANA, 1500, LOOK, 1, NULL},
    {ANA, 2500, MOVE, 1, "Doing"},
    {BEN, 3000, MOVE, 4, "Done"},
    {ANA, 1500, WRITE, DEMO_WRITE_NEW, NULL},
    {BEN, 1000, WRITE, DEMO_WRITE_GONE, NULL},
    {ANA, 2000, SAY,  0, "Green again, thank you :)"},
    {BEN, 4000, ADD,  0, "Tell the mailing list"},
    {BEN, 3000, LOOK, 5, NULL},
    {BEN, 1500, POINT, 5, NULL},
    {BEN, 3500, SAY,  0, "Start-up is 11 ms here. Done, I would say."},
    {BEN, 1500, MOVE, 5, "Done"},
    {ANA, 1500, WRITE, DEMO_WRITE_DONE, NULL},
    {BEN, 1500, WRITE, DEMO_WRITE_START, NULL},
    {ANA, 6000, LOOK, 2, NULL},
    {ANA, 2000, MOVE, 2, "Doing"},
    {ANA, 5000, SAY,  0, "Over a slow link now. Feels the same!"},
    {ANA, 8000, MOVE, 2, "Done"},
    {BEN, 4000, SAY,  0, "Your turn: move a card, write in the note, say something."},
    {ANA, 4000, AWAY, 0, "getting coffee"},
};

/* clang-format on */

static const struct str room = {"" DEMO_ROOM, sizeof DEMO_ROOM - 1};

static bool request(struct conversation *t, struct msg m, struct err *e)
{
    struct msg_ok ok;
    m.request.room = room;
    return conversation_request(t, &m, &ok, e);
}

static bool say(struct conversation *t, const char *text, struct err *e)
{
    return request(t, (struct msg){.type = MSG_MESSAGE_POST, .message_post.text = str_of(text)},
                   e);
}

static bool add(struct conversation *t, const char *title, const char *column, struct err *e)
{
    struct msg m = {.type = MSG_TASK_ADD};
    m.task_add.title = str_of(title);
    m.task_add.column = str_of(column);
    m.task_add.after = AFTER_END;
    return request(t, m, e);
}

/* ---- before the screen opens ---- */

static bool make_account(struct conversation *t, const char *name, struct buf *token,
                         struct err *e)
{
    struct msg set = {.type = MSG_ADMIN_USER_SET, .admin_user_set.user = str_of(name)};
    struct msg ask = {.type = MSG_ADMIN_TOKEN};
    ask.admin_token.user = str_of(name);
    ask.admin_token.ttl = DEMO_TOKEN_S;
    if (!conversation_ask(t, &set, e))
        return false;
    const struct msg *m = conversation_ask(t, &ask, e);
    if (!m)
        return false;
    buf_add_str(token, m->token.token);
    return true;
}

static bool make_accounts(const char *url, struct buf tokens[DEMO_PEOPLE], int64_t timeout,
                          struct err *e)
{
    struct conversation *t = conversation_new(url, STR(""), NULL, timeout);
    bool ok = conversation_start(t, e);
    for (int i = 0; ok && i < DEMO_PEOPLE; i++)
        ok = make_account(t, demo_people[i], &tokens[i], e);
    conversation_free(t);
    return ok;
}

static bool fill(struct conversation *people[DEMO_PEOPLE], const char *url, struct err *e)
{
    for (size_t i = 0; i < COUNT_OF(cards); i++)
        if (!add(people[ANA], cards[i].title, cards[i].column, e))
            return false;
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        if (!say(people[lines[i].who], lines[i].text, e))
            return false;
    if (!demo_note_make(people[ANA], room, e))
        return false;
    /* So that a second terminal finds the way here. */
    struct arena a = {0};
    bool ok = say(people[BEN],
                  str_fmt(&a, "For a second terminal:\nexport MOOT_SERVER=%s", url).p, e);
    arena_finish(&a);
    return ok;
}

bool demo_seed(const char *url, struct buf tokens[DEMO_PEOPLE], int64_t timeout, struct err *e)
{
    if (!make_accounts(url, tokens, timeout, e))
        return false;
    struct conversation *people[DEMO_PEOPLE];
    bool ok = true;
    for (int i = 0; i < DEMO_PEOPLE; i++) {
        people[i] = conversation_new(url, buf_str(&tokens[i]), NULL, timeout);
        ok = ok && conversation_start(people[i], e);
    }
    ok = ok && fill(people, url, e);
    for (int i = 0; i < DEMO_PEOPLE; i++)
        conversation_free(people[i]);
    return ok;
}

/* ---- while it is open ---- */

static void look_at(struct conversation *t, int64_t card)
{
    struct msg m = {.type = MSG_CURSOR, .cursor.task = card};
    m.state.room = room;
    conversation_state(t, &m);
}

/* The letters behind the first ones of its title, one after the other. */
static bool point_at(struct conversation *t, int64_t card, struct err *e)
{
    for (int64_t place = 0; place < 12; place++) {
        struct msg m = {.type = MSG_POINTER};
        m.pointer = (struct msg_pointer){
            .head.room = room, .at = POINTED_CARD, .task = card, .place = place};
        conversation_state(t, &m);
        if (!conversation_linger(t, 120, e))
            return false;
    }
    return true;
}

static bool be_away(struct conversation *t, const char *words, struct err *e)
{
    struct msg m = {.type = MSG_STATUS,
                    .status = {.status = STATUS_AWAY, .words = str_of(words)}};
    return conversation_ask(t, &m, e) != NULL;
}

static void typing(struct conversation *t, bool on)
{
    struct msg m = {.type = MSG_TYPING, .typing.on = on};
    m.state.room = room;
    conversation_state(t, &m);
}

static bool do_beat(struct conversation *t, struct doc *d, const struct beat *b, struct err *e)
{
    struct msg move = {.type = MSG_TASK_MOVE};
    switch (b->deed) {
    case SAY:
        return say(t, b->text, e);
    case ADD:
        return add(t, b->text, "", e);
    case LOOK:
        look_at(t, b->card);
        return true;
    case POINT:
        return point_at(t, b->card, e);
    case AWAY:
        return be_away(t, b->text, e);
    case WRITE:
        return demo_note_write(t, d, (enum demo_writing)b->card, e);
    case MOVE:
        move.task_move.task = b->card;
        move.task_move.column = str_of(b->text);
        move.task_move.after = AFTER_END;
        return request(t, move, e);
    }
    return true;
}

/* Whoever speaks next is seen typing; the others wait for as long. */
static bool play(struct conversation *t, int person, struct err *e)
{
    struct err passed; /* a card that was archived meanwhile is no reason to leave */
    struct doc *d = demo_note_open(t, room, &passed);
    for (size_t i = 0; i < COUNT_OF(script); i++) {
        const struct beat *b = &script[i];
        bool types = b->who == person && b->deed == SAY;
        if (types)
            typing(t, true);
        if (!conversation_linger(t, b->ms, e))
            return false;
        if (types)
            typing(t, false);
        if (b->who == person)
            do_beat(t, d, b, &passed);
        else if (b->deed == WRITE && !demo_note_wait(t, (enum demo_writing)b->card, e))
            return false;
    }
    return conversation_linger(t, INT32_MAX, e);
}

bool demo_play(const char *url, int person, struct str token, int64_t timeout, struct err *e)
{
    struct conversation *t = conversation_new(url, token, NULL, timeout);
    bool ok = conversation_start(t, e) && conversation_open(t, room, e) && play(t, person, e);
    conversation_free(t);
    return ok;
}
