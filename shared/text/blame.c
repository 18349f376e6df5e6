/* Runs lie in chunks of at most CHUNK_RUNS, the chunks in one array with their sums. An edit
 * looks for its chunk from the one that was touched last, and moves only the runs of that one.
 *
 * No two neighbours could be joined, at the seams of chunks neither: so the runs follow from
 * the edits alone, and a blame that was printed and parsed goes on like the one it came from.
 */
#include "blame.h"

#include "utf8.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_RUNS = 64, AUTHORS_FIRST = 16 };

struct run {
    int64_t version, time;
    uint32_t chars; /* > 0 */
    uint32_t author;
};

struct chunk {
    struct run *runs; /* CHUNK_RUNS of them */
    uint32_t n;       /* > 0 */
    uint32_t chars;
};

struct blame {
    VEC(struct chunk) chunks;
    size_t chars, runs;
    size_t near, near_start; /* the chunk touched last, and where it begins */
    VEC(struct str) authors; /* each owned */
    uint32_t *slots;         /* open hash of authors: index + 1, or 0 */
    size_t slots_n;          /* a power of two */
};

/* A run; `start` of its first code point. */
struct place {
    size_t chunk, run, start;
};

struct blame *blame_new(void)
{
    return NEW(struct blame);
}

void blame_free(struct blame *b)
{
    if (!b)
        return;
    vec_each (c, &b->chunks)
        free(c->runs);
    vec_finish(&b->chunks);
    vec_each (a, &b->authors)
        free((char *)a->p);
    vec_finish(&b->authors);
    free(b->slots);
    free(b);
}

static uint32_t author_of(struct blame *b, struct str name);

size_t blame_chars(const struct blame *b)
{
    return b->chars;
}

size_t blame_runs(const struct blame *b)
{
    return b->runs;
}

struct blame *blame_copy(const struct blame *b)
{
    struct blame *to = blame_new();
    *to = (struct blame){.chars = b->chars, .runs = b->runs};
    vec_each (c, &b->chunks) {
        struct chunk copy = {mem_new(CHUNK_RUNS * sizeof *copy.runs), c->n, c->chars};
        memcpy(copy.runs, c->runs, c->n * sizeof *copy.runs);
        vec_push(&to->chunks, copy);
    }
    vec_each (a, &b->authors)
        author_of(to, *a); /* in the same order, so under the same number */
    return to;
}

void blame_some(const struct blame *b, size_t from, size_t n,
                void (*each)(void *arg, const struct blame_run *run), void *arg)
{
    vec_each (c, &b->chunks) {
        if (from >= c->n) {
            from -= c->n;
            continue;
        }
        for (; from < c->n && n > 0; from++, n--) {
            const struct run *r = &c->runs[from];
            each(arg,
                 &(struct blame_run){b->authors.v[r->author], r->version, r->time, r->chars});
        }
        if (n == 0)
            return;
        from = 0;
    }
}

/* ---- authors ---- */

/* A name that stands at the end of a line and can be read back from there. */
static bool is_author(struct str name)
{
    uint32_t cp;
    size_t n;
    if (name.n > USER_NAME_MAX)
        return false;
    for (; (n = utf8_next(name, &cp)) != 0; name.p += n, name.n -= n) {
        if (utf8_is_unsafe(cp))
            return false;
    }
    return name.n == 0;
}

/* Where the name is, or would be. */
static uint32_t *slot_of(const struct blame *b, struct str name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < name.n; i++)
        hash = (hash ^ (unsigned char)name.p[i]) * 16777619u;
    for (size_t i = hash;; i++) {
        uint32_t *slot = &b->slots[i & (b->slots_n - 1)];
        if (*slot == 0 || str_eq(b->authors.v[*slot - 1], name))
            return slot;
    }
}

static void more_slots(struct blame *b)
{
    free(b->slots);
    b->slots_n = b->slots_n ? b->slots_n * 2 : AUTHORS_FIRST;
    b->slots = mem_new(b->slots_n * sizeof *b->slots);
    for (size_t i = 0; i < b->authors.n; i++)
        *slot_of(b, b->authors.v[i]) = (uint32_t)i + 1;
}

