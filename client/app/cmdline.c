#include "cmdline.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { COMPLETIONS_MAX = 200 };

static const struct {
    const char *word;
    enum arg_kind kind;
    const char *choices; /* NULL: the source knows them */
} kinds[] = {
    {"TEXT", ARG_TEXT, ""},
    {"ROOM", ARG_ROOM, NULL},
    {"USER", ARG_USER, NULL},
    {"NUMBER", ARG_NUMBER, NULL},
    {"COLUMN", ARG_COLUMN, NULL},
    {"STATUS", ARG_STATUS, "online away dnd"},
    {"ROLE", ARG_ROLE, "member observer owner"},
    {"NOTE", ARG_NOTE, NULL},
    {"PANE", ARG_PANE, "rooms board chat note"},
    {"ACCESS", ARG_ACCESS, "private public"},
    {"WHAT", ARG_WHAT, "mentions all none mute default"},
    {"BY", ARG_ORDER, "unread name"},
    {"NAME", ARG_NAME, ""},
    {"FILTER", ARG_FILTER, NULL},
    {"SORT", ARG_SORT, NULL},
    {"DAY", ARG_DAY,
     "today tomorrow monday tuesday wednesday thursday friday saturday sunday 1w 2w 1m none"},
    {"LEVEL", ARG_PRIORITY, "low medium high urgent none"},
    {"USERS", ARG_USERS, NULL},
    {"PEOPLE", ARG_PEOPLE, NULL},
    {"LABELS", ARG_LABELS, NULL},
    {"CARDS", ARG_CARDS, NULL},
};

/* Argument i as the table writes it, with its brackets. */
static struct str arg_word(const struct action *a, size_t i)
{
    struct str args = str_of(a->args), word = {0};
    for (size_t k = 0; k <= i; k++)
        word = str_cut(&args, ' ');
    return word;
}

static bool is_optional(struct str word)
{
    return word.n && word.p[0] == '[';
}

static struct str bare(struct str word)
{
    return is_optional(word) ? (struct str){word.p + 1, word.n - 2} : word;
}

enum arg_kind action_arg(const struct action *a, size_t i)
{
    struct str word = bare(arg_word(a, i));
    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        if (str_is(word, kinds[k].word))
            return kinds[k].kind;
    return ARG_NONE;
}

static struct str skip_blanks(struct str s)
{
    while (s.n && s.p[0] == ' ')
        s.p++, s.n--;
    return s;
}

/* The action whose whole name stands at the front of line; *rest is what follows. */
static enum action_id whole_name(struct str line, struct str *rest)
{
    enum action_id best = ACTION_NONE;
    size_t longest = 0;
    for (enum action_id id = 1; id < ACTION_COUNT; id++) {
        size_t n = strlen(action_table[id].name);
        if (n > longest && str_starts(line, action_table[id].name) &&
            (line.n == n || line.p[n] == ' ')) {
            best = id;
            longest = n;
        }
    }
    *rest = skip_blanks((struct str){line.p + longest, line.n - longest});
    return best;
}

/* The only action whose name begins with the line's first word; name has one word too. */
static enum action_id short_name(struct str line, struct str *rest, bool *several)
{
    enum action_id found = ACTION_NONE;
    *rest = line;
    struct str word = str_cut(rest, ' ');
    *several = false;
    for (enum action_id id = 1; id < ACTION_COUNT; id++) {
        if (word.n == 0 || strncmp(action_table[id].name, word.p, word.n) != 0)
            continue;
        *several = *several || found != ACTION_NONE;
        found = id;
    }
    *rest = skip_blanks(*rest);
    return *several ? ACTION_NONE : found;
}

/* What people's fingers know from vi and from chats; ACTION_NONE: it need not be done. */
static const struct {
    const char *word;
    enum action_id here;
} elsewhere[] = {
    {"w", ACTION_NONE},         {"write", ACTION_NONE},  {"wq", ACTION_QUIT},
    {"wq!", ACTION_QUIT},       {"x", ACTION_QUIT},      {"q!", ACTION_QUIT},
    {"qa", ACTION_QUIT},        {"qa!", ACTION_QUIT},    {"exit", ACTION_QUIT},
    {"msg", ACTION_DM},         {"query", ACTION_DM},    {"part", ACTION_LEAVE},
    {"away", ACTION_STATUS},    {"names", ACTION_WHO},   {"whois", ACTION_WHO},
    {"kick", ACTION_REMOVE},    {"buffer", ACTION_JUMP}, {"window", ACTION_JUMP},
    {"list", ACTION_ROOM_LIST},
};

static bool name_fault(struct str line, bool several, struct err *e)
{
    struct str word = str_cut(&line, ' ');
    for (size_t i = 0; i < COUNT_OF(elsewhere); i++)
        if (str_is(word, elsewhere[i].word))
            return fail(e, ERR_USAGE, "there is no command \"%.*s\": %s%s", STR_ARG(word),
                        elsewhere[i].here ? "here that is "
                                          : "what is written is saved by itself",
                        elsewhere[i].here ? action_table[elsewhere[i].here].name : "");
    if (several)
        return fail(e, ERR_USAGE, "several commands begin with \"%.*s\": Tab lists them",
                    STR_ARG(word));
    return fail(e, ERR_USAGE, "there is no command \"%.*s\": Tab lists them, ? explains them",
                STR_ARG(word));
}

