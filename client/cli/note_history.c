/* moot note history, diff, blame and restore: a text as it was, and whose doing it is. */
#include "note.h"

#include "codec.h"
#include "diff.h"
#include "verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- history ---- */

/* One line of the history: what an author did in one go. */
struct stretch {
    int64_t from, to;      /* versions: the first it made, and the last */
    int64_t start, end;    /* ms */
    struct str author;     /* in the arena */
    size_t added, removed; /* code points */
};

enum { STRETCH_PAUSE_MS = 5 * 60 * 1000 };

struct history {
    struct cli *c;
    VEC(struct stretch) stretches; /* newest first */
};

static void count_op(struct stretch *s, struct str json)
{
    struct op o = {0};
    if (op_parse(&o, json, OP_OUT_MAX, NULL)) {
        s->added += op_inserted(&o);
        s->removed += op_deleted(&o);
    }
    op_finish(&o);
}

/* Versions come newest first. */
static void add_version(struct history *h, const struct version_item *v)
{
    struct stretch *last = h->stretches.n ? &h->stretches.v[h->stretches.n - 1] : NULL;
    bool goes_on = last && !h->c->options.all && str_eq(last->author, v->author) &&
                   last->start - v->time < STRETCH_PAUSE_MS;
    if (!goes_on) {
        struct stretch s = {.from = v->version,
                            .to = v->version,
                            .start = v->time,
                            .end = v->time,
                            .author = str_keep(&h->c->arena, v->author)};
        vec_push(&h->stretches, s);
        last = &h->stretches.v[h->stretches.n - 1];
    }
    last->from = v->version;
    last->start = v->time;
    count_op(last, v->op);
}

/* Reads pages until there are enough stretches, or no more versions. */
static bool read_history(struct history *h, const struct note_at *at, size_t wanted,
                         struct err *e)
{
    int64_t before = SEQ_MAX;
    bool more = true;
    while (more && (!wanted || h->stretches.n <= wanted)) {
        struct msg q = {.type = MSG_NOTE_LOG, .request.room = at->room};
        q.note_log.note = at->number;
        q.note_log.before = before;
        q.note_log.limit = VERSIONS_MAX;
        const struct msg *m = conversation_ask(h->c->talk, &q, e);
        if (!m)
            return false;
        const struct msg_note_versions *page = &m->note_versions;
        for (size_t i = page->versions.n; i-- > 0;)
            add_version(h, &page->versions.v[i]);
        more = page->more && page->versions.n;
        before = page->versions.n ? page->versions.v[0].version : 0;
    }
    return true;
}

static void print_stretch(struct cli *c, const struct stretch *s)
{
    if (c->out.json) {
        print_fmt(&c->out,
                  "{\"version\":%lld,\"from\":%lld,\"time\":%lld,\"author\":", (long long)s->to,
                  (long long)s->from, (long long)s->end);
        codec_quote(&c->out.bytes, s->author);
        print_fmt(&c->out, ",\"added\":%zu,\"removed\":%zu}\n", s->added, s->removed);
        return;
    }
    print_fmt(&c->out, "%7lld  ", (long long)s->to);
    print_time(&c->out, s->end);
    print_fmt(&c->out, "  ");
    print_text(&c->out, s->author, 12);
    print_fmt(&c->out, "  +%zu -%zu\n", s->added, s->removed);
}

bool note_history_run(struct cli *c, struct err *e)
{
    struct note_at at;
    struct history h = {.c = c};
    size_t wanted = (size_t)c->options.limit;
    bool ok = note_find(c, &at, e) && read_history(&h, &at, wanted, e);
    for (size_t i = 0; ok && i < h.stretches.n && (!wanted || i < wanted); i++)
        print_stretch(c, &h.stretches.v[i]);
    vec_finish(&h.stretches);
    return ok;
}

/* ---- differences ---- */

enum { CONTEXT = 3 };

/* Is a changed line within CONTEXT lines of line i? */
static bool is_near(const struct diff_lines *d, size_t i)
{
    size_t from = i > CONTEXT ? i - CONTEXT : 0, to = MIN(i + CONTEXT + 1, d->lines.n);
    for (size_t k = from; k < to; k++)
        if (d->lines.v[k].kind != DIFF_SAME)
            return true;
    return false;
}

