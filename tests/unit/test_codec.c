#include "codec.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

/* One frame decoded; finish() gives it back. */
struct decoded {
    bool good;
    struct msg_list list;
    struct arena arena;
    int64_t re;
    struct err err;
};

static struct decoded decode(struct str frame, enum msg_side from)
{
    struct decoded d = {0};
    d.good = codec_decode(frame, from, &d.arena, &d.list, &d.re, &d.err);
    return d;
}

static void finish(struct decoded *d)
{
    arena_finish(&d->arena);
}

#define POST "{\"type\":\"message.post\",\"id\":7,\"room\":\"#core\",\"text\":\"hi\"}"
#define HELLO "{\"type\":\"hello\",\"version\":1,\"client\":\"abcdefgh\"}"

/* ---- what is refused ---- */

struct bad {
    struct str frame;
    enum err_code code;
    int64_t re;
    const char *words;
};

static void assert_refused(const struct bad *row, enum msg_side from)
{
    struct decoded d = decode(row->frame, from);
    if (d.good || d.err.code != row->code || d.re != row->re || !strstr(d.err.text, row->words))
        fail_msg("%.60s: got %s, re %lld: %s", row->frame.p, err_name(d.err.code),
                 (long long)d.re, d.err.text);
    assert_int_equal(d.list.n, 0);
    finish(&d);
}

