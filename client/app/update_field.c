/* What is done to one card's fields, and what is said on it. */
#include "update_parts.h"

#include "day.h"

#include <stdio.h>
#include <string.h>

/* ---- one value ---- */

/* Whether the card has it already, or, for what is to go, has not. */
static bool is_so(const struct card *c, const struct field_edit *e)
{
    if (e->field >= CARD_SCALARS)
        return card_has(c, e->field, e->value) != e->gone;
    return str_eq(card_scalar(c, e->field), e->value);
}

static bool check(struct model *m, const struct field_edit *e)
{
    struct err why = {0};
    struct card_change change = {e->field, e->value, e->gone};
    if (card_change_check(&change, &why))
        return true;
    model_toast(m, TOAST_ERROR, "%s", why.text);
    return false;
}

bool field_set(struct model *m, const struct field_edit *e, struct effects *out)
{
    const struct replica *r = model_replica(m);
    const struct card *c = r ? board_card(&r->board, replica_number_of(r, e->card)) : NULL;
    if (!c || c->archived) {
        board_no_card(m, e->card);
        return false;
    }
    if (!check(m, e))
        return false;
    if (is_so(c, e))
        return true;
    struct change_item change = {.field = str_of(card_fields[e->field].name),
                                 .value = str_keep(&out->arena, e->value),
                                 .gone = e->gone};
    struct msg edit = {.type = MSG_TASK_EDIT};
    edit.task_edit.task = c->number;
    edit.task_edit.seen = e->field < CARD_SCALARS ? e->seen : -1;
    edit.task_edit.changes.v = &change;
    edit.task_edit.changes.n = 1;
    return board_act(m, &edit, out) != 0;
}

/* ---- as words ---- */

static bool due_of(struct model *m, struct str words, char day[DAY_TEXT_MAX])
{
    int64_t n;
    day[0] = '\0';
    if (str_is(words, "none"))
        return true;
    if (!day_said(words, model_today(m), &n)) {
        model_toast(m, TOAST_ERROR, "\"%.*s\" is no due date: " DAY_FORMS ", or none.",
                    (int)MIN(words.n, (size_t)40), words.p);
        return false;
    }
    day_print(n, day);
    return true;
}

/* A word of a set: what it names, and whether that is to go. */
static struct field_edit of_word(struct field_edit e, struct str word)
{
    e.gone = word.n > 1 && word.p[0] == '-';
    if (e.gone)
        word.p++, word.n--;
    char mark = e.field == CARD_ASSIGNEE ? '@' : e.field == CARD_BLOCKER ? '#' : '\0';
    if (mark && word.n > 1 && word.p[0] == mark)
        word.p++, word.n--;
    e.value = word;
    return e;
}

/* The same for all marked cards, at one stroke. */
static void words_of_marked(struct model *m, struct field_edit e, struct str words,
                            struct effects *out)
{
    struct card_change changes[CARD_CHANGES_MAX];
    size_t n = 0;
    if (e.field < CARD_SCALARS)
        changes[n++] = (struct card_change){e.field, e.value, false};
    else
        while (words.n && n < COUNT_OF(changes)) {
            struct str word = str_cut(&words, ' ');
            struct field_edit one = of_word(e, word);
            if (word.n)
                changes[n++] = (struct card_change){one.field, one.value, one.gone};
        }
    bulk_edit(m, changes, n, e.seen, out);
}

void field_words(struct model *m, int64_t card, enum card_field f, struct str words,
                 struct effects *out)
{
    struct field_edit e = {.card = card, .seen = model_replica(m)->seq, .field = f};
    char day[DAY_TEXT_MAX];
    if (f == CARD_DUE && !due_of(m, words, day))
        return;
    if (f < CARD_SCALARS)
        e.value = f == CARD_DUE ? str_of(day) : str_is(words, "none") ? (struct str){0} : words;
    if (!card) {
        words_of_marked(m, e, words, out);
        return;
    }
    if (f < CARD_SCALARS) {
        field_set(m, &e, out);
        return;
    }
    while (words.n) {
        struct str word = str_cut(&words, ' ');
        struct field_edit one = of_word(e, word);
        if (word.n && !field_set(m, &one, out))
            return;
    }
}

