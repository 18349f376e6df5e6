#include "verb.h"
#include "opts.h"
#include "roff.h"

#include <stdint.h>
#include <string.h>

static struct str word_cut(struct str *s)
{
    *s = str_trim(*s);
    return str_cut(s, ' ');
}

static bool is_repeated(struct str word)
{
    return word.n > 3 && memcmp(word.p + word.n - 3, "...", 3) == 0;
}

static bool may_repeat(struct str word)
{
    return is_repeated(word) || (word.n > 4 && memcmp(word.p + word.n - 4, "...]", 4) == 0);
}

void verb_arity(const struct verb *v, size_t *least, size_t *most)
{
    *least = *most = 0;
    struct str words = str_of(v->words);
    while (words.n) {
        struct str word = word_cut(&words);
        if (word.p[0] != '[')
            ++*least;
        *most = may_repeat(word) || *most == SIZE_MAX ? SIZE_MAX : *most + 1;
    }
}

bool verb_takes(const struct verb *v, const char *option)
{
    struct str names = str_of(v->options);
    while (names.n)
        if (str_is(word_cut(&names), option))
            return true;
    return false;
}

/* How many words of a path the given words begin with; *whole: the path ended. */
static size_t path_match(const char *path, const struct str *words, size_t n, bool *whole)
{
    struct str rest = str_of(path);
    size_t i = 0;
    while (rest.n && i < n) {
        struct str after = rest;
        if (!str_eq(word_cut(&after), words[i]))
            break;
        rest = after;
        i++;
    }
    *whole = rest.n == 0;
    return i;
}

const struct verb *verb_find(const struct str *words, size_t n, size_t *used)
{
    const struct verb *found = NULL;
    size_t longest = 0, partial = 0;
    for (const struct verb *v = verb_table; v < verb_table + verb_count; v++) {
        bool whole;
        size_t match = path_match(v->path, words, n, &whole);
        partial = MAX(partial, match);
        if (whole && match > longest) {
            longest = match;
            found = v;
        }
    }
    *used = found ? longest : partial;
    return found;
}

enum { NAME_MAX_COMPARED = 24 };

