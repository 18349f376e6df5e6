#include "traces.h"
#include "utf8.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static noreturn void give_up(const char *path, const char *why)
{
    fprintf(stderr, "traces: %s: %s\n", path, why);
    exit(1);
}

static void read_all(FILE *f, struct buf *out)
{
    size_t n;
    do {
        buf_reserve(out, 64 * 1024);
        n = fread(out->p + out->n, 1, 64 * 1024, f);
        out->n += n;
    } while (n);
}

/* The file, or what xz unpacks from it with ".xz" behind its name. */
static void read_file(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "re");
    if (f) {
        read_all(f, out);
        fclose(f);
        return;
    }
    char command[512];
    if (strchr(path, '\'') || strlen(path) > sizeof command - 32)
        give_up(path, "a path that the shell would take apart");
    snprintf(command, sizeof command, "exec xz -dc -- '%s.xz'", path);
    f = popen(command, "re");
    if (!f)
        give_up(path, "no shell");
    read_all(f, out);
    if (pclose(f) != 0)
        give_up(path, "not there, or xz does not unpack it");
}

static uint32_t hex4(const char *p)
{
    char digits[5] = {p[0], p[1], p[2], p[3]};
    return (uint32_t)strtoul(digits, NULL, 16);
}

/* One escape behind its backslash, which may be a surrogate pair; returns what is behind it. */
static const char *unescape(const char *p, struct buf *out)
{
    static const char from[] = "ntrbf", to[] = "\n\t\r\b\f";
    const char *known = memchr(from, *p, sizeof from - 1);
    if (*p != 'u') {
        buf_add_c(out, known ? to[known - from] : *p);
        return p + 1;
    }
    uint32_t cp = hex4(p + 1);
    p += 5;
    if (cp >= 0xd800 && cp < 0xdc00) {
        cp = 0x10000 + ((cp - 0xd800) << 10) + (hex4(p + 2) - 0xdc00);
        p += 6;
    }
    char bytes[4];
    buf_add(out, bytes, utf8_put(bytes, cp));
    return p;
}

/* A JSON string; the NUL behind all bytes ends the walk, whatever they are. */
static void unquote(const char *p, struct buf *out)
{
    for (p++; *p && *p != '"';) {
        if (*p == '\\') {
            p = unescape(p + 1, out);
        } else {
            buf_add_c(out, *p++);
        }
    }
}

static void parse_line(struct trace *t, char *line)
{
    char *at = line;
    struct trace_edit edit = {0};
    edit.pos = strtoul(at, &at, 10);
    edit.chars = strtoul(at, &at, 10);
    if (at[0] != '\t' || at[1] != '"')
        give_up(t->name, "a line that is no edit");
    size_t start = t->texts.n;
    unquote(at + 1, &t->texts);
    edit.text.n = t->texts.n - start;
    vec_push(&t->edits, edit);
}

static void parse(struct trace *t, struct buf *lines)
{
    char *save = NULL;
    buf_cstr(lines);
    for (char *line = strtok_r(lines->p, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        parse_line(t, line);
    size_t start = 0;
    vec_each (edit, &t->edits) {
        edit->text.p = t->texts.p + start;
        start += edit->text.n;
    }
    if (!utf8_is_valid(buf_str(&t->texts)))
        give_up(t->name, "not UTF-8");
}

static void read_trace(struct traces *t, const char *folder, const char *name, size_t n)
{
    char path[512];
    struct trace trace = {0};
    struct buf lines = {0};
    snprintf(trace.name, sizeof trace.name, "%.*s", (int)n, name);
    snprintf(path, sizeof path, "%s/%s.trace", folder, trace.name);
    read_file(path, &lines);
    parse(&trace, &lines);
    snprintf(path, sizeof path, "%s/%s.final", folder, trace.name);
    read_file(path, &trace.end);
    buf_finish(&lines);
    vec_push(&t->all, trace);
}

static int is_trace(const struct dirent *d)
{
    const char *end = strstr(d->d_name, ".trace");
    return end && (strcmp(end, ".trace") == 0 || strcmp(end, ".trace.xz") == 0);
}

bool traces_read(struct traces *t)
{
    const char *folder = getenv("MOOT_TRACES");
    *t = (struct traces){0};
    if (!folder || !*folder)
        return false;
    struct dirent **found;
    int n = scandir(folder, &found, is_trace, alphasort);
    if (n <= 0)
        give_up(folder, "no traces (MOOT_TRACES)");
    for (int i = 0; i < n; i++) {
        const char *name = found[i]->d_name;
        size_t length = (size_t)(strstr(name, ".trace") - name);
        bool is_again = t->all.n && strncmp(t->all.v[t->all.n - 1].name, name, length) == 0 &&
                        !t->all.v[t->all.n - 1].name[length];
        if (!is_again)
            read_trace(t, folder, name, length);
        free(found[i]);
    }
    free(found);
    return true;
}

/* ---- made up ---- */

enum { MADE_UP_EDITS = 3000 };

/* Where code point n begins. */
static size_t offset_of(const struct buf *text, size_t n)
{
    size_t at = 0;
    for (; n; n--)
        do
            at++;
        while (at < text->n && ((unsigned char)text->p[at] & 0xc0) == 0x80);
    return at;
}

static void splice(struct buf *text, const struct trace_edit *e)
{
    struct buf out = {0};
    size_t from = offset_of(text, e->pos), to = offset_of(text, e->pos + e->chars);
    buf_add(&out, text->p, from);
    buf_add_str(&out, e->text);
    buf_add(&out, text->p + to, text->n - to);
    buf_finish(text);
    *text = out;
}

static void make_up(struct trace *t, uint64_t seed)
{
    static const char *const words[] = {"moot ", "\u00e9", "\U0001F600 ", "word",
                                        "\n",    "- [ ] ", "e\u0301",     "x"};
    size_t chars = 0, pos = 0;
    *t = (struct trace){0};
    snprintf(t->name, sizeof t->name, "made up %llu", (unsigned long long)seed);
    for (int i = 0; i < MADE_UP_EDITS; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        size_t r = (size_t)(seed >> 33);
        if (r % 23 == 0)
            pos = chars ? r / 23 % chars : 0;
        struct trace_edit e = {.pos = pos, .text = str_of(words[r % COUNT_OF(words)])};
        e.chars = r % 5 == 0 ? MIN(r / 5 % 4, chars - pos) : 0;
        splice(&t->end, &e);
        vec_push(&t->edits, e);
        chars += utf8_chars(e.text) - e.chars;
        pos += utf8_chars(e.text);
    }
}

void traces_take(struct traces *t, int sessions)
{
    if (traces_read(t))
        return;
    for (int i = 0; i < sessions; i++) {
        struct trace one;
        make_up(&one, 4711 + (uint64_t)i);
        vec_push(&t->all, one);
    }
}

void traces_finish(struct traces *t)
{
    vec_each (trace, &t->all) {
        vec_finish(&trace->edits);
        buf_finish(&trace->texts);
        buf_finish(&trace->end);
    }
    vec_finish(&t->all);
}
