/* How far people read: what any session of a person was told is stored stays, and all of them
 * come to know the same. */
#include "sim_read.h"

/* Reading goes on or, now and then, back. */
void read_something(struct actor *c, struct replica *r)
{
    int64_t seq = sim_below(c->sim, r->seq + 1);
    if (sim_chance(c->sim, 10))
        session_read_back(&c->session, r, seq, sim_now(c->sim), &c->out);
    else
        session_read(&c->session, r, seq, sim_now(c->sim), &c->out);
}

bool read_is_quiet(const struct actor *c)
{
    vec_each (r, &c->session.rooms) {
        const struct read_state *s = &(*r)->read;
        if ((*r)->role != ROLE_NONE &&
            (s->asked || s->is_stale || marker_is_behind(s->stored, s->mine)))
            return false;
    }
    return c->session.rooms_asked == 0;
}

void read_check_now(struct actor *c)
{
    vec_each (r, &c->session.rooms) {
        int i = actor_room(str_of((*r)->name));
        struct marker *told = i < 0 ? NULL : &c->told_read[i];
        if (!told || (*r)->role == ROLE_NONE)
            continue;
        if (marker_is_behind((*r)->read.stored, *told))
            sim_fail(c->sim, "client %zu: %s was read to %lld.%lld and is to %lld.%lld",
                     c->index, (*r)->name, (long long)told->turn, (long long)told->seq,
                     (long long)(*r)->read.stored.turn, (long long)(*r)->read.stored.seq);
        *told = (*r)->read.stored;
    }
}

void read_check(struct actor *c, const struct replica *r)
{
    struct unread_count mine = replica_unread(r);
    struct marker kept = server_marker(sim_server(c->sim), c->user, r->name);
    int64_t unread, mentions;
    server_unread(sim_server(c->sim), c->user, r->name, kept, &unread, &mentions);
    if (!marker_is(kept, r->read.mine) || !marker_is(kept, r->read.stored))
        sim_fail(c->sim, "client %zu of %s has read %s to %lld.%lld, the server to %lld.%lld",
                 c->index, c->user, r->name, (long long)r->read.mine.turn,
                 (long long)r->read.mine.seq, (long long)kept.turn, (long long)kept.seq);
    if ((int64_t)mine.all != unread || (int64_t)mine.mentions != mentions)
        sim_fail(c->sim,
                 "client %zu of %s counts %zu unread and %zu mentions in %s behind %lld, the "
                 "server %lld and %lld",
                 c->index, c->user, mine.all, mine.mentions, r->name,
                 (long long)r->read.mine.seq, (long long)unread, (long long)mentions);
}
