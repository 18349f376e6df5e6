/* Bad input, as data: connect to a real mootd, send this, expect that. */
#include "msg.h"
#include "talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { FRAMES_MAX = 6, ENDS = -1, STAYS = 0 };

struct row {
    const char *what;
    bool before_hello;
    struct ws_frame frames[FRAMES_MAX];
    void (*make)(struct ws_client *c); /* sends what is too big for a table */
    const char *code;                  /* of the error or bye that must come; NULL: none */
    int then; /* STAYS, ENDS (however), or the status of the close frame */
};

/* ---- what is too big for a table ---- */

static void send_repeated(struct ws_client *c, const char *front, char middle, size_t n,
                          const char *back)
{
    struct buf b = {0};
    buf_add_str(&b, str_of(front));
    for (size_t i = 0; i < n; i++)
        buf_add_c(&b, middle);
    buf_add_str(&b, str_of(back));
    ws_send_text(c, buf_str(&b));
    buf_finish(&b);
}

static void nested_deeply(struct ws_client *c)
{
    send_repeated(c, "{\"type\":\"ping\",\"id\":1,\"x\":", '[', 2000, "");
}

static void just_too_large(struct ws_client *c)
{
    send_repeated(c, "{\"type\":\"ping\",\"id\":1", ' ', FRAME_IN_MAX, "}");
}

static void as_large_as_allowed(struct ws_client *c)
{
    static const char front[] = "{\"type\":\"ping\",\"id\":1";
    send_repeated(c, front, ' ', FRAME_IN_MAX - sizeof front, "}");
}

static void text_too_long(struct ws_client *c)
{
    send_repeated(c, "{\"type\":\"message.post\",\"room\":\"#lobby\",\"id\":1,\"text\":\"", 'x',
                  TEXT_MAX + 1, "\"}");
}

static void too_many_objects(struct ws_client *c)
{
    struct buf b = {0};
    buf_add_c(&b, '[');
    for (int i = 1; i <= FRAME_OBJECTS_MAX + 1; i++)
        buf_fmt(&b, "%s{\"type\":\"ping\",\"id\":%d}", i > 1 ? "," : "", i);
    buf_add_c(&b, ']');
    ws_send_text(c, buf_str(&b));
    buf_finish(&b);
}

static void too_many_rooms(struct ws_client *c)
{
    struct buf b = {0};
    buf_add_str(&b,
                STR("{\"type\":\"hello\",\"version\":1,\"client\":\"abcdefgh\",\"agent\":\"t\","
                    "\"rooms\":["));
    for (int i = 0; i <= ROOMS_PER_HELLO_MAX; i++)
        buf_fmt(&b, "%s{\"room\":\"#r%d\"}", i ? "," : "", i);
    buf_add_str(&b, STR("]}"));
    ws_send_text(c, buf_str(&b));
    buf_finish(&b);
}

static void fragments_without_end(struct ws_client *c)
{
    static char piece[2000];
    memset(piece, ' ', sizeof piece);
    struct ws_frame f = {.opcode = WS_TEXT, .more = true, .payload = {piece, sizeof piece}};
    for (size_t sent = 0; sent <= FRAME_IN_MAX; sent += sizeof piece) {
        if (!ws_send_frame(c, &f))
            return;
        f.opcode = WS_CONTINUATION;
    }
}

static void a_thousand_empty_fragments(struct ws_client *c)
{
    static const char ping[] = "{\"type\":\"ping\",\"id\":1}";
    struct ws_frame f = {.opcode = WS_TEXT, .more = true};
    for (int i = 0; i < 1000; i++, f.opcode = WS_CONTINUATION)
        ws_send_frame(c, &f);
    ws_send_frame(
        c, &(struct ws_frame){.opcode = WS_CONTINUATION, .payload = {ping, sizeof ping - 1}});
}

static void one_byte_a_frame(struct ws_client *c)
{
    static const char ping[] = "{\"type\":\"ping\",\"id\":1}";
    for (size_t i = 0; i < sizeof ping - 1; i++)
        ws_send_frame(c, &(struct ws_frame){.opcode = i ? WS_CONTINUATION : WS_TEXT,
                                            .more = i + 2 < sizeof ping,
                                            .payload = {ping + i, 1}});
}

