#include "codec.h"
#include "field.h"
#include "json_check.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What one call to codec_decode() is about. */
struct decoder {
    enum msg_side from;
    struct arena *arena;
    struct err *err;
};

/* A name from outside, fit for the words of an error: cut, and in ASCII. */
struct quoted {
    char text[44];
};

static struct quoted quote(const char *name)
{
    struct quoted q;
    size_t i = 0;
    for (; name[i] && i < 40; i++)
        q.text[i] = (char)(name[i] >= ' ' && name[i] <= '~' ? name[i] : '?');
    snprintf(q.text + i, sizeof q.text - i, "%s", name[i] ? "..." : "");
    return q;
}

/* ---- values ---- */

/* cJSON holds numbers as doubles: only integers that a double holds exactly are integers here.
 */
static bool number_of(const cJSON *json, int64_t *out)
{
    if (!cJSON_IsNumber(json))
        return false;
    double d = json->valuedouble;
    if (!(d >= (double)-SEQ_MAX && d <= (double)SEQ_MAX) || d != (double)(int64_t)d)
        return false;
    *out = (int64_t)d;
    return true;
}

static struct str string_of(const cJSON *json)
{
    return cJSON_IsString(json) ? str_of(json->valuestring) : (struct str){0};
}

static bool wrong(const struct decoder *d, const struct place *at, const char *allowed)
{
    return fail(d->err, ERR_BAD_FIELD, "%s: must be %s", place_name(at).text, allowed);
}

static bool decode_bool(const struct decoder *d, const struct field *f, const cJSON *json,
                        void *base, const struct place *at)
{
    if (!cJSON_IsBool(json))
        return wrong(d, at, "true or false");
    field_set_number(f, base, cJSON_IsTrue(json));
    return true;
}

static bool decode_int(const struct decoder *d, const struct field *f, const cJSON *json,
                       void *base, const struct place *at)
{
    int64_t v;
    if (!number_of(json, &v))
        return fail(d->err, ERR_BAD_FIELD,
                    "%s: must be an integer from %" PRId64 " to %" PRId64, place_name(at).text,
                    f->min, f->max);
    field_set_number(f, base, v);
    return field_check(f, base, at, d->err);
}

static bool decode_str(const struct decoder *d, const struct field *f, const cJSON *json,
                       void *base, const struct place *at)
{
    if (!cJSON_IsString(json))
        return wrong(d, at, "a string");
    struct str s = string_of(json);
    field_set_str(f, base, s);
    if (!field_check(f, base, at, d->err))
        return false;
    field_set_str(f, base, str_keep(d->arena, s));
    return true;
}

static bool decode_enum(const struct decoder *d, const struct field *f, const cJSON *json,
                        void *base, const struct place *at)
{
    struct str name = string_of(json);
    char allowed[128] = "";
    for (int64_t v = f->min; v <= f->max; v++) {
        if (str_is(name, f->names[v])) {
            field_set_number(f, base, v);
            return true;
        }
        size_t n = strlen(allowed);
        snprintf(allowed + n, sizeof allowed - n, "%s%s", n ? ", " : "one of ", f->names[v]);
    }
    return wrong(d, at, allowed);
}

/* One part of an operation; what it means is for those who know texts. */
static bool print_part(const cJSON *part, struct buf *out)
{
    int64_t n;
    if (cJSON_IsString(part)) {
        codec_quote(out, string_of(part));
        return true;
    }
    if (number_of(part, &n)) {
        buf_fmt(out, "%" PRId64, n);
        return true;
    }
    const cJSON *d = cJSON_IsObject(part) ? part->child : NULL;
    if (!d || d->next || strcmp(d->string, "d") != 0 || !number_of(d, &n))
        return false;
    buf_fmt(out, "{\"d\":%" PRId64 "}", n);
    return true;
}

static bool wrong_op(const struct decoder *d, const struct place *at)
{
    char allowed[96];
    snprintf(allowed, sizeof allowed,
             "a list of strings, integers and {\"d\": integer}, from 1 to %d", NOTE_MAX);
    return wrong(d, at, allowed);
}

