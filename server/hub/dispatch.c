#include "dispatch.h"

#include "caller.h"
#include "client.h"
#include "codec.h"
#include "direct.h"
#include "handle.h"
#include "rate.h"
#include "room.h"

#include <stdlib.h>

enum { WS_POLICY = 1008 };

static handle_fn *const handlers[MSG_COUNT] = {
    [MSG_HELLO] = handle_hello,
    [MSG_OPEN] = handle_open,
    [MSG_CLOSE] = handle_close,
    [MSG_RENEW] = handle_renew,
    [MSG_PING] = handle_ping,
    [MSG_ROOM_CREATE] = handle_room_create,
    [MSG_ROOM_JOIN] = handle_room_join,
    [MSG_ROOM_LEAVE] = handle_room_leave,
    [MSG_MEMBER_SET] = handle_member_set,
    [MSG_TOPIC_SET] = handle_topic_set,
    [MSG_ROOM_RETAIN] = handle_room_retain,
    [MSG_MESSAGE_POST] = handle_message_post,
    [MSG_MESSAGE_EDIT] = handle_message_edit,
    [MSG_MESSAGE_DELETE] = handle_message_delete,
    [MSG_MESSAGE_REACT] = handle_message_react,
    [MSG_MESSAGE_PIN] = handle_message_pin,
    [MSG_TASK_ADD] = handle_task_add,
    [MSG_TASK_EDIT] = handle_task_edit,
    [MSG_TASK_MOVE] = handle_task_move,
    [MSG_TASK_ARCHIVE] = handle_task_archive,
    [MSG_TASK_RESTORE] = handle_task_restore,
    [MSG_COLUMN_ADD] = handle_column_add,
    [MSG_COLUMN_EDIT] = handle_column_edit,
    [MSG_COLUMN_MOVE] = handle_column_move,
    [MSG_COLUMN_REMOVE] = handle_column_remove,
    [MSG_NOTE_CREATE] = handle_note_create,
    [MSG_NOTE_RENAME] = handle_note_rename,
    [MSG_NOTE_ARCHIVE] = handle_note_archive,
    [MSG_NOTE_RESTORE] = handle_note_restore,
    [MSG_NOTE_EDIT] = handle_note_edit,
    [MSG_TYPING] = handle_typing,
    [MSG_CURSOR] = handle_cursor,
    [MSG_LOOKING] = handle_looking,
    [MSG_POINTER] = handle_pointer,
    [MSG_NOTE_CARET] = handle_note_caret,
    [MSG_NOTE_OPEN] = handle_note_open,
    [MSG_NOTE_AT] = handle_note_at,
    [MSG_NOTE_LOG] = handle_note_log,
    [MSG_NOTE_BLAME] = handle_note_blame,
    [MSG_HISTORY] = handle_history,
    [MSG_ACTIVITY] = handle_activity,
    [MSG_SEARCH] = handle_search,
    [MSG_ROOMS] = handle_rooms,
    [MSG_MEMBERS] = handle_members,
    [MSG_LOCK] = handle_lock,
    [MSG_UNLOCK] = handle_unlock,
    [MSG_READ] = handle_read,
    [MSG_STATUS] = handle_status,
    [MSG_INVITE_ACCEPT] = handle_invite_accept,
    [MSG_ADMIN_USERS] = handle_admin_users,
    [MSG_ADMIN_USER_SET] = handle_admin_user_set,
    [MSG_ADMIN_TOKEN] = handle_admin_token,
    [MSG_ADMIN_INVITE] = handle_admin_invite,
    [MSG_ADMIN_TOKENS] = handle_admin_tokens,
    [MSG_ADMIN_REVOKE] = handle_admin_revoke,
    [MSG_ADMIN_NOTICE] = handle_admin_notice,
    [MSG_ADMIN_KICK] = handle_admin_kick,
    [MSG_ADMIN_AUDIT] = handle_admin_audit,
    [MSG_ADMIN_HOOK_ADD] = handle_admin_hook_add,
    [MSG_ADMIN_HOOKS] = handle_admin_hooks,
    [MSG_ADMIN_HOOK_REVOKE] = handle_admin_hook_revoke,
    [MSG_ADMIN_HOOK_RESUME] = handle_admin_hook_resume,
    [MSG_ADMIN_STATS] = handle_admin_stats,
    [MSG_ADMIN_BUSY] = handle_admin_busy,
    [MSG_ADMIN_MINUTES] = handle_admin_minutes,
};

