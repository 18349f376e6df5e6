/* What people read about options: --help and the manual. */
#include "opt.h"
#include "roff.h"

#include <string.h>

enum { HELP_WIDTH = 79, DOC_COLUMN = 26 };

/* The sentence about the value when nobody gives one. */
static void add_notes(struct buf *out, const struct opt *o)
{
    if (o->fallback && o->kind != OPT_FLAG)
        buf_fmt(out, " Default: %s.", o->fallback);
    if (o->env)
        buf_fmt(out, " Variable: %s.", o->env);
}

static bool is_on(const struct opt *o)
{
    return o->kind == OPT_FLAG && o->fallback && strcmp(o->fallback, "yes") == 0;
}

/* Appends text, broken at spaces so that lines end before HELP_WIDTH, from DOC_COLUMN on. */
static void add_wrapped(struct buf *out, struct str text)
{
    size_t column = DOC_COLUMN;
    for (bool first = true; text.n; first = false) {
        struct str word = str_cut(&text, ' ');
        if (!first && column + 1 + word.n > HELP_WIDTH) {
            buf_fmt(out, "\n%*s", DOC_COLUMN, "");
            column = DOC_COLUMN;
        } else if (!first) {
            buf_add_c(out, ' ');
            column++;
        }
        buf_add_str(out, word);
        column += word.n;
    }
    buf_add_c(out, '\n');
}

static void help_row(struct buf *out, const struct opt *o)
{
    size_t start = out->n;
    if (o->letter)
        buf_fmt(out, "  -%c, ", o->letter);
    else
        buf_add_str(out, STR("      "));
    buf_fmt(out, "--%s%s", is_on(o) ? "[no-]" : "", o->name);
    if (o->arg)
        buf_fmt(out, " %s", o->arg);
    size_t width = out->n - start;
    if (width + 2 > DOC_COLUMN)
        buf_fmt(out, "\n%*s", DOC_COLUMN, "");
    else
        buf_fmt(out, "%*s", (int)(DOC_COLUMN - width), "");
    struct buf doc = {0};
    buf_add_str(&doc, str_of(o->doc));
    add_notes(&doc, o);
    add_wrapped(out, buf_str(&doc));
    buf_finish(&doc);
}

void opt_help(struct buf *out, const struct opt *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        help_row(out, &rows[i]);
}

/* ---- the manual ---- */

static void mdoc_head(struct buf *out, const struct opt *o, bool in_file)
{
    const char *arg = o->kind == OPT_FLAG ? "yes | no" : o->arg;
    if (in_file) {
        buf_fmt(out, ".It Ic %s No = Ar %s\n", o->name, arg ? arg : "VALUE");
        return;
    }
    buf_add_str(out, STR(".It "));
    if (o->letter && o->arg)
        buf_fmt(out, "Fl %c Ar %s , ", o->letter, o->arg);
    else if (o->letter)
        buf_fmt(out, "Fl %c , ", o->letter);
    buf_fmt(out, "Fl -%s", o->name);
    if (o->arg)
        buf_fmt(out, " Ns = Ns Ar %s", o->arg);
    buf_add_c(out, '\n');
}

static void mdoc_row(struct buf *out, const struct opt *o, bool in_file)
{
    mdoc_head(out, o, in_file);
    roff_sentences(out, str_of(o->doc));
    if (o->fallback && (o->kind != OPT_FLAG || in_file))
        buf_fmt(out, "The default is\n.Li %s .\n", o->fallback);
    else if (is_on(o))
        buf_fmt(out, "On unless\n.Fl -no-%s\nis given.\n", o->name);
    if (o->env)
        buf_fmt(out, "The variable\n.Ev %s\ngives it too.\n", o->env);
}

void opt_mdoc(struct buf *out, const struct opt *rows, size_t n, bool file_only)
{
    for (size_t i = 0; i < n; i++)
        if (!file_only || rows[i].in_file)
            mdoc_row(out, &rows[i], file_only);
}
