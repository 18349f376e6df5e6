#include "opt.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *suffix;
    int64_t factor;
} time_units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}},
  size_units[] = {{"", 1}, {"k", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}};

/* Splits "30s" in digits and the rest; false when there is no number that fits. */
static bool cut_number(struct str *s, int64_t *v)
{
    size_t n = 0;
    while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
        n++;
    if (!str_int((struct str){s->p, n}, 0, INT64_MAX, v))
        return false;
    s->p += n;
    s->n -= n;
    return true;
}

bool opt_duration(struct str s, int64_t *ms)
{
    int64_t v;
    if (!cut_number(&s, &v))
        return false;
    if (v == 0 && s.n == 0) {
        *ms = 0;
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(time_units); i++)
        if (str_is(s, time_units[i].suffix))
            return !__builtin_mul_overflow(v, time_units[i].factor, ms);
    return false;
}

bool opt_size(struct str s, int64_t *bytes)
{
    int64_t v;
    if (!cut_number(&s, &v))
        return false;
    for (size_t i = 0; i < COUNT_OF(size_units); i++)
        if (s.n == strlen(size_units[i].suffix) &&
            strncasecmp(s.p, size_units[i].suffix, s.n) == 0)
            return !__builtin_mul_overflow(v, size_units[i].factor, bytes);
    return false;
}

/* ---- one value ---- */

/* A bound as one would write it: the largest unit that divides it. */
static struct str duration_text(struct arena *a, int64_t ms)
{
    size_t i = COUNT_OF(time_units) - 1;
    while (i > 0 && (ms == 0 || ms % time_units[i].factor != 0))
        i--;
    return str_fmt(a, "%" PRId64 "%s", ms / time_units[i].factor, time_units[i].suffix);
}

static struct str size_text(struct arena *a, int64_t bytes)
{
    size_t i = COUNT_OF(size_units) - 1;
    while (i > 0 && (bytes == 0 || bytes % size_units[i].factor != 0))
        i--;
    return str_fmt(a, "%" PRId64 "%s", bytes / size_units[i].factor, size_units[i].suffix);
}

/* The option as its source calls it. */
static struct str called(struct arena *a, const struct opt *o, enum opt_source from)
{
    if (from == OPT_FROM_ARGV)
        return str_fmt(a, "--%s", o->name);
    return str_of(from == OPT_FROM_ENV && o->env ? o->env : o->name);
}

static struct str allowed(struct arena *a, const struct opt *o)
{
    switch (o->kind) {
    case OPT_FLAG:
        return STR("yes or no");
    case OPT_INT:
        return str_fmt(a, "a number from %" PRId64 " to %" PRId64, o->min, o->max);
    case OPT_STR:
        return str_fmt(a, "UTF-8 text of %" PRId64 " to %" PRId64 " bytes", o->min, o->max);
    case OPT_DURATION:
        return str_fmt(a, "a time from %s to %s, as 500ms, 30s, 5m, 12h or 7d",
                       duration_text(a, o->min).p, duration_text(a, o->max).p);
    case OPT_SIZE:
        return str_fmt(a, "a size from %s to %s, as 512, 64k, 16M or 2G",
                       size_text(a, o->min).p, size_text(a, o->max).p);
    }
    return (struct str){0};
}

static bool flag_of(struct str s, bool *out)
{
    static const char *const yes[] = {"yes", "true", "on", "1"};
    static const char *const no[] = {"no", "false", "off", "0"};
    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        if (str_is(s, yes[i]) || str_is(s, no[i])) {
            *out = str_is(s, yes[i]);
            return true;
        }
    }
    return false;
}

static bool text_fits(const struct opt *o, struct str s)
{
    return s.n >= (size_t)o->min && s.n <= (size_t)o->max && !str_has(s, '\0') &&
           utf8_is_valid(s);
}

