/* How fast the rope takes the edits of real and of made-up sessions, and what it weighs.
 *
 *     bench_text make FOLDER        writes made-up sessions there, in the form of traces.h
 *     bench_text replay FOLDER...   "NAME million-edits-a-second" for each session: the best of
 *                                   the replays that fit into a second
 *     bench_text weigh FOLDER...    "NAME edited built": bytes that malloc() gives out, its own
 *                                   included, for a byte of the text that came out of the
 * edits, and of the same text built at once. malloc() counts what it keeps in its caches as
 * given out: switch those off (GLIBC_TUNABLES=glibc.malloc.tcache_count=0). bench_text reads
 * "KEY=NANOSECONDS ...": looking things up in 100 kB */
#include "measure.h"
#include "rope.h"
#include "traces.h"
#include "utf8.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MADE_EDITS = 50000, TEXT_BYTES = 100000, SECOND = 1000000000 };

static size_t allocated(void)
{
    return mallinfo2().uordblks;
}

static size_t roll(uint64_t *state, size_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(*state >> 33) % below;
}

/* ---- replay ---- */

static struct rope *replayed(const struct trace *t)
{
    struct rope *r = rope_new();
    for (size_t i = 0; i < t->edits.n; i++) {
        const struct trace_edit *e = &t->edits.v[i];
        if (e->chars)
            rope_delete(r, e->pos, e->chars);
        if (e->text.n)
            rope_insert(r, e->pos, e->text);
    }
    return r;
}

static void replay(const struct trace *t)
{
    int64_t best = INT64_MAX, start = clock_ns(), from;
    do {
        from = clock_ns();
        struct rope *r = replayed(t);
        best = MIN(best, clock_ns() - from);
        if (!rope_is(r, buf_str(&t->end))) {
            fprintf(stderr, "bench_text: %s: another text came out\n", t->name);
            exit(1);
        }
        rope_free(r);
    } while (from - start < SECOND);
    printf("%s %.3f\n", t->name, (double)t->edits.n * 1e3 / (double)best);
}

static void weigh(const struct trace *t)
{
    size_t before = allocated();
    struct rope *edited = replayed(t);
    size_t between = allocated();
    struct rope *built = rope_of(buf_str(&t->end));
    double n = (double)t->end.n;
    printf("%s %.3f %.3f\n", t->name, (double)(between - before) / n,
           (double)(allocated() - between) / n);
    rope_free(edited);
    rope_free(built);
}

static int each_trace(char **folders, void (*what)(const struct trace *))
{
    for (; *folders; folders++) {
        struct traces traces;
        setenv("MOOT_TRACES", *folders, 1);
        if (!traces_read(&traces))
            return 1;
        vec_each (trace, &traces.all)
            what(trace);
        traces_finish(&traces);
    }
    return 0;
}

/* ---- made-up sessions ---- */

static const char *const words[] = {"the ",   "text ", "of ",  "many\\n", "hands ",
                                    "typing", ", ",    "and ", ".\\n\\n", "words "};

struct maker {
    struct rope *text;
    FILE *trace;
    uint64_t dice;
    size_t pos;
};

/* One patch, inserting a text without anything that JSON escapes but "\n". */
static void patch(struct maker *m, size_t chars, const char *json)
{
    struct buf text = {0};
    for (const char *p = json; *p; p++) {
        bool is_newline = *p == '\\';
        buf_add_c(&text, is_newline ? '\n' : *p);
        p += is_newline;
    }
    fprintf(m->trace, "%zu\t%zu\t\"%s\"\n", m->pos, chars, json);
    rope_delete(m->text, m->pos, chars);
    rope_insert(m->text, m->pos, buf_str(&text));
    m->pos += utf8_chars(buf_str(&text));
    buf_finish(&text);
}

/* A key at a time, some taken back, the caret put elsewhere every thirty keys or so. */
static void type_key(struct maker *m)
{
    if (roll(&m->dice, 30) == 0)
        m->pos = roll(&m->dice, rope_chars(m->text) + 1);
    if (m->pos && roll(&m->dice, 10) == 0) {
        m->pos--;
        patch(m, 1, "");
        return;
    }
    static const char *const keys[] = {"a", "e", "n", "r", " ", "t", "o", "\\n", "s", "i"};
    patch(m, 0, keys[roll(&m->dice, COUNT_OF(keys))]);
}

