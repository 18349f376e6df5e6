/* The chat: rows from the layout, and the line that is being written. */
#include "direct.h"
#include "view_part.h"
#include "wrap.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SAME_SPEAKER_MS = 5 * 60 * 1000 };

static void clock_of(int64_t time_ms, char out[8])
{
    time_t t = (time_t)(time_ms / 1000);
    struct tm tm = {0};
    localtime_r(&t, &tm);
    strftime(out, 8, "%H:%M", &tm);
}

/* A centred word on a rule. */
static void draw_divider(struct canvas *c, struct rect r, enum meaning what, struct str text)
{
    struct style s = style_of(c, what);
    s.attrs &= (unsigned char)~STYLE_BOLD;
    grid_repeat(c->g, r, style_of(c, MEAN_RULE), theme_sign(c->t, SIGN_HORIZONTAL));
    int w = glyphs_width(text);
    grid_text(c->g, r, MAX(r.x + (r.w - w) / 2, r.x), r.y, s, text);
}

static void draw_day(struct canvas *c, struct rect r, int64_t time_ms)
{
    time_t t = (time_t)(time_ms / 1000);
    struct tm tm = {0};
    char weekday[32], month[32], day[96];
    localtime_r(&t, &tm);
    strftime(weekday, sizeof weekday, "%A", &tm);
    strftime(month, sizeof month, "%B %Y", &tm);
    snprintf(day, sizeof day, " %s, %d %s ", weekday, tm.tm_mday, month);
    draw_divider(c, r, MEAN_DAY, str_of(day));
}

/* Why nothing is in front of the first line. */
static int draw_kept(struct canvas *c, struct rect r)
{
    char text[CHAT_KEPT_WORDS];
    chat_kept(model_replica(c->m), text);
    return text[0] ? draw(c, rect_from(r, r.x + 1), MEAN_DIM, str_of(text)) : r.x;
}

/* A line by the same person soon after needs no name again; that it is a new one its time says.
 */
static bool goes_on(const struct canvas *c, const struct line *line, size_t i)
{
    if (i == 0 || line->reply)
        return false;
    const struct line *before = chat_line(c->m, i - 1);
    return str_eq(before->author, line->author) && line->time - before->time < SAME_SPEAKER_MS;
}

/* What a program says is seen to be that. */
static void draw_author(struct canvas *c, struct rect r, struct str author)
{
    const struct person *p = replica_person(model_replica(c->m), author);
    int x = draw_style(c, r, person_style(c, author), author);
    if (p && p->bot && r.x + r.w - x >= 4)
        draw(c, rect_from(r, x + 1), MEAN_DIM, STR("bot"));
}

static void draw_prefix(struct canvas *c, struct rect r, const struct line *line, bool name)
{
    int prefix = chat_prefix(r.w);
    bool has_time = chat_has_time(r.w);
    if (has_time) {
        char time[8];
        clock_of(line->time, time);
        draw(c, r, MEAN_TIME, str_of(time));
        r = rect_from(r, r.x + CHAT_TIME_WIDTH);
        prefix -= CHAT_TIME_WIDTH;
    }
    if (name || !has_time)
        draw_author(c, (struct rect){r.x, r.y, prefix - 1, 1}, line->author);
    if (line->waits)
        grid_text(c->g, r, r.x + prefix - 1, r.y, style_of(c, MEAN_PENDING),
                  sign_of(c, SIGN_PENDING));
}

/* One row of a message, from the left edge of r on. */
static void draw_look(struct canvas *c, struct rect r, const struct rich *look,
                      const struct rich_line *row)
{
    int x = r.x;
    for (int i = 0; i < row->quote; i++, x += 2)
        grid_text(c->g, r, x, r.y, style_of(c, MEAN_RULE), sign_of(c, SIGN_BAR));
    x += row->indent;
    if (row->is_rule)
        grid_repeat(c->g, rect_from(r, x), style_of(c, MEAN_RULE),
                    theme_sign(c->t, SIGN_HORIZONTAL));
    for (size_t i = row->first; i < row->behind; i++) {
        const struct rich_piece *p = &look->pieces.v[i];
        struct style s = tone_style(c, p->tone, p->text);
        if (p->goes == GOES_LINK)
            s.link = grid_link(c->g, p->to);
        x = grid_text(c->g, r, x, r.y, s, p->text);
    }
}

/* top: nothing of the message stands above; divided: neither does another one. */
static void draw_row(struct canvas *c, struct rect r, const struct chat_rows *rows, size_t i,
                     bool divided)
{
    const struct chat_row *row = &rows->rows.v[i];
    const struct line *line = chat_line(c->m, row->item);
    bool top = i == 0;
    if (row->kind == ROW_DAY) {
        draw_day(c, r, line->time);
        return;
    }
    if (row->kind == ROW_KEPT) {
        draw_kept(c, r);
        return;
    }
    if (row->kind == ROW_UNREAD) {
        draw_divider(c, r, MEAN_UNREAD, STR(" new "));
        return;
    }
    bool selected = c->m->here->chat.at && line->seq == c->m->here->chat.at;
    if (selected)
        grid_fill(c->g, r,
                  style_of(c, c->m->focus == FOCUS_CHAT ? MEAN_SELECTED_AWAY : MEAN_TEXT));
    if (row->row == 0 || top)
        draw_prefix(c, r, line, top || divided || !goes_on(c, line, row->item));
    draw_look(c, rect_from(r, r.x + chat_prefix(r.w)), &rows->looks.v[row->look].rows,
              chat_row_line(rows, row));
}

