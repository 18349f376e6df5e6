#include "demo_team.h"
#include "demo_note.h"

#include <string.h>

enum { ANA = TOUR_ANA, BEN = TOUR_BEN, KIM = TOUR_KIM };

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

/* clang-format on */

static const struct str room = {"" DEMO_ROOM, sizeof DEMO_ROOM - 1};

static bool request_in(struct conversation *t, struct str where, struct msg m, struct err *e)
{
    struct msg_ok ok;
    m.request.room = where;
    return conversation_request(t, &m, &ok, e);
}

static bool request(struct conversation *t, struct msg m, struct err *e)
{
    return request_in(t, room, m, e);
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

bool demo_account(struct conversation *t, const char *name, struct buf *token, struct err *e)
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

/* What one of them is called. Whoever has that name already keeps it alone. */
static struct str name_of(struct arena *a, int who, struct str me)
{
    return str_fmt(a, str_is(me, tour_people[who]) ? "%s2" : "%s", tour_people[who]);
}

static bool make_accounts(const char *url, struct buf tokens[TOUR_PEOPLE], struct buf *me,
                          int64_t timeout, struct err *e)
{
    struct conversation *t = conversation_new(url, STR(""), NULL, timeout);
    struct arena a = {0};
    bool ok = conversation_start(t, e);
    if (ok)
        buf_add_str(me, str_of(conversation_session(t)->user));
    for (int i = 1; ok && i < TOUR_PEOPLE; i++)
        ok = demo_account(t, name_of(&a, i, buf_str(me)).p, &tokens[i], e);
    arena_finish(&a);
    conversation_free(t);
    return ok;
}

/* A room beside it, to be called to. */
static bool make_other_room(struct conversation *t, struct str me, struct err *e)
{
    struct arena a = {0};
    const struct str members[] = {me, name_of(&a, ANA, me)};
    struct str other = STR(TOUR_OTHER_ROOM);
    bool ok = request_in(t, other, (struct msg){.type = MSG_ROOM_CREATE}, e);
    for (size_t i = 0; ok && i < COUNT_OF(members); i++) {
        struct msg set = {.type = MSG_MEMBER_SET};
        set.member_set.user = members[i];
        set.member_set.role = ROLE_MEMBER;
        ok = request_in(t, other, set, e);
    }
    arena_finish(&a);
    return ok;
}

static bool fill(struct conversation *people[TOUR_PEOPLE], const char *url, struct err *e)
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

bool demo_seed(const char *url, struct buf tokens[TOUR_PEOPLE], struct buf *me, int64_t timeout,
               struct err *e)
{
    if (!make_accounts(url, tokens, me, timeout, e))
        return false;
    struct conversation *people[TOUR_PEOPLE] = {0};
    bool ok = true;
    for (int i = 1; i < TOUR_PEOPLE; i++) {
        people[i] = conversation_new(url, buf_str(&tokens[i]), NULL, timeout);
        ok = ok && conversation_start(people[i], e);
    }
    ok = ok && fill(people, url, e) && make_other_room(people[KIM], buf_str(me), e);
    for (int i = 1; i < TOUR_PEOPLE; i++)
        conversation_free(people[i]);
    return ok;
}
