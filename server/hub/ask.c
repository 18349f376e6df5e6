#include "ask.h"

#include "caller.h"

#include <stdlib.h>

struct ask *ask_new(struct hub *h, enum ask_kind kind, const struct caller *asker, int64_t id)
{
    struct ask *a = NEW(struct ask);
    a->tag = ++h->next_tag;
    a->kind = kind;
    a->id = id;
    if (asker) {
        a->conn = asker->slot;
        a->session = asker->session;
    }
    HASH_ADD(hh, h->asks, tag, sizeof a->tag, a);
    return a;
}

struct ask *ask_find(const struct hub *h, uint64_t tag)
{
    struct ask *a;
    HASH_FIND(hh, h->asks, &tag, sizeof tag, a);
    return a;
}

void ask_free(struct hub *h, struct ask *a)
{
    HASH_DEL(h->asks, a);
    free(a->token);
    store_job_free(a->job);
    free(a);
}

struct caller *ask_caller(const struct hub *h, const struct ask *a)
{
    struct caller *c = a->session ? caller_at(h, a->conn) : NULL;
    return c && c->session == a->session ? c : NULL;
}

void ask_store(struct hub *h, const struct ask *a, struct store_job *j)
{
    const struct caller *c = ask_caller(h, a);
    j->tag = a->tag;
    j->asker = c ? (uintptr_t)c->user : 0;
    out_add(h, OUT_STORE)->job = j;
}

struct ask *question_new(struct hub *h, enum ask_kind kind, struct caller *c, int64_t id,
                         struct err *e)
{
    if (c->questions >= QUESTIONS_MAX) {
        fail(e, ERR_BUSY, "at most %d questions may wait for their answers", QUESTIONS_MAX);
        return NULL;
    }
    c->questions++;
    return ask_new(h, kind, c, id);
}

struct caller *question_end(struct hub *h, const struct ask *a)
{
    struct caller *c = ask_caller(h, a);
    if (c)
        c->questions--;
    return c;
}

struct ask *question_minted(struct hub *h, const struct ask *a, const struct hub_input *in,
                            enum ask_kind kind, struct caller **who)
{
    struct caller *c = *who = question_end(h, a);
    if (!c)
        return NULL;
    if (in->err.code != ERR_NONE) {
        caller_error(h, c, a->id, &in->err);
        return NULL;
    }
    struct ask *next = ask_new(h, kind, c, a->id);
    next->token = str_dup(in->token);
    c->questions++;
    return next;
}
