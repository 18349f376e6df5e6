#include "week_act.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t chance(struct week *w, uint64_t n)
{
    struct load *l = w->l;
    l->random = l->random * 6364136223846793005u + 1442695040888963407u;
    return (l->random >> 33) % n;
}

static struct person *person_of(const struct week *w, const struct link *c)
{
    return &w->people[c->index];
}

/* ---- what is sent ---- */

static void send_text(struct week *w, struct link *c, struct buf *out)
{
    w->sent++;
    link_send(&w->l->links, c, buf_str(out));
    buf_finish(out);
}

/* A request or question about a room; every one of them gets one answer. */
static void ask(struct week *w, struct link *c, const char *type, uint32_t room,
                const char *fields, ...) __attribute__((format(printf, 5, 6)));

static void ask(struct week *w, struct link *c, const char *type, uint32_t room,
                const char *fields, ...)
{
    struct person *p = person_of(w, c);
    struct buf out = {0};
    char more[512];
    va_list ap;
    va_start(ap, fields);
    vsnprintf(more, sizeof more, fields, ap);
    va_end(ap);
    buf_fmt(&out, "{\"type\":\"%s\",\"id\":%" PRId64 ",\"room\":\"%s%u\"%s}", type,
            p->next_id++, w->l->room, room, more);
    p->waiting++;
    send_text(w, c, &out);
}

static void enter(struct week *w, struct link *c, struct person *p, size_t i)
{
    struct week_room *r = &w->rooms[p->rooms[i]];
    if (i == 0 && !r->is_made) {
        ask(w, c, "room.create", p->rooms[i], "%s", "");
        ask(w, c, "note.create", p->rooms[i], ",\"name\":\"Minutes\"");
        r->is_made = true;
    } else if (!p->joined[i]) {
        ask(w, c, "room.join", p->rooms[i], "%s", "");
    }
    ask(w, c, "open", p->rooms[i], ",\"since\":%" PRId64 ",\"snapshot\":true",
        p->since[i] ? p->since[i] : -1);
    p->joined[i] = p->open[i] = true;
}

void week_enter(struct week *w, struct link *c)
{
    struct person *p = person_of(w, c);
    for (size_t i = 0; i < ROOMS_EACH; i++)
        if (!p->open[i] && ((i == 0 && c->index < w->n_rooms) || w->rooms[p->rooms[i]].seq))
            enter(w, c, p, i);
}

void week_leave(struct week *w, struct link *c)
{
    struct person *p = person_of(w, c);
    for (size_t i = 0; i < ROOMS_EACH; i++) {
        if (p->open[i])
            ask(w, c, "close", p->rooms[i], "%s", "");
        p->open[i] = false;
    }
}

bool week_is_answered(const struct week *w, const struct link *c)
{
    return person_of(w, c)->waiting == 0;
}

void week_keep(struct week *w, struct link *c)
{
    ask(w, c, "room.retain", person_of(w, c)->rooms[0], ",\"count\":%d", KEPT);
}

void week_fill(struct week *w, struct link *c)
{
    uint32_t room = person_of(w, c)->rooms[0];
    for (int64_t i = 0; i < w->rooms[room].cards; i++)
        ask(w, c, "task.edit", room, ",\"task\":%" PRId64 ",\"title\":\"Card, made\"", 2 + i);
}

static void type_a_little(struct week *w, struct link *c, uint32_t room)
{
    struct buf out = {0};
    buf_fmt(&out, "{\"type\":\"typing\",\"room\":\"%s%u\",\"on\":true}", w->l->room, room);
    send_text(w, c, &out);
}

static void edit_note(struct week *w, struct link *c, uint32_t room)
{
    /* The note is the first thing of its room, so its number is 1. */
    ask(w, c, "note.edit", room, ",\"note\":1,\"base\":%" PRId64 ",\"op\":[\"w\"]",
        w->rooms[room].version);
    w->edits++;
}

/* A search names rooms in its own way. */
static void look_for(struct week *w, struct link *c, uint32_t room)
{
    struct person *p = person_of(w, c);
    struct buf out = {0};
    buf_fmt(&out,
            "{\"type\":\"search\",\"id\":%" PRId64
            ",\"query\":\"build green\",\"in\":\"%s%u\",\"limit\":20}",
            p->next_id++, w->l->room, room);
    p->waiting++;
    send_text(w, c, &out);
}

