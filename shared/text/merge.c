/* Two walks over the base side by side. An insertion that both have may be one that somebody
 * made of a text that we do not know, and that came by another way; or both had the same idea.
 * Twice it is wanted by nobody. */
#include "merge.h"

#include "diff.h"
#include "utf8.h"

#include <stdlib.h>

enum {
    CHANCE_BYTES = 8, /* a shorter line may be the same by chance */
    ROUNDS = 3,
};

/* Where one of the two operations is. */
struct side {
    const struct op *op;
    struct op_at at;
    struct op_part part;
    bool ended; /* from here on, all is skipped */
};

static void next_part(struct side *s)
{
    s->ended = !op_next(s->op, &s->at, &s->part);
}

static struct side side_of(const struct op *o)
{
    struct side s = {.op = o};
    next_part(&s);
    return s;
}

/* Goes on by so many code points of the base. */
static void pass(struct side *s, uint32_t chars)
{
    if (s->ended)
        return;
    s->part.chars -= chars;
    if (!s->part.chars)
        next_part(s);
}

static struct str take_insertion(struct side *s)
{
    if (s->ended || s->part.kind != OP_INSERT)
        return (struct str){0};
    struct str text = s->part.text;
    next_part(s);
    return text;
}

/* ---- insertions at one place ---- */

static bool is_lines(struct str text)
{
    return text.n && text.p[text.n - 1] == '\n';
}

static bool have_long_line(const struct diff_lines *d)
{
    vec_each (l, &d->lines)
        if (l->kind == DIFF_SAME && l->text.n >= CHANCE_BYTES)
            return true;
    return false;
}

/* Line by line: those that both have are there, the others of ours come between them. */
static void merge_lines(const struct diff_lines *d, struct op *out)
{
    vec_each (l, &d->lines) {
        if (l->kind != DIFF_ADDED) {
            op_skip(out, utf8_chars(l->text) + 1);
        } else {
            op_insert(out, l->text);
            op_insert(out, STR("\n"));
        }
    }
}

enum order { OURS_FIRST, THEIRS_FIRST };

static void insert(struct str ours, struct str theirs, enum order order, struct op *out)
{
    struct diff_lines d = {0};
    bool one = str_eq(ours, theirs);
    if (!one && is_lines(ours) && is_lines(theirs)) /* without the last newline of both */
        diff_lines((struct str){theirs.p, theirs.n - 1}, (struct str){ours.p, ours.n - 1}, &d);
    if (d.lines.n && have_long_line(&d)) {
        merge_lines(&d, out);
    } else {
        op_skip(out, order == THEIRS_FIRST ? utf8_chars(theirs) : 0);
        op_insert(out, one ? (struct str){0} : ours);
        op_skip(out, order == OURS_FIRST ? utf8_chars(theirs) : 0);
    }
    vec_finish(&d.lines);
}

/* ---- the walk ---- */

static uint32_t common(const struct side *a, const struct side *b)
{
    if (a->ended)
        return b->part.chars;
    return b->ended ? a->part.chars : MIN(a->part.chars, b->part.chars);
}

static bool deletes(const struct side *s)
{
    return !s->ended && s->part.kind == OP_DELETE;
}

/* What stands in place of something else stays there, behind what others put in front of it. */
static void take_insertions(struct side *ours, struct side *theirs, struct op *out)
{
    struct str mine = take_insertion(ours), others = take_insertion(theirs);
    bool replaces = deletes(ours) && !deletes(theirs);
    insert(mine, others, replaces ? THEIRS_FIRST : OURS_FIRST, out);
}

void merge(struct str base, struct str now, struct str to, struct op *out)
{
    struct op o = {0}, t = {0};
    diff_op(base, to, &o);
    for (int i = 0; i < ROUNDS; i++) { /* until each knows of the other */
        diff_op_beside(base, now, &o, &t);
        diff_op_beside(base, to, &t, &o);
    }
    op_clear(out);
    struct side ours = side_of(&o), theirs = side_of(&t);
    for (;;) {
        take_insertions(&ours, &theirs, out);
        if (ours.ended)
            break;
        uint32_t chars = common(&ours, &theirs);
        if (!deletes(&theirs) && deletes(&ours))
            op_delete(out, chars);
        else if (!deletes(&theirs))
            op_skip(out, chars);
        pass(&ours, chars);
        pass(&theirs, chars);
    }
    op_finish(&o);
    op_finish(&t);
}
