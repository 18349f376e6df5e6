#include "action.h"

#include "keys.h"
#include "roff.h"

#include <stdlib.h>

static const struct {
    const char *name;
    unsigned where;
} places[] = {
    {"rooms", IN_ROOMS},     {"board", IN_BOARD},     {"chat", IN_CHAT},
    {"command", IN_COMMAND}, {"title", IN_TITLE},     {"help", IN_HELP},
    {"note", IN_NOTE},       {"notes", IN_NOTES},     {"history", IN_HISTORY},
    {"feed", IN_FEED},       {"stats", IN_STATS},     {"filter", IN_FILTER},
    {"card", IN_CARD},       {"picker", IN_PICKER},   {"dialog", IN_DIALOG},
    {"outline", IN_OUTLINE}, {"message", IN_MESSAGE}, {"panes", IN_PANES},
    {"edit", IN_EDIT},       {"search", IN_SEARCH},   {"any", IN_ALL},
};

static unsigned place_of(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(places); i++)
        if (str_is(name, places[i].name))
            return places[i].where;
    return 0;
}

static void bind(struct keymap *m, enum action_id id, struct str word)
{
    struct binding b = {.action = id, .where = place_of(str_cut(&word, ':'))};
    bug_on(b.where == 0 || !key_parse(word, &b.key));
    vec_each (other, &m->bindings)
        bug_on(other->where & b.where && key_is(other->key, b.key));
    vec_push(&m->bindings, b);
}

void keymap_init(struct keymap *m)
{
    *m = (struct keymap){0};
    for (enum action_id id = 1; id < ACTION_COUNT; id++)
        for (struct str keys = str_of(action_table[id].keys); keys.n;)
            bind(m, id, str_cut(&keys, ' '));
}

void keymap_finish(struct keymap *m)
{
    vec_finish(&m->bindings);
}

enum action_id keymap_find(const struct keymap *m, enum action_where where, struct key key)
{
    vec_each (b, &m->bindings)
        if (b->where & where && key_is(b->key, key))
            return b->action;
    return ACTION_NONE;
}

void keymap_names(const struct keymap *m, enum action_id id, unsigned only, struct buf *out)
{
    char name[KEY_NAME_MAX];
    size_t start = out->n;
    vec_each (b, &m->bindings) {
        if (b->action != id || !(b->where & only))
            continue;
        key_name(b->key, name);
        /* One key that two places share is shown once. */
        struct str so_far = {out->p + start, out->n - start};
        bool shown = false;
        while (so_far.n && !shown)
            shown = str_is(str_cut(&so_far, ' '), name);
        if (!shown)
            buf_fmt(out, "%s%s", out->n > start ? " " : "", name);
    }
}

/* In mdoc a word that begins with a dot or quote, or that names a macro, is spoken as text. */
static void mdoc_words(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\')
            buf_fmt(out, "\\e");
        else if (s.p[i] == '-')
            buf_fmt(out, "\\-");
        else
            buf_add_c(out, s.p[i]);
    }
}

static void mdoc_row(struct buf *out, const struct keymap *m, enum action_id id)
{
    const struct action *a = &action_table[id];
    buf_fmt(out, ".It Ic \"");
    mdoc_words(out, str_of(a->name));
    buf_add_c(out, '"');
    if (a->args[0])
        buf_fmt(out, " Ar \"%s\"", a->args);
    struct buf keys = {0};
    keymap_names(m, id, IN_ALL, &keys);
    buf_fmt(out, "\n");
    if (keys.n) {
        buf_fmt(out, "Keys: \\&");
        mdoc_words(out, buf_str(&keys));
        buf_fmt(out, ".\n.br\n");
    }
    roff_sentences(out, str_of(a->doc));
    buf_finish(&keys);
}

void action_mdoc(struct buf *out)
{
    struct keymap m;
    keymap_init(&m);
    for (enum action_group g = 0; g < GROUP_COUNT; g++) {
        buf_fmt(out, ".Ss %s\n.Bl -tag -width Ds\n", action_group_name(g));
        for (enum action_id id = 1; id < ACTION_COUNT; id++)
            if (action_table[id].group == g)
                mdoc_row(out, &m, id);
        buf_fmt(out, ".El\n");
    }
    keymap_finish(&m);
}