static bool decode_op(const struct decoder *d, const struct field *f, const cJSON *json,
                      void *base, const struct place *at)
{
    struct buf out = {0};
    bool good = cJSON_IsArray(json);
    buf_add_c(&out, '[');
    for (const cJSON *part = good ? json->child : NULL; part && good; part = part->next) {
        if (part != json->child)
            buf_add_c(&out, ',');
        good = print_part(part, &out);
    }
    buf_add_c(&out, ']');
    field_set_str(f, base, buf_str(&out));
    if (!good)
        wrong_op(d, at);
    else if ((good = field_check(f, base, at, d->err)))
        field_set_str(f, base, str_keep(d->arena, buf_str(&out)));
    buf_finish(&out);
    return good;
}

/* Objects stay JSON: each is a message for a decoder of its own. */
static bool decode_events(const struct decoder *d, const struct field *f, const cJSON *json,
                          void *base, const struct place *at)
{
    if (!cJSON_IsArray(json))
        return wrong(d, at, "a list");
    size_t n = (size_t)cJSON_GetArraySize(json), i = 0;
    if (!field_check_count(f, n, at, d->err))
        return false;
    struct str *items = arena_alloc(d->arena, n * sizeof *items);
    for (const cJSON *item = json->child; item; item = item->next) {
        if (!cJSON_IsObject(item))
            return wrong(d, at, "a list of objects");
        char *text = cJSON_PrintUnformatted(item);
        bug_on(!text);
        items[i++] = str_keep(d->arena, str_of(text));
        cJSON_free(text);
    }
    field_set_list(f, base, (struct list){n ? items : NULL, n});
    return true;
}

static bool decode_list(const struct decoder *d, const struct field *f, const cJSON *json,
                        void *base, const struct place *at);

static bool decode_value(const struct decoder *d, const struct field *f, const cJSON *json,
                         void *base, const struct place *at)
{
    if (f->server_only && d->from == FROM_CLIENT)
        return fail(d->err, ERR_BAD_FIELD, "%s: only the server sets it", place_name(at).text);
    if (cJSON_IsNull(json))
        return fail(d->err, ERR_BAD_FIELD, "%s: null is not allowed%s", place_name(at).text,
                    f->optional ? ", leave the field out" : "");
    switch (f->kind) {
    case FIELD_BOOL:
        return decode_bool(d, f, json, base, at);
    case FIELD_INT:
        return decode_int(d, f, json, base, at);
    case FIELD_STR:
        return decode_str(d, f, json, base, at);
    case FIELD_OP:
        return decode_op(d, f, json, base, at);
    case FIELD_ENUM:
        return decode_enum(d, f, json, base, at);
    case FIELD_LIST:
        return decode_list(d, f, json, base, at);
    case FIELD_EVENTS:
        return decode_events(d, f, json, base, at);
    }
    return false;
}

/* ---- objects ---- */

/* The fields that an object may have: those of a message's class, then its own. */
struct form {
    struct shape head, own;
    bool has_type;
};

enum { NOT_A_FIELD = -1, TYPE_FIELD = 0 };

/* The field's place in the form, TYPE_FIELD for "type", or NOT_A_FIELD. */
static int form_index(const struct form *form, const char *name)
{
    if (form->has_type && strcmp(name, "type") == 0)
        return TYPE_FIELD;
    for (size_t i = 0; i < form->head.n; i++)
        if (strcmp(name, form->head.fields[i].name) == 0)
            return (int)i + 1;
    for (size_t i = 0; i < form->own.n; i++)
        if (strcmp(name, form->own.fields[i].name) == 0)
            return (int)(form->head.n + i) + 1;
    return NOT_A_FIELD;
}

static const struct field *form_field(const struct form *form, size_t i)
{
    return i <= form->head.n ? &form->head.fields[i - 1]
                             : &form->own.fields[i - 1 - form->head.n];
}

