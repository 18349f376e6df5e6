#include "screen_place.h"
#include "direct.h"
#include "utf8.h"

#include <string.h>

static void write_escaped(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\n')
            buf_add(out, "\\n", 2);
        else if (s.p[i] == '\\')
            buf_add(out, "\\\\", 2);
        else
            buf_add_c(out, s.p[i]);
    }
}

static void read_escaped(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool escape = s.p[i] == '\\' && i + 1 < s.n;
        if (escape)
            i++;
        buf_add_c(out, escape && s.p[i] == 'n' ? '\n' : s.p[i]);
    }
}

static void write_line(struct buf *out, const char *word, const char *room, struct str text)
{
    if (text.n == 0)
        return;
    buf_fmt(out, "%s %s ", word, room);
    write_escaped(out, text);
    buf_add_c(out, '\n');
}

/* What is written, and what was before a message was taken to be edited. */
static void write_drafts(const struct room_view *v, struct buf *out)
{
    const struct chat_pane *p = &v->chat;
    struct str text = lineedit_text(&v->input);
    if (p->answering > 0)
        buf_fmt(out, "answering %s %lld\n", v->name, (long long)p->answering);
    write_line(out, "draft", v->name, p->editing > 0 ? buf_str(&p->draft) : text);
    if (p->editing <= 0)
        return;
    buf_fmt(out, "editing %s %lld ", v->name, (long long)p->editing);
    write_escaped(out, text);
    buf_add_c(out, '\n');
}

/* On cards that have a number, about messages that have one. */
static void write_comment(struct buf *out, const char *room, int64_t card, struct about about,
                          struct str text)
{
    if (card <= 0 || about.message < 0 || text.n == 0)
        return;
    buf_fmt(out, "comment %s %lld %lld %s ", room, (long long)card, (long long)about.message,
            about.is_edit ? "edit" : "new");
    write_escaped(out, text);
    buf_add_c(out, '\n');
}

/* The one that is being written comes last: it is newer than one that was left. */
static void write_comments(const struct model *m, struct buf *out)
{
    vec_each (d, &m->drafts)
        write_comment(out, d->room, d->card, d->about, buf_str(&d->text));
    if (m->prompt == PROMPT_COMMENT && m->here)
        write_comment(out, m->here->name, m->prompt_card, m->about, lineedit_text(&m->line));
}

void place_write(const struct model *m, struct buf *out)
{
    if (m->here)
        buf_fmt(out, "here %s\n", m->here->name);
    if (m->people.key_at)
        buf_fmt(out, "left %lld\n", (long long)m->people.key_at);
    if (m->rooms_by_name)
        buf_fmt(out, "rooms by-name\n");
    for (size_t i = 0; i < m->emoji.n; i++)
        buf_fmt(out, "%s%s%s", i ? "" : "emoji ", m->emoji.v[i],
                i + 1 < m->emoji.n ? " " : "\n");
    vec_each (v, &m->views) {
        const struct replica *r = session_room(&m->session, str_of((*v)->name));
        if (r)
            buf_fmt(out, "read %s %lld %lld\n", (*v)->name, (long long)r->read.mine.seq,
                    (long long)r->read.mine.turn);
        if ((*v)->level)
            buf_fmt(out, "notify %s %s\n", (*v)->name, notify_level_name((*v)->level));
        write_drafts(*v, out);
    }
    write_comments(m, out);
}

static void read_emoji(struct model *m, struct str line)
{
    for (m->emoji.n = 0; line.n && m->emoji.n < RECENT_EMOJI;) {
        struct str one = str_cut(&line, ' ');
        if (one.n > EMOJI_MAX || !str_follows(one, RULE_EMOJI))
            continue;
        char *to = m->emoji.v[m->emoji.n++];
        memset(to, 0, EMOJI_MAX + 1);
        memcpy(to, one.p, one.n);
    }
}

