#include "dialect.h"
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_bearer(struct buf *out, const struct load *l, const struct link *c)
{
    buf_fmt(out, "Authorization: Bearer %s\r\n", load_token(l, c));
}

/* ---- moot ---- */

/* How the event of an edit begins. */
static const char edited[] = "{\"type\":\"note.edited\"";

static void moot_path(struct buf *out, const struct load *l, const struct link *c)
{
    (void)l, (void)c;
    buf_add_str(out, STR("/ws"));
}

static void moot_headers(struct buf *out, const struct load *l, const struct link *c)
{
    buf_add_str(out, STR("Sec-WebSocket-Protocol: moot.v1\r\n"));
    add_bearer(out, l, c);
}

static void moot_opened(struct load *l, struct link *c)
{
    struct buf out = {0};
    buf_fmt(&out,
            "{\"type\":\"hello\",\"version\":1,\"client\":\"bench%05u%s\",\"agent\":\"load\"}",
            c->index, l->run);
    link_send(&l->links, c, buf_str(&out));
    buf_finish(&out);
}

static void moot_ask(struct load *l, struct link *c, const char *type, const char *fields)
{
    struct buf out = {0};
    buf_fmt(&out, "{\"type\":\"%s\",\"id\":%lld,\"room\":\"%s%u\"%s}", type,
            (long long)c->next_id++, l->room, c->room, fields);
    link_send(&l->links, c, buf_str(&out));
    buf_finish(&out);
}

/* Make or enter the room, open it, wait until synced. An error for a room that is there
 * already, or that one is in already, is as good as success. */
static void moot_text(struct load *l, struct link *c, struct str text)
{
    if (c->state == LINK_SIGNING && str_starts(text, "{\"type\":\"welcome\"")) {
        if (!l->rooms) {
            link_ready(&l->links, c);
            return;
        }
        c->state = LINK_ENTERING;
        if (load_is_first_in_room(l, c))
            moot_ask(l, c, "room.create", "");
        if (load_is_first_in_room(l, c) && l->counted == edited)
            moot_ask(l, c, "note.create", ",\"name\":\"bench\"");
        moot_ask(l, c, "room.join", "");
        moot_ask(l, c, "open", ",\"since\":-1");
    } else if (c->state == LINK_ENTERING && str_starts(text, "{\"type\":\"synced\"")) {
        link_ready(&l->links, c);
    } else if (c->state == LINK_READY && str_starts(text, "{\"type\":\"ok\"")) {
        load_answered(l, c, true);
    } else if (str_starts(text, "{\"type\":\"error\"")) {
        if (memmem(text.p, text.n, "\"exists\"", 8)) /* the room: from an earlier run */
            return;
        if (c->state == LINK_READY)
            load_answered(l, c, false);
        if (l->errors++ < 3)
            fprintf(stderr, "load: %.*s\n", STR_ARG(text));
    } else if (str_starts(text, "{\"type\":\"bye\"")) {
        fprintf(stderr, "load: %.*s\n", STR_ARG(text));
    }
}

static void moot_say(struct buf *out, struct load *l, struct link *c, const char *text)
{
    buf_fmt(out, "{\"type\":\"message.post\",\"id\":%lld,\"room\":\"%s%u\",\"text\":\"%s\"}",
            (long long)c->next_id++, l->room, c->room, text);
}

static void moot_point(struct buf *out, struct load *l, struct link *c, int64_t card)
{
    buf_fmt(out, "{\"type\":\"cursor\",\"room\":\"%s%u\",\"task\":%lld}", l->room, c->room,
            (long long)card);
}

/* The note is the first thing of its room, so its number is 1. */
static void moot_insert(struct buf *out, struct load *l, struct link *c, int64_t pos)
{
    buf_fmt(out,
            "{\"type\":\"note.edit\",\"id\":%lld,\"room\":\"%s%u\",\"note\":1,\"base\":%lld,",
            (long long)c->next_id++, l->room, c->room, (long long)c->version);
    if (pos)
        buf_fmt(out, "\"op\":[%lld,\"x\"]}", (long long)pos);
    else
        buf_fmt(out, "\"op\":[\"x\"]}");
}

/* The number behind a name in JSON; -1: it is not there. */
static int64_t number_behind(struct str json, const char *name)
{
    const char *at = memmem(json.p, json.n, name, strlen(name));
    return at ? strtoll(at + strlen(name), NULL, 10) : -1;
}

static int64_t moot_inserted(const struct link *c, struct str one, bool *is_own)
{
    *is_own = number_behind(one, "\"client\":\"bench") == (int64_t)c->index;
    return number_behind(one, "\"version\":");
}

void dialect_add_card(struct load *l, struct link *c, const char *title)
{
    char fields[256];
    snprintf(fields, sizeof(fields), ",\"title\":\"%s\",\"column\":\"%s\"", title,
             (const char *const[]){"Todo", "Doing", "Done"}[c->next_id % 3]);
    moot_ask(l, c, "task.add", fields);
}

/* ---- plain JSON over a WebSocket ---- */

static void plain_path(struct buf *out, const struct load *l, const struct link *c)
{
    buf_fmt(out, "/?room=%s%u", l->room + 1, c->room);
}

static void plain_opened(struct load *l, struct link *c)
{
    (void)l, (void)c;
}

static void plain_text(struct load *l, struct link *c, struct str text)
{
    if (str_starts(text, "{\"type\":\"welcome\""))
        link_ready(&l->links, c);
}

