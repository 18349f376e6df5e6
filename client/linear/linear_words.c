/* What was said and done, in words. */
#include "activity.h"
#include "linear_parts.h"

#include <string.h>

static const struct replica *here(const struct linear *l)
{
    return model_replica(l->m);
}

/* ---- messages ---- */

enum { QUOTE_CHARS = 40 };

/* The beginning of a text, on one line. */
static void add_quote(struct str text, struct buf *out)
{
    struct str rest = text, first = str_cut(&rest, '\n');
    size_t n = 0, chars = 0;
    while (n < first.n && chars < QUOTE_CHARS) {
        n++;
        while (n < first.n && ((unsigned char)first.p[n] & 0xc0) == 0x80)
            n++;
        chars++;
    }
    buf_fmt(out, "\"%.*s%s\"", (int)n, first.p, n < first.n || rest.n ? "..." : "");
}

static void add_place(const struct replica *r, const struct line *line, struct buf *out)
{
    if (line->task) {
        const struct card *c = board_card(&r->board, line->task);
        buf_fmt(out, " on card %lld%s%s", (long long)line->task, c ? ", " : "",
                c ? c->title : "");
    }
    if (!line->reply)
        return;
    const struct line *to = replica_said(r, line->reply);
    buf_fmt(out, " answers %.*s", STR_ARG(line->to));
    if (to && to->text.n) {
        buf_add_str(out, STR(", "));
        add_quote(to->text, out);
    }
}

static void add_reactions(const struct line *line, struct buf *out)
{
    vec_each (r, &line->reactions)
        buf_fmt(out, "%s%s by %s", r == line->reactions.v ? " [" : ", ", r->emoji, r->user);
    if (line->reactions.n)
        buf_add_c(out, ']');
}

/* As much of a long text as is said unless all of it is asked for. */
static struct str head_of(struct str text)
{
    size_t lines = 0, n = 0;
    while (n < text.n && n < LINEAR_TEXT_BYTES && lines < LINEAR_TEXT_LINES)
        lines += text.p[n++] == '\n';
    if (n == text.n || lines == LINEAR_TEXT_LINES)
        return (struct str){text.p, n == text.n ? n : n - 1};
    while (n && ((unsigned char)text.p[n] & 0xc0) == 0x80)
        n--;
    return (struct str){text.p, n};
}

/* The number comes along: it is what asks for the rest. */
static void add_text(const struct line *line, struct str text, enum words_how how,
                     struct buf *out)
{
    struct str head = how == WORDS_ALL ? text : head_of(text);
    buf_add_str(out, head);
    if (head.n < text.n && line->seq > 0)
        buf_fmt(out, " ...\n(%zu more bytes: /message select %lld reads out all)",
                text.n - head.n, (long long)line->seq);
    else if (head.n < text.n)
        buf_fmt(out, " ...\n(%zu more bytes)", text.n - head.n);
}

void words_message(struct linear *l, const struct line *line, enum words_how how)
{
    bool number = how != WORDS_PLAIN;
    const struct replica *r = here(l);
    const struct line *now = line->now ? line->now : line;
    char when[CLOCK_WORDS];
    struct buf out = {0};
    if (number && line->seq > 0)
        buf_fmt(&out, "%lld  ", (long long)line->seq);
    const struct person *author = replica_person(r, line->author);
    buf_fmt(&out, "%s %.*s%s", clock_words(l, line->time, when), STR_ARG(line->author),
            author && author->bot ? " (bot)" : "");
    add_place(r, line, &out);
    buf_add_str(&out, STR(": "));
    if (now->deleted[0])
        buf_fmt(&out, "(deleted by %s)", now->deleted);
    else
        add_text(line, now->text, how, &out);
    if (now->edited && !now->deleted[0])
        buf_add_str(&out, STR(" (edited)"));
    if (number)
        add_reactions(now, &out);
    if (line->seq < 0 || line->waits)
        buf_add_str(&out, STR(" (not saved yet)"));
    say_text(l, buf_str(&out));
    buf_finish(&out);
}