static void frames_that_are_no_json_are_refused(void **state)
{
    (void)state;
    static const struct bad rows[] = {
        {STR_ROW(""), ERR_MALFORMED, 0, "byte 0: a value is missing"},
        {STR_ROW(" "), ERR_MALFORMED, 0, "byte 1: a value is missing"},
        {STR_ROW("hello"), ERR_MALFORMED, 0, "byte 0: not a value"},
        {STR_ROW("{\"type\":"), ERR_MALFORMED, 0, "byte 8: a value is missing"},
        {STR_ROW("{\"type\":}"), ERR_MALFORMED, 0, "byte 8: not a value"},
        {STR_ROW("tru"), ERR_MALFORMED, 0, "not a value"},
        {STR_ROW("{"), ERR_MALFORMED, 0, "string is missing"},
        {STR_ROW("{\"type\""), ERR_MALFORMED, 0, "':' is missing"},
        {STR_ROW("{\"type\":\"ping\",\"id\":1"), ERR_MALFORMED, 0, "'}' is missing"},
        {STR_ROW("[" POST), ERR_MALFORMED, 0, "']' is missing"},
        {STR_ROW("{\"type\":\"ping\",}"), ERR_MALFORMED, 0, "string is missing"},
        {STR_ROW("{type:\"ping\"}"), ERR_MALFORMED, 0, "string is missing"},
        {STR_ROW("{'type':'ping'}"), ERR_MALFORMED, 0, "string is missing"},
        {STR_ROW(POST POST), ERR_MALFORMED, 0, "follows the end"},
        {STR_ROW(POST "\0"), ERR_MALFORMED, 0, "follows the end"},
        {STR_ROW("\xef\xbb\xbf" POST), ERR_MALFORMED, 0,
         "byte 0: a byte order mark may not stand"},
        {STR_ROW("\v" POST), ERR_MALFORMED, 0, "byte 0"},
        {STR_ROW("{\"type\":\"\xff\"}"), ERR_MALFORMED, 0, "not UTF-8"},
        {STR_ROW("{\"type\":\"\xc0\x80\"}"), ERR_MALFORMED, 0, "not UTF-8"},
        {STR_ROW("{\"type\":\"\xed\xa0\x80\"}"), ERR_MALFORMED, 0, "not UTF-8"},
        {STR_ROW("{\"type\":\"a\nb\"}"), ERR_MALFORMED, 0, "control character"},
        {STR_ROW("{\"type\":\"a\0b\"}"), ERR_MALFORMED, 0, "control character"},
        {STR_ROW("{\"type\":\"a\\u0000b\"}"), ERR_MALFORMED, 0, "NUL"},
        {STR_ROW("{\"type\":\"\\ud800\"}"), ERR_MALFORMED, 0, "surrogate"},
        {STR_ROW("{\"type\":\"\\ud800\\u0041\"}"), ERR_MALFORMED, 0, "surrogate"},
        {STR_ROW("{\"type\":\"\\udc00\"}"), ERR_MALFORMED, 0, "surrogate"},
        {STR_ROW("{\"type\":\"\\x41\"}"), ERR_MALFORMED, 0, "unknown escape"},
        {STR_ROW("{\"type\":\"\\u12g4\"}"), ERR_MALFORMED, 0, "four hex digits"},
        {STR_ROW("{\"type\":\"ping"), ERR_MALFORMED, 0, "does not end"},
        {STR_ROW("{\"type\":\"ping\\"), ERR_MALFORMED, 0, "escape"},
        {STR_ROW("{\"id\":01}"), ERR_MALFORMED, 0, "'}' is missing"},
        {STR_ROW("{\"id\":+1}"), ERR_MALFORMED, 0, "not a value"},
        {STR_ROW("{\"id\":.5}"), ERR_MALFORMED, 0, "not a value"},
        {STR_ROW("{\"id\":1.}"), ERR_MALFORMED, 0, "dot"},
        {STR_ROW("{\"id\":1e}"), ERR_MALFORMED, 0, "exponent"},
        {STR_ROW("{\"id\":-}"), ERR_MALFORMED, 0, "not a number"},
        {STR_ROW("{\"id\":NaN}"), ERR_MALFORMED, 0, "not a value"},
        {STR_ROW("{\"id\":0x1}"), ERR_MALFORMED, 0, "'}' is missing"},
        {STR_ROW("[[[[[[[[[1]]]]]]]]]"), ERR_MALFORMED, 0, "nested too deeply, at most 8"},
        {STR_ROW("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}"),
         ERR_MALFORMED, 0, "nested too deeply"},
        {STR_ROW("1"), ERR_MALFORMED, 0, "must be an object"},
        {STR_ROW("\"ping\""), ERR_MALFORMED, 0, "must be an object"},
        {STR_ROW("null"), ERR_MALFORMED, 0, "must be an object"},
        {STR_ROW("[]"), ERR_MALFORMED, 0, "empty list"},
        {STR_ROW("[1]"), ERR_MALFORMED, 0, "must be an object"},
        {STR_ROW("[[" POST "]]"), ERR_MALFORMED, 0, "must be an object"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_refused(&rows[i], FROM_CLIENT);
        assert_refused(&rows[i], FROM_SERVER);
    }
}

static void messages_that_do_not_follow_their_row_are_refused(void **state)
{
    (void)state;
#define MOVE(rest) STR_ROW("{\"type\":\"task.move\",\"id\":7,\"room\":\"#core\"" rest "}")
    static const struct bad rows[] = {
        {STR_ROW("{}"), ERR_BAD_FIELD, 0, "type: missing"},
        {STR_ROW("{\"id\":7}"), ERR_BAD_FIELD, 7, "type: missing"},
        {STR_ROW("{\"type\":7,\"id\":7}"), ERR_BAD_FIELD, 7, "type: must be a string"},
        {STR_ROW("{\"type\":\"fly\",\"id\":7}"), ERR_UNKNOWN_TYPE, 7,
         "there is no message \"fly\""},
        {STR_ROW("{\"type\":\"\\u001b[31m\",\"id\":7}"), ERR_UNKNOWN_TYPE, 7, "\"?[31m\""},
        {STR_ROW("{\"type\":\"welcome\",\"id\":7}"), ERR_UNKNOWN_TYPE, 7,
         "may not come from a client"},
        {STR_ROW("{\"type\":\"Ping\",\"id\":7}"), ERR_UNKNOWN_TYPE, 7, "Ping"},
        {STR_ROW("{\"type\":\"ping\"}"), ERR_BAD_FIELD, 0, "ping: id: missing"},
        {STR_ROW("{\"type\":\"ping\",\"id\":7,\"x\":1}"), ERR_BAD_FIELD, 7,
         "ping: x: there is no such"},
        {STR_ROW("{\"type\":\"ping\",\"id\":7,\"room\":\"#core\"}"), ERR_BAD_FIELD, 7,
         "no such field"},
        {STR_ROW("{\"type\":\"ping\",\"id\":7,\"id\":7}"), ERR_BAD_FIELD, 7, "id: given twice"},
        {STR_ROW("{\"type\":\"ping\",\"type\":\"ping\",\"id\":7}"), ERR_BAD_FIELD, 7,
         "type: given twice"},
        {STR_ROW("{\"type\":\"ping\",\"id\":\"7\"}"), ERR_BAD_FIELD, 0,
         "id: must be an integer"},
        {STR_ROW("{\"type\":\"ping\",\"id\":null}"), ERR_BAD_FIELD, 0,
         "id: null is not allowed"},
        {MOVE(",\"task\":1,\"column\":null"), ERR_BAD_FIELD, 7, "column: null is not allowed"},
        {MOVE(",\"task\":1,\"column\":\"Doing\",\"after\":null"), ERR_BAD_FIELD, 7,
         "after: null is not allowed, leave the field out"},
        {STR_ROW("{\"type\":\"ping\",\"id\":1.5}"), ERR_BAD_FIELD, 0,
         "must be an integer from 1 to"},
        {STR_ROW("{\"type\":\"ping\",\"id\":1e999}"), ERR_BAD_FIELD, 0, "must be an integer"},
        {STR_ROW("{\"type\":\"ping\",\"id\":9007199254740992}"), ERR_BAD_FIELD, 0,
         "must be an integer"},
        {STR_ROW("{\"type\":\"ping\",\"id\":0}"), ERR_BAD_FIELD, 0, "id: 0 is out of range"},
        {STR_ROW("{\"type\":\"ping\",\"id\":-7}"), ERR_BAD_FIELD, 0,
         "-7 is out of range, 1 to"},
        {MOVE(",\"task\":42"), ERR_BAD_FIELD, 7, "column: missing"},
        {MOVE(",\"task\":42,\"column\":7"), ERR_BAD_FIELD, 7, "column: must be a string"},
        {MOVE(",\"task\":42,\"column\":\"\""), ERR_BAD_FIELD, 7, "column: 0 bytes, at least 1"},
        {MOVE(",\"task\":42,\"column\":\"a\\nb\""), ERR_BAD_FIELD, 7,
         "column: must be one line"},
        {MOVE(",\"task\":0,\"column\":\"Done\""), ERR_BAD_FIELD, 7, "task: 0 is out of range"},
        {MOVE(",\"task\":true,\"column\":\"Done\""), ERR_BAD_FIELD, 7,
         "task: must be an integer"},
        {STR_ROW("{\"type\":\"room.create\",\"id\":7,\"room\":\"#x\",\"public\":1}"),
         ERR_BAD_FIELD, 7, "public: must be true or false"},
        {STR_ROW("{\"type\":\"room.create\",\"id\":7,\"room\":\"xy\"}"), ERR_BAD_FIELD, 7,
         "room: must be '#'"},
        {STR_ROW("{\"type\":\"member.set\",\"id\":7,\"room\":\"#x\",\"user\":\"ben\",\"role\":"
                 "\"king\"}"),
         ERR_BAD_FIELD, 7, "role: must be one of none, observer, member, owner"},
        {STR_ROW("{\"type\":\"member.set\",\"id\":7,\"room\":\"#x\",\"user\":\"b "
                 "n\",\"role\":\"none\"}"),
         ERR_BAD_FIELD, 7, "user: must be letters"},
        {STR_ROW("{\"type\":\"history\",\"id\":7,\"room\":\"#x\",\"limit\":201}"),
         ERR_BAD_FIELD, 7, "limit: 201 is out of range, 1 to 200"},
        {STR_ROW("{\"type\":\"typing\",\"room\":\"#x\",\"on\":true,\"user\":\"ana\"}"),
         ERR_BAD_FIELD, 0, "user: only the server sets it"},
        {STR_ROW("{\"type\":\"cursor\",\"room\":\"#x\",\"task\":1,\"session\":4}"),
         ERR_BAD_FIELD, 0, "session: only the server sets it"},
        {STR_ROW("{\"type\":\"hello\",\"version\":1,\"client\":\"short\"}"), ERR_BAD_FIELD, 0,
         "client: 5 bytes, at least 8"},
        {STR_ROW("{\"type\":\"hello\",\"version\":1,\"client\":\"abcdefgh\",\"rooms\":{}}"),
         ERR_BAD_FIELD, 0, "rooms: must be a list"},
        {STR_ROW("{\"type\":\"hello\",\"version\":1,\"client\":\"abcdefgh\",\"rooms\":[7]}"),
         ERR_BAD_FIELD, 0, "rooms[0].item: must be an object"},
        {STR_ROW("{\"type\":\"hello\",\"version\":1,\"client\":\"abcdefgh\",\"rooms\":[{}]}"),
         ERR_BAD_FIELD, 0, "rooms[0].room: missing"},
        {STR_ROW(
             "{\"type\":\"hello\",\"version\":1,\"client\":\"abcdefgh\",\"rooms\":[{\"room\":"
             "\"#a\",\"x\":1}]}"),
         ERR_BAD_FIELD, 0, "rooms[0].x: there is no such field"},
        {STR_ROW(
             "{\"type\":\"hello\",\"version\":1,\"client\":\"abcdefgh\",\"rooms\":[{\"room\":"
             "\"#a\",\"room\":\"#b\"}]}"),
         ERR_BAD_FIELD, 0, "rooms[0].room: given twice"},
        {STR_ROW("[" POST ",{\"type\":\"ping\",\"id\":8,\"x\":1}]"), ERR_BAD_FIELD, 8,
         "x: there is no such field"},
    };
#undef MOVE
#define EDIT(op)                                                                               \
    STR_ROW(                                                                                   \
        "{\"type\":\"note.edit\",\"id\":7,\"room\":\"#x\",\"note\":1,\"base\":0,\"op\":" op    \
        "}")
    static const struct bad edits[] = {
        {EDIT("\"x\""), ERR_BAD_FIELD, 7, "op: must be a list of strings, integers"},
        {EDIT("[1.5,\"x\"]"), ERR_BAD_FIELD, 7, "from 1 to 2097152"},
        {EDIT("[9007199254740992,\"x\"]"), ERR_BAD_FIELD, 7, "from 1 to 2097152"},
        {EDIT("[{\"d\":\"x\"}]"), ERR_BAD_FIELD, 7, "{\"d\": integer}"},
        {EDIT("[{\"d\":1,\"x\":1}]"), ERR_BAD_FIELD, 7, "{\"d\": integer}"},
        {EDIT("[[1]]"), ERR_BAD_FIELD, 7, "a list of strings"},
    };
#undef EDIT
    for (size_t i = 0; i < COUNT_OF(edits); i++)
        assert_refused(&edits[i], FROM_CLIENT);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_refused(&rows[i], FROM_CLIENT);
}

static void hello_of_another_version_is_told_so_whatever_else_it_has(void **state)
{
    (void)state;
    static const struct bad rows[] = {
        {STR_ROW("{\"type\":\"hello\",\"version\":2}"), ERR_VERSION, 0, "version 2"},
        {STR_ROW("{\"type\":\"hello\",\"client\":[{}],\"new\":1.5,\"version\":2}"), ERR_VERSION,
         0, "this end speaks 1"},
        {STR_ROW("{\"type\":\"hello\",\"version\":0,\"client\":\"abcdefgh\"}"), ERR_VERSION, 0,
         "version 0"},
        {STR_ROW("{\"type\":\"hello\",\"client\":\"abcdefgh\"}"), ERR_BAD_FIELD, 0,
         "version: missing"},
        {STR_ROW("{\"type\":\"hello\",\"version\":\"1\",\"client\":\"abcdefgh\"}"),
         ERR_BAD_FIELD, 0, "version: must be an integer"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_refused(&rows[i], FROM_CLIENT);
}

/* A post whose text has n letters. */
static struct buf post_of(size_t n)
{
    struct buf b = {0};
    buf_add_str(&b, STR("{\"type\":\"message.post\",\"id\":7,\"room\":\"#core\",\"text\":\""));
    for (size_t i = 0; i < n; i++)
        buf_add_c(&b, 'x');
    buf_add_str(&b, STR("\"}"));
    return b;
}

static void text_is_taken_up_to_its_bound(void **state)
{
    (void)state;
    struct buf fits = post_of(TEXT_MAX), over = post_of(TEXT_MAX + 1);
    struct decoded d = decode(buf_str(&fits), FROM_CLIENT);
    assert_true(d.good);
    assert_int_equal(d.list.v[0].message_post.text.n, TEXT_MAX);
    finish(&d);
    assert_refused(
        &(struct bad){buf_str(&over), ERR_TOO_LARGE, 7, "text: 16385 bytes, at most 16384"},
        FROM_CLIENT);
    buf_finish(&fits);
    buf_finish(&over);
}

static void frame_is_taken_up_to_the_bound_of_its_side(void **state)
{
    (void)state;
    static const struct {
        enum msg_side from;
        size_t max;
        struct str text;
    } rows[] = {
        {FROM_CLIENT, FRAME_IN_MAX, STR_ROW("{\"type\":\"ping\",\"id\":7}")},
        {FROM_SERVER, FRAME_OUT_MAX, STR_ROW("{\"type\":\"pong\",\"re\":7,\"time\":1}")}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf b = {0};
        buf_add_str(&b, rows[i].text);
        while (b.n < rows[i].max)
            buf_add_c(&b, ' ');
        struct decoded d = decode(buf_str(&b), rows[i].from);
        assert_true(d.good);
        finish(&d);
        buf_add_c(&b, ' ');
        assert_refused(&(struct bad){buf_str(&b), ERR_TOO_LARGE, 0, "bytes, at most"},
                       rows[i].from);
        buf_finish(&b);
    }
}

static struct buf pings_of(size_t n)
{
    struct buf b = {0};
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%c{\"type\":\"ping\",\"id\":%zu}", i ? ',' : '[', i + 1);
    buf_add_c(&b, ']');
    return b;
}

static void frame_from_a_client_has_so_many_messages_and_no_more(void **state)
{
    (void)state;
    struct buf fits = pings_of(FRAME_OBJECTS_MAX), over = pings_of(FRAME_OBJECTS_MAX + 1);
    struct decoded d = decode(buf_str(&fits), FROM_CLIENT);
    assert_true(d.good);
    assert_int_equal(d.list.n, FRAME_OBJECTS_MAX);
    assert_int_equal(d.list.v[63].ping.head.id, 64);
    finish(&d);
    assert_refused(&(struct bad){buf_str(&over), ERR_TOO_LARGE, 0, "65 messages, at most 64"},
                   FROM_CLIENT);
    buf_finish(&fits);
    buf_finish(&over);
}

static void list_over_its_bound_is_refused_before_its_items(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_add_str(&b,
                STR("{\"type\":\"hello\",\"version\":1,\"client\":\"abcdefgh\",\"rooms\":[0"));
    for (int i = 0; i < ROOMS_PER_HELLO_MAX; i++)
        buf_add_str(&b, STR(",0"));
    buf_add_str(&b, STR("]}"));
    assert_refused(&(struct bad){buf_str(&b), ERR_TOO_LARGE, 0, "257 items, at most 256"},
                   FROM_CLIENT);
    buf_finish(&b);
}

/* ---- what is taken ---- */

static void hello_is_read_with_its_fallbacks(void **state)
{
    (void)state;
    struct decoded d = decode(
        STR(" [{\"rooms\":[{\"room\":\"#a\"},{\"since\":-1,\"snapshot\":true,\"room\":\"#b\"}],"
            "\"client\":\"abcdefgh\",\"version\":1,\"type\":\"hello\"}]\r\n"),
        FROM_CLIENT);
    assert_true(d.good);
    const struct msg_hello *h = &d.list.v[0].hello;
    assert_int_equal(d.list.n, 1);
    assert_int_equal(h->rooms.n, 2);
    assert_true(str_is(h->rooms.v[0].room, "#a"));
    assert_int_equal(h->rooms.v[0].since, 0);
    assert_false(h->rooms.v[0].snapshot);
    assert_int_equal(h->rooms.v[1].since, -1);
    assert_true(h->rooms.v[1].snapshot);
    assert_int_equal(h->agent.n, 0);
    finish(&d);
}

static void what_is_left_out_has_its_fallback(void **state)
{
    (void)state;
    struct decoded d =
        decode(STR("[{\"type\":\"room.create\",\"id\":1,\"room\":\"#a\"},"
                   "{\"type\":\"task.add\",\"id\":2,\"room\":\"#a\",\"title\":\"x\"},"
                   "{\"type\":\"history\",\"id\":3,\"room\":\"#a\"}]"),
               FROM_CLIENT);
    assert_true(d.good);
    assert_true(d.list.v[0].room_create.is_public);
    assert_int_equal(d.list.v[1].task_add.after, AFTER_END);
    assert_int_equal(d.list.v[1].task_add.column.n, 0);
    assert_int_equal(d.list.v[2].history.before, SEQ_MAX);
    assert_int_equal(d.list.v[2].history.limit, 50);
    finish(&d);
}

static void escapes_become_characters(void **state)
{
    (void)state;
    struct decoded d =
        decode(STR("{\"type\":\"message.post\",\"id\":7,\"room\":\"#core\",\"text\":"
                   "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\\\\u0000\"}"),
               FROM_CLIENT);
    assert_true(d.good);
    assert_true(str_is(d.list.v[0].message_post.text, "\"\\/\b\f\n\r\té😀\\u0000"));
    finish(&d);
}

static void integers_may_be_written_in_any_form_that_is_exact(void **state)
{
    (void)state;
    struct decoded d =
        decode(STR("[{\"type\":\"ping\",\"id\":9007199254740991},"
                   "{\"type\":\"ping\",\"id\":1e3},{\"type\":\"ping\",\"id\":7.0}]"),
               FROM_CLIENT);
    assert_true(d.good);
    assert_int_equal(d.list.v[0].ping.head.id, SEQ_MAX);
    assert_int_equal(d.list.v[1].ping.head.id, 1000);
    assert_int_equal(d.list.v[2].ping.head.id, 7);
    finish(&d);
}

static void strings_outlive_the_frame(void **state)
{
    (void)state;
    char *copy = str_dup(STR(POST));
    struct decoded d = decode(str_of(copy), FROM_CLIENT);
    memset(copy, 'z', strlen(copy));
    assert_true(str_is(d.list.v[0].message_post.text, "hi"));
    free(copy);
    finish(&d);
}

static void newer_server_may_add_fields_and_messages(void **state)
{
    (void)state;
    struct decoded d = decode(STR("[{\"type\":\"confetti\",\"deep\":{\"a\":[1.5,null]}},"
                                  "{\"type\":\"ok\",\"re\":7,\"new\":{\"x\":1},\"new\":2},"
                                  "{\"type\":\"ping\",\"id\":7}]"),
                              FROM_SERVER);
    assert_true(d.good);
    assert_int_equal(d.list.n, 1);
    assert_int_equal(d.list.v[0].type, MSG_OK);
    assert_int_equal(d.list.v[0].ok.head.re, 7);
    finish(&d);
}

static void event_of_a_newer_server_keeps_its_place(void **state)
{
    (void)state;
    struct decoded d =
        decode(STR("[{\"type\":\"task.painted\",\"room\":\"#a\",\"seq\":7,\"time\":5,"
                   "\"author\":\"ana\","
                   "\"client\":\"client01\",\"id\":3,\"what\":{\"colour\":1}},"
                   "{\"type\":\"task.painted\",\"room\":\"#a\",\"seq\":-1,\"time\":5,"
                   "\"author\":\"ana\","
                   "\"client\":\"client01\",\"id\":3},"
                   "{\"type\":\"scribble\",\"room\":\"#a\",\"user\":\"ana\",\"session\":3}]"),
               FROM_SERVER);
    assert_true(d.good);
    assert_int_equal(d.list.n, 1);
    const struct msg *m = &d.list.v[0];
    assert_int_equal(m->type, MSG_UNKNOWN);
    assert_int_equal(m->event.seq, 7);
    assert_true(str_is(m->event.author, "ana"));
    assert_true(str_is(m->unknown.what, "task.painted"));
    finish(&d);
}

static void broken_message_of_a_server_is_refused(void **state)
{
    (void)state;
    static const struct bad rows[] = {
        {STR_ROW("{\"type\":\"ok\"}"), ERR_BAD_FIELD, 0, "ok: re: missing"},
        {STR_ROW("{\"type\":\"typing\",\"room\":\"#a\",\"on\":true}"), ERR_BAD_FIELD, 0,
         "user: missing"},
        {STR_ROW("{\"type\":\"ok\",\"re\":1,\"re\":1}"), ERR_BAD_FIELD, 0, "re: given twice"},
        {STR_ROW("{\"type\":\"synced\",\"room\":\"#a\",\"seq\":-1}"), ERR_BAD_FIELD, 0,
         "seq: -1"},
        {STR_ROW("{\"re\":1}"), ERR_BAD_FIELD, 0, "type: missing"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_refused(&rows[i], FROM_SERVER);
}

/* ---- writing ---- */

static void assert_encoded(const struct msg *m, const char *json)
{
    struct buf b = {0};
    codec_encode(&b, m);
    assert_string_equal(buf_cstr(&b), json);
    buf_finish(&b);
}

static void fields_are_written_in_order_and_fallbacks_left_out(void **state)
{
    (void)state;
    struct msg add = {.type = MSG_TASK_ADD,
                      .task_add = {.head = {.id = 7, .room = STR("#core")},
                                   .title = STR("x"),
                                   .after = AFTER_END}};
    assert_encoded(&add, "{\"type\":\"task.add\",\"id\":7,\"room\":\"#core\",\"title\":\"x\"}");
    add.task_add.after = -3;
    add.task_add.column = STR("Done");
    assert_encoded(&add, "{\"type\":\"task.add\",\"id\":7,\"room\":\"#core\",\"title\":\"x\","
                         "\"column\":\"Done\",\"after\":-3}");
    assert_encoded(&(struct msg){.type = MSG_PING, .ping = {.head = {.id = SEQ_MAX}}},
                   "{\"type\":\"ping\",\"id\":9007199254740991}");
    assert_encoded(
        &(struct msg){.type = MSG_TYPING, .typing = {.head = {.room = STR("#a")}, .on = true}},
        "{\"type\":\"typing\",\"room\":\"#a\",\"on\":true}");
}

static void lists_are_written_as_arrays_of_objects(void **state)
{
    (void)state;
    struct room_since rooms[] = {{.room = STR("#a")}, {.room = STR("#b"), .since = 5}};
    struct msg m = {.type = MSG_HELLO,
                    .hello = {.version = 1, .client = STR("abcdefgh"), .rooms = {rooms, 2}}};
    assert_encoded(&m, "{\"type\":\"hello\",\"version\":1,\"client\":\"abcdefgh\",\"rooms\":"
                       "[{\"room\":\"#a\"},{\"room\":\"#b\",\"since\":5}]}");
    struct msg empty = {.type = MSG_STATS, .stats = {.head = {.re = 1}}};
    assert_encoded(&empty, "{\"type\":\"stats\",\"re\":1,\"stats\":[]}");
}

static void strings_are_quoted_for_any_parser(void **state)
{
    (void)state;
    static const struct {
        struct str in;
        const char *out;
    } rows[] = {
        {STR_ROW(""), "\"\""},
        {STR_ROW("plain é 😀"), "\"plain é 😀\""},
        {STR_ROW("\"\\\b\f\n\r\t/"), "\"\\\"\\\\\\b\\f\\n\\r\\t/\""},
        {STR_ROW("\0\x01\x1f\x7f"), "\"\\u0000\\u0001\\u001f\x7f\""},
        {STR_ROW("bad \xff\xc3 end"), "\"bad \xef\xbf\xbd\xef\xbf\xbd end\""},
        {STR_ROW("cut \xe6\xbc"), "\"cut \xef\xbf\xbd\xef\xbf\xbd\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf b = {0};
        codec_quote(&b, rows[i].in);
        assert_string_equal(buf_cstr(&b), rows[i].out);
        buf_finish(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_that_are_no_json_are_refused),
        cmocka_unit_test(messages_that_do_not_follow_their_row_are_refused),
        cmocka_unit_test(hello_of_another_version_is_told_so_whatever_else_it_has),
        cmocka_unit_test(text_is_taken_up_to_its_bound),
        cmocka_unit_test(frame_is_taken_up_to_the_bound_of_its_side),
        cmocka_unit_test(frame_from_a_client_has_so_many_messages_and_no_more),
        cmocka_unit_test(list_over_its_bound_is_refused_before_its_items),
        cmocka_unit_test(hello_is_read_with_its_fallbacks),
        cmocka_unit_test(what_is_left_out_has_its_fallback),
        cmocka_unit_test(escapes_become_characters),
        cmocka_unit_test(integers_may_be_written_in_any_form_that_is_exact),
        cmocka_unit_test(strings_outlive_the_frame),
        cmocka_unit_test(newer_server_may_add_fields_and_messages),
        cmocka_unit_test(event_of_a_newer_server_keeps_its_place),
        cmocka_unit_test(broken_message_of_a_server_is_refused),
        cmocka_unit_test(fields_are_written_in_order_and_fallbacks_left_out),
        cmocka_unit_test(lists_are_written_as_arrays_of_objects),
        cmocka_unit_test(strings_are_quoted_for_any_parser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
