/* What was said on the card that is open, and what was done to it: pages of the server, and
 * what has come since. */
#include "activity.h"
#include "codec.h"
#include "update_parts.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 50 };

static void forget(struct card_page *p)
{
    vec_each (i, &p->items)
        free(i->text);
    vec_finish(&p->items);
    *p = (struct card_page){0};
}

int64_t card_pane_said(const struct card_pane *p)
{
    return p->at.id > CARD_ROW_SAID / 2 ? p->at.id - CARD_ROW_SAID : 0;
}

void card_pane_finish(struct card_pane *p)
{
    forget(&p->comments);
    forget(&p->done);
    *p = (struct card_pane){0};
}

/* ---- lines ---- */

static struct feed_item make_line(int64_t seq, int64_t time, enum msg_type type,
                                  struct str author, struct str text)
{
    struct feed_item item = {.seq = seq, .time = time, .type = type, .text = str_dup(text)};
    memcpy(item.author, author.p, MIN(author.n, USER_NAME_MAX));
    return item;
}

/* What is done to a card is said with its number alone: its title stands above. */
static bool make_done(const struct msg *m, int64_t card, struct feed_item *out)
{
    struct buf text = {0};
    bool ok =
        m->type != MSG_MESSAGE && activity_say(m, (struct named_item){.number = card}, &text);
    if (ok)
        *out = make_line(m->event.seq, m->event.time, m->type, m->event.author, buf_str(&text));
    buf_finish(&text);
    return ok;
}

static bool goes_on(const struct feed_item *last, const struct feed_item *item)
{
    return item->type == MSG_NOTE_EDITED && last->type == MSG_NOTE_EDITED &&
           strcmp(last->author, item->author) == 0 && item->time - last->time <= SITTING_MS;
}

static void add_newest(struct card_page *p, struct feed_item item)
{
    struct feed_item *last = p->items.n ? &p->items.v[p->items.n - 1] : NULL;
    if (last && last->seq >= item.seq) {
        free(item.text);
    } else if (last && goes_on(last, &item)) {
        free(last->text);
        *last = item;
    } else {
        vec_push(&p->items, item);
    }
}

/* A comment says something else now; of one that was deleted, by whom. */
static void say_again(struct card_page *p, int64_t message, enum msg_type type, struct str text)
{
    vec_each (i, &p->items) {
        if (i->seq != message)
            continue;
        free(i->text);
        i->text = str_dup(text);
        i->type = type;
    }
}

void card_log_heard(struct model *m, const struct msg *event)
{
    struct room_view *v = model_view(m, event->event.room);
    struct card_pane *p = v ? &v->card_pane : NULL;
    struct feed_item item;
    if (!p || !p->card || activity_about(event) != p->card)
        return;
    if (event->type == MSG_MESSAGE_EDITED)
        say_again(&p->comments, event->message_edited.message, MSG_MESSAGE,
                  event->message_edited.text);
    else if (event->type == MSG_MESSAGE_DELETED)
        say_again(&p->comments, event->message_deleted.message, MSG_MESSAGE_DELETED,
                  event->event.author);
    if (event->type == MSG_MESSAGE)
        add_newest(&p->comments, make_line(event->event.seq, event->event.time, MSG_MESSAGE,
                                           event->event.author, event->message.text));
    else if (make_done(event, p->card, &item))
        add_newest(&p->done, item);
}

/* ---- pages ---- */

/* Takes over the items; what is known and newer than they are stands behind them. */
static void take(struct card_page *p, const struct feed_item *items, size_t n, int64_t before,
                 bool more)
{
    struct card_page all = {0};
    for (size_t i = 0; i < n; i++)
        vec_push(&all.items, items[i]);
    vec_each (i, &p->items)
        add_newest(&all, *i);
    vec_finish(&p->items);
    *p = all;
    p->is_known = true;
    p->more = more && before > 1;
    p->before = before;
}

/* The replica keeps them as messages, with what becomes of them. */
static void take_comments(struct card_page *p, struct replica *r,
                          const struct msg_history_page *page)
{
    if (r)
        replica_take_far(r, page);
    size_t n = page->messages.n;
    struct feed_item *items = n ? mem_new(n * sizeof *items) : NULL;
    for (size_t i = 0; i < n; i++) {
        const struct message_item *one = &page->messages.v[i];
        items[i] =
            one->deleted.n
                ? make_line(one->seq, one->time, MSG_MESSAGE_DELETED, one->author, one->deleted)
                : make_line(one->seq, one->time, MSG_MESSAGE, one->author, one->text);
    }
    take(p, items, n, n ? page->messages.v[0].seq : 1, page->more);
    free(items);
}

