/* What the board shows: its filter, as it is written and kept, and its order. */
#include "update_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- filters that have a name ---- */

struct str model_filter(const struct model *m, struct str name)
{
    vec_each (f, &m->filters)
        if (str_is(name, f->name))
            return (struct str){f->text, strlen(f->text)};
    return (struct str){0};
}

static void look_anew(struct model *m)
{
    vec_each (v, &m->views)
        (*v)->look.version++;
}

static void drop_filter(struct model *m, struct str name)
{
    for (size_t i = m->filters.n; i-- > 0;) {
        if (!str_is(name, m->filters.v[i].name))
            continue;
        free(m->filters.v[i].name);
        free(m->filters.v[i].text);
        vec_remove(&m->filters, i);
    }
}

void model_put_filter(struct model *m, struct str name, struct str text)
{
    drop_filter(m, name);
    if (text.n && m->filters.n < FILTERS_MAX)
        vec_push(&m->filters, (struct saved_filter){str_dup(name), str_dup(text)});
    look_anew(m);
}

void model_forget_filters(struct model *m)
{
    vec_each (f, &m->filters) {
        free(f->name);
        free(f->text);
    }
    m->filters.n = 0;
    look_anew(m);
}

void filter_save(struct model *m, struct str name, struct effects *out)
{
    struct err e = {0};
    struct str text = m->here ? buf_str(&m->here->look.text) : (struct str){0};
    if (!text.n)
        model_toast(m, TOAST_ERROR, "There is no filter to save: / writes one.");
    else if (!filter_name_check(name, &e))
        model_toast(m, TOAST_ERROR, "%s", e.text);
    else if (m->filters.n >= FILTERS_MAX && !model_filter(m, name).p)
        model_toast(m, TOAST_ERROR, "%d filters are saved: remove one first.", FILTERS_MAX);
    else {
        text = str_keep(&out->arena, text);
        model_put_filter(m, name, text);
        effect_add(out, EFFECT_FILTER, name, text);
        model_toast(m, TOAST_INFO, "Saved. F picks it; saved:%.*s stands for it in a filter.",
                    STR_ARG(name));
    }
}

void filter_remove(struct model *m, struct str name, struct effects *out)
{
    if (!model_filter(m, name).p) {
        model_toast(m, TOAST_ERROR, "There is no saved filter %.*s.", STR_ARG(name));
        return;
    }
    model_put_filter(m, name, (struct str){0});
    effect_add(out, EFFECT_FILTER, name, (struct str){0});
}

/* ---- the filter of the board ---- */

static bool is_sound(struct model *m, struct str text)
{
    struct err e = {0};
    bool ok = filter_check(m, text, &e);
    if (!ok)
        model_toast(m, TOAST_ERROR, "%s", e.text);
    return ok;
}

void filter_open(struct model *m, struct str text)
{
    if (!model_replica(m))
        return;
    m->focus = FOCUS_BOARD;
    text = str_trim(text);
    if (text.n) {
        if (is_sound(m, text))
            board_look_at(&m->here->look, text, false);
        return;
    }
    prompt_open(m, PROMPT_FILTER, buf_str(&m->here->look.text));
    filter_typed(m);
}

void filter_typed(struct model *m)
{
    if (m->prompt == PROMPT_FILTER && m->here)
        board_look_at(&m->here->look, lineedit_text(&m->line), true);
}

void filter_accept(struct model *m)
{
    struct str text = str_trim(lineedit_text(&m->line));
    if (!m->here || !is_sound(m, text))
        return; /* the line stays, to be mended */
    line_history_add(&m->filtered, text);
    board_look_at(&m->here->look, text, false);
    prompt_close(m);
}

bool filter_clear(struct model *m)
{
    if (!m->here || !m->here->look.text.n)
        return false;
    board_look_at(&m->here->look, (struct str){0}, false);
    return true;
}