/* What deflate makes of a megabyte of zeros is as good as any other bytes with RSV1 set. */
static void a_compression_bomb(struct ws_client *c)
{
    static char bomb[1030];
    memset(bomb, 0, sizeof bomb);
    memcpy(bomb, "\xec\xc1\x01\x01\0\0\0\x80\x90\xfe\xaf\xee\x08\x0a", 14);
    ws_send_frame(
        c, &(struct ws_frame){.opcode = WS_TEXT, .rsv = 4, .payload = {bomb, sizeof bomb}});
}

/* ---- the table ---- */

#define LIT(t)                                                                                 \
    {                                                                                          \
        t, sizeof t - 1                                                                        \
    }
#define TEXT(t)                                                                                \
    {                                                                                          \
        {                                                                                      \
            .opcode = WS_TEXT, .payload = LIT(t)                                               \
        }                                                                                      \
    }
#define POST(t) "{\"type\":\"message.post\",\"room\":\"#lobby\"," t "}"
#define HELLO(t) "{\"type\":\"hello\"," t "}"

/* clang-format off */
static const struct row rows[] = {
    /* the message as bytes */
    {"empty", .frames = TEXT(""), .code = "malformed"},
    {"white space", .frames = TEXT(" \n"), .code = "malformed"},
    {"not JSON", .frames = TEXT("hello"), .code = "malformed"},
    {"half JSON", .frames = TEXT("{\"type\":\"ping\",\"id\":1"), .code = "malformed"},
    {"JSON and more", .frames = TEXT("{\"type\":\"ping\",\"id\":1} x"), .code = "malformed"},
    {"not UTF-8", .frames = TEXT(POST("\"id\":1,\"text\":\"\xff\xfe\"")), .code = "malformed"},
    {"UTF-8 of a surrogate", .frames = TEXT(POST("\"id\":1,\"text\":\"\xed\xa0\x80\"")), .code = "malformed"},
    {"UTF-8 cut off", .frames = TEXT(POST("\"id\":1,\"text\":\"\xe2\x82\"")), .code = "malformed"},
    {"overlong UTF-8", .frames = TEXT(POST("\"id\":1,\"text\":\"\xc0\xaf\"")), .code = "malformed"},
    {"a number", .frames = TEXT("17"), .code = "malformed"},
    {"a string", .frames = TEXT("\"ping\""), .code = "malformed"},
    {"null", .frames = TEXT("null"), .code = "malformed"},
    {"an array of numbers", .frames = TEXT("[1,2]"), .code = "malformed"},
    {"a NUL byte", .frames = TEXT("{\"type\":\"ping\",\"id\":1}\0"), .code = "malformed"},
    {"too deep", .make = nested_deeply, .code = "malformed"},
    {"too large", .make = just_too_large, .code = "too_large", .then = 1009},
    {"exactly as large as allowed", .make = as_large_as_allowed},
    {"more objects than allowed", .make = too_many_objects, .code = "too_large"},

    /* its fields */
    {"no type", .frames = TEXT("{\"id\":1}"), .code = "bad_field"},
    {"an unknown type", .frames = TEXT("{\"type\":\"launch\",\"id\":1}"), .code = "unknown_type"},
    {"a type of the wrong kind", .frames = TEXT("{\"type\":7,\"id\":1}"), .code = "bad_field"},
    {"what only the server says", .frames = TEXT("{\"type\":\"synced\",\"room\":\"#lobby\",\"seq\":1}"), .code = "unknown_type"},
    {"a missing field", .frames = TEXT(POST("\"id\":1")), .code = "bad_field"},
    {"an unknown field", .frames = TEXT(POST("\"id\":1,\"text\":\"x\",\"bold\":true")), .code = "bad_field"},
    {"a field twice", .frames = TEXT(POST("\"id\":1,\"text\":\"x\",\"text\":\"y\"")), .code = "bad_field"},
    {"a string for a number", .frames = TEXT(POST("\"id\":\"1\",\"text\":\"x\"")), .code = "bad_field"},
    {"a number for a string", .frames = TEXT(POST("\"id\":1,\"text\":5")), .code = "bad_field"},
    {"a list for a string", .frames = TEXT(POST("\"id\":1,\"text\":[]")), .code = "bad_field"},
    {"an object for a number", .frames = TEXT(POST("\"id\":{},\"text\":\"x\"")), .code = "bad_field"},
    {"null for a string", .frames = TEXT(POST("\"id\":1,\"text\":null")), .code = "bad_field"},
    {"a number of 0", .frames = TEXT(POST("\"id\":0,\"text\":\"x\"")), .code = "bad_field"},
    {"a negative number", .frames = TEXT(POST("\"id\":-1,\"text\":\"x\"")), .code = "bad_field"},
    {"a fraction", .frames = TEXT(POST("\"id\":1.5,\"text\":\"x\"")), .code = "bad_field"},
    {"2^53", .frames = TEXT(POST("\"id\":9007199254740992,\"text\":\"x\"")), .code = "bad_field"},
    {"a huge number", .frames = TEXT(POST("\"id\":1e300,\"text\":\"x\"")), .code = "bad_field"},
    {"a number beyond doubles", .frames = TEXT(POST("\"id\":1e999,\"text\":\"x\"")), .code = "bad_field"},
    {"an empty text", .frames = TEXT(POST("\"id\":1,\"text\":\"\"")), .code = "bad_field"},
    {"a text too long", .make = text_too_long, .code = "too_large"},
    {"a name of no room", .frames = TEXT("{\"type\":\"message.post\",\"room\":\"lobby\",\"id\":1,\"text\":\"x\"}"), .code = "bad_field"},
    {"a path for a room", .frames = TEXT("{\"type\":\"room.create\",\"room\":\"#../../etc\",\"id\":1}"), .code = "bad_field"},
    {"a control character in a line", .frames = TEXT("{\"type\":\"task.add\",\"room\":\"#lobby\",\"id\":1,\"title\":\"a\\u001b[31m\"}"), .code = "bad_field"},

    /* when and by whom */
    {"a room that is not there", .frames = TEXT("{\"type\":\"message.post\",\"room\":\"#nowhere\",\"id\":1,\"text\":\"x\"}"), .code = "not_found"},
    {"a card that is not there", .frames = TEXT("{\"type\":\"task.archive\",\"room\":\"#lobby\",\"id\":1,\"task\":99}"), .code = "not_found"},
    {"hello twice", .frames = TEXT(HELLO("\"version\":1,\"client\":\"abcdefgh\",\"agent\":\"t\",\"rooms\":[]")), .code = "out_of_order"},
    {"a message before hello", true, .frames = TEXT(POST("\"id\":1,\"text\":\"x\"")), .code = "out_of_order"},
    {"another version", true, .frames = TEXT(HELLO("\"version\":99,\"anything\":true")), .code = "version", .then = ENDS},
    {"a client id too short", true, .frames = TEXT(HELLO("\"version\":1,\"client\":\"abc\",\"agent\":\"t\",\"rooms\":[]")), .code = "bad_field"},
    {"too many rooms at once", true, .make = too_many_rooms, .code = "too_large"},

    /* frames that keep to RFC 6455 */
    {"in three fragments, a ping between", .frames = {
        {.opcode = WS_TEXT, .more = true, .payload = LIT("{\"type\":\"pi")},
        {.opcode = WS_CONTINUATION, .more = true, .payload = LIT("ng\",")},
        {.opcode = WS_PING, .payload = LIT("are you there?")},
        {.opcode = WS_CONTINUATION, .payload = LIT("\"id\":1}")}}},
    {"UTF-8 cut between fragments", .frames = {
        {.opcode = WS_TEXT, .more = true, .payload = LIT(POST("\"id\":1,\"text\":\"\xe2"))},
        {.opcode = WS_CONTINUATION, .payload = LIT("\x82\xac\"}")}}},
    {"one byte a frame", .make = one_byte_a_frame},
    {"a thousand empty fragments", .make = a_thousand_empty_fragments},
    {"unmasked: tolerated, as libwebsockets does", .frames = {{.opcode = WS_TEXT, .unmasked = true, .payload = LIT("{\"type\":\"ping\",\"id\":1}")}}},
    {"a pong nobody asked for", .frames = {{.opcode = WS_PONG, .payload = LIT("x")}}},
    {"fragments without end", .make = fragments_without_end, .code = "too_large", .then = 1009},
    {"a header that claims much", .frames = {{.opcode = WS_TEXT, .payload = LIT("{"), .claim = FRAME_IN_MAX + 1}}, .code = "too_large", .then = 1009},
    {"a header that claims 256 MB", .frames = {{.opcode = WS_TEXT, .payload = LIT("{"), .claim = 1 << 28}}, .code = "too_large", .then = 1009},
    {"a header that claims 2^62", .frames = {{.opcode = WS_TEXT, .payload = LIT("{"), .claim = UINT64_C(1) << 62}}, .then = ENDS},
    {"a binary frame", .frames = {{.opcode = WS_BINARY, .payload = LIT("{\"type\":\"ping\",\"id\":1}")}}, .code = "malformed", .then = 1003},

    /* frames that do not: only abuse closes a connection, and this is it */
    {"RSV1 without an extension", .frames = {{.opcode = WS_TEXT, .rsv = 4, .payload = LIT("{}")}}, .then = ENDS},
    {"RSV2", .frames = {{.opcode = WS_TEXT, .rsv = 2, .payload = LIT("{}")}}, .then = ENDS},
    {"a compression bomb", .make = a_compression_bomb, .then = ENDS},
    {"a reserved opcode", .frames = {{.opcode = 3, .payload = LIT("x")}}, .then = ENDS},
    {"a reserved control opcode", .frames = {{.opcode = 11, .payload = LIT("x")}}, .then = ENDS},
    {"a ping in fragments", .frames = {{.opcode = WS_PING, .more = true, .payload = LIT("x")}}, .then = ENDS},
    {"a ping that claims too much", .frames = {{.opcode = WS_PING, .payload = LIT("x"), .claim = 126}}, .then = ENDS},
    {"a length of 2^63", .frames = {{.opcode = WS_TEXT, .payload = LIT("x"), .claim = UINT64_C(1) << 63}}, .then = ENDS},
    {"a continuation of nothing", .frames = {{.opcode = WS_CONTINUATION, .payload = LIT("{}")}}, .then = ENDS},
    {"a text within a text", .frames = {
        {.opcode = WS_TEXT, .more = true, .payload = LIT("{")}, {.opcode = WS_TEXT, .payload = LIT("{}")}}, .then = ENDS},
    {"a close frame with half a status", .frames = {{.opcode = WS_CLOSE, .payload = LIT("x")}}, .then = ENDS},
    {"a close frame with a forbidden status", .frames = {{.opcode = WS_CLOSE, .payload = LIT("\x03\xed")}}, .then = ENDS},
};
/* clang-format on */

