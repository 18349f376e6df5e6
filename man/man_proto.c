/* What the tables of the protocol know: messages, parts of them, kinds of strings, errors,
 * bounds. */
#include "board_field.h"
#include "codec.h"
#include "man.h"
#include "roff.h"
#include "sample.h"

#include <inttypes.h>
#include <string.h>

enum { EXAMPLE_WIDTH = 66 };

/* ---- fields ---- */

static const char *rule_name(enum str_rule rule)
{
    switch (rule) {
    case RULE_TEXT:
        return "text";
    case RULE_LINE:
        return "line";
    case RULE_USER:
        return "user name";
    case RULE_ROOM:
        return "room name";
    case RULE_CLIENT:
        return "client id";
    case RULE_ASCII:
        return "ASCII";
    case RULE_EMOJI:
        return "emoji";
    }
    return NULL;
}

static void add_number(struct buf *out, int64_t v)
{
    if (v == SEQ_MAX || v == -SEQ_MAX)
        buf_fmt(out, "%s2^53-1%s", v < 0 ? "-(" : "", v < 0 ? ")" : "");
    else
        buf_fmt(out, "%" PRId64, v);
}

static void add_range(struct buf *out, const struct field *f)
{
    add_number(out, f->min);
    if (f->min == f->max)
        return;
    buf_add_str(out, STR(" to "));
    add_number(out, f->max);
}

/* "room_item" as people write it. */
static void add_shape_name(struct buf *out, const struct shape *s)
{
    for (const char *c = s->name; *c; c++)
        buf_add_c(out, *c == '_' ? ' ' : *c);
}

static void add_kind(struct buf *out, const struct field *f)
{
    switch (f->kind) {
    case FIELD_BOOL:
        buf_add_str(out, STR("boolean"));
        break;
    case FIELD_INT:
        buf_add_str(out, STR("integer, "));
        add_range(out, f);
        if (f->not_zero)
            buf_add_str(out, STR(", not 0"));
        break;
    case FIELD_STR:
        buf_fmt(out, "%s, ", rule_name(f->rule));
        add_range(out, f);
        buf_add_str(out, STR(" bytes"));
        break;
    case FIELD_OP:
        buf_fmt(out, "operation, at most %" PRId64 " bytes of JSON", f->max);
        break;
    case FIELD_ENUM:
        for (int64_t v = f->min; v <= f->max; v++)
            buf_fmt(out, "%s\\(dq%s\\(dq", v == f->min ? "" : " or ", f->names[v]);
        break;
    case FIELD_EVENTS:
        buf_fmt(out, "array of events, at most %" PRId64, f->max);
        break;
    case FIELD_LIST:
        buf_add_str(out, STR("array of "));
        add_shape_name(out, f->of);
        buf_fmt(out, ", at most %" PRId64, f->max);
        break;
    }
}

static void add_default(struct buf *out, const struct field *f)
{
    if (f->server_only)
        buf_add_str(out, STR("; from the server only"));
    if (!f->optional)
        return;
    buf_add_str(out, STR("; may be left out"));
    if (f->kind == FIELD_BOOL)
        buf_fmt(out, " for %s", f->fallback ? "true" : "false");
    else if (f->kind == FIELD_ENUM)
        buf_fmt(out, " for \\(dq%s\\(dq", f->names[f->fallback]);
    else if (f->kind == FIELD_INT && f->fallback != SEQ_MAX)
        buf_fmt(out, " for %" PRId64, f->fallback);
}

static void print_fields(struct buf *out, const struct shape *s)
{
    if (s->n == 0)
        return;
    buf_add_str(out, STR(".Bl -tag -width Ds -compact\n"));
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];
        buf_fmt(out, ".It Va %s Pq ", f->name);
        add_kind(out, f);
        add_default(out, f);
        buf_add_c(out, '\n');
        roff_sentences(out, str_of(f->doc));
    }
    buf_add_str(out, STR(".El\n"));
}

