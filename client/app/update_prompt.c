/* The command line, and the other lines that are asked for. */
#include "update_parts.h"

#include <stdio.h>
#include <string.h>

void prompt_open(struct model *m, enum prompt prompt, struct str text)
{
    m->prompt = prompt;
    m->line.max = prompt == PROMPT_ADD || prompt == PROMPT_TITLE            ? TITLE_MAX
                  : prompt == PROMPT_COMMENT                                ? TEXT_MAX
                  : prompt == PROMPT_SEARCH                                 ? QUERY_MAX
                  : prompt == PROMPT_NOTE_NEW || prompt == PROMPT_NOTE_NAME ? NOTE_NAME_MAX
                                                                            : COMMAND_MAX;
    m->line.multiline = prompt == PROMPT_COMMENT;
    lineedit_set(&m->line, text);
    completions_clear(&m->completions);
    m->completion_at = 0;
    if (!m->here)
        return;
    m->prompt_card = m->here->card;
    m->prompt_seen = model_replica(m) ? model_replica(m)->seq : 0;
    m->prompt_column = m->here->column;
}

void prompt_close(struct model *m)
{
    m->prompt = PROMPT_NONE;
    lineedit_set(&m->line, (struct str){0});
    completions_clear(&m->completions);
    m->completion_at = 0;
}

void prompt_leave(struct model *m)
{
    find_left(m);
    search_left(m);
    m->editing = (struct conflict_ref){0};
    if (m->prompt == PROMPT_COMMENT && m->here)
        comment_keep(m);
    if (m->prompt == PROMPT_FILTER)
        filter_clear(m);
    prompt_close(m);
}

void command_accept(struct model *m, struct str line, struct effects *out)
{
    struct command c;
    struct err e = {0};
    line_history_add(&m->commands, line);
    model_fault_over(m);
    if (!cmdline_parse(line, &c, &e))
        model_fault(m, "%s", e.text);
    else if (c.action)
        update_action(m, &c, out);
}

/* "//" in the chat begins a message with a slash. */
static bool is_said(const struct model *m, struct str line)
{
    return m->focus == FOCUS_CHAT && m->here && !m->here->chat.at && str_starts(line, "/");
}

void prompt_accept(struct model *m, struct effects *out)
{
    if (m->prompt == PROMPT_FILTER) {
        filter_accept(m);
        return;
    }
    if (m->prompt == PROMPT_SEARCH) {
        search_accept(m);
        return;
    }
    enum prompt prompt = m->prompt;
    struct str line = str_keep(&out->arena, lineedit_text(&m->line));
    prompt_close(m);
    if (prompt == PROMPT_TITLE && str_trim(line).n && conflict_edited(m, str_trim(line), out))
        return;
    m->editing = (struct conflict_ref){0};
    if (prompt == PROMPT_COMMAND && is_said(m, line))
        chat_send(m, line, out);
    else if (prompt == PROMPT_COMMAND)
        command_accept(m, line, out);
    else if (prompt == PROMPT_ADD)
        board_add(m, line, m->prompt_column, m->prompt_card, out);
    else if (prompt == PROMPT_TITLE)
        board_edit(m, m->prompt_card, m->prompt_seen, line, out);
    else if (prompt == PROMPT_COMMENT)
        comment_post(m, m->prompt_card, m->about, line, out);
    else if (prompt == PROMPT_NOTE_NEW && str_trim(line).n)
        notes_new(m, line, out);
    else if (prompt == PROMPT_NOTE_NAME)
        notes_name(m, m->prompt_card, line, out);
    else if (prompt == PROMPT_LINE)
        line_accept(m, line, out);
    else if (prompt == PROMPT_DAY && str_trim(line).n)
        seek_day(m, line);
    else if (prompt == PROMPT_FIND)
        find_accept(m, line, out);
    else if (prompt == PROMPT_REPLACE)
        replace_accept_find(m, line);
    else if (prompt == PROMPT_REPLACE_WITH)
        replace_accept(m, line, out);
}