static uint32_t author_of(struct blame *b, struct str name)
{
    if (b->authors.n * 2 >= b->slots_n)
        more_slots(b);
    uint32_t *slot = slot_of(b, name);
    if (*slot == 0) {
        bug_on(!is_author(name));
        vec_push(&b->authors, (struct str){str_dup(name), name.n});
        *slot = (uint32_t)b->authors.n;
    }
    return *slot - 1;
}

/* ---- chunks ---- */

static struct run *run_at(const struct blame *b, struct place p)
{
    return &b->chunks.v[p.chunk].runs[p.run];
}

/* The chunk that the code point in front of pos is in; the first one for pos 0. */
static size_t find_chunk(struct blame *b, size_t pos)
{
    size_t i = b->near, start = b->near_start;
    if (i >= b->chunks.n)
        i = start = 0;
    while (i > 0 && pos <= start)
        start -= b->chunks.v[--i].chars;
    while (pos > start + b->chunks.v[i].chars)
        start += b->chunks.v[i++].chars;
    b->near = i;
    b->near_start = start;
    return i;
}

/* The run that the code point in front of pos is in; the first one for pos 0. There is one. */
static struct place find(struct blame *b, size_t pos)
{
    struct place p = {.chunk = find_chunk(b, pos), .start = b->near_start};
    while (pos > p.start + run_at(b, p)->chars) {
        p.start += run_at(b, p)->chars;
        p.run++;
    }
    return p;
}

static uint32_t sum(const struct run *runs, size_t n)
{
    uint32_t chars = 0;
    for (size_t i = 0; i < n; i++)
        chars += runs[i].chars;
    return chars;
}

/* The hint holds for what lies in front of it: a change there ends it. */
static void touch(struct blame *b, size_t chunk)
{
    if (chunk < b->near)
        b->near = b->near_start = 0;
}

/* An empty chunk as number `at`. */
static struct chunk *add_chunk(struct blame *b, size_t at)
{
    touch(b, at);
    vec_push(&b->chunks, (struct chunk){0});
    struct chunk *c = &b->chunks.v[at];
    memmove(c + 1, c, (b->chunks.n - 1 - at) * sizeof *c);
    *c = (struct chunk){.runs = mem_new(CHUNK_RUNS * sizeof *c->runs)};
    return c;
}

static void drop_chunks(struct blame *b, size_t at, size_t n)
{
    struct chunk *c = &b->chunks.v[at];
    for (size_t i = 0; i < n; i++) {
        b->chars -= c[i].chars;
        b->runs -= c[i].n;
        free(c[i].runs);
    }
    b->chunks.n -= n;
    memmove(c, c + n, (b->chunks.n - at) * sizeof *c);
    b->near = b->near_start = 0;
}

/* The upper half of a full chunk goes into one of its own. */
static void halve(struct blame *b, size_t at)
{
    struct chunk *right = add_chunk(b, at + 1), *left = right - 1;
    right->n = left->n / 2;
    left->n -= right->n;
    memcpy(right->runs, left->runs + left->n, right->n * sizeof *right->runs);
    right->chars = sum(right->runs, right->n);
    left->chars -= right->chars;
}

/* Two small neighbours become one, so that many deletions leave no long row of little chunks.
 */
static void merge_chunk(struct blame *b, size_t at)
{
    if (at + 1 >= b->chunks.n || b->chunks.v[at].n + b->chunks.v[at + 1].n > CHUNK_RUNS / 2)
        return;
    struct chunk *left = &b->chunks.v[at], *right = left + 1;
    memcpy(left->runs + left->n, right->runs, right->n * sizeof *right->runs);
    left->n += right->n;
    left->chars += right->chars;
    b->chars += right->chars;
    b->runs += right->n;
    drop_chunks(b, at + 1, 1);
}

/* ---- runs ---- */

static void grow(struct blame *b, struct place p, int64_t chars)
{
    touch(b, p.chunk);
    struct run *r = run_at(b, p);
    r->chars = (uint32_t)(r->chars + chars);
    b->chunks.v[p.chunk].chars = (uint32_t)(b->chunks.v[p.chunk].chars + chars);
    b->chars = (size_t)((int64_t)b->chars + chars);
}