/* ---- the runner ---- */

/* An error, or a bye: both have a code. */
static bool get_code(struct ws_client *c, const char *code)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "\"code\":\"%s\"", code);
    struct str text;
    return ws_await(c, "\"code\":", &text) && memmem(text.p, text.n, wanted, strlen(wanted));
}

static bool comes_to(struct ws_client *c, const struct row *row)
{
    if (row->then == ENDS)
        return ws_await_close(c);
    if (row->then != STAYS)
        return ws_await_close(c) && c->close_code == row->then;
    if (!row->before_hello)
        return talk_is_alive(c, 1000);
    return talk_ask(c,
                    HELLO("\"version\":1,\"client\":\"abcdefgh\",\"agent\":\"t\",\"rooms\":[]"),
                    "\"welcome\"");
}

static bool begin(const struct server_rig *r, const struct row *row, struct ws_client *c)
{
    if (row->before_hello)
        return ws_open(c, &(struct ws_dial){.unix_path = r->socket});
    return talk_hello(r, c, NULL, "abcdefgh");
}

/* What went wrong, or NULL. */
static const char *play(const struct server_rig *r, const struct row *row, struct ws_client *c)
{
    if (!begin(r, row, c))
        return "no connection";
    for (size_t i = 0; i < FRAMES_MAX && (row->frames[i].opcode || row->frames[i].payload.p);
         i++)
        ws_send_frame(c, &row->frames[i]);
    if (row->make)
        row->make(c);
    if (row->code && !get_code(c, row->code))
        return "not the right code";
    return comes_to(c, row) ? NULL : "not the right end";
}

