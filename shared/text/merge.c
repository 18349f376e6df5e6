/* Two walks over the base side by side.
 *
 * What each of the two did is read off by words, as exactly as that can be done: a word of the
 * base that one of the walks takes for old, and does not put in anew, cannot come to stand
 * twice. Only then lines are looked for that somebody wrote anew, and those become new to the
 * last letter.
 *
 * An insertion that both have may be one that somebody made of a text that we do not know, and
 * that came by another way; or both had the same idea. Twice it is wanted by nobody. */
#include "merge.h"

#include "diff.h"
#include "utf8.h"

#include <stdlib.h>

enum { CHANCE_BYTES = 8 }; /* a shorter line may be the same by chance */

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

static void combine(const struct op *o, const struct op *t, struct op *out)
{
    struct side ours = side_of(o), theirs = side_of(t);
    op_clear(out);
    for (;;) {
        take_insertions(&ours, &theirs, out);
        if (ours.ended)
            return;
        uint32_t chars = common(&ours, &theirs);
        if (!deletes(&theirs) && deletes(&ours))
            op_delete(out, chars);
        else if (!deletes(&theirs))
            op_skip(out, chars);
        pass(&ours, chars);
        pass(&theirs, chars);
    }
}

/* ---- lines that both wrote anew ---- */

/* What one of the two made of a line of the base. */
struct fate {
    size_t kept, gone; /* code points of it, without the newline */
    size_t put;        /* code points that came into it */
    bool joined;       /* the newline is gone */
    bool anew;
};

enum who { OURS, THEIRS };

struct line {
    struct str text; /* with its newline, */
    bool is_last;    /* which this one has not */
    size_t chars;
    struct fate fates[2];
    bool is_disputed;
};

struct lines {
    struct line *v;
    size_t n, cap;
};

/* Behind the last newline there is one more, which is empty. */
static void cut_lines(struct str text, struct lines *out)
{
    do {
        struct str line = {text.p, str_cut(&text, '\n').n};
        line.n += text.p != NULL;
        vec_push(out, (struct line){
                          .text = line, .is_last = text.p == NULL, .chars = utf8_chars(line)});
    } while (text.p);
}

static struct str take_chars(struct str *text, size_t chars)
{
    uint32_t cp;
    struct str taken = {text->p, 0};
    for (; chars > 0; chars--)
        taken.n += utf8_next((struct str){text->p + taken.n, text->n - taken.n}, &cp);
    *text = (struct str){text->p + taken.n, text->n - taken.n};
    return taken;
}

/* Goes over a line: its parts of the operation are added to `copy`, and what stands there then
 * to `version`. What is put in behind the newline is the next line's. */
static struct fate follow(struct side *s, const struct line *line, struct op *copy,
                          struct buf *version)
{
    struct fate f = {0};
    struct str left = line->text;
    for (size_t chars = line->chars; chars > 0 || line->is_last;) {
        struct str inserted = take_insertion(s);
        bool in_front = chars == line->chars && is_lines(inserted);
        f.put += in_front ? 0 : utf8_chars(inserted);
        op_insert(copy, inserted);
        buf_add_str(version, inserted);
        if (!chars)
            break;
        bool gone = deletes(s);
        size_t n = s->ended ? chars : MIN(s->part.chars, chars);
        struct str text = take_chars(&left, n);
        *(gone ? &f.gone : &f.kept) += n - is_lines(text);
        f.joined |= gone && is_lines(text);
        op_delete(copy, gone ? n : 0);
        op_skip(copy, gone ? 0 : n);
        buf_add_str(version, gone ? (struct str){0} : text);
        pass(s, (uint32_t)n);
        chars -= n;
    }
    return f;
}

static bool is_touched(const struct fate *f)
{
    return f->gone || f->put;
}

/* Does what became of it go on with the next line's? */
static bool goes_on(const struct lines *lines, size_t i, enum who who)
{
    const struct fate *f = &lines->v[i].fates[who];
    return f->joined && f->kept + f->put && i + 1 < lines->n;
}

/* Something else stands for more than half of it. Lines that were joined are one. */
static void find_anew(struct lines *lines, enum who who)
{
    struct fate sum = {0};
    for (size_t i = 0, first = 0; i < lines->n; i++) {
        const struct fate *f = &lines->v[i].fates[who];
        sum.kept += f->kept;
        sum.gone += f->gone;
        sum.put += f->put;
        if (goes_on(lines, i, who))
            continue;
        bool anew = sum.gone > sum.kept && (sum.put || !sum.kept);
        for (; first <= i; first++)
            lines->v[first].fates[who].anew = anew;
        sum = (struct fate){0};
    }
}

static void learn(const struct op *o, struct lines *lines, enum who who)
{
    struct side s = side_of(o);
    struct op unused = {0};
    struct buf unread = {0};
    vec_each (l, lines) {
        l->fates[who] = follow(&s, l, &unused, &unread);
        op_clear(&unused);
        buf_clear(&unread);
    }
    find_anew(lines, who);
    op_finish(&unused);
    buf_finish(&unread);
}