/* Puts r in front of run number `run` of a chunk; behind the last one for its n. */
static void add_run(struct blame *b, size_t chunk, size_t run, struct run r)
{
    touch(b, chunk);
    if (b->chunks.v[chunk].n == CHUNK_RUNS) {
        halve(b, chunk);
        if (run > b->chunks.v[chunk].n)
            run -= b->chunks.v[chunk++].n;
    }
    struct chunk *c = &b->chunks.v[chunk];
    memmove(c->runs + run + 1, c->runs + run, (c->n - run) * sizeof r);
    c->runs[run] = r;
    c->n++;
    c->chars += r.chars;
    b->chars += r.chars;
    b->runs++;
}

/* Removes the runs of a chunk from number `run` on that lie within so many code points; gives
 * how many those were. The chunk may be empty then. */
static size_t cut_runs(struct blame *b, size_t chunk, size_t run, size_t chars)
{
    touch(b, chunk);
    struct chunk *c = &b->chunks.v[chunk];
    size_t end = run, gone = 0;
    while (end < c->n && gone + c->runs[end].chars <= chars)
        gone += c->runs[end++].chars;
    memmove(c->runs + run, c->runs + end, (c->n - end) * sizeof *c->runs);
    c->n -= (uint32_t)(end - run);
    c->chars -= (uint32_t)gone;
    b->chars -= gone;
    b->runs -= end - run;
    return gone;
}

/* No run reaches over pos afterwards. */
static void split(struct blame *b, size_t pos)
{
    struct place p = find(b, pos);
    struct run rest = *run_at(b, p);
    if (pos <= p.start || pos == p.start + rest.chars)
        return;
    rest.chars -= (uint32_t)(pos - p.start);
    grow(b, p, -(int64_t)rest.chars);
    add_run(b, p.chunk, p.run + 1, rest);
}

static bool next_place(const struct blame *b, struct place *p)
{
    p->start += run_at(b, *p)->chars;
    if (++p->run == b->chunks.v[p->chunk].n) {
        p->run = 0;
        p->chunk++;
    }
    return p->chunk < b->chunks.n;
}

static bool is_joined(const struct run *r, uint32_t author, int64_t time)
{
    return r->author == author && time - r->time <= BLAME_JOIN_MS &&
           r->time - time <= BLAME_JOIN_MS;
}

static void drop_run(struct blame *b, struct place p)
{
    cut_runs(b, p.chunk, p.run, run_at(b, p)->chars);
    if (b->chunks.v[p.chunk].n == 0)
        drop_chunks(b, p.chunk, 1);
}

/* Joins the two runs that meet at pos when they are of one author and time. What they become
 * may lie close to a neighbour that neither of them did. */
static void join(struct blame *b, size_t pos)
{
    if (pos == 0 || pos >= b->chars)
        return;
    struct place left = find(b, pos), right = left;
    if (!next_place(b, &right) || right.start != pos)
        return;
    struct run *l = run_at(b, left), r = *run_at(b, right);
    if (!is_joined(l, r.author, r.time))
        return;
    if (r.version > l->version) {
        l->version = r.version;
        l->time = r.time;
    }
    size_t end = pos + r.chars;
    drop_run(b, right);
    grow(b, left, r.chars);
    join(b, left.start);
    join(b, end);
}

/* ---- edits ---- */

static void extend(struct blame *b, struct place p, const struct run *more)
{
    struct run *r = run_at(b, p);
    r->version = more->version;
    r->time = more->time;
    grow(b, p, more->chars);
    size_t end = p.start + r->chars;
    join(b, p.start);
    join(b, end);
}

static void insert(struct blame *b, size_t pos, const struct run *more)
{
    if (b->runs == 0) {
        add_chunk(b, 0);
        add_run(b, 0, 0, *more);
        return;
    }
    struct place p = find(b, pos);
    if (is_joined(run_at(b, p), more->author, more->time)) {
        extend(b, p, more);
        return;
    }
    struct place right = p;
    if (pos > 0 && next_place(b, &right) && right.start == pos &&
        is_joined(run_at(b, right), more->author, more->time)) {
        extend(b, right, more);
        return;
    }
    split(b, pos);
    p = find(b, pos);
    add_run(b, p.chunk, p.run + (pos > 0), *more);
}

