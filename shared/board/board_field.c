#include "board_field.h"

#include "board_state.h"
#include "utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *const card_priorities[] = {"low", "medium", "high", "urgent", NULL};

static_assert(CARD_FIELDS_MAX ==
                  CARD_VALUES_MAX * (CARD_FIELD_COUNT - CARD_SCALARS) + CARD_SCALARS - 1,
              "a list of all values holds them all");

/* ---- what a value may be ---- */

bool board_is_line(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
            return false;
    }
    return utf8_is_valid(s);
}

static bool is_title(struct str s)
{
    return s.n > 0 && s.n <= BOARD_TITLE_MAX && board_is_line(s);
}

static bool is_priority(struct str s)
{
    return card_priority_rank(s) > 0;
}

static bool is_user(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c > 0x7f || (!isalnum(c) && !strchr("._-", c)))
            return false;
    }
    return s.n > 0 && s.n <= USER_NAME_MAX && s.p[0] != '.' && s.p[0] != '-';
}

/* No space and no comma, so that lists of labels can be written anywhere. */
static bool is_label(struct str s)
{
    return s.n > 0 && s.n <= CARD_LABEL_MAX && board_is_line(s) && !str_has(s, ' ') &&
           !str_has(s, ',');
}

static bool is_blocker(struct str s)
{
    return card_blocker(s) != 0;
}

const struct card_field_row card_fields[CARD_FIELD_COUNT] = {
    [CARD_TITLE] = {"title", is_title, "a title is one line of 1 to 500 bytes", "The title."},
    [CARD_PRIORITY] = {"priority", is_priority, "a priority is low, medium, high or urgent",
                       "low, medium, high or urgent."},
    [CARD_DUE] = {"due", card_due_is_valid,
                  "a due date is a day of the calendar as YYYY-MM-DD, from 1970 on",
                  "The day it is due, as YYYY-MM-DD."},
    [CARD_ASSIGNEE] = {"assignee", is_user,
                       "an assignee is a name of at most 32 letters, digits, '.', '_', '-'",
                       "A member of the room who does it; a card may have several."},
    [CARD_LABEL] = {"label", is_label, "a label has 1 to 32 bytes, no space and no comma",
                    "A word of the team's own; a card may have several."},
    [CARD_BLOCKER] = {"blocker", is_blocker, "a blocker is the number of a card",
                      "The number of a card that must be done before; never in a circle."},
};

int card_priority_rank(struct str value)
{
    for (int i = 0; card_priorities[i]; i++) {
        if (str_is(value, card_priorities[i]))
            return i + 1;
    }
    return 0;
}

int64_t card_blocker(struct str value)
{
    int64_t n = 0;
    size_t i = value.n && value.p[0] == '-';
    bool negative = i > 0;
    if (i == value.n || value.p[i] == '0' || value.n > 17)
        return 0;
    for (; i < value.n; i++) {
        if (value.p[i] < '0' || value.p[i] > '9')
            return 0;
        n = n * 10 + (value.p[i] - '0');
    }
    return n >= SEQ_MAX ? 0 : negative ? -n : n;
}

static int digits(struct str s, size_t at, size_t n)
{
    int value = 0;
    for (size_t i = at; i < at + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return -1;
        value = value * 10 + (s.p[i] - '0');
    }
    return value;
}

bool card_due_is_valid(struct str s)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
        return false;
    int year = digits(s, 0, 4), month = digits(s, 5, 2), day = digits(s, 8, 2);
    if (year < 1970 || month < 1 || month > 12 || day < 1)
        return false;
    bool leaps = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[month - 1] + (month == 2 && leaps);
}

bool card_field_named(struct str name, enum card_field *out, struct err *e)
{
    for (int f = 0; f < CARD_FIELD_COUNT; f++) {
        if (str_is(name, card_fields[f].name)) {
            *out = (enum card_field)f;
            return true;
        }
    }
    return fail(e, ERR_BAD_FIELD,
                "a card has no field %.*s: title, priority, due, assignee, label, blocker",
                STR_ARG(name));
}

bool card_change_check(const struct card_change *c, struct err *e)
{
    bool is_set = c->field >= CARD_SCALARS;
    if (c->gone && !is_set)
        return fail(e, ERR_BAD_FIELD, "%s has one value: clear it with the empty one",
                    card_fields[c->field].name);
    if (!is_set && c->value.n == 0 && c->field != CARD_TITLE)
        return true;
    return card_fields[c->field].check(c->value) ||
           fail(e, ERR_BAD_FIELD, "%s", card_fields[c->field].rule);
}

/* ---- values of a card ---- */

/* Where a value of the field stands, or would. */
static size_t place_of(const struct card *c, enum card_field f, struct str value)
{
    size_t at = 0;
    while (at < c->values.n &&
           (c->values.v[at].field < f ||
            (c->values.v[at].field == f && str_cmp(str_of(c->values.v[at].value), value) < 0)))
        at++;
    return at;
}

struct str card_scalar(const struct card *c, enum card_field f)
{
    if (f == CARD_TITLE)
        return str_of(c->title);
    size_t at = place_of(c, f, (struct str){0});
    bool has = at < c->values.n && c->values.v[at].field == f;
    return has ? str_of(c->values.v[at].value) : (struct str){0};
}

bool card_has(const struct card *c, enum card_field f, struct str value)
{
    size_t at = place_of(c, f, value);
    return at < c->values.n && c->values.v[at].field == f &&
           str_is(value, c->values.v[at].value);
}

size_t card_count(const struct card *c, enum card_field f)
{
    size_t n = 0;
    vec_each (v, &c->values)
        n += v->field == f;
    return n;
}