/* The head of the hunk that begins at line i, as in a unified diff. */
static void print_hunk(struct cli *c, const struct diff_lines *d, size_t i)
{
    size_t from = 0, to = 0, k = i;
    for (; k < d->lines.n && is_near(d, k); k++) {
        from += d->lines.v[k].kind != DIFF_ADDED;
        to += d->lines.v[k].kind != DIFF_REMOVED;
    }
    const struct diff_line *l = &d->lines.v[i];
    print_fmt(&c->out, "@@ -%zu,%zu +%zu,%zu @@\n", l->from + (from > 0), from,
              l->to + (to > 0), to);
}

/* Behind the last newline is no line. */
static bool cut_end(struct str *s)
{
    bool ended = s->n && s->p[s->n - 1] == '\n';
    s->n -= ended;
    return ended;
}

static void print_diff(struct cli *c, struct str a, struct str b)
{
    static const char marks[] = {[DIFF_SAME] = ' ', [DIFF_ADDED] = '+', [DIFF_REMOVED] = '-'};
    struct diff_lines d = {0};
    bool a_ended = cut_end(&a), b_ended = cut_end(&b);
    bool was_near = false;
    diff_lines(a, b, &d);
    for (size_t i = 0; i < d.lines.n; i++) {
        bool near = is_near(&d, i);
        if (near && !was_near)
            print_hunk(c, &d, i);
        was_near = near;
        if (!near)
            continue;
        print_fmt(&c->out, "%c", marks[d.lines.v[i].kind]);
        print_text(&c->out, d.lines.v[i].text, 0);
        print_fmt(&c->out, "\n");
    }
    if (a_ended != b_ended && a.n && b.n)
        print_fmt(&c->out, "\\ The %s has no newline at its end\n",
                  a_ended ? "second" : "first");
    vec_finish(&d.lines);
}

/* What differs alone, line by line, each with its number in the text that has it. */
static void print_diff_json(struct cli *c, const int64_t is[2], struct str a, struct str b)
{
    struct diff_lines d = {0};
    cut_end(&a);
    cut_end(&b);
    diff_lines(a, b, &d);
    vec_each (l, &d.lines) {
        bool added = l->kind == DIFF_ADDED;
        if (l->kind == DIFF_SAME)
            continue;
        print_fmt(&c->out, "{\"from\":%lld,\"to\":%lld,\"kind\":\"%s\",\"line\":%zu,\"text\":",
                  (long long)is[0], (long long)is[1], added ? "added" : "removed",
                  (added ? l->to : l->from) + 1);
        codec_quote(&c->out.bytes, l->text);
        print_fmt(&c->out, "}\n");
    }
    vec_finish(&d.lines);
}

bool note_diff_run(struct cli *c, struct err *e)
{
    struct note_at at;
    int64_t version[2] = {-1, -1}, time[2] = {0}, is[2];
    struct buf text[2] = {0};
    bool ok =
        note_when(c->words[2], note_clock(), &version[0], &time[0], e) &&
        (c->n_words < 4 || note_when(c->words[3], note_clock(), &version[1], &time[1], e)) &&
        note_find(c, &at, e);
    for (int i = 0; i < 2 && ok; i++)
        ok = note_fetch(c, &at, version[i], time[i], &text[i], &is[i], e);
    if (ok && c->out.json) {
        print_diff_json(c, is, buf_str(&text[0]), buf_str(&text[1]));
    } else if (ok && is[0] != is[1]) {
        for (int i = 0; i < 2; i++) {
            print_fmt(&c->out, "%s ", i ? "+++" : "---");
            print_text(&c->out, at.name, 0);
            print_fmt(&c->out, "  version %lld\n", (long long)is[i]);
        }
        print_diff(c, buf_str(&text[0]), buf_str(&text[1]));
    }
    buf_finish(&text[0]);
    buf_finish(&text[1]);
    return ok;
}

/* ---- blame ---- */

struct run {
    struct str author;
    int64_t version, time;
    size_t chars;
};

struct blamed {
    struct cli *c;
    int64_t version;
    VEC(struct run) runs;
};

static void blame_begin(void *arg)
{
    struct blamed *b = arg;
    b->runs.n = 0;
}

