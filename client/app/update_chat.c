/* The chat: sending, and who is told that we type. */
#include "emoji.h"
#include "update_parts.h"
#include "words.h"
#include "wrap.h"

#include <stdio.h>
#include <string.h>

/* A line that is a command, or the beginning of one, is written to nobody. */
static bool is_for_moot(struct str line)
{
    bool slash = str_starts(line, "/") && !str_starts(line, "//");
    bool first_word = str_starts(line, ":") && !str_has(line, ' ') &&
                      !memchr(line.p + 1, ':', line.n - 1); /* and no :emoji: */
    return slash || first_word || cmdline_is_meant(line);
}

void chat_typed(struct model *m, struct effects *out)
{
    struct str line = m->here ? buf_str(&m->here->input.text) : (struct str){0};
    if (line.n == 0 || is_for_moot(line))
        typing_stop(m, out);
    else if (line.n >= TYPING_FROM)
        typing_on(m, 0, 0, out);
}

/* ---- @names, :emoji: and #numbers ---- */

enum {
    EMOJI_FROM = 2,     /* letters, so that a colon at the end of a word is one */
    NAME_FROM = 2,      /* of a name without its sign */
    TITLE_COLUMNS = 24, /* of a title that is offered */
};

/* Where the word that the caret stands behind begins, behind brackets and marks of Markdown. */
static size_t word_start(const struct lineedit *l)
{
    size_t at = l->at;
    while (at && l->text.p[at - 1] != ' ' && l->text.p[at - 1] != '\n')
        at--;
    while (at < l->at && strchr("([{\"'*_~", l->text.p[at]))
        at++;
    return at;
}

static void offer_names(struct model *m, struct completions *c, struct str begun)
{
    const struct replica *r = model_replica(m);
    vec_each (p, &r->people)
        if (!str_is(str_of(p->user), m->session.user))
            completions_offer(c, begun, str_of(p->user));
    completions_offer(c, begun, STR("here"));
}

/* Whether a word of the title begins with those letters. */
static bool has_word(struct str title, struct str begun)
{
    struct words all = {.text = title}, typed = {.text = begun};
    struct word word, wanted;
    if (!words_next(&typed, &wanted))
        return false;
    while (words_next(&all, &word))
        if (word.n >= wanted.n && memcmp(word.folded, wanted.folded, wanted.n) == 0)
            return true;
    return false;
}

/* By its number, or a word of its title, which is shown and not put in. */
static void offer_number(struct completions *c, struct str begun, int64_t number,
                         struct str title)
{
    bool by_number = begun.p[0] >= '0' && begun.p[0] <= '9';
    if (number <= 0 || (!by_number && !has_word(title, begun)))
        return;
    struct str shown = {title.p, glyphs_fit(title, TITLE_COLUMNS)};
    completions_offer(c, by_number ? begun : (struct str){0},
                      str_fmt(&c->arena, "%lld %.*s", (long long)number, STR_ARG(shown)));
}

static void offer_numbers(struct model *m, struct completions *c, struct str begun)
{
    const struct replica *r = model_replica(m);
    vec_each (column, &r->board.columns)
        vec_each (card, &column->cards)
            offer_number(c, begun, (*card)->number, str_of((*card)->title));
    vec_each (n, &r->notes)
        offer_number(c, begun, n->number, n->name);
}

/* A name alone is completed to one that calls, as one is used to. */
static bool find_names(struct model *m, struct completions *c, size_t from, struct str begun)
{
    completions_clear(c);
    c->from = from;
    m->completion_sign = '@';
    m->completion_at = 0;
    if (begun.n >= NAME_FROM)
        offer_names(m, c, begun);
    return c->words.n > 0;
}