static void bad_input_gets_an_answer_and_only_abuse_a_close(void **state)
{
    const struct server_rig *r = *state;
    int wrong = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ws_client c;
        const char *what = play(r, &rows[i], &c);
        if (what)
            print_error("%s: %s; last came '%s', close %d, ended %d\n", rows[i].what, what,
                        buf_cstr(&c.payload), c.close_code, c.ended);
        wrong += what != NULL;
        ws_finish(&c);
    }
    assert_int_equal(wrong, 0);
}

/* A new room of the admin's, in which `user` has this role; c is signed in as user. */
static void enter_as(const struct server_rig *r, struct ws_client *c, const char *room,
                     const char *user, const char *role)
{
    struct ws_client owner;
    struct buf b = {0};
    char *token = talk_token(r, user, 3600);
    assert_true(talk_hello(r, &owner, NULL, "ownerowner1"));
    assert_true(
        talk_hello(r, c, &(struct ws_dial){.port = r->port, .token = token}, "abcdefgh"));
    static int id = 100;
    buf_fmt(&b, "{\"type\":\"room.create\",\"room\":\"%s\",\"id\":%d}", room, ++id);
    assert_true(talk_ask(&owner, buf_cstr(&b), "\"ok\""));
    buf_clear(&b);
    buf_fmt(
        &b,
        "{\"type\":\"member.set\",\"room\":\"%s\",\"id\":%d,\"user\":\"%s\",\"role\":\"%s\"}",
        room, ++id, user, role);
    assert_true(strcmp(role, "none") == 0 || talk_ask(&owner, buf_cstr(&b), "\"ok\""));
    buf_finish(&b);
    ws_finish(&owner);
    free(token);
}

