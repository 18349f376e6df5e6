#include "message_print.h"

/* "👍 ana ben  :tada: cy": each emoji with whose it is. */
static void print_reactions(struct print *out, const struct message_item *m)
{
    for (size_t i = 0; i < m->reactions.n; i++) {
        const struct reaction_item *r = &m->reactions.v[i];
        bool is_first = true;
        for (size_t k = 0; k < i; k++)
            is_first = is_first && !str_eq(m->reactions.v[k].emoji, r->emoji);
        if (!is_first)
            continue;
        print_fmt(out, "\n    ");
        print_text(out, r->emoji, 0);
        for (size_t k = i; k < m->reactions.n; k++) {
            if (!str_eq(m->reactions.v[k].emoji, r->emoji))
                continue;
            print_fmt(out, " ");
            print_text(out, m->reactions.v[k].user, 0);
        }
    }
}

static void print_head(struct cli *c, const struct message_want *w,
                       const struct message_item *m)
{
    struct print *out = &c->out;
    if (w->numbers)
        print_fmt(out, "%6lld  ", (long long)m->seq);
    print_time(out, m->time);
    print_fmt(out, " ");
    print_text(out, m->author, 0);
    if (m->task && !w->task)
        print_fmt(out, " on #%lld", (long long)m->task);
    if (m->reply) {
        print_fmt(out, " to ");
        print_text(out, m->to, 0);
    }
    if (m->reply && w->numbers)
        print_fmt(out, " (%lld)", (long long)m->reply);
    if (m->pinned && w->numbers)
        print_fmt(out, ", pinned");
    print_fmt(out, ": ");
}

void message_print(struct cli *c, const struct message_want *w, const struct message_item *m)
{
    struct print *out = &c->out;
    if (out->json) {
        struct arena a = {0};
        print_json_item(out, print_shape(MSG_HISTORY_PAGE, "messages"), m,
                        str_fmt(&a, "\"room\":\"%.*s\",", STR_ARG(w->room)));
        arena_finish(&a);
        return;
    }
    print_head(c, w, m);
    if (m->deleted.n)
        print_fmt(out, "(deleted by %.*s)", STR_ARG(m->deleted));
    else
        print_lines(out, m->text);
    if (m->edited && !m->deleted.n)
        print_fmt(out, " (edited)");
    if (w->numbers)
        print_reactions(out, m);
    print_fmt(out, "\n");
}

void message_print_change(struct cli *c, const struct msg *m)
{
    struct print *out = &c->out;
    bool is_edit = m->type == MSG_MESSAGE_EDITED;
    struct str writer = is_edit ? m->message_edited.writer : m->message_deleted.writer;
    int64_t seq = is_edit ? m->message_edited.message : m->message_deleted.message;
    print_time(out, m->event.time);
    print_fmt(out, " ");
    print_text(out, m->event.author, 0);
    print_fmt(out, " %s message %lld", is_edit ? "edited" : "deleted", (long long)seq);
    if (!str_eq(writer, m->event.author)) {
        print_fmt(out, " of ");
        print_text(out, writer, 0);
    }
    if (is_edit) {
        print_fmt(out, ": ");
        print_lines(out, m->message_edited.text);
    }
    print_fmt(out, "\n");
}

/* ---- pages ---- */

static const struct msg_history_page *ask_page(struct cli *c, const struct message_want *w,
                                               int64_t before, int64_t after, int64_t limit,
                                               struct err *e)
{
    struct msg question = {.type = MSG_HISTORY, .request.room = w->room};
    question.history.before = before;
    question.history.after = after;
    question.history.task = w->task;
    question.history.reply = w->reply;
    question.history.pinned = w->pinned;
    question.history.limit = MIN(limit, HISTORY_MAX);
    const struct msg *m = conversation_ask(c->talk, &question, e);
    return m ? &m->history_page : NULL;
}

static struct message_item keep(struct arena *a, const struct message_item *m)
{
    struct message_item kept = *m;
    kept.author = str_keep(a, m->author);
    kept.text = str_keep(a, m->text);
    kept.to = str_keep(a, m->to);
    kept.deleted = str_keep(a, m->deleted);
    kept.reactions.v = arena_alloc(a, m->reactions.n * sizeof *kept.reactions.v);
    for (size_t i = 0; i < m->reactions.n; i++)
        kept.reactions.v[i] =
            (struct reaction_item){str_keep(a, m->reactions.v[i].emoji),
                                   str_keep(a, m->reactions.v[i].user), m->reactions.v[i].seq};
    return kept;
}

bool message_print_newest(struct cli *c, const struct message_want *w, int64_t wanted,
                          int64_t since, int64_t *seq, struct err *e)
{
    VEC(struct message_item) kept = {0};
    int64_t before = SEQ_MAX;
    bool more = true, ok = true;
    *seq = 0;
    while (ok && more && (int64_t)kept.n < wanted) {
        const struct msg_history_page *page =
            ask_page(c, w, before, 0, wanted - (int64_t)kept.n, e);
        if (!(ok = page != NULL))
            break;
        *seq = *seq ? *seq : page->seq;
        more = page->more && page->messages.n;
        for (size_t i = page->messages.n; more && i-- > 0;)
            more = page->messages.v[i].seq > since;
        for (size_t i = page->messages.n; i-- > 0;) {
            before = page->messages.v[i].seq;
            if (before > since)
                vec_push(&kept, keep(&c->arena, &page->messages.v[i]));
        }
    }
    for (size_t i = kept.n; ok && i-- > 0;)
        message_print(c, w, &kept.v[i]);
    vec_finish(&kept);
    return ok;
}

bool message_print_all(struct cli *c, const struct message_want *w, int64_t since, int64_t *seq,
                       struct err *e)
{
    bool more = true;
    while (more && !c->out.failed.code) {
        const struct msg_history_page *page =
            ask_page(c, w, SEQ_MAX, MAX(since, 1), HISTORY_MAX, e);
        if (!page)
            return false;
        for (size_t i = 0; i < page->messages.n; i++) {
            since = page->messages.v[i].seq;
            message_print(c, w, &page->messages.v[i]);
        }
        more = page->more && page->messages.n;
        *seq = page->seq;
    }
    return true;
}