/* Values of what was not given, or an error for what had to be. */
static bool fill_in(const struct decoder *d, const struct form *form, uint64_t seen, void *base,
                    struct place at)
{
    for (size_t i = 1; i <= form->head.n + form->own.n; i++) {
        const struct field *f = form_field(form, i);
        if (seen >> i & 1)
            continue;
        at.field = f->name;
        if (!f->optional && !(f->server_only && d->from == FROM_CLIENT))
            return fail(d->err, ERR_BAD_FIELD, "%s: missing", place_name(&at).text);
        if (f->kind == FIELD_BOOL || f->kind == FIELD_INT || f->kind == FIELD_ENUM)
            field_set_number(f, base, f->fallback);
    }
    return true;
}

/* A newer server may add fields; a client that sends unknown ones is told. */
static bool unknown_field(const struct decoder *d, const char *name, struct place at)
{
    if (d->from == FROM_SERVER)
        return true;
    struct quoted q = quote(name);
    at.field = q.text;
    return fail(d->err, ERR_BAD_FIELD, "%s: there is no such field", place_name(&at).text);
}

static bool decode_fields(const struct decoder *d, const struct form *form, const cJSON *object,
                          void *base, struct place at)
{
    uint64_t seen = 0;
    for (const cJSON *item = object->child; item; item = item->next) {
        int i = form_index(form, item->string);
        if (i == NOT_A_FIELD) {
            if (!unknown_field(d, item->string, at))
                return false;
            continue;
        }
        at.field = i == TYPE_FIELD ? "type" : form_field(form, (size_t)i)->name;
        if (seen >> i & 1)
            return fail(d->err, ERR_BAD_FIELD, "%s: given twice", place_name(&at).text);
        seen |= UINT64_C(1) << i;
        if (i != TYPE_FIELD && !decode_value(d, form_field(form, (size_t)i), item, base, &at))
            return false;
    }
    return fill_in(d, form, seen, base, at);
}

static bool decode_list(const struct decoder *d, const struct field *f, const cJSON *json,
                        void *base, const struct place *at)
{
    if (!cJSON_IsArray(json))
        return wrong(d, at, "a list");
    size_t n = (size_t)cJSON_GetArraySize(json), i = 0;
    if (!field_check_count(f, n, at, d->err))
        return false;
    struct form form = {.own = *f->of};
    char *items = arena_alloc(d->arena, n * f->of->size);
    for (const cJSON *item = json->child; item; item = item->next, i++) {
        struct place in = {.type = at->type, .list = f->name, .index = i, .field = "item"};
        if (!cJSON_IsObject(item))
            return wrong(d, &in, "an object");
        if (!decode_fields(d, &form, item, items + i * f->of->size, in))
            return false;
    }
    field_set_list(f, base, (struct list){n ? items : NULL, n});
    return true;
}

/* ---- messages ---- */

static bool refuse_type(const struct decoder *d, const char *name)
{
    bool known = msg_from_name(str_of(name)) != MSG_NONE;
    return fail(d->err, ERR_UNKNOWN_TYPE,
                known ? "type: \"%s\" may not come from a client"
                      : "type: there is no message \"%s\"",
                quote(name).text);
}

static bool has(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name) != NULL;
}

/* A newer server may have messages that this version does not know. An event is one all the
 * same: what comes behind it would look as if something were missing. The others are passed
 * over. */
static void decode_unknown(const struct decoder *d, const cJSON *object, struct str type,
                           struct msg *m)
{
    struct err why = {0};
    struct decoder quiet = *d;
    struct form form = {.head = msg_head(&msg_table[MSG_UNKNOWN]), .has_type = true};
    quiet.err = &why;
    if (!has(object, "author") || !has(object, "client") || type.n > TYPE_NAME_MAX ||
        !str_follows(type, RULE_LINE) ||
        !decode_fields(&quiet, &form, object, msg_body(m), (struct place){.type = "unknown"}))
        return;
    m->type = MSG_UNKNOWN;
    m->unknown.what = str_keep(d->arena, type);
}