void filter_pick(struct model *m, struct str name)
{
    struct str text = model_filter(m, name);
    if (!m->here)
        return;
    if (!m->filters.n)
        model_toast(m, TOAST_INFO,
                    "No filter is saved: / writes one, :filter save NAME "
                    "keeps it.");
    else if (!name.n) {
        prompt_open(m, PROMPT_COMMAND, STR("filter pick "));
        prompt_complete(m);
    } else if (!text.p)
        model_toast(m, TOAST_ERROR, "There is no saved filter %.*s.", STR_ARG(name));
    else
        filter_open(m, text);
}

/* ---- the order ---- */

void board_sort(struct model *m, struct str name)
{
    struct err e = {0};
    if (!m->here)
        return;
    struct board_look *l = &m->here->look;
    enum card_sort sort = (enum card_sort)((l->sort + 1) % SORT_COUNT);
    if (name.n && !card_sort_named(name, &sort, &e)) {
        model_toast(m, TOAST_ERROR, "%s", e.text);
        return;
    }
    l->sort = sort;
    l->version++;
}

bool board_has_order(struct model *m)
{
    const struct board_look *l = &m->here->look;
    if (l->sort == SORT_ORDER)
        return true;
    model_toast(m, TOAST_INFO,
                "The board is sorted by %s. s goes on to its own order, where cards can be "
                "moved up and down.",
                card_sorts[l->sort].name);
    return false;
}

/* ---- completion ---- */

static void offer_with(struct completions *c, struct str begun, const char *sign,
                       struct str name)
{
    struct buf word = {0};
    bool quoted = str_has(name, ' ');
    buf_fmt(&word, "%s%s%.*s%s", sign, quoted ? "\"" : "", STR_ARG(name), quoted ? "\"" : "");
    completions_offer(c, begun, buf_str(&word));
    buf_finish(&word);
}

static void offer_values(const struct board *b, struct completions *c, struct str begun,
                         enum card_field field, const char *sign)
{
    vec_each (col, &b->columns)
        vec_each (card, &col->cards)
            vec_each (v, &(*card)->values)
                if (v->field == field)
                    offer_with(c, begun, sign, str_of(v->value));
}

/* What may stand behind a beginning; the empty one is any. */
static const struct {
    const char *begun, *words;
} fixed[] = {
    {"", "@me label: due: priority: column: blocked saved:"},
    {"@", "@me @none"},
    {"due:", "due:today due:overdue due:<7d due:<=30d due:none"},
    {"priority:", "priority:urgent priority:high priority:medium priority:low priority:none "
                  "priority:>=high"},
    {"label:", "label:none"},
};

static void offer_fixed(struct completions *c, struct str begun)
{
    for (size_t i = 0; i < COUNT_OF(fixed); i++) {
        bool fits = fixed[i].begun[0] ? str_starts(begun, fixed[i].begun) : true;
        for (struct str rest = str_of(fixed[i].words); fits && rest.n;)
            completions_offer(c, begun, str_cut(&rest, ' '));
    }
}

static void offer_names(const struct model *m, struct completions *c, struct str begun)
{
    const struct replica *r = model_replica(m);
    if (str_starts(begun, "@")) {
        vec_each (p, &r->people)
            offer_with(c, begun, "@", str_of(p->user));
        offer_values(&r->board, c, begun, CARD_ASSIGNEE, "@");
    } else if (str_starts(begun, "label:")) {
        offer_values(&r->board, c, begun, CARD_LABEL, "label:");
    } else if (str_starts(begun, "column:")) {
        vec_each (col, &r->board.columns)
            offer_with(c, begun, "column:", str_of(col->name));
    } else if (str_starts(begun, "saved:")) {
        vec_each (f, &m->filters)
            offer_with(c, begun, "saved:", str_of(f->name));
    }
}

void filter_offer(const struct model *m, struct str line, struct completions *c)
{
    size_t at = line.n;
    completions_clear(c);
    if (!model_replica(m))
        return;
    while (at > 0 && line.p[at - 1] != ' ')
        at--;
    if (at + 1 < line.n && line.p[at] == '-')
        at++;
    struct str begun = {line.p + at, line.n - at};
    c->from = at;
    offer_names(m, c, begun);
    offer_fixed(c, begun);
}