static void take_done(struct card_pane *pane, const struct msg_activity_page *page)
{
    struct arena a = {0};
    struct msg_list events;
    VEC(struct feed_item) items = {0};
    struct feed_item item;
    activity_events(page, &a, &events);
    for (size_t i = 0; i < events.n; i++)
        if (make_done(&events.v[i], pane->card, &item))
            vec_push(&items, item);
    take(&pane->done, items.v, items.n, page->from, page->more);
    vec_finish(&items);
    arena_finish(&a);
}

bool card_log_take(struct model *m, const struct msg *answer)
{
    int64_t re = answer->answer.re;
    vec_each (v, &m->views) {
        struct card_pane *p = &(*v)->card_pane;
        if (answer->type == MSG_HISTORY_PAGE && p->comments.asked && p->comments.asked == re)
            take_comments(&p->comments, session_room(&m->session, str_of((*v)->name)),
                          &answer->history_page);
        else if (answer->type == MSG_ACTIVITY_PAGE && p->done.asked && p->done.asked == re)
            take_done(p, &answer->activity_page);
        else
            continue;
        return true;
    }
    return false;
}

static bool has_failed(struct card_page *p, int64_t id)
{
    if (!p->asked || p->asked != id)
        return false;
    p->asked = 0;
    p->is_refused = true;
    return true;
}

bool card_log_failed(struct model *m, int64_t id)
{
    vec_each (v, &m->views)
        if (has_failed(&(*v)->card_pane.comments, id) || has_failed(&(*v)->card_pane.done, id))
            return true;
    return false;
}

/* What came while there was no link is asked for; until then the old lines stay. */
void card_log_linked(struct model *m)
{
    vec_each (v, &m->views) {
        struct card_page *pages[] = {&(*v)->card_pane.comments, &(*v)->card_pane.done};
        for (size_t i = 0; i < COUNT_OF(pages); i++) {
            pages[i]->asked = 0;
            pages[i]->is_old = true;
            pages[i]->is_refused = false;
        }
    }
}

/* ---- asking ---- */

static bool may_ask_first(const struct card_page *p)
{
    return !p->asked && !p->is_refused && (!p->is_known || p->is_old);
}

static bool may_ask_older(const struct card_page *p)
{
    return !p->asked && p->is_known && !p->is_old && p->more;
}

static void ask(struct model *m, struct card_page *p, struct msg *q, struct effects *out)
{
    q->request.room = str_of(m->here->name);
    p->asked = session_ask(&m->session, q, out, NULL);
}

static void ask_comments(struct model *m, struct card_pane *p, struct effects *out)
{
    struct msg q = {.type = MSG_HISTORY};
    q.history.before = may_ask_older(&p->comments) ? p->comments.before : SEQ_MAX;
    q.history.limit = PAGE;
    q.history.task = p->card;
    ask(m, &p->comments, &q, out);
}

static void ask_done(struct model *m, struct card_pane *p, struct effects *out)
{
    struct msg q = {.type = MSG_ACTIVITY};
    q.activity.before = may_ask_older(&p->done) ? p->done.before : SEQ_MAX;
    q.activity.limit = PAGE;
    q.activity.about = p->card;
    ask(m, &p->done, &q, out);
}

void card_log_older(struct model *m, struct effects *out)
{
    struct card_pane *p = &m->here->card_pane;
    if (may_ask_older(&p->comments))
        ask_comments(m, p, out);
}

/* at_end: the end of all that is known of the card is in sight. */
void card_log_settle(struct model *m, bool at_end, struct effects *out)
{
    struct card_pane *p = &m->here->card_pane;
    const struct replica *r = model_replica(m);
    if (p->card <= 0 || m->session.state != SESSION_ONLINE || !r->synced)
        return;
    if (may_ask_first(&p->comments))
        ask_comments(m, p, out);
    if (may_ask_first(&p->done) || (at_end && may_ask_older(&p->done) && !p->done.is_refused))
        ask_done(m, p, out);
}
