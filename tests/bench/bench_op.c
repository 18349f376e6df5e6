/* How fast operations are moved past each other and composed.
 *
 *     bench_op make FILE    writes operations there, for this program and for its peers
 *     bench_op run FILE     "KEY=VALUE ...": nanoseconds an operation, milliseconds a merge
 *
 * A line of the file is a name and operations in their text form, with tabs between: `case-N`,
 * N edits each: one, another that begins at the same text, and one that comes behind the first;
 * `mine` and `theirs`: single edits, each behind the one before, of two people who do not see
 * each other. */
#include "measure.h"
#include "rope.h"
#include "text_kit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_CHARS = 100000, OFFLINE_MOST = 20000, SLICE_NS = 100 * 1000 * 1000, SLICES = 5 };

static const struct {
    size_t edits, cases;
} sizes[] = {{1, 500}, {10, 100}, {1000, 10}};

static const size_t merges[] = {5000, 20000};

/* ---- making ---- */

/* So many edits all over a text: up to eight letters come, or up to eight go. */
static void make_op(struct chance *c, size_t chars, size_t edits, struct op *out)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    size_t step = chars / edits;
    op_clear(out);
    for (size_t i = 0; i < edits; i++) {
        size_t skip = chance_below(c, step - 10) + 1, n = chance_below(c, 8) + 1;
        op_skip(out, skip);
        if (chance_below(c, 2)) {
            op_insert(out, (struct str){letters + chance_below(c, 18), n});
            n = 0;
        }
        op_delete(out, n);
        op_skip(out, step - skip - n);
    }
}

static void write_line(FILE *f, const char *name, const struct op *const *ops, size_t n)
{
    struct buf line = {0};
    buf_add_str(&line, str_of(name));
    for (size_t i = 0; i < n; i++) {
        buf_add_c(&line, '\t');
        op_print(ops[i], &line);
    }
    fprintf(f, "%s\n", buf_cstr(&line));
    buf_finish(&line);
}

static void make_cases(FILE *f, struct chance *c)
{
    struct op a = {0}, b = {0}, next = {0};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        char name[32];
        snprintf(name, sizeof name, "case-%zu", sizes[i].edits);
        for (size_t k = 0; k < sizes[i].cases; k++) {
            make_op(c, TEXT_CHARS, sizes[i].edits, &a);
            make_op(c, TEXT_CHARS, sizes[i].edits, &b);
            make_op(c, op_result(&a, TEXT_CHARS), sizes[i].edits, &next);
            write_line(f, name, (const struct op *[]){&a, &b, &next}, 3);
        }
    }
    op_finish(&a);
    op_finish(&b);
    op_finish(&next);
}

static void make_offline(FILE *f, struct chance *c, const char *name)
{
    struct op o = {0};
    const struct op *ops[] = {&o};
    size_t chars = TEXT_CHARS;
    for (size_t i = 0; i < OFFLINE_MOST; i++) {
        make_op(c, chars, 1, &o);
        chars = op_result(&o, chars);
        write_line(f, name, ops, 1);
    }
    op_finish(&o);
}

static int make(const char *path)
{
    struct chance c = {.seed = 1};
    FILE *f = fopen(path, "we");
    if (!f) {
        fprintf(stderr, "bench_op: %s: %s\n", path, strerror(errno));
        return 1;
    }
    make_cases(f, &c);
    make_offline(f, &c, "mine");
    make_offline(f, &c, "theirs");
    return fclose(f) ? 1 : 0;
}

/* ---- reading ---- */

struct lists {
    VEC(struct op) cases[COUNT_OF(sizes)]; /* three a case */
    VEC(struct op) mine, theirs;
};

static struct op read_op(struct str json)
{
    struct op o = {0};
    struct err e;
    if (!op_parse(&o, json, json.n, &e)) {
        fprintf(stderr, "bench_op: %s\n", e.text);
        exit(1);
    }
    return o;
}

static void read_line(struct lists *l, struct str line)
{
    struct str name = str_cut(&line, '\t');
    int64_t edits = 0;
    if (str_is(name, "mine"))
        vec_push(&l->mine, read_op(line));
    if (str_is(name, "theirs"))
        vec_push(&l->theirs, read_op(line));
    if (!str_starts(name, "case-") ||
        !str_int((struct str){name.p + 5, name.n - 5}, 1, INT32_MAX, &edits))
        return;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        while (sizes[i].edits == (size_t)edits && line.n)
            vec_push(&l->cases[i], read_op(str_cut(&line, '\t')));
    }
}

static bool read_lists(struct lists *l, const char *path)
{
    char *line = NULL;
    size_t cap = 0;
    FILE *f = fopen(path, "re");
    if (!f) {
        fprintf(stderr, "bench_op: %s: %s\n", path, strerror(errno));
        return false;
    }
    while (getline(&line, &cap, f) > 0)
        read_line(l, str_trim(str_of(line)));
    free(line);
    fclose(f);
    if (l->mine.n == OFFLINE_MOST && l->theirs.n == OFFLINE_MOST)
        return true;
    fprintf(stderr, "bench_op: %s: made by another bench_op\n", path);
    return false;
}

