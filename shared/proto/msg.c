#include "msg.h"
#include "direct.h"
#include "field.h"
#include "utf8.h"
#include "width.h"

#include <string.h>

enum msg_type msg_from_name(struct str name)
{
    for (int i = MSG_NONE + 1; i < MSG_COUNT; i++)
        if (name.n && name.p[0] == msg_table[i].name[0] && str_is(name, msg_table[i].name))
            return (enum msg_type)i;
    return MSG_NONE;
}

const char *msg_class_name(enum msg_class c)
{
    switch (c) {
    case CLASS_CONTROL:
        return "control";
    case CLASS_REQUEST:
        return "request";
    case CLASS_QUESTION:
        return "question";
    case CLASS_ANSWER:
        return "answer";
    case CLASS_EVENT:
        return "event";
    case CLASS_STATE:
        return "state";
    }
    return NULL;
}

const char *msg_right_sentence(enum msg_right r)
{
    switch (r) {
    case RIGHT_ANYONE:
        return "any connection, before hello too";
    case RIGHT_INVITED:
        return "anybody after hello, also who came by an invite";
    case RIGHT_SIGNED:
        return "anybody who is signed in";
    case RIGHT_OBSERVER:
        return "everybody in the room";
    case RIGHT_MEMBER:
        return "members and owners of the room";
    case RIGHT_OWNER:
        return "owners of the room, and admins of the server";
    case RIGHT_ADMIN:
        return "admins of the server";
    }
    return NULL;
}

/* ---- what strings are made of ---- */

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z') || is_digit(c);
}

static bool is_mark(char c)
{
    return c == '.' || c == '_' || c == '-';
}

static bool is_user(struct str s)
{
    if (s.n == 0 || s.p[0] == '.' || s.p[0] == '-')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!is_alnum(s.p[i]) && !is_mark(s.p[i]))
            return false;
    return true;
}

static bool is_room(struct str s)
{
    if (s.n && s.p[0] == '@')
        return direct_is_name(s);
    if (s.n < 2 || s.n > TEAM_NAME_MAX || s.p[0] != '#' || is_mark(s.p[1]))
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (!is_lower(s.p[i]) && !is_digit(s.p[i]) && !is_mark(s.p[i]))
            return false;
    return true;
}

static bool is_client(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_alnum(s.p[i]))
            return false;
    return s.n >= 8;
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    return true;
}

/* C1 controls, being two bytes, are found here as code points; so are the line separators. */
static bool is_line(struct str s)
{
    uint32_t cp;
    for (size_t n; s.n; s.p += n, s.n -= n) {
        n = utf8_next(s, &cp);
        if (n == 0 || cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x2028 || cp == 0x2029)
            return false;
    }
    return true;
}

static bool is_name_char(char c)
{
    return is_lower(c) || is_digit(c) || c == '_' || c == '+' || c == '-';
}

static bool is_emoji(struct str s)
{
    if (s.n < 3 || s.p[0] != ':' || s.p[s.n - 1] != ':')
        return width_is_emoji(s);
    for (size_t i = 1; i + 1 < s.n; i++)
        if (!is_name_char(s.p[i]))
            return false;
    return true;
}

bool str_follows(struct str s, enum str_rule rule)
{
    switch (rule) {
    case RULE_TEXT:
        return !str_has(s, '\0') && utf8_is_valid(s);
    case RULE_LINE:
        return is_line(s);
    case RULE_USER:
        return is_user(s);
    case RULE_ROOM:
        return is_room(s);
    case RULE_CLIENT:
        return is_client(s);
    case RULE_ASCII:
        return is_ascii(s);
    case RULE_EMOJI:
        return is_emoji(s);
    }
    return false;
}

static_assert(TEAM_NAME_MAX == 64 && DIRECT_MAX == 7, "as the sentence of RULE_ROOM says");

const char *str_rule_sentence(enum str_rule rule)
{
    switch (rule) {
    case RULE_TEXT:
        return "UTF-8 without NUL";
    case RULE_LINE:
        return "one line of UTF-8, without control characters";
    case RULE_USER:
        return "letters a-z and A-Z, digits, '.', '_' and '-', not beginning with '.' or '-'";
    case RULE_ROOM:
        return "'#', then letters a-z, digits, '.', '_' and '-', at most 63, the first of them "
               "a "
               "letter or digit; or '@', then the names of 2 to 7 people, in order, joined by "
               "'+'";
    case RULE_CLIENT:
        return "at least 8 letters a-z and A-Z and digits";
    case RULE_ASCII:
        return "printable ASCII without space";
    case RULE_EMOJI:
        return "one emoji, or a name of a-z, digits, '_', '+' and '-' between colons, as "
               ":tada:";
    }
    return NULL;
}

/* ---- checks ---- */

static bool check_items(const struct field *f, struct list l, struct place at, struct err *e)
{
    at.list = f->name;
    for (at.index = 0; at.index < l.n; at.index++) {
        const void *item = (const char *)l.v + at.index * f->of->size;
        for (size_t i = 0; i < f->of->n; i++) {
            at.field = f->of->fields[i].name;
            if (!field_check(&f->of->fields[i], item, &at, e))
                return false;
        }
    }
    return true;
}

static bool check_field(const struct field *f, const void *base, enum msg_side from,
                        struct place at, struct err *e)
{
    at.field = f->name;
    if (f->server_only && from == FROM_CLIENT) {
        if (field_is_fallback(f, base))
            return true;
        return fail(e, ERR_BAD_FIELD, "%s: only the server sets it", place_name(&at).text);
    }
    if (!field_check(f, base, &at, e))
        return false;
    return f->kind != FIELD_LIST || check_items(f, field_list(f, base), at, e);
}

static bool check_shape(const struct shape *shape, const struct msg *m, enum msg_side from,
                        struct err *e)
{
    struct place at = {.type = msg_table[m->type].name};
    for (size_t i = 0; i < shape->n; i++)
        if (!check_field(&shape->fields[i], msg_body(m), from, at, e))
            return false;
    return true;
}

bool msg_check(const struct msg *m, enum msg_side from, struct err *e)
{
    if (m->type <= MSG_NONE || m->type >= MSG_COUNT)
        return fail(e, ERR_UNKNOWN_TYPE, "type: there is no message number %d", (int)m->type);
    const struct msg_row *row = &msg_table[m->type];
    if (!(row->side & from))
        return fail(e, ERR_UNKNOWN_TYPE, "%s: may not come from the %s", row->name,
                    from == FROM_CLIENT ? "client" : "server");
    if (m->type == MSG_HELLO && !version_check(row->name, m->hello.version, e))
        return false;
    struct shape head = msg_head(row);
    return check_shape(&head, m, from, e) && check_shape(&row->shape, m, from, e);
}