static void read_left(struct model *m, struct str line)
{
    int64_t time;
    if (str_int(line, 0, SEQ_MAX, &time))
        model_left(m, time);
}

/* "SEQ TURN"; before there were turns, "SEQ". */
static void read_marker(struct model *m, struct str room, struct str line)
{
    struct marker read = {0};
    struct str seq = str_cut(&line, ' ');
    if (str_int(seq, 0, SEQ_MAX, &read.seq) &&
        (line.n == 0 || str_int(line, 0, SEQ_MAX, &read.turn)))
        model_read_mark(m, room, read);
}

void place_read(struct model *m, struct str text, struct str *here)
{
    *here = (struct str){0};
    while (text.n) {
        struct str line = str_cut(&text, '\n'), word = str_cut(&line, ' ');
        if (str_is(word, "emoji")) {
            read_emoji(m, line);
            continue;
        }
        if (str_is(word, "left")) {
            read_left(m, line);
            continue;
        }
        if (str_is(word, "rooms")) {
            m->rooms_by_name = str_is(line, "by-name");
            continue;
        }
        struct str room = str_cut(&line, ' ');
        if (room.n > ROOM_NAME_MAX || !str_follows(room, RULE_ROOM))
            continue;
        if (str_is(word, "here"))
            *here = room;
        else if (str_is(word, "read"))
            read_marker(m, room, line);
    }
}

static void read_draft(struct room_view *v, struct str line)
{
    struct buf draft = {0};
    if (v->input.text.n || !utf8_is_valid(line))
        return;
    read_escaped(&draft, line);
    lineedit_set(&v->input, buf_str(&draft));
    buf_finish(&draft);
}

static void read_editing(struct room_view *v, struct str line)
{
    struct str number = str_cut(&line, ' ');
    int64_t seq;
    if (!str_int(number, 1, SEQ_MAX, &seq))
        return;
    buf_clear(&v->chat.draft);
    buf_add_str(&v->chat.draft, lineedit_text(&v->input));
    lineedit_set(&v->input, (struct str){0});
    v->chat.editing = seq;
    v->chat.answering = 0;
    read_draft(v, line);
}

static void read_comment(struct model *m, const struct room_view *v, struct str line)
{
    struct str card = str_cut(&line, ' '), message = str_cut(&line, ' ');
    struct about about = {.is_edit = str_is(str_cut(&line, ' '), "edit")};
    struct buf text = {0};
    int64_t number;
    if (!str_int(card, 1, SEQ_MAX, &number) || !str_int(message, 0, SEQ_MAX, &about.message) ||
        !utf8_is_valid(line) || !line.n)
        return;
    read_escaped(&text, line);
    model_keep_comment(m, v->name, number, about, buf_str(&text));
    buf_finish(&text);
}

/* What was begun to be said in a direct conversation that is nowhere but here yet is kept, too.
 */
static struct room_view *view_of(struct model *m, struct str room)
{
    struct room_view *v = model_view(m, room);
    struct str me = str_of(m->session.user);
    if (v || !room_is_direct(room) || !str_follows(room, RULE_ROOM) || !direct_has(room, me))
        return v;
    struct effects none = {0};
    v = model_open(m, room, &none);
    effects_finish(&none);
    return v;
}

void place_drafts(struct model *m, struct str text)
{
    while (text.n) {
        struct str line = str_cut(&text, '\n'), word = str_cut(&line, ' ');
        struct str room = str_cut(&line, ' ');
        struct room_view *v = str_is(word, "draft") ? view_of(m, room) : model_view(m, room);
        if (!v)
            continue;
        if (str_is(word, "notify"))
            notify_level_from_name(line, true, &v->level, NULL);
        else if (str_is(word, "answering"))
            str_int(line, 1, SEQ_MAX, &v->chat.answering);
        else if (str_is(word, "draft"))
            read_draft(v, line);
        else if (str_is(word, "editing"))
            read_editing(v, line);
        else if (str_is(word, "comment"))
            read_comment(m, v, line);
    }
}