static bool put_value(struct opt_set *s, const struct opt *o, struct str text)
{
    void *at = (char *)s->values + o->offset;
    int64_t v = 0;
    const char *copy;
    bool yes;
    switch (o->kind) {
    case OPT_FLAG:
        if (!flag_of(text, &yes))
            return false;
        memcpy(at, &yes, sizeof yes);
        return true;
    case OPT_STR:
        if (!text_fits(o, text))
            return false;
        copy = str_keep(&s->arena, text).p;
        memcpy(at, &copy, sizeof copy);
        return true;
    case OPT_INT:
        if (!str_int(text, o->min, o->max, &v))
            return false;
        break;
    case OPT_DURATION:
        if (!opt_duration(text, &v))
            return false;
        break;
    case OPT_SIZE:
        if (!opt_size(text, &v))
            return false;
        break;
    }
    if (v < o->min || v > o->max)
        return false;
    memcpy(at, &v, sizeof v);
    return true;
}

/* The value as an error shows it: on one line, and not all of a long one. */
static struct str shown(struct arena *a, struct str value)
{
    struct buf b = {0};
    struct str cut = {value.p, MIN(value.n, 60)};
    utf8_escape(&b, cut);
    if (cut.n < value.n)
        buf_add_str(&b, STR("..."));
    struct str s = str_keep(a, buf_str(&b));
    buf_finish(&b);
    return s;
}

static bool put(struct opt_set *s, const struct opt *o, struct str value, enum opt_source from,
                struct err *e)
{
    unsigned char *source = &s->source[o - s->rows];
    if (*source > from)
        return true;
    if (put_value(s, o, value)) {
        *source = (unsigned char)from;
        return true;
    }
    struct arena a = {0};
    fail(e, ERR_USAGE, "%s: '%s' is not %s", called(&a, o, from).p, shown(&a, value).p,
         allowed(&a, o).p);
    arena_finish(&a);
    return false;
}

/* ---- the set ---- */

void opt_init(struct opt_set *s, const struct opt *rows, size_t n, void *values)
{
    bug_on(n > OPT_ROWS_MAX);
    *s = (struct opt_set){.rows = rows, .n = n, .values = values};
    for (size_t i = 0; i < n; i++)
        bug_on(rows[i].fallback && !put_value(s, &rows[i], str_of(rows[i].fallback)));
}

void opt_finish(struct opt_set *s)
{
    arena_finish(&s->arena);
}

const struct opt *opt_find(const struct opt_set *s, struct str name)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_is(name, s->rows[i].name))
            return &s->rows[i];
    return NULL;
}

static bool no_such(struct str name, const char *dashes, struct err *e)
{
    struct arena a = {0};
    fail(e, ERR_USAGE, "there is no option %s%s", dashes, shown(&a, name).p);
    arena_finish(&a);
    return false;
}

bool opt_put(struct opt_set *s, struct str name, struct str value, enum opt_source from,
             struct err *e)
{
    const struct opt *o = opt_find(s, name);
    return o ? put(s, o, value, from, e) : no_such(name, "", e);
}

bool opt_read_env(struct opt_set *s, struct err *e)
{
    for (size_t i = 0; i < s->n; i++) {
        const char *value = s->rows[i].env ? getenv(s->rows[i].env) : NULL;
        /* An empty variable is as good as none, as in a shell's VAR= command. */
        if (value && value[0] && !put(s, &s->rows[i], str_of(value), OPT_FROM_ENV, e))
            return false;
    }
    return true;
}

/* ---- the command line ---- */

struct args {
    struct opt_set *set;
    int argc, at; /* at: the argument being read */
    char **argv;
    struct err *err;
};

/* The argument behind, which is the value of the option here. */
static bool next_value(struct args *g, const char *option, struct str *value)
{
    if (g->at + 1 >= g->argc)
        return fail(g->err, ERR_USAGE, "%s: needs a value", option);
    *value = str_of(g->argv[++g->at]);
    return true;
}

/* --no-name of a flag. */
static const struct opt *find_negated(const struct args *g, struct str name)
{
    if (!str_starts(name, "no-"))
        return NULL;
    const struct opt *o = opt_find(g->set, (struct str){name.p + 3, name.n - 3});
    return o && o->kind == OPT_FLAG ? o : NULL;
}