/* Damerau's distance without far swaps, for names that are as short as a verb's. */
static size_t distance(struct str a, struct str b)
{
    if (a.n > NAME_MAX_COMPARED || b.n > NAME_MAX_COMPARED)
        return SIZE_MAX;
    size_t d[NAME_MAX_COMPARED + 1][NAME_MAX_COMPARED + 1];
    for (size_t i = 0; i <= a.n; i++)
        for (size_t j = 0; j <= b.n; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            size_t same = a.p[i - 1] != b.p[j - 1];
            d[i][j] = MIN(MIN(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + same);
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
                d[i][j] = MIN(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[a.n][b.n];
}

/* The word at place `used` of a path that begins as the words do; empty if it does not. */
static struct str path_word(const char *path, const struct str *words, size_t used)
{
    bool whole;
    if (path_match(path, words, used, &whole) < used || whole)
        return (struct str){0};
    struct str rest = str_of(path), word = {0};
    for (size_t i = 0; i <= used; i++)
        word = word_cut(&rest);
    return word;
}

void verb_unknown(const struct str *words, size_t n, size_t used, struct err *e)
{
    struct arena a = {0};
    struct str path = {0};
    for (size_t i = 0; i < used; i++)
        path = str_fmt(&a, "%.*s %.*s", STR_ARG(path), STR_ARG(words[i]));
    if (used == n) {
        fail(e, ERR_USAGE, "%.*s: which verb? moot%.*s --help lists them",
             (int)path.n - (path.n > 0), path.n ? path.p + 1 : "", STR_ARG(path));
        arena_finish(&a);
        return;
    }
    struct str best = {0};
    size_t least = 3;
    for (const struct verb *v = verb_table; v < verb_table + verb_count; v++) {
        struct str word = path_word(v->path, words, used);
        size_t d = word.n ? distance(word, words[used]) : SIZE_MAX;
        if (d < least) {
            least = d;
            best = word;
        }
    }
    struct str hint = best.n ? str_fmt(&a, "did you mean '%.*s'?", STR_ARG(best))
                             : str_fmt(&a, "moot%.*s --help lists the verbs", STR_ARG(path));
    fail(e, ERR_USAGE, "there is no verb '%.*s%s%.*s'; %.*s", (int)path.n - (path.n > 0),
         path.n ? path.p + 1 : "", path.n ? " " : "", (int)MIN(words[used].n, 40),
         words[used].p, STR_ARG(hint));
    arena_finish(&a);
}

/* The table names no option that has no row; a test sees to it. */
static const struct opt *option_row(struct str name)
{
    size_t i = 0;
    while (i < verb_option_count && !str_is(name, verb_option_rows[i].name))
        i++;
    bug_on(i == verb_option_count);
    return &verb_option_rows[i];
}

static struct opt option_of(const struct verb *v, struct str name)
{
    struct opt row = *option_row(name);
    for (size_t i = 0; i < verb_option_doc_count; i++) {
        const struct verb_option_doc *d = &verb_option_docs[i];
        if (strcmp(d->verb, v->path) == 0 && str_is(name, d->option))
            row.doc = d->doc;
    }
    return row;
}

const struct opt *verb_options(const struct verb *v, struct arena *a, size_t *n)
{
    struct opt *rows = arena_alloc(a, (moot_option_count + verb_option_count) * sizeof *rows);
    memcpy(rows, moot_option_rows, moot_option_count * sizeof *rows);
    *n = moot_option_count;
    struct str names = str_of(v ? v->options : "");
    while (names.n)
        rows[(*n)++] = option_of(v, word_cut(&names));
    return rows;
}

/* ---- help ---- */

enum { HELP_WIDTH = 79 };

static int usage_width(const struct verb *v)
{
    size_t n = strlen(v->path) + strlen(v->words) + (v->words[0] != '\0');
    return (int)MIN(n, 32);
}

/* Words of a sentence from column `indent` on, over as many lines as it needs. */
static void add_sentence(struct buf *out, struct str text, int indent)
{
    int at = indent;
    while (text.n) {
        struct str word = word_cut(&text);
        if (at > indent && at + 1 + (int)word.n > HELP_WIDTH) {
            buf_fmt(out, "\n%*s", indent, "");
            at = indent;
        }
        buf_fmt(out, "%s%.*s", at > indent ? " " : "", STR_ARG(word));
        at += (int)word.n + (at > indent);
    }
    buf_add_c(out, '\n');
}

static void help_row(struct buf *out, const struct verb *v, int width)
{
    size_t at = out->n;
    buf_fmt(out, "  %s%s%s", v->path, v->words[0] ? " " : "", v->words);
    int used = (int)(out->n - at) - 2;
    if (used > width) {
        buf_add_c(out, '\n');
        used = -2;
    }
    buf_fmt(out, "%*s", width - used + 2, "");
    add_sentence(out, str_of(v->doc), width + 4);
}

static void help_rows(struct buf *out, const struct str *words, size_t n)
{
    int width = 0;
    bool whole;
    for (const struct verb *v = verb_table; v < verb_table + verb_count; v++)
        if (path_match(v->path, words, n, &whole) == n)
            width = MAX(width, usage_width(v));
    for (const struct verb *v = verb_table; v < verb_table + verb_count; v++)
        if (path_match(v->path, words, n, &whole) == n)
            help_row(out, v, width);
}

void verb_help_all(struct buf *out)
{
    buf_fmt(
        out,
        "Usage: moot [OPTION...]               open the screen\n"
        "       moot [OPTION...] VERB WORD...\n\n"
        "One shared room for people who work in terminals: a board, a chat, who is here.\n\n"
        "Verbs (moot VERB --help says more):\n");
    help_rows(out, NULL, 0);
    buf_fmt(out, "\nOptions, which every verb takes too:\n");
    opt_help(out, moot_option_rows, moot_option_count);
    buf_fmt(out,
            "\nExit status: 0 done, 1 failed, 2 usage, 3 not found, 4 not signed in or not\n"
            "allowed, 5 conflict, 6 cannot reach the server, 130 interrupted. See moot(1).\n");
}

void verb_help_group(struct buf *out, const struct str *words, size_t n)
{
    buf_fmt(out, "Usage: moot");
    for (size_t i = 0; i < n; i++)
        buf_fmt(out, " %.*s", STR_ARG(words[i]));
    buf_fmt(out, " VERB [OPTION...] WORD...\n\nVerbs:\n");
    help_rows(out, words, n);
    buf_fmt(out, "\nmoot VERB --help says more about one of them.\n");
}

void verb_help(struct buf *out, const struct verb *v)
{
    buf_fmt(out, "Usage: moot %s [OPTION...]%s%s\n\n", v->path, v->words[0] ? " " : "",
            v->words);
    add_sentence(out, str_of(v->doc), 0);
    struct arena a = {0};
    size_t n;
    const struct opt *rows = verb_options(v, &a, &n);
    if (n > moot_option_count) {
        buf_fmt(out, "\nOptions:\n");
        opt_help(out, rows + moot_option_count, n - moot_option_count);
    }
    buf_fmt(out, "\nmoot --help lists the options that every verb takes.\n");
    arena_finish(&a);
}

/* ---- the manual ---- */

static void mdoc_words(struct buf *out, struct str words)
{
    while (words.n) {
        struct str word = word_cut(&words);
        bool optional = word.p[0] == '[';
        if (optional)
            word = (struct str){word.p + 1, word.n - 2};
        bool repeat = is_repeated(word);
        if (repeat)
            word.n -= 3;
        buf_fmt(out, "%s Ar %.*s%s%s", optional ? " Oo" : "", STR_ARG(word),
                repeat ? " ..." : "", optional ? " Oc" : "");
    }
}

static void mdoc_usage_options(struct buf *out, struct str names)
{
    while (names.n) {
        const struct opt *row = option_row(word_cut(&names));
        bool is_on =
            row->kind == OPT_FLAG && row->fallback && strcmp(row->fallback, "yes") == 0;
        buf_fmt(out, " Oo Fl -%s%s", is_on ? "no-" : "", row->name);
        if (row->arg)
            buf_fmt(out, " Ar %s", row->arg);
        buf_fmt(out, " Oc");
    }
}

static void mdoc_option_list(struct buf *out, const struct verb *v)
{
    struct arena a = {0};
    size_t n;
    const struct opt *rows = verb_options(v, &a, &n);
    if (n > moot_option_count) {
        buf_fmt(out, ".Bl -tag -width Ds -compact\n");
        opt_mdoc(out, rows + moot_option_count, n - moot_option_count, false);
        buf_fmt(out, ".El\n");
    }
    arena_finish(&a);
}

void verb_mdoc(struct buf *out)
{
    for (const struct verb *v = verb_table; v < verb_table + verb_count; v++) {
        buf_fmt(out, ".It Ic %s", v->path);
        mdoc_usage_options(out, str_of(v->options));
        mdoc_words(out, str_of(v->words));
        buf_add_c(out, '\n');
        roff_sentences(out, str_of(v->doc));
        mdoc_option_list(out, v);
    }
}