static bool blame_part(void *arg, const struct msg *m)
{
    struct blamed *b = arg;
    b->version = m->note_runs.version;
    for (size_t i = 0; i < m->note_runs.runs.n; i++) {
        const struct run_item *r = &m->note_runs.runs.v[i];
        struct run run = {{0}, r->version, r->time, (size_t)r->chars};
        struct run *last = b->runs.n ? &b->runs.v[b->runs.n - 1] : NULL;
        run.author = last && str_eq(last->author, r->author)
                         ? last->author
                         : str_keep(&b->c->arena, r->author);
        vec_push(&b->runs, run);
    }
    return m->note_runs.more;
}

/* Who wrote most of the next `chars` code points; moves on behind them. */
static struct run walk(const struct blamed *b, size_t *i, size_t *used, size_t chars)
{
    struct run most = {0};
    while (chars && *i < b->runs.n) {
        const struct run *r = &b->runs.v[*i];
        size_t n = MIN(chars, r->chars - *used);
        if (n > most.chars) {
            most = *r;
            most.chars = n;
        }
        chars -= n;
        *used += n;
        if (*used == r->chars) {
            *used = 0;
            (*i)++;
        }
    }
    return most;
}

static void print_blamed(struct cli *c, const struct run *r, size_t number, struct str line)
{
    if (c->out.json) {
        print_fmt(&c->out, "{\"line\":%zu,\"version\":%lld,\"time\":%lld,\"author\":", number,
                  (long long)r->version, (long long)r->time);
        codec_quote(&c->out.bytes, r->author);
        print_fmt(&c->out, ",\"text\":");
        codec_quote(&c->out.bytes, line);
        print_fmt(&c->out, "}\n");
        return;
    }
    print_text(&c->out, r->author, 12);
    print_fmt(&c->out, " ");
    print_time(&c->out, r->time);
    print_fmt(&c->out, " %6lld %5zu) ", (long long)r->version, number);
    print_text(&c->out, line, 0);
    print_fmt(&c->out, "\n");
}

static void print_blame(struct cli *c, const struct blamed *b, struct rope *text)
{
    size_t i = 0, used = 0, lines = rope_lines(text);
    struct buf line = {0};
    for (size_t n = 0; n < lines; n++) {
        size_t start = rope_line_start(text, n), end = rope_line_end(text, n);
        bool is_last = n + 1 == lines;
        if (is_last && start == end)
            break; /* behind the last newline is no line */
        struct run r = walk(b, &i, &used, end - start + !is_last);
        buf_clear(&line);
        rope_read(text, start, end - start, &line);
        print_blamed(c, &r, n + 1, buf_str(&line));
    }
    buf_finish(&line);
}

bool note_blame_run(struct cli *c, struct err *e)
{
    struct note_at at;
    struct blamed b = {.c = c};
    struct buf text = {0};
    struct msg q = {.type = MSG_NOTE_BLAME};
    bool ok = note_find(c, &at, e);
    if (ok) {
        q.request.room = at.room;
        q.note_blame.note = at.number;
        /* The text as it was when the runs were told: others may type on. */
        ok = conversation_ask_parts(c->talk, &q, (struct parts){blame_begin, blame_part, &b},
                                    e) &&
             note_fetch(c, &at, b.version, 0, &text, NULL, e);
    }
    if (ok) {
        struct rope *r = rope_of(buf_str(&text));
        print_blame(c, &b, r);
        rope_free(r);
    }
    buf_finish(&text);
    vec_finish(&b.runs);
    return ok;
}

/* ---- restore ---- */

bool note_restore_run(struct cli *c, struct err *e)
{
    struct note_at at;
    int64_t version, time, is;
    struct buf old = {0}, now = {0};
    bool ok = note_when(c->words[2], note_clock(), &version, &time, e) &&
              note_find(c, &at, e) && note_fetch(c, &at, version, time, &old, &is, e);
    struct doc *d = ok ? conversation_text(c->talk, at.room, at.number, e) : NULL;
    ok = d != NULL;
    if (ok) {
        rope_read(d->text, 0, rope_chars(d->text), &now);
        ok = note_put(c, d, buf_str(&now), buf_str(&old), e);
    }
    if (ok && !c->out.json)
        cli_say("%.*s is as it was at version %lld", STR_ARG(at.name), (long long)is);
    buf_finish(&old);
    buf_finish(&now);
    return ok;
}