static void plain_say(struct buf *out, struct load *l, struct link *c, const char *text)
{
    buf_fmt(out, "{\"type\":\"msg\",\"room\":\"%s%u\",\"user\":\"u%05u\",\"text\":\"%s\"}",
            l->room + 1, c->room, c->index, text);
}

static void plain_point(struct buf *out, struct load *l, struct link *c, int64_t card)
{
    buf_fmt(out, "{\"type\":\"cursor\",\"room\":\"%s%u\",\"user\":\"u%05u\",\"task\":%lld}",
            l->room + 1, c->room, c->index, (long long)card);
}

/* ---- Socket.IO over its WebSocket transport ---- */

static void io_path(struct buf *out, const struct load *l, const struct link *c)
{
    (void)l, (void)c;
    buf_add_str(out, STR("/socket.io/?EIO=4&transport=websocket"));
}

static void io_headers(struct buf *out, const struct load *l, const struct link *c)
{
    (void)out, (void)l, (void)c;
}

static void io_text(struct load *l, struct link *c, struct str text)
{
    struct buf out = {0};
    if (str_is(text, "2")) {
        link_send(&l->links, c, STR("3"));
    } else if (c->state == LINK_SIGNING && str_starts(text, "0")) {
        c->state = LINK_ENTERING;
        buf_fmt(&out, "40{\"token\":\"%s\",\"room\":\"%s%u\"}", load_token(l, c), l->room + 1,
                c->room);
        link_send(&l->links, c, buf_str(&out));
        buf_finish(&out);
    } else if (c->state == LINK_ENTERING && str_starts(text, "40")) {
        link_ready(&l->links, c);
    } else if (str_starts(text, "44")) {
        fprintf(stderr, "load: %.*s\n", STR_ARG(text));
    }
}

static void io_say(struct buf *out, struct load *l, struct link *c, const char *text)
{
    buf_add_str(out, STR("42[\"msg\","));
    plain_say(out, l, c, text);
    buf_add_c(out, ']');
}

static void io_point(struct buf *out, struct load *l, struct link *c, int64_t card)
{
    buf_add_str(out, STR("42[\"msg\","));
    plain_point(out, l, c, card);
    buf_add_c(out, ']');
}

/* ---- ShareDB ---- */

static void share_path(struct buf *out, const struct load *l, const struct link *c)
{
    (void)l, (void)c;
    buf_add_c(out, '/');
}

static void share_opened(struct load *l, struct link *c)
{
    link_send(&l->links, c, STR("{\"a\":\"hs\",\"id\":null}"));
}

static void share_text(struct load *l, struct link *c, struct str text)
{
    static const char id[] = "\"id\":\"";
    const char *at = memmem(text.p, text.n, id, sizeof id - 1);
    bool is_shake = memmem(text.p, text.n, "\"a\":\"hs\"", 8) != NULL;
    if (is_shake && at && c->state == LINK_SIGNING) {
        snprintf(c->name, sizeof c->name, "\"src\":\"%.*s\"", (int)strcspn(at + 6, "\""),
                 at + 6);
        c->state = LINK_ENTERING;
        link_send(&l->links, c, STR("{\"a\":\"s\",\"c\":\"bench\",\"d\":\"doc\"}"));
    } else if (c->state == LINK_ENTERING && memmem(text.p, text.n, "\"a\":\"s\"", 7)) {
        link_ready(&l->links, c);
    } else if (memmem(text.p, text.n, "\"error\"", 7) && l->errors++ < 3) {
        fprintf(stderr, "load: %.*s\n", STR_ARG(text));
    }
}

static void share_insert(struct buf *out, struct load *l, struct link *c, int64_t pos)
{
    (void)l;
    buf_fmt(out,
            "{\"a\":\"op\",\"c\":\"bench\",\"d\":\"doc\",\"v\":%lld,\"seq\":%lld,\"x\":{},",
            (long long)c->version, (long long)c->next_id++);
    if (pos)
        buf_fmt(out, "\"op\":[%lld,\"x\"]}", (long long)pos);
    else
        buf_fmt(out, "\"op\":[\"x\"]}");
}

/* Its v is the version that the operation was done to. */
static int64_t share_inserted(const struct link *c, struct str one, bool *is_own)
{
    int64_t v = number_behind(one, "\"v\":");
    *is_own = memmem(one.p, one.n, c->name, strlen(c->name)) != NULL;
    return v < 0 ? v : v + 1;
}

/* clang-format off */
static const struct dialect dialects[] = {
    {"moot",     moot_path,  moot_headers, moot_opened,  moot_text,  moot_say,  moot_point,
     "{\"type\":\"message\"", "{\"type\":\"cursor\"", 118, moot_insert, moot_inserted, edited, 0},
    {"plain",    plain_path, add_bearer,   plain_opened, plain_text, plain_say, plain_point,
     "{\"type\":\"msg\"",     "{\"type\":\"cursor\"", 86, NULL, NULL, NULL, 0},
    {"socketio", io_path,    io_headers,   plain_opened, io_text,    io_say,    io_point,
     "42[\"msg\"",            "42[\"msg\"",           94, NULL, NULL, NULL, 0},
    {"sharedb",  share_path, io_headers,   share_opened, share_text, plain_say, plain_point,
     "-",                     "-", 0, share_insert, share_inserted, "{\"src\":\"", 1},
};
/* clang-format on */

const struct dialect *dialect_named(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(dialects); i++) {
        if (strcmp(dialects[i].name, name) == 0)
            return &dialects[i];
    }
    return NULL;
}