static void lists_finish(struct lists *l)
{
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        vec_each (o, &l->cases[i])
            op_finish(o);
        vec_finish(&l->cases[i]);
    }
    vec_each (o, &l->mine)
        op_finish(o);
    vec_each (o, &l->theirs)
        op_finish(o);
    vec_finish(&l->mine);
    vec_finish(&l->theirs);
}

/* ---- measuring ---- */

static void transform(const struct op *of_three, struct op *out)
{
    op_transform(&of_three[0], &of_three[1], OP_LEFT, out);
}

static void compose(const struct op *of_three, struct op *out)
{
    op_compose(&of_three[0], &of_three[2], out);
}

/* Nanoseconds an operation, in the best of some slices of time. */
static double time_each(const struct op *ops, size_t n,
                        void (*does)(const struct op *of_three, struct op *out))
{
    struct op out = {0};
    double best = 0;
    for (int slice = 0; slice < SLICES; slice++) {
        int64_t start = clock_ns(), took, done = 0;
        do {
            for (size_t i = 0; i + 2 < n; i += 3, done++)
                does(&ops[i], &out);
            took = clock_ns() - start;
        } while (took < SLICE_NS);
        double each = (double)took / (double)done;
        best = slice == 0 || each < best ? each : best;
    }
    op_finish(&out);
    return best;
}

/* Milliseconds until n edits are moved past n others, and these past them. */
static double time_merge(const struct lists *l, size_t n)
{
    const struct op **mine = mem_new(n * sizeof *mine), **theirs = mem_new(n * sizeof *theirs);
    struct op a = {0}, b = {0}, a_moved = {0}, b_moved = {0};
    for (size_t i = 0; i < n; i++) {
        mine[i] = &l->mine.v[i];
        theirs[i] = &l->theirs.v[i];
    }
    int64_t start = clock_ns();
    op_compose_all(mine, n, &a);
    op_compose_all(theirs, n, &b);
    op_transform(&a, &b, OP_LEFT, &a_moved);
    op_transform(&b, &a, OP_RIGHT, &b_moved);
    double took = (double)(clock_ns() - start) / 1e6;
    struct op *ops[] = {&a, &b, &a_moved, &b_moved};
    for (size_t i = 0; i < COUNT_OF(ops); i++)
        op_finish(ops[i]);
    free(mine);
    free(theirs);
    return took;
}

/* What a server does for writers who each see the text as it was a round ago: an edit is moved
 * past those of its round that came before it, and done. Edits a second. */
static double time_writers(void)
{
    enum { WRITERS = 32, ROUNDS = 4000 };
    struct chance c = {.seed = 2};
    struct rope *text = rope_new();
    struct buf letters = {0};
    struct op edits[WRITERS] = {0}, moved = {0};
    int64_t took = 0;
    for (size_t i = 0; i < TEXT_CHARS; i++)
        buf_add_c(&letters, 'a');
    rope_insert(text, 0, buf_str(&letters));
    for (size_t r = 0; r < ROUNDS; r++) {
        for (size_t w = 0; w < WRITERS; w++)
            make_op(&c, rope_chars(text), 1, &edits[w]);
        int64_t start = clock_ns();
        for (size_t w = 0; w < WRITERS; w++) {
            for (size_t k = 0; k < w; k++) {
                op_transform(&edits[w], &edits[k], OP_RIGHT, &moved);
                op_swap(&edits[w], &moved);
            }
            op_apply(&edits[w], text);
        }
        took += clock_ns() - start;
    }
    for (size_t w = 0; w < WRITERS; w++)
        op_finish(&edits[w]);
    op_finish(&moved);
    buf_finish(&letters);
    rope_free(text);
    return (double)ROUNDS * WRITERS * 1e9 / (double)took;
}

static int run(const char *path)
{
    struct lists l = {0};
    bool good = read_lists(&l, path);
    for (size_t i = 0; good && i < COUNT_OF(sizes); i++) {
        const struct op *ops = l.cases[i].v;
        size_t n = l.cases[i].n;
        printf("transform_%zu_ns=%.1f ", sizes[i].edits, time_each(ops, n, transform));
        printf("compose_%zu_ns=%.1f ", sizes[i].edits, time_each(ops, n, compose));
    }
    for (size_t i = 0; good && i < COUNT_OF(merges); i++)
        printf("merge_%zu_ms=%.2f ", merges[i], time_merge(&l, merges[i]));
    if (good)
        printf("writers_32_per_s=%.0f", time_writers());
    printf("\n");
    lists_finish(&l);
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "make") == 0)
        return make(argv[2]);
    if (argc == 3 && strcmp(argv[1], "run") == 0)
        return run(argv[2]);
    fprintf(stderr, "usage: bench_op make|run FILE\n");
    return 2;
}
