#include "place_lines.h"

#include <stdlib.h>

/* Of a line, without its newline: how its key begins, and of how many words it is. */
static const struct {
    const char *word;
    int words;
} kinds[] = {
    {"here", 1}, {"left", 1},   {"rooms", 1},   {"emoji", 1},
    {"read", 2}, {"notify", 2}, {"comment", 5},
};

static struct str words_of(struct str line, int n)
{
    size_t end = 0;
    for (; end < line.n; end++)
        if (line.p[end] == ' ' && --n == 0)
            break;
    return (struct str){line.p, end};
}

/* A line that we do not know is its own key: it is left as it is. */
static struct str key_of(struct str line, bool *is_written)
{
    struct str word = words_of(line, 1);
    *is_written = str_is(word, "comment");
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_is(word, kinds[i].word))
            return words_of(line, kinds[i].words);
    return line;
}

/* What is written in a room stands in up to three lines, in this order; 0: another line. */
static int part_of_draft(struct str line)
{
    struct str word = words_of(line, 1);
    return str_is(word, "answering") ? 1
           : str_is(word, "draft")   ? 2
           : str_is(word, "editing") ? 3
                                     : 0;
}

static struct str room_of(struct str line)
{
    struct str rest = line;
    str_cut(&rest, ' ');
    return words_of(rest, 1);
}

static struct str first_line(struct str lines)
{
    return str_cut(&lines, '\n');
}

static void take_draft(struct str *lines, struct place_entry *out)
{
    struct str line = first_line(*lines), room = room_of(line), rest = *lines;
    int part = 0;
    while (rest.n && part_of_draft(first_line(rest)) > part &&
           str_eq(room_of(first_line(rest)), room)) {
        part = part_of_draft(first_line(rest));
        str_cut(&rest, '\n');
    }
    out->key = room;
    out->text = (struct str){lines->p, lines->n - rest.n};
    out->is_written = true;
    *lines = rest;
}

bool place_entry_next(struct str *lines, struct place_entry *out)
{
    while (lines->n && lines->p[0] == '\n')
        str_cut(lines, '\n');
    if (!lines->n)
        return false;
    struct str before = *lines;
    if (part_of_draft(first_line(before))) {
        take_draft(lines, out);
        return true;
    }
    out->key = key_of(str_cut(lines, '\n'), &out->is_written);
    out->text = (struct str){before.p, before.n - lines->n};
    return true;
}

/* ---- found by key ---- */

static int by_key(const void *a, const void *b)
{
    const struct place_entry *x = a, *y = b;
    int order = str_cmp(x->key, y->key);
    return order ? order : (x->text.p > y->text.p) - (x->text.p < y->text.p);
}

void place_parse(struct place_lines *p, struct str lines)
{
    struct place_entry e;
    *p = (struct place_lines){0};
    while (place_entry_next(&lines, &e))
        vec_push(&p->entries, e);
    if (p->entries.n)
        qsort(p->entries.v, p->entries.n, sizeof *p->entries.v, by_key);
}

void place_finish(struct place_lines *p)
{
    vec_finish(&p->entries);
}

/* The place behind the last entry of that key. */
static size_t behind(const struct place_lines *p, struct str key)
{
    size_t low = 0, high = p->entries.n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (str_cmp(p->entries.v[mid].key, key) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct str place_last(const struct place_lines *p, struct str key)
{
    size_t i = behind(p, key);
    bool is_there = i && str_eq(p->entries.v[i - 1].key, key);
    return is_there ? p->entries.v[i - 1].text : (struct str){0};
}

bool place_has(const struct place_lines *p, struct str key, struct str text)
{
    for (size_t i = behind(p, key); i-- > 0 && str_eq(p->entries.v[i].key, key);)
        if (str_eq(p->entries.v[i].text, text))
            return true;
    return false;
}

/* ---- two writers ---- */

static void add(struct buf *out, struct str text)
{
    buf_add_str(out, text);
    if (text.n && text.p[text.n - 1] != '\n')
        buf_add_c(out, '\n');
}

/* What the disk has, but for what we changed or took away. */
static void add_theirs(const struct place_lines *base, const struct place_lines *mine,
                       struct str disk, struct buf *out)
{
    struct place_entry e;
    while (place_entry_next(&disk, &e)) {
        bool stays = e.is_written
                         ? place_has(mine, e.key, e.text) || !place_has(base, e.key, e.text)
                         : str_eq(place_last(base, e.key), place_last(mine, e.key));
        if (stays)
            add(out, e.text);
    }
}

/* And what we changed. */
static void add_mine(const struct place_lines *base, struct str mine,
                     const struct place_lines *disk, struct buf *out)
{
    struct place_entry e;
    while (place_entry_next(&mine, &e)) {
        bool is_news = e.is_written ? !place_has(base, e.key, e.text)
                                    : !str_eq(place_last(base, e.key), e.text);
        if (is_news && !(e.is_written && place_has(disk, e.key, e.text)))
            add(out, e.text);
    }
}

void place_merge(struct str base, struct str mine, struct str disk, struct buf *out)
{
    struct place_lines was, is, theirs;
    place_parse(&was, base);
    place_parse(&is, mine);
    place_parse(&theirs, disk);
    add_theirs(&was, &is, disk, out);
    add_mine(&was, mine, &theirs, out);
    place_finish(&was);
    place_finish(&is);
    place_finish(&theirs);
}