/* All of them, unless they are already: then none of them any more. */
static void mine_of_marked(struct model *m, struct str me, struct effects *out)
{
    struct card_numbers cards = {0};
    bool all = true;
    marked_cards(m, &cards);
    vec_each (number, &cards)
        all = all && card_has(board_card(&model_replica(m)->board, *number), CARD_ASSIGNEE, me);
    vec_finish(&cards);
    bulk_edit(m, &(struct card_change){CARD_ASSIGNEE, me, all}, 1, -1, out);
}

void field_mine(struct model *m, int64_t card, struct effects *out)
{
    const struct replica *r = model_replica(m);
    const struct card *c = board_card(&r->board, replica_number_of(r, card));
    struct str me = str_of(m->session.user);
    if (me.n == 0) {
        model_toast(m, TOAST_ERROR, "Who you are is not known before the first connection.");
        return;
    }
    if (!card) {
        mine_of_marked(m, me, out);
        return;
    }
    bool had = c && card_has(c, CARD_ASSIGNEE, me);
    struct field_edit e = {
        .card = card, .seen = -1, .field = CARD_ASSIGNEE, .value = me, .gone = had};
    if (field_set(m, &e, out))
        model_toast(m, TOAST_OFFER, "%s. %s takes it back.",
                    had ? "Not yours any more" : "It is yours",
                    keymap_key(&m->keys, ACTION_UNDO, IN_BOARD).s);
}

void field_give_back(struct model *m, const struct field_edit *e)
{
    static const char *const names[CARD_FIELD_COUNT] = {
        [CARD_TITLE] = "task edit",  [CARD_PRIORITY] = "task priority",
        [CARD_DUE] = "task due",     [CARD_ASSIGNEE] = "task assign",
        [CARD_LABEL] = "task label", [CARD_BLOCKER] = "task block",
    };
    struct buf line = {0};
    struct str value = e->value.n ? e->value : STR("none");
    buf_fmt(&line, "%s %lld %s", names[e->field], (long long)e->card, e->gone ? "-" : "");
    buf_add_str(&line, value);
    line_history_add(&m->commands, buf_str(&line));
    buf_finish(&line);
}

/* ---- comments ---- */

static struct card_draft *draft_of(struct model *m, const char *room, int64_t card,
                                   struct about about)
{
    vec_each (d, &m->drafts)
        if (d->card == card && about_is(d->about, about) && strcmp(d->room, room) == 0)
            return d;
    return NULL;
}

static void forget(struct model *m, struct card_draft *d)
{
    if (!d)
        return;
    buf_finish(&d->text);
    vec_remove(&m->drafts, (size_t)(d - m->drafts.v));
}

void model_keep_comment(struct model *m, const char *room, int64_t card, struct about about,
                        struct str text)
{
    struct card_draft fresh = {.card = card, .about = about};
    forget(m, draft_of(m, room, card, about));
    if (str_trim(text).n == 0)
        return;
    memcpy(fresh.room, room, MIN(strlen(room), sizeof fresh.room - 1));
    buf_add_str(&fresh.text, text);
    vec_push(&m->drafts, fresh);
}

/* What the message says that is edited. */
static struct str text_of(const struct model *m, struct about about)
{
    const struct line *l = about.is_edit ? replica_said(model_replica(m), about.message) : NULL;
    return l ? l->text : (struct str){0};
}

void comment_write(struct model *m, int64_t card, struct about about)
{
    struct card_draft *d = draft_of(m, m->here->name, card, about);
    prompt_open(m, PROMPT_COMMENT, d ? buf_str(&d->text) : text_of(m, about));
    m->prompt_card = card;
    m->about = about;
}

static void keep(struct model *m, int64_t card, struct about about, struct str text)
{
    bool is_news = str_trim(text).n && !str_eq(text, text_of(m, about));
    model_keep_comment(m, m->here->name, card, about, is_news ? text : STR(""));
    if (is_news)
        model_toast(m, TOAST_INFO, "What you wrote is kept until you write there again.");
}

void comment_keep(struct model *m)
{
    keep(m, m->prompt_card, m->about, lineedit_text(&m->line));
}

void comment_post(struct model *m, int64_t card, struct about about, struct str text,
                  struct effects *out)
{
    const struct replica *r = model_replica(m);
    if (!r || str_trim(text).n == 0)
        return;
    bool is_same = about.is_edit && str_eq(text, text_of(m, about));
    if (!about.is_edit)
        line_history_add(&m->here->sent, text);
    if (is_same || message_say(m, replica_number_of(r, card), about, text, out))
        forget(m, draft_of(m, m->here->name, card, about));
    else
        keep(m, card, about, text);
}