static void take_value(struct card *c, size_t at)
{
    free(c->values.v[at].value);
    vec_remove(&c->values, at);
}

static void put_value(struct card *c, enum card_field f, struct str value)
{
    size_t at = place_of(c, f, value);
    vec_push(&c->values, (struct card_value){0});
    memmove(&c->values.v[at + 1], &c->values.v[at],
            (c->values.n - 1 - at) * sizeof *c->values.v);
    c->values.v[at] = (struct card_value){f, str_dup(value)};
}

void card_change(struct card *c, const struct card_change *to)
{
    if (to->field < CARD_SCALARS) {
        size_t at = place_of(c, to->field, (struct str){0});
        bool has = at < c->values.n && c->values.v[at].field == to->field;
        if (has && to->value.n)
            str_put(&c->values.v[at].value, to->value);
        else if (has)
            take_value(c, at);
        else if (to->value.n)
            put_value(c, to->field, to->value);
        return;
    }
    bool has = card_has(c, to->field, to->value);
    if (has && to->gone)
        take_value(c, place_of(c, to->field, to->value));
    else if (!has && !to->gone)
        put_value(c, to->field, to->value);
}

void card_drop_values(struct card *c)
{
    vec_each (v, &c->values)
        free(v->value);
    vec_finish(&c->values);
    free(c->stamps);
    c->stamps = NULL;
}

void card_copy_values(struct card *to, const struct card *from)
{
    vec_each (v, &from->values)
        vec_push(&to->values, (struct card_value){v->field, str_dup(str_of(v->value))});
    for (int f = 0; from->stamps && f < CARD_SCALARS; f++)
        card_set_stamp(to, (enum card_field)f, &from->stamps[f]);
}

bool card_has_same_values(const struct card *a, const struct card *b)
{
    if (a->values.n != b->values.n)
        return false;
    for (size_t i = 0; i < a->values.n; i++) {
        if (a->values.v[i].field != b->values.v[i].field ||
            strcmp(a->values.v[i].value, b->values.v[i].value) != 0)
            return false;
    }
    return true;
}

/* ---- who set it last ---- */

void card_set_stamp(struct card *c, enum card_field f, const struct card_stamp *s)
{
    if (!c->stamps)
        c->stamps = mem_new(CARD_SCALARS * sizeof *c->stamps);
    c->stamps[f] = *s;
}

const struct card_stamp *card_stamp_of(const struct card *c, enum card_field f)
{
    return c->stamps && f < CARD_SCALARS && c->stamps[f].seq ? &c->stamps[f] : NULL;
}

bool card_conflicts(const struct card *c, enum card_field f, int64_t seen, struct str author,
                    struct str client)
{
    const struct card_stamp *s = card_stamp_of(c, f);
    return s && seen >= 0 && s->seq > seen &&
           !(str_is(author, s->author) && str_is(client, s->client));
}

/* ---- as text ---- */

static void print_line(struct buf *out, enum card_field f, const struct card_stamp *s,
                       const char *value)
{
    buf_fmt(out, "%s\t%lld\t%s\t%s\t%s\n", card_fields[f].name, s ? (long long)s->seq : 0LL,
            s ? s->author : "", s ? s->client : "", value);
}

void card_print(const struct card *c, struct buf *out)
{
    for (int f = 0; f < CARD_SCALARS; f++) {
        const struct card_stamp *s = card_stamp_of(c, (enum card_field)f);
        struct str value =
            f == CARD_TITLE ? (struct str){0} : card_scalar(c, (enum card_field)f);
        if (s || value.n)
            print_line(out, (enum card_field)f, s, value.n ? value.p : "");
    }
    vec_each (v, &c->values) {
        if (v->field >= CARD_SCALARS)
            print_line(out, v->field, NULL, v->value);
    }
}

static bool copy_name(char *to, size_t size, struct str s)
{
    if (s.n >= size)
        return false;
    memcpy(to, s.p, s.n);
    to[s.n] = '\0';
    return true;
}

static bool read_line(struct card *c, struct str line, struct err *e)
{
    struct card_change to = {0};
    struct card_stamp s = {0};
    struct str name = str_cut(&line, '\t'), seq = str_cut(&line, '\t');
    struct str author = str_cut(&line, '\t'), client = str_cut(&line, '\t');
    to.value = line;
    if (!card_field_named(name, &to.field, e))
        return false;
    s.seq = str_is(seq, "0") ? 0 : card_blocker(seq);
    if (s.seq < 0 || (s.seq == 0 && !str_is(seq, "0")) ||
        !copy_name(s.author, sizeof s.author, author) ||
        !copy_name(s.client, sizeof s.client, client))
        return fail(e, ERR_BAD_FIELD, "not who set %.*s of a card", STR_ARG(name));
    if (to.field != CARD_TITLE && !card_change_check(&to, e))
        return false;
    if (card_count(c, to.field) >= CARD_VALUES_MAX)
        return fail(e, ERR_LIMIT, "more than %d values of %.*s", CARD_VALUES_MAX,
                    STR_ARG(name));
    if (s.seq && to.field < CARD_SCALARS)
        card_set_stamp(c, to.field, &s);
    if (to.field != CARD_TITLE)
        card_change(c, &to);
    return true;
}

bool card_read(struct card *c, struct str text, struct err *e)
{
    while (text.n) {
        if (!read_line(c, str_cut(&text, '\n'), e))
            return false;
    }
    return true;
}

bool board_read_values(struct board *b, int64_t number, struct str text, struct err *e)
{
    struct card *c = board_find(b, number);
    bug_on(!c);
    return card_read(c, text, e);
}
