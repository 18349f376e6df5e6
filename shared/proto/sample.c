#include "sample.h"
#include "field.h"
#include "utf8.h"

#include <string.h>

/* A sample stays well below the bound of a frame, whatever its escapes add. */
struct sampler {
    uint64_t *seed;
    struct arena *arena;
    enum msg_side from;
    size_t budget; /* bytes of strings that are left for the message */
};

enum { BUDGET_IN = 17 * 1024, BUDGET_OUT = 200 * 1024, ITEM_COST = 256 };

uint64_t sample_next(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static size_t below(struct sampler *s, size_t n)
{
    return (size_t)(sample_next(s->seed) % n);
}

/* Each end of the range now and then, small numbers often, others sometimes. */
static int64_t number_between(struct sampler *s, int64_t min, int64_t max)
{
    uint64_t span = (uint64_t)max - (uint64_t)min;
    int64_t small;
    switch (below(s, 8)) {
    case 0:
        return min;
    case 1:
        return max;
    case 2:
        return min + (int64_t)(span ? sample_next(s->seed) % span : 0);
    default:
        small = (int64_t)below(s, 100);
        return small < min ? min : MIN(small, max);
    }
}

static int64_t some_number(struct sampler *s, const struct field *f)
{
    int64_t v = number_between(s, f->min, f->max);
    return f->not_zero && v == 0 ? f->max : v;
}

/* ---- strings ---- */

static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* What a piece of a string of each kind may be; the first is always a good beginning. */
static struct str piece(struct sampler *s, enum str_rule rule)
{
    static const char *const odd[] = {"\"",     "\\", "/",       "é",
                                      "漢",     "😀",  "e\u0301", "\u202e",
                                      "\ufeff", " ",  "\u00ad",  "👩‍🚀"};
    static const char *const lines[] = {"\n", "\t", "\r\n", "\x1b", "\x01", "\x7f", "\u2028"};
    size_t kind = below(s, 16);
    size_t n = rule == RULE_ROOM ? 36 : 62;
    struct str letter = {&letters[below(s, n)], 1};
    switch (rule) {
    case RULE_TEXT:
        if (kind == 0)
            return str_of(lines[below(s, COUNT_OF(lines))]);
        return kind < 4 ? str_of(odd[below(s, COUNT_OF(odd))]) : letter;
    case RULE_LINE:
        return kind < 4 ? str_of(odd[below(s, COUNT_OF(odd))]) : letter;
    case RULE_USER:
    case RULE_ROOM:
        return kind == 0 ? (struct str){&"._-"[below(s, 3)], 1} : letter;
    case RULE_CLIENT:
        return letter;
    case RULE_ASCII:
        return kind == 0 ? (struct str){&"\"\\{}~!"[below(s, 6)], 1} : letter;
    case RULE_EMOJI:
        break; /* is made whole */
    }
    return letter;
}

static size_t some_length(struct sampler *s, const struct field *f)
{
    size_t min = (size_t)f->min, max = (size_t)f->max, n = min;
    if (below(s, 16) == 0)
        n = max;
    else if (below(s, 8) != 0)
        n += below(s, 40);
    n = MIN(MIN(n, max), s->budget);
    return MAX(n, min);
}

static struct str some_emoji(struct sampler *s)
{
    static const char *const all[] = {
        "👍",  "❤️",   "👩‍🚀", "1️⃣",
        "🇩🇪", "👍🏽", ":x:",         ":a_name-of_24_characters+:",
    };
    return str_of(all[below(s, COUNT_OF(all))]);
}

/* Of two or more people: the first letters are in order. */
static struct str some_direct(struct sampler *s, size_t n)
{
    char *p = arena_alloc(s->arena, n + 1);
    size_t at = 0;
    for (size_t i = 0; i < DIRECT_MAX && at + 2 <= n; i++) {
        p[at++] = i ? '+' : '@';
        p[at++] = letters[i];
        for (size_t k = below(s, USER_NAME_MAX); k > 0 && i > 0 && at < n; k--)
            p[at++] = piece(s, RULE_USER).p[0];
    }
    return (struct str){p, at};
}

static struct str some_string(struct sampler *s, const struct field *f)
{
    if (f->rule == RULE_EMOJI)
        return some_emoji(s);
    size_t n = some_length(s, f), at = 0;
    char *p = arena_alloc(s->arena, n + 1);
    if (f->rule == RULE_ROOM && n >= 4 && below(s, 4) == 0)
        return some_direct(s, n);
    if (f->rule == RULE_ROOM)
        n = MIN(n, (size_t)TEAM_NAME_MAX);
    s->budget -= MIN(n, s->budget);
    if (f->rule == RULE_ROOM)
        p[at++] = '#';
    if (at < n)
        p[at++] = letters[below(s, 36)];
    while (at < n) {
        struct str add = piece(s, f->rule);
        if (add.n > n - at)
            add = STR("x");
        memcpy(p + at, add.p, add.n);
        at += add.n;
    }
    return (struct str){p, n};
}

/* ---- messages ---- */

static struct str some_op(struct sampler *s)
{
    static const char *const ops[] = {
        "[]",
        "[\"a\"]",
        "[5,\"\\n\",{\"d\":3}]",
        "[{\"d\":1}]",
        "[1,\"é😀\",2,{\"d\":2}]",
        "[2097152,\"x\"]",
    };
    return str_of(ops[below(s, COUNT_OF(ops))]);
}

/* An event that names its room, and one of a server that is newer than we are. */
static struct list some_events(struct sampler *s, size_t n)
{
    static const char *const events[] = {
        "{\"type\":\"task.archived\",\"room\":\"#core\",\"seq\":812,\"time\":1767225600000,"
        "\"author\":\"ben\",\"client\":\"k3v9x2m8q4tz\",\"id\":7,\"task\":42}",
        "{\"type\":\"unheard.of\",\"n\":[1,\"é\",{\"d\":2}]}",
    };
    struct str *v = arena_alloc(s->arena, n * sizeof *v);
    for (size_t i = 0; i < n; i++)
        v[i] = str_of(events[i % COUNT_OF(events)]);
    return (struct list){n ? v : NULL, n};
}

static void fill_shape(struct sampler *s, const struct shape *shape, void *base);

static struct list some_list(struct sampler *s, const struct field *f)
{
    size_t fit = MIN((size_t)f->max, s->budget / ITEM_COST);
    size_t few = below(s, 5), n = below(s, 16) == 0 ? fit : MIN(few, fit);
    if (n == 0)
        return (struct list){0};
    s->budget -= n * ITEM_COST;
    char *items = arena_alloc(s->arena, n * f->of->size);
    for (size_t i = 0; i < n; i++)
        fill_shape(s, f->of, items + i * f->of->size);
    return (struct list){items, n};
}

static void fill_field(struct sampler *s, const struct field *f, void *base)
{
    bool leave_out = f->optional && below(s, 3) == 0;
    switch (f->kind) {
    case FIELD_BOOL:
    case FIELD_INT:
    case FIELD_ENUM:
        field_set_number(f, base, leave_out ? f->fallback : some_number(s, f));
        return;
    case FIELD_STR:
        if (!leave_out)
            field_set_str(f, base, some_string(s, f));
        return;
    case FIELD_OP:
        field_set_str(f, base, some_op(s));
        return;
    case FIELD_LIST:
        if (!leave_out)
            field_set_list(f, base, some_list(s, f));
        return;
    case FIELD_EVENTS:
        field_set_list(f, base, some_events(s, below(s, 4)));
        return;
    }
}

static void fill_shape(struct sampler *s, const struct shape *shape, void *base)
{
    for (size_t i = 0; i < shape->n; i++)
        if (!shape->fields[i].server_only || s->from == FROM_SERVER)
            fill_field(s, &shape->fields[i], base);
}

void sample_msg(struct msg *m, enum msg_type type, enum msg_side from, uint64_t *seed,
                struct arena *a)
{
    struct sampler s = {.seed = seed, .arena = a, .from = from};
    s.budget = from == FROM_CLIENT ? BUDGET_IN : BUDGET_OUT;
    memset(m, 0, sizeof *m);
    m->type = type;
    struct shape head = msg_head(&msg_table[type]);
    fill_shape(&s, &head, msg_body(m));
    fill_shape(&s, &msg_table[type].shape, msg_body(m));
}

/* ---- readable ones ---- */

/* By name of the field, for any message that has it; "message.field" stands before it. */
static const struct {
    const char *field, *text;
    int64_t number;
} readable[] = {
    {"bye.code", "closing", 0},
    {"act", "token.revoke", 0},
    {"log", "8c1f6a90d2e47b35", 0},
    {"subject", "5f1d7c8a9b3e4f60", 0},
    {"audit_item.words", NULL, 0},
    {"notice.text", "The server restarts at noon.", 0},
    {"admin_notice.text", "The server restarts at noon.", 0},
    {"admin_kick.text", "your client is in a loop", 0},
    {"error.room", NULL, 0},
    {"column_add.after", "Todo", 0},
    {"column_add.name", "Review", 0},
    {"column_edit.name", "In work", 0},
    {"column_edited.name", "In work", 0},
    {"column_move.after", "Todo", 0},
    {"column_remove.to", "Todo", 0},
    {"column_removed.to", "Todo", 0},
    {"done", NULL, 2},
    {"boxes", NULL, 5},
    {"comments", NULL, 3},
    {"changed", NULL, 1203},
    {"column_item.limit", NULL, 3},
    {"column_add.limit", NULL, 3},
    {"column_edit.limit", NULL, 3},
    {"column_added.limit", NULL, 3},
    {"column_edited.limit", NULL, 3},
    {"first", NULL, 0},
    {"place", NULL, 1},
    {"status", NULL, STATUS_AWAY},
    {"words", "lunch", 0},
    {"topic", "Release 0.2 on Friday", 0},
    {"room_retain.age", NULL, 7776000},
    {"room_retention.age", NULL, 7776000},
    {"keep_age", NULL, 7776000},
    {"keep_count", NULL, 0},
    {"room_retain.count", NULL, 0},
    {"room_retention.count", NULL, 0},
    {"trimmed", NULL, 813},
    {"upto", NULL, 813},
    {"messages", NULL, 120},
    {"message_removed.message", NULL, 801},
    {"presence.since", NULL, 1767225600000},
    {"member_item.since", NULL, 1767225600000},
    {"age", NULL, 60},
    {"everywhere", NULL, 1},
    {"revision", NULL, PROTOCOL_REVISION},
    {"follows", "ana", 0},
    {"shown", NULL, 1},
    {"at", NULL, POINTED_CARD},
    {"pointer.message", NULL, 813},
    {"pointer.place", NULL, 8},
    {"top", NULL, 3},
    {"x", NULL, 420},
    {"y", NULL, 500},
    {"bye.message", "The server is going down for a restart.", 0},
    {"stat_item.name", "events", 0},
    {"admin", NULL, 0},
    {"after", NULL, 41},
    {"around", NULL, 41},
    {"agent", "pymoot 0.1", 0},
    {"author", "ana", 0},
    {"about", NULL, 42},
    {"kind", NULL, ACTIVITY_CARDS},
    {"search.query", "\"release notes\" from:ana", 0},
    {"in", "#core", 0},
    {"order", NULL, ORDER_RELEVANCE},
    {"offset", NULL, 20},
    {"until", NULL, 1767225600000},
    {"zone", NULL, 60},
    {"found_item.kind", NULL, FOUND_COMMENT},
    {"found_item.title", "Fix the login page", 0},
    {"excerpt", "are the release notes out?", 0},
    {"mark_item.at", NULL, 8},
    {"mark_item.chars", NULL, 13},
    {"capped", NULL, 0},
    {"activity_page.from", NULL, 640},
    {"activity_page.more", NULL, 1},
    {"anchor", NULL, 12},
    {"archived", NULL, 0},
    {"base", NULL, 17},
    {"batch", NULL, 0},
    {"before", NULL, 812},
    {"caret", NULL, 12},
    {"chars", NULL, 140},
    {"client", "k3v9x2m8q4tz", 0},
    {"code", "not_found", 0},
    {"column", "Doing", 0},
    {"created", NULL, 1767225600000},
    {"disabled", NULL, 0},
    {"expires", NULL, 1767312000000},
    {"lock.field", "title", 0},
    {"unlock.field", "title", 0},
    {"locked.field", "title", 0},
    {"field", "priority", 0},
    {"flight", NULL, 9},
    {"from", NULL, 17},
    {"gone", NULL, 0},
    {"heartbeat", NULL, 25},
    {"id", NULL, 7},
    {"invite", NULL, 0},
    {"issued", NULL, 1767225600000},
    {"key", "V", 0},
    {"admin_busy.limit", NULL, 10},
    {"limit", NULL, 20},
    {"members", NULL, 3},
    {"message", "there is no card 42 in #core", 812},
    {"message.to", "ben", 0},
    {"message_item.to", "ben", 0},
    {"message_item.deleted", NULL, 0},
    {"message_item.pinned", NULL, 0},
    {"edited", NULL, 1767225660000},
    {"emoji", "👍", 0},
    {"history.pinned", NULL, 0},
    {"reply", NULL, 799},
    {"writer", "ben", 0},
    {"more", NULL, 0},
    {"newer", NULL, 1},
    {"name", "Doing", 0},
    {"next_number", NULL, 43},
    {"named_item.name", "Fix the login page", 0},
    {"named_item.note", NULL, 0},
    {"note", NULL, 43},
    {"note_item.name", "Release plan", 0},
    {"note_create.name", "Release plan", 0},
    {"number", NULL, 42},
    {"on", NULL, 1},
    {"op", "[12,\"ship it\",{\"d\":4}]", 0},
    {"online", NULL, 1},
    {"part", NULL, 0},
    {"public", NULL, 1},
    {"re", NULL, 7},
    {"read", NULL, 809},
    {"turn", NULL, 1},
    {"unread", NULL, 3},
    {"mentions", NULL, 1},
    {"mine", NULL, 1},
    {"retry", NULL, 0},
    {"retry_ms", NULL, 2000},
    {"revoked", NULL, 0},
    {"bot", NULL, 0},
    {"scopes", "read,chat", 0},
    {"hook", "a3efb725c5472435", 0},
    {"secret", "whsec_c2VjcmV0", 0},
    {"url", "https://ci.example.org/moot", 0},
    {"kinds", "message,task.moved", 0},
    {"failing", NULL, 0},
    {"stopped", NULL, 0},
    {"trouble", "", 0},
    {"role", NULL, ROLE_MEMBER},
    {"room", "#core", 0},
    {"task_edit.seen", NULL, 812},
    {"seen", NULL, 1767225600000},
    {"seq", NULL, 813},
    {"server", "mootd 0.1.0", 0},
    {"session", NULL, 5},
    {"since", NULL, 800},
    {"snapshot", NULL, 1},
    {"take", NULL, 0},
    {"task", NULL, 42},
    {"text", "The build is green again.", 0},
    {"time", NULL, 1767225600000},
    {"to", NULL, 18},
    {"title", "Fix the login page", 0},
    {"token", "eyJhbGciOiJIUzI1NiJ9.e30.c2VjcmV0", 0},
    {"token_id", "5f1d7c8a9b3e4f60", 0},
    {"ttl", NULL, 86400},
    {"undoes", NULL, 0},
    {"until", NULL, 1767225720000},
    {"user", "ben", 0},
    {"busy_item.name", "#core", 0},
    {"hour", NULL, 42},
    {"day", NULL, 310},
    {"busy_item.minutes", "0 3 1", 0},
    {"hours", "12 0 30", 0},
    {"figures", "connections 12 events 40", 0},
    {"stat_item.value", NULL, 12},
    {"value", "high", 0},
    {"version", NULL, PROTOCOL_VERSION},
    {"what", "task.painted", 0},
};

/* True when entry is the name of that field, or "shape.name". */
static bool is_for(const char *entry, const struct shape *shape, const struct field *f)
{
    size_t n = strlen(shape->name);
    if (strncmp(entry, shape->name, n) == 0 && entry[n] == '.')
        entry += n + 1;
    return strcmp(entry, f->name) == 0;
}

static void read_field(const struct shape *shape, const struct field *f, void *base)
{
    size_t r = 0;
    while (r < COUNT_OF(readable) && !is_for(readable[r].field, shape, f))
        r++;
    bug_on(r == COUNT_OF(readable));
    if (f->kind == FIELD_STR || f->kind == FIELD_OP)
        field_set_str(f, base, str_of(readable[r].text));
    else
        field_set_number(f, base, readable[r].number);
}

static void read_shape(const struct shape *shape, enum msg_side from, struct arena *a,
                       void *base)
{
    for (size_t i = 0; i < shape->n; i++) {
        const struct field *f = &shape->fields[i];
        if (f->server_only && from == FROM_CLIENT)
            continue;
        if (f->kind == FIELD_EVENTS) {
            field_set_list(f, base, some_events(&(struct sampler){.arena = a}, 1));
            continue;
        }
        if (f->kind != FIELD_LIST) {
            read_field(shape, f, base);
            continue;
        }
        void *item = arena_alloc(a, f->of->size);
        read_shape(f->of, from, a, item);
        field_set_list(f, base, (struct list){item, 1});
    }
}

void sample_readable(struct msg *m, enum msg_type type, enum msg_side from, struct arena *a)
{
    memset(m, 0, sizeof *m);
    m->type = type;
    struct shape head = msg_head(&msg_table[type]);
    read_shape(&head, from, a, msg_body(m));
    read_shape(&msg_table[type].shape, from, a, msg_body(m));
}
