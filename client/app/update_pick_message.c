/* Lists to pick from that are about messages: emoji, what is pinned, where a message leads. */
#include "emoji.h"
#include "update_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- emoji ---- */

static bool is_recent(const struct model *m, struct str emoji)
{
    for (size_t i = 0; i < m->emoji.n; i++)
        if (str_is(emoji, m->emoji.v[i]))
            return true;
    return false;
}

/* One emoji with all its names. */
static void add_emoji(struct model *m, const struct line *l, struct str emoji, struct str name,
                      const char *note)
{
    struct buf text = {0};
    if (!m->ascii)
        buf_fmt(&text, "%.*s  ", STR_ARG(emoji));
    if (name.n)
        buf_fmt(&text, ":%.*s:", STR_ARG(name));
    else if (m->ascii)
        buf_add_str(&text, emoji);
    picker_add(&m->picker, buf_str(&text), str_of(note), emoji, TONE_TEXT,
               line_has_reaction(l, emoji, str_of(model_replica(m)->user)));
    buf_finish(&text);
}

static int by_rank(const void *a, const void *b)
{
    const struct emoji *x = *(const struct emoji *const *)a;
    const struct emoji *y = *(const struct emoji *const *)b;
    return x->rank != y->rank ? (x->rank < y->rank ? -1 : 1) : str_cmp(x->name, y->name);
}

/* The names of an emoji but the first. */
static void other_names(const struct emoji *const *v, size_t n, char *out, size_t size)
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 1; i < n && at < size; i++)
        at += (size_t)snprintf(out + at, size - at, "%s%.*s", i > 1 ? " " : "",
                               STR_ARG(v[i]->name));
}

/* Those that the message has come first, then those used last, then all. */
static void add_all(struct model *m, const struct line *l)
{
    VEC(const struct emoji *) all = {0};
    char names[128];
    vec_each (x, &l->reactions)
        if (!is_recent(m, str_of(x->emoji)) && !picker_has_value(&m->picker, str_of(x->emoji)))
            add_emoji(m, l, str_of(x->emoji), emoji_name(str_of(x->emoji)), "");
    for (size_t i = 0; i < m->emoji.n; i++)
        add_emoji(m, l, str_of(m->emoji.v[i]), emoji_name(str_of(m->emoji.v[i])), "");
    for (size_t i = 0; i < emoji_count; i++)
        vec_push(&all, &emoji_table[i]);
    qsort(all.v, all.n, sizeof *all.v, by_rank);
    for (size_t i = 0, n; i < all.n; i += n) {
        for (n = 1; i + n < all.n && all.v[i + n]->rank == all.v[i]->rank; n++)
            ;
        other_names(all.v + i, n, names, sizeof names);
        if (!is_recent(m, all.v[i]->text) && !line_has_emoji(l, all.v[i]->text))
            add_emoji(m, l, all.v[i]->text, all.v[i]->name, names);
    }
    vec_finish(&all);
}

void pick_emoji(struct model *m, const struct line *l)
{
    picker_open(&m->picker, STR(" React "), true);
    m->pick = PICK_EMOJI;
    m->pick_card = l->seq;
    add_all(m, l);
    pick_typed(m);
}

void pick_make_emoji(struct model *m, struct str typed)
{
    bool is_one = typed.n <= EMOJI_MAX && str_follows(typed, RULE_EMOJI);
    if (is_one && !picker_has_value(&m->picker, emoji_of(typed)))
        picker_make(&m->picker, typed, STR("as it is"), emoji_of(typed));
}

/* ---- pins ---- */

static void add_said(struct model *m, const struct line *l, const char *value)
{
    struct look_want want = {
        .r = model_replica(m), .line = l, .ascii = m->ascii, .strokes = m->strokes};
    struct rich quote = {0};
    struct buf text = {0};
    buf_fmt(&text, "%.*s: ", STR_ARG(l->author));
    look_quote(&want, &quote);
    for (size_t i = 0; quote.lines.n && i < quote.lines.v[0].behind; i++)
        buf_add_str(&text, quote.pieces.v[i].text);
    picker_add(&m->picker, buf_str(&text), (struct str){0}, str_of(value), TONE_TEXT, false);
    buf_finish(&text);
    rich_finish(&quote);
}

