/* Completion scripts, made from the tables. Each shell asks: given the words so far, which may
 * come next, and which options? */
#include "opts.h"
#include "verb.h"

#include <string.h>

/* The distinct words that may follow `path` ("" for the first). */
static void next_words(struct buf *out, struct str path)
{
    struct str last = {0};
    for (const struct verb *v = verb_table; v < verb_table + verb_count; v++) {
        struct str rest = str_of(v->path);
        if (rest.n <= path.n || memcmp(rest.p, path.p, path.n) != 0)
            continue;
        if (path.n && rest.p[path.n] != ' ')
            continue;
        rest.p += path.n + (path.n > 0);
        rest.n -= path.n + (path.n > 0);
        struct str word = str_cut(&rest, ' ');
        if (str_eq(word, last)) /* a noun's verbs stand together */
            continue;
        buf_fmt(out, "%s%.*s", last.n ? " " : "", STR_ARG(word));
        last = word;
    }
}

/* Calls each for every path that has verbs below it: "", "task", "admin", "admin user". */
static void each_group(void (*each)(struct buf *out, struct str group), struct buf *out)
{
    each(out, STR(""));
    struct str last = {0};
    for (const struct verb *v = verb_table; v < verb_table + verb_count; v++)
        for (const char *blank = strchr(v->path, ' '); blank; blank = strchr(blank + 1, ' ')) {
            struct str group = {v->path, (size_t)(blank - v->path)};
            bool was = last.n >= group.n && memcmp(last.p, group.p, group.n) == 0;
            if (was && (last.n == group.n || last.p[group.n] == ' '))
                continue;
            each(out, group);
            last = group;
        }
}

static void option_name(struct buf *out, const struct opt *o)
{
    bool on = o->kind == OPT_FLAG && o->fallback && o->fallback[0] == 'y';
    buf_fmt(out, " --%s%s", on ? "no-" : "", o->name);
}

/* ---- bash and zsh: what differs is how words come in and proposals go out ---- */

static void group_case(struct buf *out, struct str group)
{
    buf_fmt(out, "    '%.*s') next='", STR_ARG(group));
    next_words(out, group);
    buf_fmt(out, "' ;;\n");
}

static void flags_case(struct buf *out, const struct verb *v)
{
    struct arena a = {0};
    size_t n;
    const struct opt *rows = verb_options(v, &a, &n);
    buf_fmt(out, "    '%s'*) flags+='", v->path);
    for (size_t i = moot_option_count; i < n; i++)
        option_name(out, &rows[i]);
    buf_fmt(out, "' ;;\n");
    arena_finish(&a);
}

/* Sets next and flags by trail, the words so far. */
static void cases(struct buf *out)
{
    buf_fmt(out, "    case $trail in\n");
    each_group(group_case, out);
    buf_fmt(out, "    esac\n    flags='");
    for (size_t i = 0; i < moot_option_count; i++)
        option_name(out, &moot_option_rows[i]);
    buf_fmt(out, "'\n    case $trail in\n");
    /* Longer paths first: "admin token list" also begins with "admin token". */
    for (const struct verb *v = verb_table + verb_count; v-- > verb_table;)
        flags_case(out, v);
    buf_fmt(out, "    esac\n");
}

static void bash_script(struct buf *out)
{
    buf_fmt(out,
            "_moot() {\n"
            "    local word trail='' next='' flags='' i current=${COMP_WORDS[COMP_CWORD]}\n"
            "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
            "        word=${COMP_WORDS[i]}\n"
            "        case $word in -*) ;; *) trail=\"${trail:+$trail }$word\" ;; esac\n"
            "    done\n");
    cases(out);
    buf_fmt(out, "    case $current in -*) next=$flags ;; esac\n"
                 "    COMPREPLY=($(compgen -W \"$next\" -- \"$current\"))\n"
                 "}\n"
                 "complete -o default -F _moot moot\n");
}

/* Good both as a file in fpath and for eval. */
static void zsh_script(struct buf *out)
{
    buf_fmt(out, "#compdef moot\n"
                 "_moot() {\n"
                 "    local word trail='' next='' flags=''\n"
                 "    for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
                 "        case $word in -*) ;; *) trail=\"${trail:+$trail }$word\" ;; esac\n"
                 "    done\n");
    cases(out);
    buf_fmt(
        out,
        "    case ${words[CURRENT]} in -*) next=$flags ;; esac\n"
        "    compadd -- ${=next} || _files\n"
        "}\n"
        "if [ \"${funcstack[1]}\" = _moot ]; then _moot \"$@\"; else compdef _moot moot; fi\n");
}

/* ---- fish ---- */

static void fish_quote(struct buf *out, const char *s)
{
    buf_add_c(out, '\'');
    for (; *s; s++) {
        if (*s == '\'' || *s == '\\')
            buf_add_c(out, '\\');
        buf_add_c(out, *s);
    }
    buf_add_c(out, '\'');
}

static void fish_option(struct buf *out, const struct opt *o, const char *path)
{
    buf_fmt(out, "complete -c moot");
    if (path)
        buf_fmt(out, " -n '__moot_at \"%s\"'", path);
    if (o->letter)
        buf_fmt(out, " -s %c", o->letter);
    buf_fmt(out, " -l %s%s -d ", o->name, o->arg ? " -x" : "");
    fish_quote(out, o->doc);
    buf_add_c(out, '\n');
}

static void fish_script(struct buf *out)
{
    buf_fmt(out, "function __moot_at\n"
                 "    set -l words (commandline -opc | string match -v -- '-*')\n"
                 "    set -l path (string join ' ' $words[2..-1])\n"
                 "    string match -q -- \"$argv[1]*\" \"$path\"\n"
                 "end\n"
                 "function __moot_after\n"
                 "    set -l words (commandline -opc | string match -v -- '-*')\n"
                 "    test (string join ' ' $words[2..-1]) = \"$argv[1]\"\n"
                 "end\n");
    for (const struct verb *v = verb_table; v < verb_table + verb_count; v++) {
        const char *blank = strrchr(v->path, ' ');
        int n = blank ? (int)(blank - v->path) : 0;
        buf_fmt(out, "complete -c moot -f -n '__moot_after \"%.*s\"' -a %s -d ", n, v->path,
                blank ? blank + 1 : v->path);
        fish_quote(out, v->doc);
        buf_add_c(out, '\n');
        struct arena a = {0};
        size_t rows_n;
        const struct opt *rows = verb_options(v, &a, &rows_n);
        for (size_t i = moot_option_count; i < rows_n; i++)
            fish_option(out, &rows[i], v->path);
        arena_finish(&a);
    }
    for (size_t i = 0; i < moot_option_count; i++)
        fish_option(out, &moot_option_rows[i], NULL);
}

bool completion_script(struct buf *out, struct str shell)
{
    if (str_is(shell, "bash")) {
        bash_script(out);
        return true;
    }
    if (str_is(shell, "zsh")) {
        zsh_script(out);
        return true;
    }
    if (str_is(shell, "fish")) {
        fish_script(out);
        return true;
    }
    return false;
}
