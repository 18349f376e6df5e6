/* moot search: what was said and written, in all rooms that one is in. */
#include "cli.h"
#include "query.h"
#include "verbs.h"

#include <time.h>

enum { SHOWN = 50 }; /* without --limit */

static int64_t zone_minutes(time_t now)
{
    struct tm tm = {0};
    localtime_r(&now, &tm);
    return tm.tm_gmtoff / 60;
}

/* Where it is: " #core #12 'Ship it' on note". */
static void print_place(struct cli *c, const struct found_item *i)
{
    struct print *out = &c->out;
    print_text(out, cli_room_label(c, i->room), 0);
    if (i->number)
        print_fmt(out, " %s#%lld '", i->kind == FOUND_COMMENT ? "on " : "",
                  (long long)i->number);
    if (i->number) {
        print_text(out, i->title, 0);
        print_fmt(out, "'%s", i->archived ? " (archived)" : "");
    }
}

static void print_found(struct cli *c, const struct found_item *i)
{
    struct print *out = &c->out;
    if (out->json) {
        print_json_item(out, print_shape(MSG_SEARCH_PAGE, "items"), i, STR(""));
        return;
    }
    print_time(out, i->time);
    print_fmt(out, " ");
    print_place(c, i);
    print_fmt(out, " ");
    print_text(out, i->author, 0);
    print_fmt(out, ": ");
    print_text(out, i->excerpt, 0);
    print_fmt(out, "\n");
}

/* Pages, until there are enough. */
static bool print_pages(struct cli *c, struct msg *question, int64_t wanted, struct err *e)
{
    struct msg_search *q = &question->search;
    bool more = true, capped = false;
    while (more && q->offset < wanted) {
        q->limit = MIN(wanted - q->offset, SEARCH_PAGE_MAX);
        const struct msg *m = conversation_ask(c->talk, question, e);
        if (!m)
            return false;
        const struct msg_search_page *page = &m->search_page;
        for (size_t i = 0; i < page->items.n; i++)
            print_found(c, &page->items.v[i]);
        q->offset += q->limit;
        q->until = page->until;
        more = page->more;
        capped = page->capped;
    }
    if (capped && !more)
        cli_say("There is more than can be listed; say more words, a room or days.");
    return true;
}

static bool order_of(const struct cli *c, enum search_order *order, struct err *e)
{
    struct str name = str_of(c->options.order);
    return search_order_from_name(name, order) ||
           fail(e, ERR_USAGE, "\"%.*s\" is no order: time or relevance", STR_ARG(name));
}

static bool query_of(struct cli *c, struct msg_search *m, struct err *e)
{
    struct query q;
    time_t now = time(NULL);
    m->zone = zone_minutes(now);
    if (!cli_text(c, 0, QUERY_MAX, "what to search for", &m->query, e) ||
        !query_parse(&q, m->query, (struct query_time){(int64_t)now * 1000, m->zone}, e))
        return false;
    query_finish(&q);
    return true;
}

bool search_run(struct cli *c, struct err *e)
{
    struct msg question = {.type = MSG_SEARCH};
    struct msg_search *q = &question.search;
    int64_t limit = cli_is_given(c, "limit") ? c->options.limit : SHOWN;
    struct str room = str_of(c->options.moot.room);
    if (!query_of(c, q, e) || !order_of(c, &q->order, e) ||
        (room.n && !cli_room(c, room, &q->in, e)) || !cli_connect(c, e))
        return false;
    return print_pages(c, &question, MIN(limit ? limit : SEARCH_FOUND_MAX, SEARCH_FOUND_MAX),
                       e);
}
