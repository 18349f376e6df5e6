#include "screen_place.h"
#include "direct.h"
#include "place_lines.h"
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
    struct str draft = p->editing > 0 ? buf_str(&p->draft) : text;
    if (p->answering > 0 || p->editing > 0 || draft.n)
        buf_fmt(out, "answering %s %lld\n", v->name, (long long)MAX(p->answering, 0));
    write_line(out, "draft", v->name, draft);
    if (p->editing <= 0)
        return;
    buf_fmt(out, "editing %s %lld ", v->name, (long long)p->editing);
    write_escaped(out, text);
    buf_add_c(out, '\n');
}

/* Of rooms that are not on screen. */
static void write_room_drafts(const struct model *m, struct buf *out)
{
    vec_each (d, &m->room_drafts) {
        buf_fmt(out, "answering %s 0\n", d->room);
        write_line(out, "draft", d->room, buf_str(&d->text));
    }
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
    write_room_drafts(m, out);
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
    if (!utf8_is_valid(line))
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

/* What is written in a room: in place of what was. */
static void read_drafts(struct room_view *v, struct str lines)
{
    v->chat.answering = v->chat.editing = 0;
    lineedit_set(&v->input, (struct str){0});
    while (lines.n) {
        struct str line = str_cut(&lines, '\n'), word = str_cut(&line, ' ');
        str_cut(&line, ' ');
        if (str_is(word, "answering"))
            str_int(line, 1, SEQ_MAX, &v->chat.answering);
        else if (str_is(word, "draft"))
            read_draft(v, line);
        else if (str_is(word, "editing"))
            read_editing(v, line);
    }
}

/* The same of a room that is not there: it may come. */
static void keep_drafts(struct model *m, struct str room, struct str lines)
{
    while (lines.n && str_follows(room, RULE_ROOM)) {
        struct str line = str_cut(&lines, '\n'), word = str_cut(&line, ' ');
        struct buf text = {0};
        str_cut(&line, ' ');
        if (str_is(word, "editing"))
            str_cut(&line, ' ');
        if (!str_is(word, "answering") && utf8_is_valid(line))
            read_escaped(&text, line);
        model_keep_draft(m, room, buf_str(&text));
        buf_finish(&text);
    }
}

/* "comment ROOM CARD MESSAGE new", and behind it the text. */
struct comment {
    struct str room, text;
    int64_t card;
    struct about about;
};

static bool parse_comment(struct str line, struct comment *out)
{
    str_cut(&line, ' ');
    out->room = str_cut(&line, ' ');
    struct str card = str_cut(&line, ' '), message = str_cut(&line, ' ');
    out->about.is_edit = str_is(str_cut(&line, ' '), "edit");
    out->text = line;
    return str_int(card, 1, SEQ_MAX, &out->card) &&
           str_int(message, 0, SEQ_MAX, &out->about.message) && utf8_is_valid(line);
}

static void keep_comment(struct model *m, const struct comment *c)
{
    char room[ROOM_NAME_MAX + 1] = {0};
    struct buf text = {0};
    if (c->room.n > ROOM_NAME_MAX || !str_follows(c->room, RULE_ROOM))
        return;
    memcpy(room, c->room.p, c->room.n);
    read_escaped(&text, c->text);
    model_keep_comment(m, room, c->card, c->about, buf_str(&text));
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

static bool is_draft(const struct place_entry *e)
{
    return e->is_written && !str_starts(e->key, "comment ");
}

static void read_level(struct room_view *v, struct str line)
{
    str_cut(&line, ' ');
    str_cut(&line, ' ');
    if (line.n)
        notify_level_from_name(line, true, &v->level, NULL);
    else
        v->level = NOTIFY_DEFAULT;
}

static struct str without_newline(struct str line)
{
    return str_cut(&line, '\n');
}

void place_drafts(struct model *m, struct str text)
{
    struct place_entry e;
    struct comment c;
    while (place_entry_next(&text, &e)) {
        struct str line = without_newline(e.text), room = line;
        str_cut(&room, ' ');
        room = str_cut(&room, ' ');
        struct room_view *v = is_draft(&e) ? view_of(m, e.key) : model_view(m, room);
        if (is_draft(&e) && v)
            read_drafts(v, e.text);
        else if (is_draft(&e))
            keep_drafts(m, e.key, e.text);
        else if (v && str_starts(line, "notify "))
            read_level(v, line);
        else if (e.is_written && parse_comment(line, &c) && c.text.n)
            keep_comment(m, &c);
    }
}

/* ---- two screens ---- */

/* Lines that say how a message is edited: that goes on where it was begun. */
static bool edits(struct str lines)
{
    while (lines.n)
        if (str_starts(str_cut(&lines, '\n'), "editing "))
            return true;
    return false;
}

static void adopt_draft(struct room_view *v, const struct place_lines *base,
                        const struct place_lines *disk)
{
    struct buf is = {0};
    write_drafts(v, &is);
    struct str key = str_of(v->name), mine = buf_str(&is), theirs = place_last(disk, key);
    bool untouched = str_eq(mine, place_last(base, key));
    bool is_there = mine.n ? place_has(disk, key, mine) : theirs.n == 0;
    if (untouched && !is_there && !edits(mine) && !edits(theirs))
        read_drafts(v, theirs);
    buf_finish(&is);
}

static void adopt_level(struct room_view *v, const struct place_lines *base,
                        const struct place_lines *disk)
{
    struct buf key = {0}, is = {0};
    buf_fmt(&key, "notify %s", v->name);
    if (v->level)
        buf_fmt(&is, "notify %s %s\n", v->name, notify_level_name(v->level));
    if (str_eq(buf_str(&is), place_last(base, buf_str(&key))))
        read_level(v, without_newline(place_last(disk, buf_str(&key))));
    buf_finish(&key);
    buf_finish(&is);
}

/* Those that were begun elsewhere, and those that are sent. The one being written is ours. */
static void adopt_comments(struct model *m, struct str from, const struct place_lines *base,
                           const struct place_lines *disk)
{
    struct place_entry e;
    struct place_lines is;
    struct comment c;
    struct buf bytes = {0};
    write_comments(m, &bytes);
    place_parse(&is, buf_str(&bytes));
    while (place_entry_next(&from, &e)) {
        struct str mine = place_last(&is, e.key), theirs = place_last(disk, e.key);
        if (!str_starts(e.key, "comment ") || !str_eq(mine, place_last(base, e.key)) ||
            place_has(disk, e.key, mine) || str_eq(mine, theirs) || m->prompt == PROMPT_COMMENT)
            continue;
        if (parse_comment(without_newline(theirs.n ? theirs : e.text), &c)) {
            c.text = theirs.n ? c.text : STR("");
            keep_comment(m, &c);
        }
    }
    place_finish(&is);
    buf_finish(&bytes);
}

static void adopt(struct model *m, struct str base, struct str disk)
{
    struct place_lines was, theirs;
    place_parse(&was, base);
    place_parse(&theirs, disk);
    vec_each (v, &m->views) {
        adopt_draft(*v, &was, &theirs);
        adopt_level(*v, &was, &theirs);
    }
    adopt_comments(m, disk, &was, &theirs);
    adopt_comments(m, base, &was, &theirs);
    place_finish(&was);
    place_finish(&theirs);
}

/* What was changed here and is not written yet stays a change. */
void place_adopt(struct model *m, struct buf *base, struct str disk)
{
    struct buf before = {0}, after = {0}, now = {0};
    place_write(m, &before);
    adopt(m, buf_str(base), disk);
    place_write(m, &after);
    place_merge(buf_str(&before), buf_str(&after), buf_str(base), &now);
    buf_finish(base);
    *base = now;
    buf_finish(&before);
    buf_finish(&after);
}