/* Anywhere: a word goes, another comes. */
static void throw_word(struct maker *m, const char *word)
{
    m->pos = roll(&m->dice, rope_chars(m->text) - 8);
    patch(m, roll(&m->dice, 8), word);
}

static void throw_ascii(struct maker *m)
{
    throw_word(m, words[roll(&m->dice, COUNT_OF(words))]);
}

static void throw_mixed(struct maker *m)
{
    static const char *const mixed[] = {"\xc3\xa9t\xc3\xa9 ", "\xe6\xbc\xa2\xe5\xad\x97", "na",
                                        "e\xcc\x81\\n"};
    throw_word(m, mixed[roll(&m->dice, COUNT_OF(mixed))]);
}

static void make(const char *folder, const char *name, size_t edits,
                 void (*edit)(struct maker *))
{
    char path[512];
    struct maker m = {.text = rope_new(), .dice = 1};
    snprintf(path, sizeof path, "%s/%s.trace", folder, name);
    m.trace = fopen(path, "we");
    snprintf(path, sizeof path, "%s/%s.final", folder, name);
    FILE *end = fopen(path, "we");
    if (!m.trace || !end) {
        perror(path);
        exit(1);
    }
    while (rope_bytes(m.text) < TEXT_BYTES)
        patch(&m, 0, words[roll(&m.dice, COUNT_OF(words))]);
    for (size_t i = 0; i < edits; i++)
        edit(&m);
    struct buf text = {0};
    rope_read(m.text, 0, rope_chars(m.text), &text);
    fwrite(text.p, 1, text.n, end);
    buf_finish(&text);
    fclose(end);
    fclose(m.trace);
    rope_free(m.text);
}

static int make_all(const char *folder)
{
    make(folder, "made-typing", 2 * MADE_EDITS, type_key);
    make(folder, "made-random", MADE_EDITS, throw_ascii);
    make(folder, "made-random-mixed", MADE_EDITS, throw_mixed);
    return 0;
}

/* ---- looking things up ---- */

struct looks {
    struct rope *text;
    uint64_t dice;
};

static void look_at(struct looks *l)
{
    (void)rope_at(l->text, roll(&l->dice, rope_chars(l->text)));
}

static void look_line_of(struct looks *l)
{
    (void)rope_line_of(l->text, roll(&l->dice, rope_chars(l->text)));
}

static void look_line_start(struct looks *l)
{
    (void)rope_line_start(l->text, roll(&l->dice, rope_lines(l->text)));
}

static void look_byte_of(struct looks *l)
{
    (void)rope_byte_of(l->text, roll(&l->dice, rope_chars(l->text)));
}

static void copy(struct looks *l)
{
    rope_free(rope_copy(l->text));
}

static void print_ns(struct looks *l, const char *key, size_t times,
                     void (*look)(struct looks *))
{
    int64_t start = clock_ns();
    for (size_t i = 0; i < times; i++)
        look(l);
    printf("%s=%.0f ", key, (double)(clock_ns() - start) / (double)times);
}

static int reads(void)
{
    struct looks l = {.dice = 1};
    struct buf text = {0};
    while (text.n < TEXT_BYTES)
        buf_fmt(&text, "%s\n", words[roll(&l.dice, COUNT_OF(words))]);
    l.text = rope_of(buf_str(&text));
    print_ns(&l, "at_ns", 1000000, look_at);
    print_ns(&l, "byte_of_ns", 1000000, look_byte_of);
    print_ns(&l, "line_of_ns", 1000000, look_line_of);
    print_ns(&l, "line_start_ns", 1000000, look_line_start);
    print_ns(&l, "copy_ns", 1000, copy);
    puts("");
    rope_free(l.text);
    buf_finish(&text);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "make") == 0)
        return make_all(argv[2]);
    if (argc > 2 && strcmp(argv[1], "replay") == 0)
        return each_trace(argv + 2, replay);
    if (argc > 2 && strcmp(argv[1], "weigh") == 0)
        return each_trace(argv + 2, weigh);
    if (argc == 2 && strcmp(argv[1], "reads") == 0)
        return reads();
    fprintf(stderr,
            "usage: bench_text make FOLDER | replay FOLDER... | weigh FOLDER... | reads\n");
    return 2;
}