static void print_head(struct buf *out, enum msg_type like)
{
    struct shape head = msg_head(&msg_table[like]);
    print_fields(out, &head);
}

static void print_request_head(struct buf *out)
{
    print_head(out, MSG_ROOM_JOIN);
}

static void print_answer_head(struct buf *out)
{
    print_head(out, MSG_OK);
}

static void print_event_head(struct buf *out)
{
    print_head(out, MSG_MEMBER);
}

static void print_state_head(struct buf *out)
{
    print_head(out, MSG_TYPING);
}

/* ---- messages ---- */

/* The example on lines of readable length, broken between fields. */
static void add_example(struct buf *out, enum msg_type type, enum msg_side from)
{
    struct arena a = {0};
    struct buf json = {0};
    struct msg m;
    sample_readable(&m, type, from, &a);
    codec_encode(&json, &m);
    struct str rest = buf_str(&json);
    size_t column = 0;
    while (rest.n) {
        const char *next = memmem(rest.p + 1, rest.n - 1, ",\"", 2);
        size_t n = next ? (size_t)(next + 1 - rest.p) : rest.n;
        if (column && column + n > EXAMPLE_WIDTH) {
            buf_add_str(out, STR("\n "));
            column = 1;
        }
        roff_text(out, (struct str){rest.p, n});
        column += n;
        rest.p += n;
        rest.n -= n;
    }
    buf_add_c(out, '\n');
    buf_finish(&json);
    arena_finish(&a);
}

static void print_examples(struct buf *out, enum msg_type type)
{
    buf_add_str(out, STR(".Bd -literal -compact\n"));
    if (msg_table[type].side & FROM_CLIENT)
        add_example(out, type, FROM_CLIENT);
    if (msg_table[type].side & FROM_SERVER)
        add_example(out, type, FROM_SERVER);
    buf_add_str(out, STR(".Ed\n"));
}

static const char *side_words(enum msg_side side)
{
    return side == FROM_BOTH ? "from both sides" : side == FROM_CLIENT ? "client" : "server";
}

static void print_message(struct buf *out, enum msg_type type)
{
    const struct msg_row *row = &msg_table[type];
    buf_fmt(out, ".It Ic %s Pq %s, %s\n", row->name, msg_class_name(row->class),
            side_words(row->side));
    roff_sentences(out, str_of(row->doc));
    if (row->side & FROM_CLIENT)
        buf_fmt(out, "For %s.\n", msg_right_sentence(row->right));
    if (scope_name(row->scope))
        buf_fmt(out, "Under the scope\n.Cm %s .\n", scope_name(row->scope));
    if ((row->class == CLASS_QUESTION || row->class == CLASS_REQUEST) && !row->in_room)
        buf_fmt(out, "Has no\n.Va room .\n");
    print_fields(out, &row->shape);
    print_examples(out, type);
}

static void print_range(struct buf *out, enum msg_type from, enum msg_type to)
{
    buf_add_str(out, STR(".Bl -tag -width Ds\n"));
    for (enum msg_type t = from; t < to; t++)
        print_message(out, t);
    buf_add_str(out, STR(".El\n"));
}

static void print_connection(struct buf *out)
{
    print_range(out, MSG_HELLO, MSG_ROOM_CREATE);
}

static void print_requests(struct buf *out)
{
    print_range(out, MSG_ROOM_CREATE, MSG_ROOM_CREATED);
}

static void print_events(struct buf *out)
{
    print_range(out, MSG_ROOM_CREATED, MSG_PRESENCE);
}

static void print_states(struct buf *out)
{
    print_range(out, MSG_PRESENCE, MSG_HISTORY);
}

static void print_questions(struct buf *out)
{
    print_range(out, MSG_HISTORY, MSG_ADMIN_USERS);
}

static void print_admin(struct buf *out)
{
    print_range(out, MSG_ADMIN_USERS, MSG_COUNT);
}

/* ---- the items of lists ---- */