static bool find_words(struct model *m, const struct lineedit *l, struct completions *c)
{
    size_t from = word_start(l);
    if (!model_replica(m) || from == l->at)
        return false;
    char sign = l->text.p[from];
    struct str begun = {l->text.p + from + 1, l->at - from - 1};
    if (!strchr("@:#", sign))
        return find_names(m, c, from, (struct str){l->text.p + from, l->at - from});
    if (sign != '@' && !(sign == ':' && begun.n >= EMOJI_FROM) && !(sign == '#' && begun.n))
        return false;
    completions_clear(c);
    c->from = from;
    m->completion_sign = sign;
    m->completion_at = 0;
    if (sign == '@')
        offer_names(m, c, begun);
    else if (sign == '#')
        offer_numbers(m, c, begun);
    for (size_t i = 0; sign == ':' && i < emoji_count; i++)
        completions_offer(c, begun, emoji_table[i].name);
    return true;
}

static struct str word_put_in(const struct model *m, struct arena *a)
{
    struct str rest = m->completions.words.v[m->completion_at - 1], word = str_cut(&rest, ' ');
    return str_fmt(a, "%c%.*s%s ", m->completion_sign, STR_ARG(word),
                   m->completion_sign == ':' ? ":" : "");
}

/* Whether the word that was put in last still stands before the caret. */
static bool goes_on(const struct model *m, const struct lineedit *l, struct arena *a)
{
    size_t from = m->completions.from;
    return m->completion_at && m->completions.words.n > 1 && from <= l->at &&
           str_eq((struct str){l->text.p + from, l->at - from}, word_put_in(m, a));
}

/* The line that a message is written in, or a comment. */
static struct lineedit *said_line(struct model *m)
{
    if (!m->here || (m->prompt != PROMPT_NONE && m->prompt != PROMPT_COMMENT))
        return NULL;
    bool is_chat = m->prompt == PROMPT_NONE && m->focus == FOCUS_CHAT && !m->here->chat.at;
    return m->prompt == PROMPT_COMMENT ? &m->line : is_chat ? &m->here->input : NULL;
}

/* Behind something that is written it goes nowhere else: what is typed next would be keys. */
bool chat_complete(struct model *m, struct effects *out)
{
    struct completions *c = &m->completions;
    struct lineedit *l = said_line(m);
    if (!l || l->text.n == 0)
        return false;
    bool found = goes_on(m, l, &out->arena) || find_words(m, l, c);
    if (!found || c->words.n == 0)
        return true;
    m->completion_at = m->completion_at % c->words.n + 1;
    lineedit_replace(l, c->from, l->at, word_put_in(m, &out->arena));
    if (m->prompt == PROMPT_COMMENT)
        comment_typed(m, out);
    else
        chat_typed(m, out);
    return true;
}

static bool is_blank(struct str s)
{
    return str_trim(s).n == 0;
}

/* An empty line where a message was being edited: it is to go. */
static bool empties(struct model *m, struct str text)
{
    if (!is_blank(text) || !m->here->chat.editing)
        return false;
    m->here->chat.at = m->here->chat.editing;
    message_delete(m);
    return true;
}

/* Who comes from another pane, or from vi, types ":quit" here as well, and does not mean to say
 * it to everybody. What is no good as a command stays in the line. */
static bool takes_as_command(struct model *m, struct str text, struct effects *out)
{
    struct room_view *v = m->here;
    struct command c;
    struct err e = {0};
    if (text.p != v->input.text.p || v->chat.editing || !cmdline_is_meant(text))
        return false;
    if (!cmdline_parse(text, &c, &e)) {
        model_fault(m, "Not said: %s. With a blank in front it is said.", e.text);
        return true;
    }
    text = str_keep(&out->arena, text);
    line_history_add(&v->sent, text);
    lineedit_set(&v->input, (struct str){0});
    typing_stop(m, out);
    command_accept(m, text, out);
    return true;
}

void chat_send(struct model *m, struct str text, struct effects *out)
{
    if (!m->here || takes_as_command(m, text, out))
        return;
    if (empties(m, text) || is_blank(text) || !message_send(m, text, out))
        return;
    struct room_view *v = m->here;
    struct replica *r = model_replica(m);
    model_fault_over(m);
    bool edited = v->chat.editing != 0, typed = text.p == v->input.text.p;
    line_history_add(&v->sent, text);
    if (typed)
        lineedit_set(&v->input, (struct str){0});
    if (typed || edited || v->chat.answering)
        message_leave(m); /* what was being written before comes back */
    typing_stop(m, out);
    if (edited)
        return;
    v->chat_anchor = v->chat_cut = 0;
    v->unread_from = r && r->lines.n ? r->lines.v[r->lines.n - 1]->seq : 0;
    v->has_news = false;
    v->turn = r ? r->read.mine.turn : 0;
}

