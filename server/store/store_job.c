#include "store_job.h"

#include "codec.h"
#include "direct.h"
#include "store_search.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct store_job *store_job_new(enum store_job_kind kind)
{
    struct store_job *j = NEW(struct store_job);
    j->kind = kind;
    return j;
}

void store_job_free(struct store_job *j)
{
    if (!j)
        return;
    if (j->finder)
        finder_free(j->finder);
    arena_finish(&j->arena);
    free(j);
}

bool store_message_of(struct str json, struct arena *a, struct message_item *out, struct err *e)
{
    struct msg_list list;
    struct err why = {0};
    int64_t re;
    if (!codec_decode(json, FROM_SERVER, a, &list, &re, &why))
        return fail(e, ERR_STORE, "a stored chat message cannot be read: %s", why.text);
    if (list.n != 1 || list.v[0].type != MSG_MESSAGE)
        return fail(e, ERR_STORE, "a stored chat message is another kind of event");
    const struct msg_message *m = &list.v[0].message;
    *out = (struct message_item){
        .seq = m->head.seq,
        .time = m->head.time,
        .author = m->head.author,
        .text = m->text,
        .task = m->task,
        .reply = m->reply,
        .to = m->to,
    };
    return true;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool names(const struct msg *m, struct str user)
{
    if (m->type == MSG_MESSAGE) /* in a direct conversation one is spoken to */
        return text_concerns(m->message.text, m->message.to, user) ||
               (!m->message.task && room_is_direct(m->event.room));
    if (m->type == MSG_MEMBER)
        return str_eq(m->member.user, user);
    for (size_t i = 0; m->type == MSG_TASK_EDITED && i < m->task_edited.changes.n; i++) {
        const struct change_item *c = &m->task_edited.changes.v[i];
        if (str_is(c->field, "assignee") && str_eq(c->value, user))
            return true;
    }
    return false;
}

static bool concerns(const struct store_job *j, enum msg_type type, struct str author,
                     int64_t number, struct str json)
{
    if (str_eq(author, j->concerns))
        return false;
    if (number && bsearch(&number, j->numbers.v, j->numbers.n, sizeof number, by_number))
        return true;
    if (type != MSG_MESSAGE && type != MSG_MEMBER && type != MSG_TASK_EDITED)
        return false;
    struct arena a = {0};
    struct msg_list list = {0};
    struct err e;
    int64_t re;
    bool is_so = codec_decode(json, FROM_SERVER, &a, &list, &re, &e) && list.n == 1 &&
                 names(&list.v[0], j->concerns);
    arena_finish(&a);
    return is_so;
}

bool store_is_asked(const struct store_job *j, enum msg_type type, struct str author,
                    int64_t number, struct str json, bool is_deleted)
{
    enum activity kind = type ? msg_table[type].activity : ACTIVITY_ALL;
    bool is_chat = type == MSG_MESSAGE && number == 0;
    if (kind == ACTIVITY_ALL || (is_chat && !j->concerns.n))
        return false;
    bool passes = (j->activity == ACTIVITY_ALL || j->activity == kind) &&
                  (j->author.n == 0 || str_eq(j->author, author)) &&
                  (j->text == 0 || j->text == number);
    return passes &&
           (!j->concerns.n || (!is_deleted && concerns(j, type, author, number, json)));
}

/* What is over is forgotten, so that there are never many to look through. */
static struct store_sitting *find_sitting(struct store_sittings *s, int64_t text,
                                          struct str author, int64_t time)
{
    for (size_t i = s->all.n; i-- > 0;) {
        struct store_sitting *one = &s->all.v[i];
        if (one->time - time > SITTING_MS)
            *one = s->all.v[--s->all.n];
        else if (one->text == text && str_is(author, one->author))
            return one;
    }
    return NULL;
}

bool store_sits(struct store_sittings *s, int64_t text, struct str author, int64_t time)
{
    struct store_sitting *old = find_sitting(s, text, author, time);
    struct store_sitting new = {.text = text, .time = time};
    if (old) {
        old->time = time;
        return true;
    }
    if (author.n <= USER_NAME_MAX) {
        memcpy(new.author, author.p, author.n);
        vec_push(&s->all, new);
    }
    return false;
}

void store_activity_end(struct store_job *j)
{
    for (size_t i = 0; i < j->events.n / 2; i++) {
        struct store_event swap = j->events.v[i];
        j->events.v[i] = j->events.v[j->events.n - 1 - i];
        j->events.v[j->events.n - 1 - i] = swap;
    }
}

void store_reverse(struct store_job *j)
{
    for (size_t i = 0; i < j->messages.n / 2; i++) {
        struct message_item swap = j->messages.v[i];
        j->messages.v[i] = j->messages.v[j->messages.n - 1 - i];
        j->messages.v[j->messages.n - 1 - i] = swap;
    }
}

static bool ask_half(struct store_job *j, const struct store_job *q, bool up, size_t limit,
                     bool (*half)(void *arg, struct store_job *j), void *arg)
{
    j->up = up;
    j->from = q->from - up;
    j->limit = (int64_t)limit;
    j->bytes_limit = q->bytes_limit / 2;
    j->messages.n = 0;
    j->more = false;
    return half(arg, j) && j->err.code == ERR_NONE;
}

bool store_around(struct store_job *j, bool (*half)(void *arg, struct store_job *j), void *arg)
{
    const struct store_job q = {
        .from = j->from, .limit = j->limit, .bytes_limit = j->bytes_limit};
    VEC(struct message_item) all = {0};
    size_t limit = (size_t)MAX(j->limit, 0);
    bool ok = ask_half(j, &q, false, limit / 2, half, arg);
    bool more = j->more;
    for (size_t i = 0; ok && i < j->messages.n; i++)
        vec_push(&all, j->messages.v[i]);
    ok = ok && ask_half(j, &q, true, limit - all.n, half, arg);
    for (size_t i = 0; ok && i < j->messages.n; i++)
        vec_push(&all, j->messages.v[i]);
    j->newer = j->more;
    j->more = more;
    j->up = false;
    j->from = q.from;
    j->limit = q.limit;
    j->bytes_limit = q.bytes_limit;
    STORE_KEEP(&j->arena, &j->messages, &all);
    return ok || j->err.code != ERR_NONE;
}

/* The operation is the last field, as codec_encode() writes an edit; the mark cannot stand
 * inside a string, whose quotes are escaped. NULL when it is not found so. */
static const char *find_op(struct str json, int64_t number, int64_t version)
{
    char mark[80];
    int n = snprintf(mark, sizeof mark,
                     ",\"note\":%" PRId64 ",\"version\":%" PRId64 ",\"op\":[", number, version);
    const char *at = json.n ? memmem(json.p, json.n, mark, (size_t)n) : NULL;
    bool ends = json.n > 2 && json.p[json.n - 1] == '}' && json.p[json.n - 2] == ']';
    return at && ends ? at + n - 1 : NULL;
}

bool store_op_of(struct store_job *j, struct str json, int64_t version, struct str *op)
{
    struct msg_list list;
    struct err why = {0};
    int64_t re;
    const char *at = find_op(json, j->text, version);
    if (at) {
        *op = str_keep(&j->arena, (struct str){at, (size_t)(json.p + json.n - 1 - at)});
        return true;
    }
    if (!codec_decode(json, FROM_SERVER, &j->arena, &list, &re, &why))
        return store_refuse_edit(j, version, why.text);
    const struct msg_note_edited *m =
        list.n == 1 && list.v->type == MSG_NOTE_EDITED ? &list.v->note_edited : NULL;
    if (!m || m->note != j->text || m->version != version)
        return store_refuse_edit(j, version, "it is another event");
    *op = m->op;
    return true;
}

bool store_edit_fits(struct store_job *j, int64_t newest)
{
    const struct store_append *a = &j->append;
    int64_t whole = a->snapshot.version;
    if (a->number < 1 || a->text.number != a->number || whole < 0 ||
        (whole && (whole >= a->text.version || a->snapshot.number != a->number)))
        return fail(&j->err, ERR_INTERNAL,
                    "an edit of text %" PRId64 " of room %.*s contradicts itself", a->number,
                    STR_ARG(a->room));
    if (a->text.version != newest + 1)
        return fail(&j->err, ERR_CONFLICT,
                    "version %" PRId64 " of text %" PRId64
                    " of room %.*s cannot follow version "
                    "%" PRId64,
                    a->text.version, a->number, STR_ARG(a->room), newest);
    return true;
}

void store_count_unread(struct store_unread *u, struct str user, struct str author,
                        int64_t card, struct str text, struct str to)
{
    bool is_mention = !str_eq(author, user) && text_concerns(text, to, user);
    bool counts = is_mention || (card == 0 && !str_eq(author, user));
    u->unread = MIN(u->unread + counts, UNREAD_MAX);
    u->mentions = MIN(u->mentions + is_mention, UNREAD_MAX);
}

void *store_keep(struct arena *a, void *v, size_t n, size_t size)
{
    void *kept = arena_alloc(a, n * size);
    if (n)
        memcpy(kept, v, n * size);
    free(v);
    return kept;
}

struct store_hook store_keep_hook(struct arena *a, const struct store_hook *k)
{
    struct store_hook copy = *k;
    struct str *const strings[] = {&copy.id,  &copy.user,  &copy.room,  &copy.hash,
                                   &copy.url, &copy.kinds, &copy.author};
    for (size_t i = 0; i < COUNT_OF(strings); i++)
        *strings[i] = str_keep(a, *strings[i]);
    return copy;
}

struct store_token store_used_invite(const struct store_job *j)
{
    return (struct store_token){
        .id = j->invite,
        .user = j->user.name,
        .issued = j->token.issued,
        .revoked = true,
        .invite = true,
    };
}

bool store_refuse_seq(struct store_job *j, int64_t newest)
{
    return fail(&j->err, ERR_CONFLICT,
                "event %" PRId64 " of room %.*s cannot follow event %" PRId64, j->append.seq,
                STR_ARG(j->append.room), newest);
}

bool store_refuse_room(struct store_job *j)
{
    return fail(&j->err, ERR_NOT_FOUND, "no room is called %.*s", STR_ARG(j->room));
}

bool store_refuse_hole(struct store_job *j, int64_t version)
{
    return fail(&j->err, ERR_STORE,
                "text %" PRId64 " of room %.*s lacks version %" PRId64 "; stop the server and "
                "restore a backup",
                j->text, STR_ARG(j->room), version);
}

bool store_refuse_edit(struct store_job *j, int64_t version, const char *why)
{
    return fail(&j->err, ERR_STORE,
                "version %" PRId64 " of text %" PRId64 " of room %.*s cannot be read: %.100s; "
                "run 'mootd check'",
                version, j->text, STR_ARG(j->room), why);
}

bool store_refuse_snapshot(struct store_job *j, int64_t version)
{
    return fail(&j->err, ERR_STORE,
                "text %" PRId64 " of room %.*s is damaged as it was kept at version %" PRId64
                "; stop the server, then 'mootd check --repair' makes it anew",
                j->text, STR_ARG(j->room), version);
}

bool store_refuse_unknown(struct store_job *j)
{
    return fail(&j->err, ERR_NOT_FOUND, "no token has the id %.*s", STR_ARG(j->token.id));
}

bool store_refuse_hook(struct store_job *j)
{
    if (j->kind == JOB_HOOK_ADD)
        return fail(&j->err, ERR_INTERNAL, "a hook cannot be made with the id %.*s in %.*s",
                    STR_ARG(j->hook.id), STR_ARG(j->hook.room));
    return fail(&j->err, ERR_NOT_FOUND, "no hook has the id %.*s", STR_ARG(j->hook.id));
}

bool store_refuse_marker(struct store_job *j)
{
    return fail(&j->err, ERR_NOT_FOUND, "%.*s is in no room %.*s", STR_ARG(j->author),
                STR_ARG(j->room));
}

bool store_refuse_twice(struct store_job *j)
{
    return fail(&j->err, ERR_EXISTS, "a token with the id %.*s is there already",
                STR_ARG(j->token.id));
}

bool store_refuse_used(struct store_job *j)
{
    return fail(&j->err, ERR_REVOKED, "the invite has been used or revoked; ask for a new one");
}
