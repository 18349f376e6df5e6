#include "man.h"

#include <inttypes.h>
#include <string.h>

struct filling {
    struct buf *out;
    struct str program; /* whose page it is */
    const struct man_source *const *sources;
    size_t n;
};

/* "moot" of "moot.conf.5", "mootd" of "mootd.8". */
static struct str program_of(struct str page)
{
    return str_cut(&page, '.');
}

static const struct man_table *find_table(const struct filling *f, struct str name)
{
    struct str program = name;
    name = str_cut(&program, ' ');
    if (!program.n)
        program = f->program;
    for (size_t i = 0; i < f->n; i++) {
        for (size_t k = 0; k < f->sources[i]->n_tables; k++) {
            const struct man_table *t = &f->sources[i]->tables[k];
            if (str_is(name, t->name) && (!t->program || str_is(program, t->program)))
                return t;
        }
    }
    return NULL;
}

static const struct man_value *find_value(const struct filling *f, struct str name)
{
    for (size_t i = 0; i < f->n; i++)
        for (size_t k = 0; k < f->sources[i]->n_values; k++)
            if (str_is(name, f->sources[i]->values[k].name))
                return &f->sources[i]->values[k];
    return NULL;
}

/* The name in a line that is "@NAME@" and nothing else; empty if it is not. */
static struct str table_name(struct str line)
{
    if (line.n < 3 || line.p[0] != '@' || line.p[line.n - 1] != '@')
        return (struct str){0};
    struct str name = {line.p + 1, line.n - 2};
    return str_has(name, '@') ? (struct str){0} : name;
}

static bool no_such(struct str name, struct err *e)
{
    return fail(e, ERR_NOT_FOUND, "nobody knows @%.*s@", STR_ARG(name));
}

static void add_value(struct buf *out, const struct man_value *v)
{
    if (v->text)
        buf_add_str(out, str_of(v->text));
    else
        buf_fmt(out, "%" PRId64, v->value);
}

/* Text and values by turns: every second piece between '@' is a name; "@@" is an '@'. */
static bool fill_line(const struct filling *f, struct str line, struct err *e)
{
    for (bool is_name = false; line.p; is_name = !is_name) {
        struct str piece = str_cut(&line, '@');
        const struct man_value *v = is_name ? find_value(f, piece) : NULL;
        bool is_sign = is_name && !piece.n;
        if (is_name && ((!v && !is_sign) || !line.p))
            return no_such(piece, e);
        if (is_sign)
            buf_add_c(f->out, '@');
        else if (v)
            add_value(f->out, v);
        else
            buf_add_str(f->out, piece);
    }
    buf_add_c(f->out, '\n');
    return true;
}

static bool fill_one(const struct filling *f, struct str line, struct err *e)
{
    struct str name = table_name(line);
    const struct man_table *t = name.n ? find_table(f, name) : NULL;
    if (!t)
        return fill_line(f, line, e);
    t->print(f->out);
    return true;
}

bool man_fill(struct buf *out, struct str text, const char *page,
              const struct man_source *const *sources, size_t n, struct err *e)
{
    struct filling f = {out, program_of(str_of(page)), sources, n};
    struct err why = {0};
    for (int line = 1; text.n; line++)
        if (!fill_one(&f, str_cut(&text, '\n'), &why))
            return fail(e, why.code, "%s: line %d: %s", page, line, why.text);
    return true;
}
