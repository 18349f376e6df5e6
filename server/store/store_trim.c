/* What every store does the same way when retention takes messages away. */
#include "codec.h"
#include "store_job.h"

bool store_removed_of(struct str json, int64_t message, struct arena *a, struct str *out,
                      struct err *e)
{
    struct msg_list list;
    struct err why = {0};
    int64_t re;
    if (!codec_decode(json, FROM_SERVER, a, &list, &re, &why))
        return fail(e, ERR_STORE, "a stored chat message cannot be read: %s", why.text);
    if (list.n != 1 || msg_table[list.v->type].class != CLASS_EVENT)
        return fail(e, ERR_STORE, "a stored chat message is no event");
    struct msg m = {.type = MSG_MESSAGE_REMOVED};
    struct buf b = {0};
    m.event = list.v->event;
    m.message_removed.message = message;
    codec_encode(&b, &m);
    *out = str_keep(a, buf_str(&b));
    buf_finish(&b);
    return true;
}

bool store_trim_take(struct store_job *j, int64_t seq, int64_t time, bool may_go,
                     int64_t changes)
{
    struct store_trim *t = &j->trim;
    bool is_old = !t->keep.age || time < t->before;
    bool is_beyond = is_old && (!t->keep.count || seq <= t->bound);
    bool is_enough = t->n >= j->limit || t->seen >= t->scan ||
                     (t->n && may_go && t->changes + changes > t->most);
    if (!is_beyond || is_enough) {
        t->next = time;
        j->more = is_beyond;
        return false;
    }
    t->at = seq;
    t->seen++;
    if (!may_go)
        return true;
    t->first = t->n++ ? t->first : seq;
    t->upto = seq;
    t->until = time;
    t->changes += changes;
    return true;
}