static void roles_are_enforced(void **state)
{
    static const struct {
        const char *role, *message, *answer;
    } asks[] = {
        {"observer", "\"type\":\"history\",\"id\":1", "history.page"},
        {"observer", "\"type\":\"message.post\",\"id\":2,\"text\":\"x\"", "forbidden"},
        {"observer", "\"type\":\"task.add\",\"id\":3,\"title\":\"x\"", "forbidden"},
        {"member", "\"type\":\"message.post\",\"id\":4,\"text\":\"x\"", "\"ok\""},
        {"member", "\"type\":\"member.set\",\"id\":5,\"user\":\"eve\",\"role\":\"owner\"",
         "forbidden"},
        {"none", "\"type\":\"message.post\",\"id\":6,\"text\":\"x\"", "forbidden"},
        {"none", "\"type\":\"history\",\"id\":7", "forbidden"},
        {"owner", "\"type\":\"member.set\",\"id\":8,\"user\":\"role0\",\"role\":\"member\"",
         "\"ok\""},
    };
    const struct server_rig *r = *state;
    for (size_t i = 0; i < COUNT_OF(asks); i++) {
        struct ws_client c;
        char room[16], user[16], message[200];
        snprintf(room, sizeof room, "#roles%zu", i);
        snprintf(user, sizeof user, "role%zu", i);
        snprintf(message, sizeof message, "{%s,\"room\":\"%s\"}", asks[i].message, room);
        enter_as(r, &c, room, user, asks[i].role);
        if (!talk_ask(&c, message, "\"re\":") || !strstr(buf_cstr(&c.payload), asks[i].answer))
            fail_msg("%s as %s: %s", message, asks[i].role, c.payload.p);
        ws_finish(&c);
    }
}

static void admin_verbs_are_for_admins(void **state)
{
    static const char *const verbs[] = {
        "{\"type\":\"admin.users\",\"id\":1}",
        "{\"type\":\"admin.token\",\"id\":2,\"user\":\"root\",\"ttl\":60}",
        "{\"type\":\"admin.invite\",\"id\":3,\"user\":\"eve\",\"ttl\":60}",
        "{\"type\":\"admin.tokens\",\"id\":4}",
        "{\"type\":\"admin.revoke\",\"id\":5,\"token_id\":\"abc\"}",
        "{\"type\":\"admin.user.set\",\"id\":6,\"user\":\"mallory\",\"admin\":true}",
        "{\"type\":\"admin.stats\",\"id\":7}",
    };
    const struct server_rig *r = *state;
    struct ws_client c;
    char *token = talk_token(r, "mallory", 3600);
    assert_true(
        talk_hello(r, &c, &(struct ws_dial){.port = r->port, .token = token}, "abcdefgh"));
    for (size_t i = 0; i < COUNT_OF(verbs); i++)
        if (!talk_ask(&c, verbs[i], "forbidden"))
            fail_msg("%s: %s", verbs[i], c.payload.p);
    ws_finish(&c);
    free(token);
}

static int start(void **state)
{
    static struct server_rig r;
    *state = &r;
    return rig_start(&r) ? 0 : -1;
}

static int stop(void **state)
{
    struct server_rig *r = *state;
    bool ok = rig_down(r); /* not when a sanitizer has found anything */
    rig_finish(r);
    return ok ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_input_gets_an_answer_and_only_abuse_a_close),
        cmocka_unit_test(roles_are_enforced),
        cmocka_unit_test(admin_verbs_are_for_admins),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