static bool is_own(struct linear *l, int64_t seq)
{
    for (size_t i = 0; i < l->own.n; i++)
        if (l->own.v[i] == seq)
            return true;
    return false;
}

/* The index behind the last message that was said. */
static size_t first_new(const struct linear *l, const struct replica *r)
{
    size_t i = r->lines.n;
    while (i && r->lines.v[i - 1]->seq > l->printed)
        i--;
    return i;
}

static void print_from(struct linear *l, const struct replica *r, size_t i)
{
    for (; i < r->lines.n; i++)
        if (!is_own(l, r->lines.v[i]->seq))
            words_message(l, r->lines.v[i], WORDS_PLAIN);
    if (r->lines.n)
        l->printed = MAX(l->printed, r->lines.v[r->lines.n - 1]->seq);
    l->own.n = 0;
}

void words_new(struct linear *l)
{
    const struct replica *r = here(l);
    size_t i = first_new(l, r), n = r->lines.n - i;
    if (n > LINEAR_LINES) {
        say(l, "%zu new messages; these are the last %d. /message list 50 says more.", n,
            LINEAR_LINES);
        i = r->lines.n - LINEAR_LINES;
    }
    print_from(l, r, i);
}

void words_enter(struct linear *l)
{
    const struct replica *r = here(l);
    const struct room_view *v = l->m->here;
    size_t unread = 0, shown;
    for (size_t i = r->lines.n; i-- > 0 && r->lines.v[i]->seq > v->unread_from;)
        unread +=
            !str_is(r->lines.v[i]->author, l->m->session.user) && !r->lines.v[i]->deleted[0];
    bool more = unread && r->has_older && r->lines.v[0]->seq > v->unread_from;
    say(l, "This is %s. %zu%s unread message%s.%s",
        model_label(l->m, str_of(v->name), &(struct room_label){0}), unread,
        more ? " or more" : "", unread == 1 ? "" : "s",
        r->role == ROLE_OBSERVER ? " You may read here, not write." : "");
    shown = MIN(r->lines.n, MIN(unread, (size_t)LINEAR_LINES) + LINEAR_READ_LINES);
    l->own.n = 0;
    print_from(l, r, r->lines.n - shown);
    l->printed = MAX(l->printed, v->unread_from);
}

/* ---- what became of messages ---- */

static const char *thing_of(struct linear *l, int64_t message, struct str writer,
                            struct str author, struct arena *a)
{
    const struct line *line = replica_said(here(l), message);
    char when[CLOCK_WORDS];
    struct buf quote = {0};
    if (line && !line->deleted[0] && line->text.n)
        add_quote(line->text, &quote);
    struct str s = quote.n ? buf_str(&quote) : STR("a message");
    struct str said =
        str_fmt(a, "%.*s%s%.*s%s%s", STR_ARG(s), str_eq(writer, author) ? "" : " of ",
                str_eq(writer, author) ? 0 : (int)writer.n, writer.p, line ? ", " : "",
                line ? clock_words(l, line->time, when) : "");
    buf_finish(&quote);
    return said.p;
}

static void say_change(struct linear *l, const struct msg *e, struct str who, struct arena *a)
{
    char when[CLOCK_WORDS];
    struct str author = e->event.author;
    clock_words(l, e->event.time, when);
    if (e->type == MSG_MESSAGE_EDITED) {
        const struct msg_message_edited *m = &e->message_edited;
        const struct line *line = replica_said(here(l), m->message);
        char said[CLOCK_WORDS];
        struct str head = head_of(m->text);
        say(l, "%s %.*s edited a message%s%s: %.*s%s", when, STR_ARG(who), line ? " of " : "",
            line ? clock_words(l, line->time, said) : "", STR_ARG(head),
            head.n < m->text.n ? " ..." : "");
    } else if (e->type == MSG_MESSAGE_DELETED) {
        const struct msg_message_deleted *m = &e->message_deleted;
        say(l, "%s %.*s deleted %s", when, STR_ARG(who),
            thing_of(l, m->message, m->writer, author, a));
    } else if (e->type == MSG_MESSAGE_REACTED) {
        const struct msg_message_reacted *m = &e->message_reacted;
        say(l, m->gone ? "%s %.*s took back %.*s from %s" : "%s %.*s reacted with %.*s to %s",
            when, STR_ARG(who), STR_ARG(m->emoji),
            thing_of(l, m->message, m->writer, author, a));
    } else if (e->type == MSG_MESSAGE_PINNED) {
        const struct msg_message_pinned *m = &e->message_pinned;
        say(l, m->gone ? "%s %.*s unpinned %s" : "%s %.*s pinned %s", when, STR_ARG(who),
            thing_of(l, m->message, m->writer, author, a));
    }
}