/* ---- completion ---- */

static void offer_cards(const struct replica *r, const struct room_view *v,
                        struct completions *c, struct str begun)
{
    char number[24];
    if (v->card > 0) {
        snprintf(number, sizeof number, "%lld", (long long)v->card);
        completions_offer(c, begun, str_of(number));
    }
    if (begun.n == 0)
        return;
    vec_each (column, &r->board.columns)
        vec_each (card, &column->cards) {
            snprintf(number, sizeof number, "%lld", (long long)(*card)->number);
            completions_offer(c, begun, str_of(number));
        }
}

static void offer_labels(const struct replica *r, struct completions *c, struct str begun)
{
    vec_each (column, &r->board.columns)
        vec_each (card, &column->cards)
            vec_each (v, &(*card)->values)
                if (v->field == CARD_LABEL)
                    completions_offer(c, begun, str_of(v->value));
}

static void offer(void *arg, enum arg_kind kind, struct completions *c, struct str begun)
{
    const struct model *m = arg;
    const struct replica *r = model_replica(m);
    if (kind == ARG_ROOM) {
        struct room_label label;
        vec_each (v, &m->views)
            completions_offer(c, begun, str_of(model_label(m, str_of((*v)->name), &label)));
        vec_each (known, &m->session.known)
            completions_offer(c, begun, str_of(model_label(m, str_of(known->name), &label)));
    }
    if (kind == ARG_PEOPLE)
        vec_each (room, &m->session.rooms)
            vec_each (p, &(*room)->people)
                if (!str_is(str_of(p->user), m->session.user))
                    completions_offer(c, begun, str_of(p->user));
    if (!r)
        return;
    if (kind == ARG_USER || kind == ARG_USERS)
        vec_each (p, &r->people)
            completions_offer(c, begun, str_of(p->user));
    if (kind == ARG_COLUMN)
        vec_each (column, &r->board.columns)
            completions_offer(c, begun, str_of(column->name));
    if (kind == ARG_LABELS)
        offer_labels(r, c, begun);
    if (kind == ARG_NOTE)
        vec_each (n, &r->notes)
            completions_offer(c, begun, n->name);
    if (kind == ARG_FILTER)
        vec_each (f, &m->filters)
            completions_offer(c, begun, str_of(f->name));
    for (int i = 0; kind == ARG_SORT && i < SORT_COUNT; i++)
        completions_offer(c, begun, str_of(card_sorts[i].name));
    if (kind == ARG_NUMBER || kind == ARG_CARDS)
        offer_cards(r, m->here, c, begun);
}

static void put_in(struct model *m, struct str word)
{
    lineedit_replace(&m->line, m->completions.from, m->line.text.n, word);
}

static void find_words(struct model *m, struct completions *c)
{
    lineedit_do(&m->line, LINE_FINISH);
    if (m->prompt == PROMPT_FILTER)
        filter_offer(m, lineedit_text(&m->line), c);
    else
        cmdline_complete(lineedit_text(&m->line), offer, m, c);
    m->completion_at = 0;
}

/* The first Tab puts in what all words share and lists them; further ones go through them. */
void prompt_complete(struct model *m)
{
    struct completions *c = &m->completions;
    if (m->prompt != PROMPT_COMMAND && m->prompt != PROMPT_FILTER)
        return;
    if (c->words.n > 1) {
        m->completion_at = m->completion_at % c->words.n + 1;
        put_in(m, c->words.v[m->completion_at - 1]);
        filter_typed(m);
        return;
    }
    find_words(m, c);
    if (c->words.n == 0)
        return;
    struct str word = completions_common(c);
    put_in(m, word);
    if (c->words.n == 1) {
        if (word.p[word.n - 1] != ':') /* behind which more is to come */
            lineedit_insert(&m->line, STR(" "));
        completions_clear(c);
    }
    filter_typed(m);
}