static void note_shape(const struct shape **seen, size_t *n, const struct shape *s)
{
    for (size_t i = 0; i < *n; i++)
        if (seen[i] == s)
            return;
    seen[(*n)++] = s;
}

static void print_items(struct buf *out)
{
    const struct shape *seen[MSG_COUNT];
    size_t n = 0;
    for (int t = MSG_NONE + 1; t < MSG_COUNT; t++)
        for (size_t i = 0; i < msg_table[t].shape.n; i++)
            if (msg_table[t].shape.fields[i].of && n < COUNT_OF(seen))
                note_shape(seen, &n, msg_table[t].shape.fields[i].of);
    buf_add_str(out, STR(".Bl -tag -width Ds\n"));
    for (size_t i = 0; i < n; i++) {
        buf_add_str(out, STR(".It "));
        add_shape_name(out, seen[i]);
        buf_add_c(out, '\n');
        print_fields(out, seen[i]);
    }
    buf_add_str(out, STR(".El\n"));
}

/* ---- strings, errors, bounds ---- */

static void print_rules(struct buf *out)
{
    for (int r = RULE_TEXT; r <= RULE_EMOJI; r++) {
        buf_fmt(out, ".It %s\n", rule_name((enum str_rule)r));
        roff_text(out, str_of(str_rule_sentence((enum str_rule)r)));
        buf_add_str(out, STR(".\n"));
    }
}

/* Errors of one's own machine, which no server sends. */
static bool is_local(enum err_code c)
{
    return c == ERR_NONE || c == ERR_USAGE || c == ERR_UNREACHABLE || c == ERR_IO ||
           c == ERR_INTERRUPTED;
}

static void print_errors(struct buf *out)
{
    for (int i = 0; i < ERR_COUNT; i++) {
        enum err_code c = (enum err_code)i;
        if (is_local(c))
            continue;
        buf_fmt(out, ".It Er %s\n", err_name(c));
        roff_sentences(out, str_of(err_sentence(c)));
        if (err_is_passing(c))
            buf_add_str(out, STR("Trying again later can help.\n"));
    }
}

static void print_card_fields(struct buf *out)
{
    for (int f = 0; f < CARD_FIELD_COUNT; f++) {
        buf_fmt(out, ".It Va %s\n", card_fields[f].name);
        roff_sentences(out, str_of(card_fields[f].doc));
        if (f >= CARD_SCALARS)
            buf_fmt(out, "At most %d of them.\n", CARD_VALUES_MAX);
    }
}

static void print_limits(struct buf *out)
{
#define X(name, most, doc)                                                                     \
    buf_fmt(out, ".It Dv %s Pq %d\n", #name, name);                                            \
    roff_sentences(out, STR(doc));
    BOUND_LIST(X)
#undef X
}

static const struct man_table tables[] = {
    {"HEAD_REQUEST", NULL, print_request_head},
    {"HEAD_ANSWER", NULL, print_answer_head},
    {"HEAD_EVENT", NULL, print_event_head},
    {"HEAD_STATE", NULL, print_state_head},
    {"CONNECTION", NULL, print_connection},
    {"REQUESTS", NULL, print_requests},
    {"EVENTS", NULL, print_events},
    {"STATES", NULL, print_states},
    {"QUESTIONS", NULL, print_questions},
    {"ADMIN", NULL, print_admin},
    {"ITEMS", NULL, print_items},
    {"RULES", NULL, print_rules},
    {"CARD_FIELDS", NULL, print_card_fields},
    {"ERRORS", NULL, print_errors},
    {"LIMITS", NULL, print_limits},
};

static const struct man_value values[] = {
#define X(name, most, doc) {#name, name, NULL},
    BOUND_LIST(X)
#undef X
        {"PROTOCOL_VERSION", PROTOCOL_VERSION, NULL},
};

const struct man_source man_proto = {tables, COUNT_OF(tables), values, COUNT_OF(values)};