/* Removes so many code points, which begin and end with a run. */
static void cut(struct blame *b, struct place p, size_t chars)
{
    size_t at = p.chunk, whole = 0;
    chars -= cut_runs(b, at, p.run, chars);
    if (b->chunks.v[at].n > 0)
        at++;
    else
        whole = 1;
    for (; at + whole < b->chunks.n && b->chunks.v[at + whole].chars <= chars; whole++)
        chars -= b->chunks.v[at + whole].chars;
    if (whole > 0)
        drop_chunks(b, at, whole);
    if (chars > 0)
        cut_runs(b, at, 0, chars);
}

static void erase(struct blame *b, size_t pos, size_t chars)
{
    struct place p = find(b, pos + 1);
    size_t end = p.start + run_at(b, p)->chars;
    if (pos + chars <= end && chars < end - p.start) {
        grow(b, p, -(int64_t)chars);
        return;
    }
    split(b, pos + chars);
    split(b, pos);
    cut(b, find(b, pos + 1), chars);
    join(b, pos);
    if (b->runs == 0)
        return;
    size_t at = find_chunk(b, pos);
    merge_chunk(b, at);
    if (at > 0)
        merge_chunk(b, at - 1);
}

void blame_apply(struct blame *b, const struct op *o, struct str author, int64_t version,
                 int64_t time)
{
    struct run added = {.author = author_of(b, author), .version = version, .time = time};
    struct op_at at = {0};
    struct op_part part;
    size_t pos = 0;
    while (op_next(o, &at, &part)) {
        added.chars = part.chars;
        if (part.kind == OP_DELETE)
            erase(b, pos, part.chars);
        else if (part.kind == OP_INSERT)
            insert(b, pos, &added);
        pos += part.kind == OP_DELETE ? 0 : part.chars;
    }
}

/* ---- the form in which it is kept ---- */

/* Decimal, and a space: ten thousands of them in a snapshot, where printf would be felt. */
static void print_number(struct buf *out, int64_t v)
{
    char digits[21];
    size_t at = sizeof digits;
    digits[--at] = ' ';
    do
        digits[--at] = (char)('0' + v % 10);
    while (v /= 10);
    buf_add(out, digits + at, sizeof digits - at);
}

void blame_print(const struct blame *b, struct buf *out)
{
    vec_each (c, &b->chunks) {
        for (const struct run *r = c->runs; r < c->runs + c->n; r++) {
            print_number(out, r->chars);
            print_number(out, r->version);
            print_number(out, r->time);
            buf_add_str(out, b->authors.v[r->author]);
            buf_add_c(out, '\n');
        }
    }
}

/* A number as it is printed, up to a space. */
static bool parse_number(struct str *line, int64_t least, int64_t most, int64_t *out)
{
    struct str s = str_cut(line, ' ');
    bool odd = s.n == 0 || s.p[0] == '-' || (s.p[0] == '0' && s.n > 1);
    return line->p && !odd && str_int(s, least, most, out);
}

/* Adds the run of one line, which has at most `most` code points. */
static bool parse_run(struct blame *b, struct str line, size_t most)
{
    int64_t chars;
    struct run r = {0};
    if (!parse_number(&line, 1, (int64_t)MIN(most, NOTE_MAX), &chars) ||
        !parse_number(&line, 0, SEQ_MAX, &r.version) ||
        !parse_number(&line, 0, SEQ_MAX, &r.time) || !is_author(line))
        return false;
    r.chars = (uint32_t)chars;
    r.author = author_of(b, line);
    if (b->chunks.n == 0 || b->chunks.v[b->chunks.n - 1].n >= CHUNK_RUNS * 3 / 4)
        add_chunk(b, b->chunks.n);
    add_run(b, b->chunks.n - 1, b->chunks.v[b->chunks.n - 1].n, r);
    return true;
}

struct blame *blame_parse(struct str s, size_t chars, struct err *e)
{
    struct blame *b = blame_new();
    size_t line = 1;
    for (; s.n > 0; line++) {
        struct str run = str_cut(&s, '\n');
        if (!s.p || !parse_run(b, run, chars - b->chars)) {
            fail(e, ERR_BAD_FIELD, "blame, line %zu: no run of the %zu code points left", line,
                 chars - b->chars);
            goto bad;
        }
    }
    if (b->chars == chars)
        return b;
    fail(e, ERR_BAD_FIELD, "blame: runs of %zu code points for a text of %zu", b->chars, chars);
bad:
    blame_free(b);
    return NULL;
}
