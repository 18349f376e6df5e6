/* The replica's chat: one allocation a line, pages put in front in one step. */
#include "replica_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct line *line_new(const struct message_item *m)
{
    struct str author = m->author, text = m->text;
    char card[24] = "";
    if (m->task)
        snprintf(card, sizeof card, "#%lld ", (long long)m->task);
    size_t front = strlen(card);
    struct line *l = mem_grow(NULL, sizeof *l + author.n + front + text.n);
    char *bytes = (char *)(l + 1), *shown = bytes + author.n;
    if (author.n)
        memcpy(bytes, author.p, author.n);
    memcpy(shown, card, front);
    if (text.n)
        memcpy(shown + front, text.p, text.n);
    *l = (struct line){.seq = m->seq,
                       .time = m->time,
                       .task = m->task,
                       .author = {bytes, author.n},
                       .text = {shown + front, text.n},
                       .shown = {shown, front + text.n}};
    return l;
}

void replica_add_line(struct replica *r, const struct message_item *m)
{
    vec_push(&r->lines, line_new(m));
}

void replica_clear_lines(struct replica *r)
{
    vec_each (l, &r->lines)
        free(*l);
    r->lines.n = 0;
}

/* How many of a page's messages are older than all that is known: pages may overlap. */
static size_t older_of(const struct replica *r, const struct msg_history_page *page)
{
    size_t n = 0;
    int64_t last = 0;
    while (n < page->messages.n) {
        int64_t seq = page->messages.v[n].seq;
        if (seq >= r->floor || seq > r->seq || seq <= last)
            break;
        last = seq;
        n++;
    }
    return n;
}

static void put_in_front(struct replica *r, const struct message_item *items, size_t n)
{
    struct line *none = NULL;
    for (size_t i = 0; i < n; i++)
        vec_push(&r->lines, none);
    memmove(r->lines.v + n, r->lines.v, (r->lines.n - n) * sizeof(struct line *));
    for (size_t i = 0; i < n; i++)
        r->lines.v[i] = line_new(&items[i]);
}

void replica_take_page(struct replica *r, const struct msg_history_page *page)
{
    if (!r->asked_older || page->head.re != r->asked_id)
        return;
    r->asked_older = false;
    r->has_older = page->more;
    size_t n = older_of(r, page);
    if (n) {
        put_in_front(r, page->messages.v, n);
        r->floor = page->messages.v[0].seq;
    }
    if (!page->more)
        r->floor = 1;
}

int64_t replica_oldest(const struct replica *r)
{
    return r->floor;
}

void replica_asked(struct replica *r, int64_t id)
{
    r->asked_older = true;
    r->asked_id = id;
}

size_t replica_unread(const struct replica *r)
{
    size_t unread = 0;
    for (size_t i = r->lines.n; i-- > 0 && r->lines.v[i]->seq > r->read_seq;)
        unread += !str_is(r->lines.v[i]->author, r->user);
    return unread;
}
