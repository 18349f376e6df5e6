#include "store_job.h"

#include "codec.h"

#include <inttypes.h>
#include <stdlib.h>

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
    *out = (struct message_item){m->head.seq, m->head.time, m->head.author, m->text};
    return true;
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

bool store_refuse_unknown(struct store_job *j)
{
    return fail(&j->err, ERR_NOT_FOUND, "no token has the id %.*s", STR_ARG(j->token.id));
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