/* Newest first. True when some are not known here. */
static bool add_pins(struct model *m)
{
    const struct replica *r = model_replica(m);
    bool lacks = false;
    for (size_t i = r->pins.n; i-- > 0;) {
        const struct line *l = replica_said(r, r->pins.v[i].message);
        char value[24];
        snprintf(value, sizeof value, "%lld", (long long)r->pins.v[i].message);
        if (l)
            add_said(m, l, value);
        lacks = lacks || !l;
    }
    return lacks;
}

static bool show_pins(struct model *m)
{
    picker_open(&m->picker, STR(" Pinned "), false);
    m->pick = PICK_PIN;
    bool lacks = add_pins(m);
    pick_typed(m);
    return lacks;
}

void pins_show(struct model *m, struct effects *out)
{
    const struct replica *r = model_replica(m);
    if (!r)
        return;
    if (r->pins.n == 0) {
        model_toast(m, TOAST_INFO, "Nothing is pinned here.");
        return;
    }
    if (!show_pins(m) || m->here->chat.pins)
        return;
    struct msg question = {.type = MSG_HISTORY};
    question.request.room = str_of(m->here->name);
    question.history.before = SEQ_MAX;
    question.history.limit = PINS_MAX;
    question.history.pinned = true;
    m->here->chat.pins = session_ask(&m->session, &question, out, NULL);
}

void pick_pins_came(struct model *m)
{
    if (!m->picker.is_open || m->pick != PICK_PIN)
        return;
    struct buf typed = {0};
    buf_add_str(&typed, lineedit_text(&m->picker.line));
    show_pins(m);
    lineedit_set(&m->picker.line, buf_str(&typed));
    pick_typed(m);
    buf_finish(&typed);
}

/* ---- where a message leads ---- */

static void add_card(struct model *m, int64_t number)
{
    const struct replica *r = model_replica(m);
    const struct card *c = board_card(&r->board, number);
    const struct note *n = replica_note(r, number);
    struct buf text = {0};
    char value[32];
    buf_fmt(&text, "#%lld ", (long long)number);
    if (c)
        buf_fmt(&text, "%s", c->title);
    else if (n)
        buf_add_str(&text, n->name);
    snprintf(value, sizeof value, "#%lld", (long long)number);
    picker_add(&m->picker, buf_str(&text),
               c   ? STR("card")
               : n ? STR("note")
                   : STR(""),
               str_of(value), TONE_TEXT, false);
    buf_finish(&text);
}

void pick_target(struct model *m, const struct line *l, const struct rich *targets)
{
    char value[32];
    picker_open(&m->picker, STR(" Go to "), false);
    m->pick = PICK_TARGET;
    m->pick_card = l->seq;
    snprintf(value, sizeof value, "^%lld", (long long)l->reply);
    if (l->reply)
        picker_add(&m->picker, STR("what it answers"), (struct str){0}, str_of(value), TONE_DIM,
                   false);
    vec_each (p, &targets->pieces) {
        if (p->goes == GOES_CARD)
            add_card(m, p->number);
        else
            picker_add(&m->picker, p->to, str_eq(p->to, p->text) ? (struct str){0} : p->text,
                       p->to, TONE_TEXT, false);
    }
    pick_typed(m);
}

/* ---- picked ---- */

static bool take_target(struct model *m, struct str value, struct effects *out)
{
    struct rich_piece p = {.goes = GOES_LINK, .to = value};
    struct str digits = {value.p + 1, value.n - 1};
    if (value.p[0] == '#' && str_int(digits, 1, SEQ_MAX, &p.number))
        p.goes = GOES_CARD;
    if (value.p[0] == '^' && str_int(digits, 1, SEQ_MAX, &p.number))
        p.goes = GOES_ORIGINAL;
    piece_follow(m, &p, m->pick_card, out);
    return true;
}

bool pick_message_take(struct model *m, struct str value, struct effects *out)
{
    int64_t seq;
    if (m->pick == PICK_EMOJI)
        message_react_with(m, m->pick_card, value, out);
    else if (m->pick == PICK_PIN && str_int(value, 1, SEQ_MAX, &seq))
        seek_message(m, seq);
    else if (m->pick == PICK_TARGET && value.n)
        return take_target(m, value, out);
    return true;
}