/* Lines `first` to `end` became `version`. The newline that stays is the first: what others put
 * in between them comes behind it then. */
static void replace_lines(const struct lines *lines, size_t first, size_t end,
                          struct str version, struct op *out)
{
    bool ends = is_lines(version) && !lines->v[first].is_last;
    op_insert(out, (struct str){version.p, version.n - ends});
    for (size_t i = first; i < end; i++) {
        op_delete(out, lines->v[i].chars - (ends && i == first));
        op_skip(out, ends && i == first);
    }
}

/* Lines that were written anew are so to the last letter: what they have in common with the old
 * ones is so by chance. */
static void make_whole(struct op *o, const struct lines *lines, enum who who)
{
    struct side s = side_of(o);
    struct op whole = {0}, unused = {0};
    struct buf version = {0};
    for (size_t i = 0, first = 0; i < lines->n; i++) {
        bool anew = lines->v[i].fates[who].anew;
        follow(&s, &lines->v[i], anew ? &unused : &whole, &version);
        if (anew && i + 1 < lines->n && lines->v[i + 1].fates[who].anew)
            continue;
        if (anew)
            replace_lines(lines, first, i + 1, buf_str(&version), &whole);
        op_clear(&unused);
        buf_clear(&version);
        first = i + 1;
    }
    op_swap(o, &whole);
    op_finish(&whole);
    op_finish(&unused);
    buf_finish(&version);
}

static bool is_wiped(const struct fate *f)
{
    return f->joined && f->gone && !f->kept && !f->put;
}

/* Who only put words in finds them beside what the other one wrote, but not where nothing is.
 */
static bool is_disputed(const struct line *l)
{
    const struct fate *ours = &l->fates[OURS], *theirs = &l->fates[THEIRS];
    if (!is_touched(ours) || !is_touched(theirs))
        return false;
    return is_wiped(ours) || is_wiped(theirs) ||
           (ours->gone && theirs->gone && (ours->anew || theirs->anew));
}

/* Where a word of ours would stand lost in a line that was written anew, or the other way
 * round. */
static void find_disputed(struct lines *lines)
{
    bool disputed = false;
    for (size_t i = 0, first = 0; i < lines->n; i++) {
        disputed |= is_disputed(&lines->v[i]);
        if (goes_on(lines, i, OURS))
            continue;
        for (; first <= i; first++)
            lines->v[first].is_disputed = disputed;
        disputed = false;
    }
}

/* What each of the two made of lines, one after the other. */
struct versions {
    struct buf ours, theirs;
    const struct line *first; /* NULL: none yet */
};

/* Both stand there whole, ours as lines of its own in front of theirs, of which nothing is
 * taken out. */
static void put_both(struct versions *v, const struct line *end, struct op *out)
{
    struct str ours = buf_str(&v->ours);
    bool same = str_eq(ours, buf_str(&v->theirs));
    if (!same) {
        op_insert(out, ours);
        op_insert(out, ours.n && !is_lines(ours) ? STR("\n") : (struct str){0});
    }
    for (const struct line *l = v->first; l && l < end; l++) {
        bool theirs = same || is_touched(&l->fates[THEIRS]);
        op_skip(out, theirs ? l->chars : 0);
        op_delete(out, theirs ? 0 : l->chars);
    }
    buf_clear(&v->ours);
    buf_clear(&v->theirs);
    v->first = NULL;
}

/* `o`, but disputed lines stand there twice. */
static void stand_apart(const struct op *o, const struct op *t, const struct lines *lines,
                        struct op *out)
{
    struct side ours = side_of(o), theirs = side_of(t);
    struct op unused = {0};
    struct versions v = {0};
    vec_each (l, lines) {
        if (!l->is_disputed) {
            put_both(&v, l, out);
            follow(&ours, l, out, &v.ours);
            follow(&theirs, l, &unused, &v.theirs);
            buf_clear(&v.ours);
            buf_clear(&v.theirs);
        } else {
            v.first = v.first ? v.first : l;
            follow(&ours, l, &unused, &v.ours);
            follow(&theirs, l, &unused, &v.theirs);
        }
        op_clear(&unused);
    }
    put_both(&v, lines->v + lines->n, out);
    op_finish(&unused);
    buf_finish(&v.ours);
    buf_finish(&v.theirs);
}

/* What each of the two did to the base. */
static void read_changes(struct str base, struct str text, enum who who, struct lines *lines,
                         struct op *out)
{
    diff_op_words(base, text, out);
    learn(out, lines, who);
    make_whole(out, lines, who);
}

void merge(struct str base, struct str now, struct str to, struct op *out)
{
    struct op o = {0}, t = {0}, apart = {0};
    struct lines lines = {0};
    cut_lines(base, &lines);
    read_changes(base, to, OURS, &lines, &o);
    read_changes(base, now, THEIRS, &lines, &t);
    find_disputed(&lines);
    stand_apart(&o, &t, &lines, &apart);
    combine(&apart, &t, out);
    vec_finish(&lines);
    op_finish(&o);
    op_finish(&t);
    op_finish(&apart);
}