static bool read_long(struct args *g, struct str rest)
{
    const char *whole = g->argv[g->at];
    bool has_value = str_has(rest, '=');
    struct str name = str_cut(&rest, '=');
    const struct opt *o = opt_find(g->set, name);
    struct str value = has_value ? rest : STR("yes");
    if (!o) {
        o = has_value ? NULL : find_negated(g, name);
        value = STR("no");
    }
    if (!o)
        return no_such(name, "--", g->err);
    if (o->kind != OPT_FLAG && !has_value && !next_value(g, whole, &value))
        return false;
    return put(g->set, o, value, OPT_FROM_ARGV, g->err);
}

static const struct opt *find_letter(const struct opt_set *s, char letter)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->rows[i].letter && s->rows[i].letter == letter)
            return &s->rows[i];
    return NULL;
}

/* -x value, -xvalue, and flags in one cluster. */
static bool read_letters(struct args *g, struct str letters)
{
    while (letters.n) {
        const char name[] = {'-', letters.p[0], '\0'};
        const struct opt *o = find_letter(g->set, letters.p[0]);
        if (!o)
            return no_such((struct str){letters.p, 1}, "-", g->err);
        letters.p++;
        letters.n--;
        struct str value = STR("yes");
        if (o->kind != OPT_FLAG) {
            value = letters;
            letters.n = 0;
            if (value.n == 0 && !next_value(g, name, &value))
                return false;
        }
        if (!put(g->set, o, value, OPT_FROM_ARGV, g->err))
            return false;
    }
    return true;
}

static bool is_word(const char *arg)
{
    return arg[0] != '-' || arg[1] == '\0' || arg[1] == ' '; /* an item of a list is text */
}

static bool read_option(struct args *g)
{
    const char *arg = g->argv[g->at];
    return arg[1] == '-' ? read_long(g, str_of(arg + 2)) : read_letters(g, str_of(arg + 1));
}

/* What stands behind a word may have been meant as one, too: "-1", "-ana". */
static bool may_be_word(const struct args *g, const char *arg)
{
    struct str name = str_of(arg + 2);
    bool is_long = arg[1] == '-';
    name = is_long ? str_cut(&name, '=') : name;
    return is_long ? !opt_find(g->set, name) && !find_negated(g, name)
                   : arg[2] || !find_letter(g->set, arg[1]);
}

/* Adds to the error what would have made a word of it. */
static bool blame_word(const struct args *g, const char *arg)
{
    struct err said = g->err ? *g->err : (struct err){0};
    if (!g->err || !may_be_word(g, arg))
        return false;
    return fail(g->err, said.code, "%.200s; words that begin with - stand behind --",
                said.text);
}

bool opt_read_argv(struct opt_set *s, int argc, char **argv, int *n_words, struct err *e)
{
    struct args g = {.set = s, .argc = argc, .argv = argv, .err = e};
    bool only_words = false;
    int words = 0;
    for (g.at = 1; g.at < argc; g.at++) {
        char *arg = argv[g.at];
        if (only_words || is_word(arg))
            argv[++words] = arg;
        else if (strcmp(arg, "--") == 0)
            only_words = true;
        else if (!read_option(&g))
            return words ? blame_word(&g, arg) : false;
    }
    *n_words = words;
    return true;
}

bool opt_read_argv_front(struct opt_set *s, int argc, char **argv, int *first_word,
                         struct err *e)
{
    struct args g = {.set = s, .argc = argc, .argv = argv, .err = e};
    for (g.at = 1; g.at < argc && !is_word(argv[g.at]); g.at++) {
        if (strcmp(argv[g.at], "--") == 0) {
            g.at++;
            break;
        }
        if (!read_option(&g))
            return false;
    }
    *first_word = MIN(g.at, argc);
    return true;
}

int opt_which(const char *option, struct str value, const char *const *names, size_t n,
              struct err *e)
{
    int which = str_which(value, names, n);
    struct buf list = {0};
    for (size_t i = 0; which < 0 && i < n; i++)
        buf_fmt(&list, "%s%s", i ? ", " : "", names[i]);
    if (which < 0)
        fail(e, ERR_USAGE, "%s: '%.*s' is not one of %.*s", option,
             (int)MIN(value.n, (size_t)40), value.n ? value.p : "", STR_ARG(buf_str(&list)));
    buf_finish(&list);
    return which;
}