static void draw_hidden(struct canvas *c, struct rect r, enum sign sign, const char *text,
                        bool is_new)
{
    char row[80];
    if (rect_is_empty(r))
        return;
    snprintf(row, sizeof row, " %s%s", theme_sign(c->t, sign), text);
    struct style s = style_of(c, is_new ? MEAN_UNREAD : MEAN_TOAST);
    draw_style(c, r, style_on(s, style_of(c, MEAN_TOAST)), str_of(row));
}

/* What is hidden below, and what new above; a click there goes to it. */
static void draw_edges(struct canvas *c, const struct chat_rows *rows)
{
    char text[64];
    struct rect below = chat_below(c->m, &c->l, text);
    draw_hidden(c, below, SIGN_DOWN, text, c->m->here->unread.all > 0);
    draw_hidden(c, chat_above(c->m, &c->l, rows, text), SIGN_UP, text, true);
}

static void draw_hint(struct canvas *c, struct rect r)
{
    const struct replica *replica = model_replica(c->m);
    struct str room = str_of(c->m->here->name);
    bool is_new = room_is_direct(room) && !session_is_begun(&c->m->session, room);
    bool is_known = is_new ? c->m->session.state == SESSION_ONLINE
                           : replica->seq > 0 && !replica->has_older;
    r.h = 1;
    if (is_known && replica->trimmed)
        draw_kept(c, r);
    else
        draw(c, rect_from(r, r.x + 1), MEAN_DIM,
             is_known ? STR("Nothing was said here yet.") : lacking(c, "Waiting for the chat"));
}

void view_chat(struct canvas *c)
{
    struct rect r = c->l.chat;
    struct chat_rows rows;
    if (rect_is_empty(r))
        return;
    chat_rows_of(c->m, &c->l, &rows);
    if (rows.items == 0)
        draw_hint(c, r);
    int y = r.y + r.h - (int)rows.rows.n;
    bool divided = false;
    for (size_t i = 0; i < rows.rows.n; i++, y++) {
        draw_row(c, (struct rect){r.x, y, r.w, 1}, &rows, i, divided);
        divided = rows.rows.v[i].kind != ROW_TEXT;
    }
    draw_edges(c, &rows);
    chat_rows_finish(&rows);
}

static void name_typist(struct buf *out, size_t n, const struct showing *s)
{
    buf_fmt(out, "%s%s", n ? ", " : "", s->user);
    if (s->typing_task)
        buf_fmt(out, " on %lld", (long long)s->typing_task);
}

/* "ana, bo on 42 and 2 more are typing": in the chat and on cards; else, on the chat's title,
 * what the room is about. */
static void draw_typing(struct canvas *c)
{
    const struct replica *r = model_replica(c->m);
    struct buf text = {0};
    size_t n = 0;
    const char *before = "";
    buf_fmt(&text, " ");
    vec_each (s, &r->showing) {
        if (s->typing_until <= c->m->now || s->typing_note || person_is_me(c, s->user) ||
            strcmp(s->user, before) == 0)
            continue;
        before = s->user;
        if (n++ < 2)
            name_typist(&text, n - 1, s);
    }
    if (n > 2)
        buf_fmt(&text, " and %zu more", n - 2);
    if (n)
        buf_fmt(&text, n == 1 ? " is typing " : " are typing ");
    c->names_typists = n && c->m->people.opts.show_typing;
    if (c->names_typists)
        draw(c, c->l.typing, MEAN_DIM, buf_str(&text));
    else if (r->topic[0] && !rect_is_empty(c->l.chat_title))
        draw_fmt(c, c->l.typing, MEAN_DIM, " %s ", r->topic);
    buf_finish(&text);
}

/* What is being answered or edited, above the line. */
static void draw_about(struct canvas *c)
{
    const struct chat_pane *p = &c->m->here->chat;
    const struct replica *r = model_replica(c->m);
    const struct line *l = replica_said(r, p->editing ? p->editing : p->answering);
    struct rect row = c->l.about;
    row.x = draw(c, row, MEAN_MARK, p->editing ? STR("edits ") : STR("answers "));
    row.w = c->l.about.x + c->l.about.w - row.x;
    if (!l)
        return;
    struct look_want want = {.r = r, .line = l, .ascii = c->m->ascii, .strokes = c->m->strokes};
    struct rich quote = {0};
    if (!p->editing) {
        row = rect_from(row, draw_style(c, row, person_style(c, l->author), l->author) + 1);
    }
    look_quote(&want, &quote);
    for (size_t i = 0; quote.lines.n && i < quote.lines.v[0].behind; i++)
        row = rect_from(row, draw(c, row, MEAN_DIM, quote.pieces.v[i].text));
    rich_finish(&quote);
}

void view_input(struct canvas *c)
{
    struct rect r = c->l.input;
    bool on = c->m->focus == FOCUS_CHAT && c->m->prompt == PROMPT_NONE && !c->m->help &&
              !c->m->here->chat.at;
    if (!rect_is_empty(c->l.typing))
        draw_typing(c);
    if (!rect_is_empty(c->l.about))
        draw_about(c);
    if (rect_is_empty(r))
        return;
    grid_text(c->g, r, r.x, r.y, style_of(c, on ? MEAN_MARK : MEAN_DIM),
              sign_of(c, SIGN_PROMPT));
    struct rect text = rect_from(r, r.x + INPUT_MARK_WIDTH);
    draw_editor(c, text, &c->m->here->input, on);
    if (on && c->m->completions.words.n > 1 && r.y > 0)
        draw_completions(c, (struct rect){r.x, r.y - 1, r.w, 1});
    if (c->m->here->input.text.n)
        return;
    text.h = 1;
    if (c->m->here->chat.at)
        return;
    if (on)
        draw_fmt(c, rect_from(text, text.x + 1), MEAN_DIM, "to %s",
                 model_label(c->m, str_of(c->m->here->name), &(struct room_label){0}));
    else
        draw(c, text, MEAN_DIM, STR("i to write"));
}