void chat_editor(struct model *m, struct effects *out)
{
    bool is_comment = m->prompt == PROMPT_COMMENT;
    if (!m->here || (m->prompt != PROMPT_NONE && !is_comment))
        return;
    errand_no_editor(m, out);
    memcpy(m->written, m->here->name, sizeof m->written);
    m->written_on = is_comment ? m->prompt_card : 0;
    m->written_about = is_comment ? m->about : (struct about){0};
    effect_add(out, EFFECT_EDITOR, (struct str){0},
               lineedit_text(is_comment ? &m->line : &m->here->input));
}

/* Where its line is not open any more, it is there when one writes there again. */
static void comment_edited(struct model *m, struct str text, struct effects *out)
{
    bool is_open = m->prompt == PROMPT_COMMENT && m->here &&
                   strcmp(m->here->name, m->written) == 0 &&
                   about_is(m->about, m->written_about);
    if (!is_open) {
        model_keep_comment(m, m->written, m->written_on, m->written_about, text);
        return;
    }
    lineedit_replace(&m->line, 0, m->line.text.n, text);
    comment_typed(m, out);
}

void chat_edited(struct model *m, struct str text, struct effects *out)
{
    if (m->written_on) {
        comment_edited(m, text, out);
        return;
    }
    struct room_view *v = model_view(m, str_of(m->written));
    if (!v)
        v = m->here; /* the room is gone, what was written is not */
    if (!v)
        return;
    lineedit_replace(&v->input, 0, v->input.text.n, text);
    if (v == m->here)
        chat_typed(m, out);
}

/* To a place that is about to be asked for. */
static bool is_on_the_way(const struct room_view *v)
{
    return v->chat.seek || v->chat.seek_time || v->chat.seek_from || v->chat.seeks_unread;
}

/* Lines are asked for a few screens before they are needed, on either side. */
static void ask_lines(struct model *m, const struct replica *r, const struct layout *l,
                      struct effects *out)
{
    if ((!r->has_older && !r->past) || r->asked || is_on_the_way(m->here))
        return;
    struct chat_rows rows;
    chat_rows_of(m, l, &rows);
    size_t near = (size_t)l->chat.h * 2;
    bool is_top = rows.items == 0 || rows.first < near, is_end = rows.last + near >= r->past;
    chat_rows_finish(&rows);
    if (!(is_end && session_newer(&m->session, str_of(m->here->name), out)) && is_top)
        session_older(&m->session, str_of(m->here->name), out);
}

/* The stretch of the past is there for who looks at it, or is on the way there. */
static void leave_past(const struct room_view *v, struct replica *r)
{
    if (!is_on_the_way(v) && (v->chat_anchor <= 0 || v->chat_anchor >= r->floor))
        replica_leave_past(r);
}

/* Who has seen where the unread ones begin need not be told. */
static void line_settle(struct model *m, const struct layout *l)
{
    struct room_view *v = m->here;
    struct chat_rows rows;
    if (!v->has_news || v->seen_from == v->unread_from)
        return;
    chat_rows_of(m, l, &rows);
    if (chat_has_line(&rows))
        v->seen_from = v->unread_from;
    chat_rows_finish(&rows);
}

void chat_settle(struct model *m, const struct layout *l, struct effects *out)
{
    struct replica *r = model_replica(m);
    bool shown = r && !rect_is_empty(l->chat);
    if (r) {
        seek_settle(m, r, out);
        leave_past(m->here, r);
    }
    if (shown && m->here->chat_anchor)
        chat_scroll(m, l, 0);
    if (shown)
        read_seek(m, l, out);
    read_settle(m, chat_is_in_view(m, l), out);
    if (shown)
        line_settle(m, l);
    if (shown)
        ask_lines(m, r, l, out);
}