void week_act(struct week *w, struct link *c)
{
    static const char *const columns[] = {"Todo", "Doing", "Done"};
    struct person *p = person_of(w, c);
    uint32_t room = p->rooms[chance(w, ROOMS_EACH)];
    struct week_room *r = &w->rooms[room];
    uint64_t dice = chance(w, 100);
    if (dice < 20 && r->cards < CARDS_EACH)
        ask(w, c, "task.add", room, ",\"title\":\"A card of the week\",\"column\":\"%s\"",
            columns[chance(w, 3)]);
    else if (dice < 55 || (dice < 65 && !r->message) || (dice < 84 && !r->cards))
        ask(w, c, "message.post", room,
            ",\"text\":\"the build of day %" PRIu64 " is green, w%u\"", chance(w, 1000),
            c->index);
    else if (dice < 65)
        ask(w, c, "message.react", room, ",\"message\":%" PRId64 ",\"emoji\":\"%s\"",
            r->message, chance(w, 2) ? "👍" : ":tada:");
    else if (dice < 78)
        ask(w, c, "task.move", room, ",\"task\":%" PRIu64 ",\"column\":\"%s\"",
            2 + chance(w, (uint64_t)r->cards), columns[chance(w, 3)]);
    else if (dice < 84)
        ask(w, c, "task.edit", room,
            ",\"task\":%" PRIu64 ",\"title\":\"Card, changed %" PRIu64 "\"",
            2 + chance(w, (uint64_t)r->cards), chance(w, 1000));
    else if (dice < 92)
        edit_note(w, c, room);
    else if (dice < 95)
        look_for(w, c, room);
    else if (dice < 98)
        ask(w, c, "history", room, ",\"limit\":50");
    else
        type_a_little(w, c, room);
}

void week_place(struct week *w, struct link *c)
{
    struct person *p = person_of(w, c);
    uint32_t n = (uint32_t)w->n_rooms;
    p->rooms[0] = c->index % n;
    p->rooms[1] = (p->rooms[0] + 1 + c->index / n) % n;
    p->rooms[2] = (p->rooms[0] + n / 2 + c->index / n * 2) % n;
    p->next_id = 1;
}

/* ---- what comes ---- */

static int64_t number_behind(struct str json, const char *name)
{
    const char *at = memmem(json.p, json.n, name, strlen(name));
    return at ? strtoll(at + strlen(name), NULL, 10) : -1;
}

static void take_event(struct week *w, struct link *c, struct str one, int64_t seq)
{
    struct person *p = person_of(w, c);
    struct str from_room = one;
    char name[40];
    int n = snprintf(name, sizeof name, "\"room\":\"%s", w->l->room);
    const char *at = memmem(from_room.p, from_room.n, name, (size_t)n);
    uint32_t room = at ? (uint32_t)strtoul(at + n, NULL, 10) : UINT32_MAX;
    if (room >= w->n_rooms)
        return;
    struct week_room *r = &w->rooms[room];
    r->seq = MAX(r->seq, seq);
    for (size_t i = 0; i < ROOMS_EACH; i++)
        if (p->rooms[i] == room)
            p->since[i] = MAX(p->since[i], seq);
    if (str_starts(one, "{\"type\":\"message\""))
        r->message = MAX(r->message, seq);
    else if (str_starts(one, "{\"type\":\"task.added\""))
        r->cards = MAX(r->cards, number_behind(one, "\"task\":") - 1);
    else if (str_starts(one, "{\"type\":\"note.edited\""))
        r->version = MAX(r->version, number_behind(one, "\"version\":"));
}

static void hello(struct week *w, struct link *c)
{
    struct buf out = {0};
    buf_fmt(&out,
            "{\"type\":\"hello\",\"version\":1,\"client\":\"bench%05u%s\",\"agent\":\"week\"}",
            c->index, w->l->run);
    send_text(w, c, &out);
}

static void take_one(struct week *w, struct link *c, struct str one)
{
    struct person *p = person_of(w, c);
    int64_t re = number_behind(one, "\"re\":");
    int64_t seq = number_behind(one, "\"seq\":");
    bool is_event = re < 0 && memmem(one.p, one.n, "\"client\":\"", 10) &&
                    memmem(one.p, one.n, "\"time\":", 7) &&
                    !str_starts(one, "{\"type\":\"snapshot\"");
    w->heard++;
    if (str_starts(one, "{\"type\":\"welcome\"")) {
        link_ready(&w->l->links, c);
        week_enter(w, c);
    } else if (is_event) {
        take_event(w, c, one, seq);
    }
    if (re < 0 || str_starts(one, "{\"type\":\"conflict\""))
        return;
    p->waiting--;
    if (!str_starts(one, "{\"type\":\"error\""))
        return;
    if (w->refused++ < 3)
        fprintf(stderr, "week: %.*s\n", STR_ARG(one));
}

/* One message is as long as its braces say, strings left aside. */
static size_t length_of(struct str text)
{
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.n; i++) {
        char ch = text.p[i];
        if (in_string && ch == '\\')
            i++;
        else if (ch == '"')
            in_string = !in_string;
        else if (!in_string && (ch == '{' || ch == '['))
            depth++;
        else if (!in_string && (ch == '}' || ch == ']') && --depth == 0)
            return i + 1;
    }
    return text.n;
}

void week_frame(struct week *w, struct link *c, struct str text)
{
    if (text.n == 0) { /* the handshake is done */
        hello(w, c);
        return;
    }
    while (text.n) {
        if (text.p[0] != '{') { /* the brackets and commas of an array */
            text = (struct str){text.p + 1, text.n - 1};
            continue;
        }
        size_t n = length_of(text);
        take_one(w, c, (struct str){text.p, n});
        text = (struct str){text.p + n, text.n - n};
    }
}
