#include "action.h"

#include "keys.h"
#include "roff.h"
#include "utf8.h"

#include <stdio.h>
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
    {"outline", IN_OUTLINE}, {"message", IN_MESSAGE}, {"comment", IN_COMMENT},
    {"panes", IN_PANES},     {"edit", IN_EDIT},       {"search", IN_SEARCH},
    {"any", IN_ALL},
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

/* ---- a person's own keys ---- */

static bool place_fault(struct str name, struct err *e)
{
    char all[300];
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(places); i++)
        n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", i ? ", " : "", places[i].name);
    return fail(e, ERR_USAGE, "\"%.*s\" is no place for keys: %s", STR_ARG(name), all);
}

static enum action_id action_named(struct str name)
{
    enum action_id id = ACTION_COUNT - 1;
    while (id != ACTION_NONE && !str_is(name, action_table[id].name))
        id--;
    return id;
}

/* A character without Ctrl or Alt is text there; in the chat only behind another. */
static bool is_text(const struct binding *b)
{
    const unsigned typing = (IN_EDIT & ~IN_CHAT) | IN_NOTE;
    return b->where & typing && b->key.code < K_ENTER && !(b->key.mods & ~MOD_SHIFT);
}

/* "board:x task archive" */
static bool read_binding(struct str line, struct binding *out, struct err *e)
{
    struct str key = str_cut(&line, ' '), name = str_trim(line);
    struct str place = str_cut(&key, ':');
    *out = (struct binding){.where = place_of(place), .action = action_named(name)};
    if (!key.p || !name.n)
        return fail(e, ERR_USAGE, "not 'PLACE:KEY ACTION'");
    if (!out->where)
        return place_fault(place, e);
    if (!key_parse(key, &out->key))
        return fail(e, ERR_USAGE, "\"%.*s\" is no key: x, C-x, M-x, Enter, F5, PgUp ...",
                    STR_ARG(key));
    if (out->action == ACTION_NONE && !str_is(name, "none"))
        return fail(e, ERR_USAGE,
                    "there is no action \"%.*s\": ? in moot lists them, none frees a key",
                    STR_ARG(name));
    if (is_text(out))
        return fail(e, ERR_USAGE, "%.*s is typed there, and cannot do anything else",
                    STR_ARG(key));
    return true;
}

/* The key means that there, and nothing else. */
static void rebind(struct keymap *m, struct binding b)
{
    vec_each (other, &m->bindings)
        if (key_is(other->key, b.key))
            other->where &= ~b.where;
    if (b.action != ACTION_NONE)
        vec_push(&m->bindings, b);
}

bool keymap_change(struct keymap *m, struct str text, const char *file, struct err *e)
{
    if (text.n > KEYS_FILE_MAX)
        return fail(e, ERR_USAGE, "%s: over %d bytes", file, KEYS_FILE_MAX);
    if (!utf8_is_valid(text))
        return fail(e, ERR_USAGE, "%s: not UTF-8", file);
    VEC(struct binding) all = {0};
    struct err why = {0};
    for (int number = 1; text.n && !why.code; number++) {
        struct str line = str_trim(str_cut(&text, '\n'));
        struct binding b;
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (read_binding(line, &b, &why))
            vec_push(&all, b);
        else
            fail(e, why.code, "%s:%d: %s", file, number, why.text);
    }
    if (!why.code)
        vec_each (b, &all)
            rebind(m, *b);
    vec_finish(&all);
    return !why.code;
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
    return where == IN_COMMENT ? keymap_find(m, IN_CARD, key) : ACTION_NONE;
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

struct key_words keymap_key(const struct keymap *m, enum action_id id, unsigned where)
{
    struct key_words out;
    char name[KEY_NAME_MAX];
    vec_each (b, &m->bindings)
        if (b->action == id && b->where & where) {
            key_name(b->key, name);
            snprintf(out.s, sizeof out.s, "%s", name);
            return out;
        }
    snprintf(out.s, sizeof out.s, ":%s", action_table[id].name);
    return out;
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