static bool is_asking(const struct msg *m)
{
    enum msg_class class = msg_table[m->type].class;
    return class == CLASS_REQUEST || class == CLASS_QUESTION;
}

static int64_t id_of(const struct msg *m)
{
    return is_asking(m) ? m->request.id : 0;
}

/* ---- rights ---- */

/* What is needed in the room; ROLE_NONE when the right is not one of a room. */
static enum role role_needed(enum msg_right right)
{
    switch (right) {
    case RIGHT_OBSERVER:
        return ROLE_OBSERVER;
    case RIGHT_MEMBER:
        return ROLE_MEMBER;
    case RIGHT_OWNER:
        return ROLE_OWNER;
    case RIGHT_ANYONE:
    case RIGHT_INVITED:
    case RIGHT_SIGNED:
    case RIGHT_ADMIN:
        break;
    }
    return ROLE_NONE;
}

static bool no_room(struct str name, struct err *e)
{
    return fail(e, ERR_NOT_FOUND, "there is no room %.*s that you are in", STR_ARG(name));
}

static bool refuse_role(const struct room *r, enum role has, enum role needed, struct err *e)
{
    if (has == ROLE_NONE && !r->is_public)
        return no_room(str_of(r->name), e);
    if (has == ROLE_NONE)
        return fail(e, ERR_FORBIDDEN, "you are not in %s: join it first", r->name);
    return fail(e, ERR_FORBIDDEN, "in %s you are %s; this takes the role %s", r->name,
                role_name(has), role_name(needed));
}

static enum outcome check_role(struct hub *h, struct caller *c, const struct msg *m,
                               enum role needed, struct err *e)
{
    const struct msg_row *row = &msg_table[m->type];
    struct str name = row->class == CLASS_STATE ? m->state.room : m->request.room;
    struct room *r = room_find(h, name);
    bool is_request = row->class == CLASS_REQUEST;
    if (!r) {
        no_room(name, e);
        return REFUSED;
    }
    enum role has = room_power(r, c, is_request);
    if (room_is_direct(
            name)) /* nobody owns it: what an owner may do is for the handler to refuse */
        needed = MIN(needed, ROLE_MEMBER);
    if (needed == ROLE_OWNER && caller_is_admin(c))
        has = ROLE_OWNER;
    if (r->stored == 0 && room_role(r, c->user, true) == ROLE_NONE) {
        no_room(name, e);
        return REFUSED;
    }
    bool is_public_yet = r->stored > 0 || is_request;
    if (has >= needed && is_public_yet)
        return DONE;
    /* A question behind a request of the same client that gives the right waits for the disk.
     */
    if (row->class == CLASS_QUESTION && r->flights && room_power(r, c, true) >= needed) {
        client_block(c->client, r);
        return BLOCKED;
    }
    refuse_role(r, has, needed, e);
    return REFUSED;
}

static bool refuse_scope(enum scope needed, struct err *e)
{
    if (scope_name(needed))
        return fail(e, ERR_FORBIDDEN, "this takes a token with the scope %s",
                    scope_name(needed));
    return fail(e, ERR_FORBIDDEN, "this takes a token that is good for everything");
}

static enum outcome check_right(struct hub *h, struct caller *c, const struct msg *m,
                                struct err *e)
{
    enum msg_right right = msg_table[m->type].right;
    enum role needed = role_needed(right);
    if (c->invite && right > RIGHT_INVITED) {
        fail(e, ERR_FORBIDDEN, "this connection came by an invite: it can only accept it");
        return REFUSED;
    }
    if (!scope_allows(c->scopes, msg_table[m->type].scope)) {
        refuse_scope(msg_table[m->type].scope, e);
        return REFUSED;
    }
    if (right == RIGHT_ADMIN && !caller_is_admin(c)) {
        fail(e, ERR_FORBIDDEN, "only an admin of the server may do that");
        return REFUSED;
    }
    return needed == ROLE_NONE ? DONE : check_role(h, c, m, needed, e);
}

