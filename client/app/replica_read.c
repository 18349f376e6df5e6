/* What of the chat the person has not read: counted in the lines that are here, and where these
 * do not reach back to the marker, with what the server counted. */
#include "replica_parts.h"

/* 0 for what is no news; 2: it concerns the person by name. */
static int weight(const struct replica *r, const struct line *l)
{
    struct str me = str_of(r->user);
    if (l->deleted[0] || str_eq(l->author, me))
        return 0;
    if (text_concerns(l->text, l->to, me))
        return 2;
    return l->task == 0;
}

static struct unread_count count_behind(const struct replica *r, int64_t seq)
{
    struct unread_count n = {0};
    for (size_t i = r->lines.n; i-- > r->past && r->lines.v[i]->seq > seq;) {
        int w = weight(r, r->lines.v[i]);
        n.all += w > 0;
        n.mentions += w > 1;
    }
    return n;
}

static struct unread_count larger(struct unread_count a, struct unread_count b)
{
    return (struct unread_count){MIN(MAX(a.all, b.all), UNREAD_MAX),
                                 MIN(MAX(a.mentions, b.mentions), UNREAD_MAX)};
}

bool replica_reaches_marker(const struct replica *r)
{
    return r->floor <= r->read.mine.seq + 1;
}

struct unread_count replica_unread(const struct replica *r)
{
    const struct read_state *s = &r->read;
    struct unread_count n = count_behind(r, s->mine.seq);
    if (replica_reaches_marker(r) || !marker_is(s->mine, s->counted))
        return larger(n, n);
    struct unread_count since = count_behind(r, s->counted_seq);
    since.all += s->count.all;
    since.mentions += s->count.mentions;
    return larger(n, since);
}

void replica_heard_marker(struct replica *r, struct marker stored)
{
    r->read.stored = marker_later(r->read.stored, stored);
    r->read.mine = marker_later(r->read.mine, stored);
    r->version++;
}

void replica_took_unread(struct replica *r, const struct msg_unread *m)
{
    struct read_state *s = &r->read;
    replica_heard_marker(r, m->read);
    s->counted = m->read;
    s->counted_seq = m->seq;
    s->count = (struct unread_count){(size_t)m->unread, (size_t)m->mentions};
}

void replica_believe_marker(struct replica *r, struct marker stored, int64_t newest)
{
    struct read_state *s = &r->read;
    bool is_of_another = s->mine.seq > newest || s->mine.turn > stored.turn + 1;
    s->stored = stored;
    s->mine = is_of_another ? stored : marker_later(s->mine, stored);
    r->version++;
}

/* Something that the server counted was deleted since, or says something else. */
void replica_recount(struct replica *r, const struct msg *event)
{
    struct read_state *s = &r->read;
    int64_t message = event->type == MSG_MESSAGE_DELETED   ? event->message_deleted.message
                      : event->type == MSG_MESSAGE_EDITED  ? event->message_edited.message
                      : event->type == MSG_MESSAGE_REMOVED ? event->message_removed.message
                                                           : 0;
    if (event->type == MSG_CHAT_TRIMMED)
        message = MIN(event->chat_trimmed.upto, s->counted_seq);
    bool is_counted = message > s->mine.seq && message <= s->counted_seq;
    s->is_stale |=
        is_counted && event->event.seq > s->counted_seq && !replica_reaches_marker(r);
}
