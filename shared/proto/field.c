#include "field.h"
#include "utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static_assert(sizeof(enum role) == sizeof(unsigned) &&
                  sizeof(enum activity) == sizeof(unsigned) &&
                  sizeof(enum status) == sizeof(unsigned) &&
                  sizeof(enum pointed) == sizeof(unsigned),
              "enum fields are read as unsigned");

struct place_name place_name(const struct place *at)
{
    struct place_name name;
    if (at->list)
        snprintf(name.text, sizeof name.text, "%s: %s[%zu].%s", at->type, at->list, at->index,
                 at->field);
    else
        snprintf(name.text, sizeof name.text, "%s: %s", at->type, at->field);
    return name;
}

/* Values are copied in and out, since a list's C type differs from row to row. */

int64_t field_number(const struct field *f, const void *base)
{
    const void *at = field_in(f, base);
    int64_t number;
    unsigned value;
    bool yes;
    switch (f->kind) {
    case FIELD_BOOL:
        memcpy(&yes, at, sizeof yes);
        return yes;
    case FIELD_INT:
        memcpy(&number, at, sizeof number);
        return number;
    case FIELD_ENUM:
        memcpy(&value, at, sizeof value);
        return value;
    case FIELD_STR:
    case FIELD_OP:
    case FIELD_LIST:
    case FIELD_EVENTS:
        break;
    }
    mem_bug(__FILE__, __LINE__, "field is no number");
}

void field_set_number(const struct field *f, void *base, int64_t v)
{
    void *at = (char *)base + f->offset;
    unsigned value = (unsigned)v;
    bool yes = v != 0;
    switch (f->kind) {
    case FIELD_BOOL:
        memcpy(at, &yes, sizeof yes);
        return;
    case FIELD_INT:
        memcpy(at, &v, sizeof v);
        return;
    case FIELD_ENUM:
        memcpy(at, &value, sizeof value);
        return;
    case FIELD_STR:
    case FIELD_OP:
    case FIELD_LIST:
    case FIELD_EVENTS:
        break;
    }
    mem_bug(__FILE__, __LINE__, "field is no number");
}

struct str field_str(const struct field *f, const void *base)
{
    struct str s;
    memcpy(&s, field_in(f, base), sizeof s);
    return s;
}

void field_set_str(const struct field *f, void *base, struct str s)
{
    memcpy((char *)base + f->offset, &s, sizeof s);
}

struct list field_list(const struct field *f, const void *base)
{
    struct list l;
    memcpy(&l, field_in(f, base), sizeof l);
    return l;
}

void field_set_list(const struct field *f, void *base, struct list l)
{
    memcpy((char *)base + f->offset, &l, sizeof l);
}

bool field_is_fallback(const struct field *f, const void *base)
{
    switch (f->kind) {
    case FIELD_BOOL:
    case FIELD_INT:
    case FIELD_ENUM:
        return field_number(f, base) == f->fallback;
    case FIELD_STR:
    case FIELD_OP:
        return field_str(f, base).n == 0;
    case FIELD_LIST:
    case FIELD_EVENTS:
        return field_list(f, base).n == 0;
    }
    return false;
}

bool field_is_left_out(const struct field *f, const void *base)
{
    return (f->optional || f->server_only) && field_is_fallback(f, base);
}

static bool check_str(const struct field *f, struct str s, const struct place *at,
                      struct err *e)
{
    if (f->optional && s.n == 0)
        return true;
    if (s.n > (size_t)f->max)
        return fail(e, ERR_TOO_LARGE, "%s: %zu bytes, at most %" PRId64 " are allowed",
                    place_name(at).text, s.n, f->max);
    if (s.n < (size_t)f->min)
        return fail(e, ERR_BAD_FIELD, "%s: %zu bytes, at least %" PRId64 " are needed",
                    place_name(at).text, s.n, f->min);
    if (!str_follows(s, f->rule))
        return fail(e, ERR_BAD_FIELD, "%s: must be %s", place_name(at).text,
                    str_rule_sentence(f->rule));
    return true;
}

static bool check_op(const struct field *f, struct str s, const struct place *at, struct err *e)
{
    if (s.n > (size_t)f->max)
        return fail(e, ERR_TOO_LARGE, "%s: %zu bytes of JSON, at most %" PRId64 " are allowed",
                    place_name(at).text, s.n, f->max);
    if (s.n < (size_t)f->min)
        return fail(e, ERR_BAD_FIELD, "%s: must be an operation, a list", place_name(at).text);
    return true;
}

static bool check_int(const struct field *f, int64_t v, const struct place *at, struct err *e)
{
    if (v >= f->min && v <= f->max && !(f->not_zero && v == 0))
        return true;
    return fail(e, ERR_BAD_FIELD,
                "%s: %" PRId64 " is out of range, %" PRId64 " to %" PRId64 "%s",
                place_name(at).text, v, f->min, f->max,
                f->not_zero ? " without 0 is allowed" : " is allowed");
}

static bool check_enum(const struct field *f, int64_t v, const struct place *at, struct err *e)
{
    if (v >= f->min && v <= f->max)
        return true;
    return fail(e, ERR_BAD_FIELD, "%s: not one of the names that are allowed",
                place_name(at).text);
}

bool field_check_count(const struct field *f, size_t n, const struct place *at, struct err *e)
{
    if (n <= (size_t)f->max)
        return true;
    return fail(e, ERR_TOO_LARGE, "%s: %zu items, at most %" PRId64 " are allowed",
                place_name(at).text, n, f->max);
}

bool field_check(const struct field *f, const void *base, const struct place *at, struct err *e)
{
    switch (f->kind) {
    case FIELD_BOOL:
        return true;
    case FIELD_INT:
        return check_int(f, field_number(f, base), at, e);
    case FIELD_STR:
        return check_str(f, field_str(f, base), at, e);
    case FIELD_OP:
        return check_op(f, field_str(f, base), at, e);
    case FIELD_ENUM:
        return check_enum(f, field_number(f, base), at, e);
    case FIELD_LIST:
    case FIELD_EVENTS:
        return field_check_count(f, field_list(f, base).n, at, e);
    }
    return false;
}

bool version_check(const char *type, int64_t version, struct err *e)
{
    if (version == PROTOCOL_VERSION)
        return true;
    return fail(e, ERR_VERSION, "%s: version %" PRId64 " of the protocol, this end speaks %d",
                type, version, PROTOCOL_VERSION);
}