/* Decodes one object into m; leaves m->type MSG_NONE when it is to be passed over. */
static bool decode_message(const struct decoder *d, const cJSON *object, struct msg *m)
{
    if (!cJSON_IsObject(object))
        return fail(d->err, ERR_MALFORMED, "a message must be an object");
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(object, "type");
    if (!cJSON_IsString(type))
        return fail(d->err, ERR_BAD_FIELD, "type: %s",
                    type ? "must be a string" : "missing from a message");
    enum msg_type t = msg_from_name(string_of(type));
    if (t == MSG_NONE && d->from == FROM_SERVER) {
        decode_unknown(d, object, string_of(type), m);
        return true;
    }
    if (t == MSG_NONE || !(msg_table[t].side & d->from))
        return d->from == FROM_SERVER || refuse_type(d, type->valuestring);
    const struct msg_row *row = &msg_table[t];
    int64_t version;
    if ((t == MSG_HELLO || t == MSG_WELCOME) &&
        number_of(cJSON_GetObjectItemCaseSensitive(object, "version"), &version) &&
        !version_check(row->name, version, d->err))
        return false;
    struct form form = {.head = msg_head(row), .own = row->shape, .has_type = true};
    m->type = t;
    return decode_fields(d, &form, object, msg_body(m), (struct place){.type = row->name});
}

/* The id that an error should answer, whatever else is wrong with the object. */
static int64_t request_id(const cJSON *object)
{
    int64_t id;
    if (!cJSON_IsObject(object) ||
        !number_of(cJSON_GetObjectItemCaseSensitive(object, "id"), &id))
        return 0;
    return MAX(id, 0);
}

static bool count_objects(const struct decoder *d, const cJSON *root, size_t *n)
{
    *n = cJSON_IsArray(root) ? (size_t)cJSON_GetArraySize(root) : 1;
    if (*n == 0)
        return fail(d->err, ERR_MALFORMED, "the frame is an empty list of messages");
    if (d->from == FROM_CLIENT && *n > FRAME_OBJECTS_MAX)
        return fail(d->err, ERR_TOO_LARGE, "the frame has %zu messages, at most %d are allowed",
                    *n, FRAME_OBJECTS_MAX);
    return true;
}

static bool decode_frame(const struct decoder *d, const cJSON *root, struct msg_list *out,
                         int64_t *re)
{
    size_t n;
    if (!count_objects(d, root, &n))
        return false;
    out->v = arena_alloc(d->arena, n * sizeof *out->v);
    const cJSON *object = cJSON_IsArray(root) ? root->child : root;
    for (; n > 0; n--, object = object->next) {
        struct msg *m = &out->v[out->n];
        if (!decode_message(d, object, m)) {
            *re = d->from == FROM_CLIENT ? request_id(object) : 0;
            return false;
        }
        out->n += m->type != MSG_NONE;
    }
    return true;
}

bool codec_decode(struct str frame, enum msg_side from, struct arena *a, struct msg_list *out,
                  int64_t *re, struct err *e)
{
    struct decoder d = {.from = from, .arena = a, .err = e};
    size_t max = from == FROM_CLIENT ? FRAME_IN_MAX : FRAME_OUT_MAX;
    *out = (struct msg_list){0};
    *re = 0;
    if (frame.n > max)
        return fail(e, ERR_TOO_LARGE, "the frame has %zu bytes, at most %zu are allowed",
                    frame.n, max);
    if (!json_check(frame, e))
        return false;
    cJSON *root = cJSON_ParseWithLength(frame.p, frame.n);
    if (!root)
        return fail(e, ERR_MALFORMED, "the frame is not JSON");
    bool good = decode_frame(&d, root, out, re);
    cJSON_Delete(root);
    if (!good)
        *out = (struct msg_list){0};
    return good;
}

bool codec_item(struct str json, const struct shape *shape, struct arena *a, void *out,
                struct err *e)
{
    struct decoder d = {.from = FROM_SERVER, .arena = a, .err = e};
    struct form form = {.own = *shape};
    memset(out, 0, shape->size);
    if (json.n > FRAME_OUT_MAX)
        return fail(e, ERR_TOO_LARGE, "the JSON has %zu bytes, at most %d are allowed", json.n,
                    FRAME_OUT_MAX);
    if (!json_check(json, e))
        return false;
    cJSON *root = cJSON_ParseWithLength(json.p, json.n);
    bool good = cJSON_IsObject(root)
                    ? decode_fields(&d, &form, root, out, (struct place){.type = shape->name})
                    : fail(e, ERR_MALFORMED, "the JSON is no object");
    cJSON_Delete(root);
    return good;
}