enum outcome dispatch_try(struct hub *h, struct caller *c, const struct msg *m, struct err *e)
{
    handle_fn *handle = handlers[m->type];
    bug_on(!handle);
    enum outcome o = check_right(h, c, m, e);
    return o == DONE ? handle(h, c, m, e) : o;
}

/* ---- from the wire ---- */

/* A request was refused before anybody looked at it. */
static void note_put_off(struct caller *c, const struct msg *m)
{
    if (msg_adds(m->type))
        put_off_add(&c->put_off, m->request.id);
}

/* Passing states of a person who is not in yet are of no use to anybody. */
static void park(struct hub *h, struct caller *c, const struct msg *m)
{
    if (msg_table[m->type].class == CLASS_STATE || queue_add(h, &c->parked, m))
        return;
    struct err e;
    fail(&e, ERR_BUSY, "too much is waiting for the sign-in");
    note_put_off(c, m);
    caller_refuse(h, c, id_of(m), &e);
}

static bool is_in_order(const struct caller *c, const struct msg *m, struct err *e)
{
    bool is_hello = m->type == MSG_HELLO;
    if (c->state == CALLER_FRESH && !is_hello)
        return fail(e, ERR_OUT_OF_ORDER, "the first message must be hello");
    if (c->state != CALLER_FRESH && is_hello)
        return fail(e, ERR_OUT_OF_ORDER, "hello comes only once");
    return true;
}

static void handle(struct hub *h, struct caller *c, const struct msg *m)
{
    struct err e = {0};
    if (!is_in_order(c, m, &e)) {
        caller_refuse(h, c, id_of(m), &e);
    } else if (c->state == CALLER_PARKED) {
        park(h, c, m);
    } else if (is_asking(m) && m->type != MSG_PING) {
        client_take(h, c->client, m);
    } else {
        enum outcome o = dispatch_try(h, c, m, &e);
        if (o == BLOCKED && c->state == CALLER_PARKED)
            park(h, c, m);
        else if (o == REFUSED)
            caller_refuse(h, c, id_of(m), &e);
        else
            c->violations = 0;
    }
}

void dispatch_frame(struct hub *h, struct caller *c, struct str bytes)
{
    struct msg_list list = {0};
    struct err e = {0};
    int64_t re = 0;
    if (!codec_decode(bytes, FROM_CLIENT, &h->arena, &list, &re, &e)) {
        h->counts.messages_in++;
        if (e.code == ERR_VERSION)
            caller_end(h, c, ERR_VERSION, WS_POLICY, -1, "%s", e.text);
        else if (rate_take(h, c, RATE_WHOLE, re))
            caller_refuse(h, c, re, &e);
        return;
    }
    for (size_t i = 0; i < list.n && c->state != CALLER_CLOSING; i++) {
        h->counts.messages_in++;
        if (rate_take(h, c, rate_cost(c, &list.v[i], bytes.n), id_of(&list.v[i])))
            handle(h, c, &list.v[i]);
        else
            note_put_off(c, &list.v[i]);
    }
}

void dispatch_parked(struct hub *h, struct caller *c)
{
    if (c->state != CALLER_PARKED)
        return;
    struct queue parked = c->parked;
    c->parked = (struct queue){0};
    c->state = CALLER_FRESH;
    vec_each (w, &parked.items) {
        struct msg_list list;
        struct err e;
        int64_t re;
        bug_on(
            !codec_decode((struct str){w->json, w->n}, FROM_CLIENT, &h->arena, &list, &re, &e));
        if (c->state != CALLER_CLOSING)
            handle(h, c, &list.v[0]);
    }
    queue_finish(&parked);
}