static struct str without_mark(struct str line)
{
    if (line.n && (line.p[0] == ':' || line.p[0] == '/'))
        line.p++, line.n--;
    return line;
}

bool cmdline_parse(struct str line, struct command *out, struct err *e)
{
    *out = (struct command){0};
    line = str_trim(without_mark(str_trim(line)));
    if (line.n == 0)
        return true;
    struct str rest;
    bool several = false;
    out->action = whole_name(line, &rest);
    if (!out->action)
        out->action = short_name(line, &rest, &several);
    if (!out->action)
        return name_fault(line, several, e);
    const struct action *a = &action_table[out->action];
    size_t i = 0;
    for (; action_arg(a, i); i++) {
        bool is_last = !action_arg(a, i + 1);
        out->args[i] = is_last ? str_trim(rest) : str_cut(&rest, ' ');
        if (is_last)
            rest = (struct str){0};
        rest = skip_blanks(rest);
        if (out->args[i].n == 0 && !is_optional(arg_word(a, i)))
            return fail(e, ERR_USAGE, "%s needs more: %s %s", a->name, a->name, a->args);
    }
    if (rest.n)
        return fail(e, ERR_USAGE, "%s takes no \"%.*s\"", a->name, STR_ARG(rest));
    return true;
}

/* ---- completion ---- */

static bool begins(struct str word, struct str begun)
{
    return word.n >= begun.n && (begun.n == 0 || strncasecmp(word.p, begun.p, begun.n) == 0);
}

void completions_offer(struct completions *c, struct str begun, struct str word)
{
    if (!begins(word, begun) || c->words.n >= COMPLETIONS_MAX)
        return;
    vec_each (known, &c->words)
        if (str_eq(*known, word))
            return;
    vec_push(&c->words, str_keep(&c->arena, word));
}

void completions_clear(struct completions *c)
{
    c->words.n = 0;
    c->from = 0;
    arena_clear(&c->arena);
}

void completions_finish(struct completions *c)
{
    vec_finish(&c->words);
    arena_finish(&c->arena);
}

/* Commands that make no sense when typed: those that only a line's keys can mean. */
static bool is_typed(enum action_id id)
{
    return action_table[id].op == LINE_NONE && action_table[id].group != GROUP_MOVING &&
           (action_table[id].group != GROUP_TYPING || id == ACTION_SEND) &&
           action_table[id].group != GROUP_TEXT && id != ACTION_COMMAND;
}

static bool is_first_word(const char *name, struct str word)
{
    return strncmp(name, word.p, word.n) == 0 && (name[word.n] == ' ' || !name[word.n]);
}

bool cmdline_is_meant(struct str line)
{
    if (!str_starts(line, ":") || str_has(line, '\n'))
        return false;
    line.p++, line.n--;
    struct str word = str_cut(&line, ' ');
    for (size_t i = 0; i < COUNT_OF(elsewhere); i++)
        if (elsewhere[i].here == ACTION_QUIT && word.n > 1 && str_is(word, elsewhere[i].word))
            return true;
    if (str_is(word, "q"))
        return true;
    for (enum action_id id = 1; word.n && id < ACTION_COUNT; id++)
        if (is_typed(id) && is_first_word(action_table[id].name, word))
            return true;
    return false;
}

static void offer_names(struct completions *c, struct str begun)
{
    for (enum action_id id = 1; id < ACTION_COUNT; id++)
        if (is_typed(id))
            completions_offer(c, begun, str_of(action_table[id].name));
}

static void offer_argument(const struct action *a, struct str rest, struct str line,
                           completions_source *source, void *arg, struct completions *c)
{
    size_t i = 0;
    while (action_arg(a, i + 1) && str_has(rest, ' ')) {
        str_cut(&rest, ' ');
        rest = skip_blanks(rest);
        i++;
    }
    enum arg_kind kind = action_arg(a, i);
    while (kind >= ARG_USERS && (str_has(rest, ' ') || str_starts(rest, "-"))) {
        if (str_has(rest, ' '))
            str_cut(&rest, ' ');
        else
            rest.p++, rest.n--;
    }
    c->from = line.n - rest.n;
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        if (kinds[k].kind != kind)
            continue;
        if (!kinds[k].choices)
            source(arg, kind, c, rest);
        for (struct str words = str_of(kinds[k].choices); words.n;)
            completions_offer(c, rest, str_cut(&words, ' '));
    }
}

void cmdline_complete(struct str line, completions_source *source, void *arg,
                      struct completions *out)
{
    completions_clear(out);
    struct str rest;
    struct str begun = without_mark(line);
    enum action_id id = whole_name(begun, &rest);
    bool behind_name = id && begun.n > strlen(action_table[id].name);
    if (behind_name && action_table[id].args[0]) {
        offer_argument(&action_table[id], rest, line, source, arg, out);
        return;
    }
    out->from = line.n - begun.n;
    offer_names(out, begun);
}

struct str completions_common(const struct completions *c)
{
    if (c->words.n == 0)
        return (struct str){0};
    struct str common = c->words.v[0];
    vec_each (word, &c->words) {
        size_t n = 0;
        while (n < common.n && n < word->n && common.p[n] == word->p[n])
            n++;
        common.n = n;
    }
    while (common.n && common.n < c->words.v[0].n && (c->words.v[0].p[common.n] & 0xc0) == 0x80)
        common.n--; /* never in the middle of a character */
    return common;
}
