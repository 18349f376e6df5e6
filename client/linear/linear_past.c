/* What was said and done before, read out: a room's chat from some place on, and what went on
 * while one was away. */
#include "linear_parts.h"

#include <string.h>

static const struct replica *here(const struct linear *l)
{
    return model_replica(l->m);
}

static struct chat_pane *pane(const struct linear *l)
{
    return &l->m->here->chat;
}

/* ---- the chat ---- */

static void read_out(struct linear *l, const struct line *line)
{
    words_message(l, line, WORDS_NUMBERED);
    if (line->seq <= 0)
        return;
    l->from = l->from ? l->from : line->seq;
    l->to = line->seq;
}

void past_list(struct linear *l, struct str word)
{
    const struct replica *r = here(l);
    int64_t wanted = LINEAR_LINES;
    if (word.n && !str_int(word, 1, 1000, &wanted)) {
        say(l, "\"%.*s\" is no number of messages: 1 to 1000.", STR_ARG(word));
        return;
    }
    size_t n = replica_lines(r), shown = MIN(n, (size_t)wanted);
    if (n == 0)
        say(l, "Nothing was said here yet.");
    l->from = l->to = 0;
    for (size_t i = n - shown; i < n; i++)
        read_out(l, replica_line(r, i));
    if (shown < n || r->has_older)
        say(l, "/page-up reads out those before.");
}

/* The first line of that number or a later one. */
static size_t index_of(const struct replica *r, int64_t message)
{
    size_t i = 0;
    while (i < r->lines.n && r->lines.v[i]->seq < message)
        i++;
    return i;
}

/* Of a stretch of the past and the present, between which there may be a hole, the one that the
 * message is in. */
static void stretch_of(const struct replica *r, int64_t message, size_t *first, size_t *end)
{
    bool is_past = r->past && message < r->floor;
    *first = is_past ? 0 : r->past;
    *end = is_past ? r->past : r->lines.n;
}

static void read_lines(struct linear *l, size_t from, size_t to)
{
    l->from = l->to = 0;
    for (size_t i = from; i < to; i++)
        read_out(l, here(l)->lines.v[i]);
}

static void read_before(struct linear *l, int64_t message)
{
    const struct replica *r = here(l);
    size_t first, end, to = index_of(r, message + 1);
    stretch_of(r, message, &first, &end);
    size_t from = to - MIN(to - MIN(first, to), (size_t)LINEAR_LINES);
    if (from == to) {
        say(l, "Nothing was said before that.");
        return;
    }
    read_lines(l, from, to);
    if (from > first || r->has_older)
        say(l, "/page-up reads out those before.");
}

static void read_from(struct linear *l, int64_t message)
{
    const struct replica *r = here(l);
    size_t first, end, from = index_of(r, message);
    stretch_of(r, message, &first, &end);
    size_t to = MIN(end, from + LINEAR_LINES);
    if (from >= to) {
        say(l, "Nothing was said after that.");
        return;
    }
    read_lines(l, from, to);
    if (to < r->lines.n)
        say(l, "/page-down goes on.");
}

void past_place(struct linear *l, int64_t message)
{
    if (l->up)
        read_before(l, message);
    else
        read_from(l, message);
    l->up = false;
}

void past_page(struct linear *l, bool up)
{
    const struct replica *r = here(l);
    int64_t newest = r->lines.n ? r->lines.v[r->lines.n - 1]->seq : 0;
    l->up = up;
    past_give_up(l);
    if (up && l->from == 1)
        say(l, "Nothing was said before that.");
    else if (up)
        pane(l)->seek_from = l->from ? l->from - 1 : MAX(newest, 1);
    else
        pane(l)->seek_from = (l->to ? l->to : newest) + 1;
}

bool past_is_on_the_way(const struct linear *l)
{
    const struct chat_pane *p = pane(l);
    return p->seek_time || p->seek_from || p->seeks_unread;
}

void past_give_up(struct linear *l)
{
    struct chat_pane *p = pane(l);
    p->seek_time = p->seek_from = 0;
    p->seeks_unread = p->seek_asked = false;
}

/* ---- while one was away ---- */

/* The rooms in their order; of each the newest at the end, as all is read here. */
void past_catchup(struct linear *l)
{
    const struct catchup *c = &l->m->catchup;
    char since[CLOCK_WORDS], when[CLOCK_WORDS];
    clock_words(l, c->since, since);
    if (c->items.n == 0)
        say(l, "Nothing concerned you since %s.", since);
    else
        say(l, "What concerned you since %s:", since);
    for (size_t head = 0, next; head < c->items.n; head = next) {
        for (next = head + 1; next < c->items.n && !c->items.v[next].is_head; next++)
            ;
        say(l, "%s", c->items.v[head].text);
        for (size_t i = next; i-- > head + 1;)
            say(l, "  %s %s %s", clock_words(l, c->items.v[i].time, when), c->items.v[i].author,
                c->items.v[i].text);
    }
    if (c->more)
        say(l, "There is more: moot catchup lists all of it.");
}