static bool is_change(enum msg_type t)
{
    return t == MSG_MESSAGE_EDITED || t == MSG_MESSAGE_DELETED || t == MSG_MESSAGE_REACTED ||
           t == MSG_MESSAGE_PINNED;
}

/* ---- events ---- */

static void hold_activity(struct linear *l, const struct msg *e)
{
    char when[CLOCK_WORDS];
    struct named_item thing = activity_thing(here(l), NULL, 0, activity_about(e));
    size_t before = l->held.n;
    bool own = str_is(e->event.client, l->m->session.client);
    buf_fmt(&l->held, "%s %.*s ", clock_words(l, e->event.time, when),
            STR_ARG(own ? STR("You") : e->event.author));
    if (!activity_say(e, thing, &l->held))
        l->held.n = before;
}

void words_heard(struct linear *l, const struct msg *e)
{
    const struct replica *r = here(l);
    say_held(l);
    if (!r || !str_is(e->event.room, r->name))
        return;
    bool own = str_is(e->event.client, l->m->session.client);
    if (e->type == MSG_MESSAGE && own && !e->message.task)
        vec_push(&l->own, e->event.seq);
    if (!l->entered || !r->synced) {
        l->changed += e->type != MSG_MESSAGE && !own;
        return;
    }
    struct arena a = {0};
    if (is_change(e->type))
        say_change(l, e, own ? STR("You") : e->event.author, &a);
    else if (e->type == MSG_MESSAGE)
        words_new(l);
    else if (e->type != MSG_NOTE_EDITED)
        hold_activity(l, e);
    arena_finish(&a);
}

/* ---- toasts ---- */

/* What a toast says to whoever has a screen before them, and what is so without one. */
static const struct {
    const char *screen, *lines;
} hints[] = {
    {" u takes it back.", " /undo takes it back."},
    {" C-Up in the chat selects one, or j in a card.", " /message select takes the newest."},
    {" ? explains them", " /help explains them"},
    {" T shows it.", " /notices lists it."},
    {" : and Up brings", " / and Up brings"},
    {" press : and Up.", " press / and Up."},
    {" M-w lists what", " /catchup lists what"},
};

/* Commands stand behind a / here. */
static void add_hint(struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        bool is_command = text.p[i] == ':' && (i == 0 || text.p[i - 1] == ' ') &&
                          i + 1 < text.n && text.p[i + 1] >= 'a' && text.p[i + 1] <= 'z';
        buf_add_c(out, is_command ? '/' : text.p[i]);
    }
}

static void add_toast(struct str text, struct buf *out)
{
    for (size_t i = 0; i < COUNT_OF(hints); i++) {
        const char *at = memmem(text.p, text.n, hints[i].screen, strlen(hints[i].screen));
        if (!at)
            continue;
        add_hint((struct str){text.p, (size_t)(at - text.p)}, out);
        buf_add_str(out, str_of(hints[i].lines));
        size_t behind = (size_t)(at - text.p) + strlen(hints[i].screen);
        add_hint((struct str){text.p + behind, text.n - behind}, out);
        return;
    }
    add_hint(text, out);
}

void words_toast(struct linear *l, struct str text)
{
    struct buf out = {0};
    add_toast(text, &out);
    say_text(l, buf_str(&out));
    buf_finish(&out);
}
