#include "demo_room.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void put_card(FILE *f, const struct card *c)
{
    fprintf(f, "card %lld %s %s", (long long)c->number, c->key, c->title);
    vec_each (v, &c->values)
        fprintf(f, " %d=%s", (int)v->field, v->value);
    fputc('\n', f);
}

static void put_board(FILE *f, const struct board *b)
{
    vec_each (column, &b->columns) {
        fprintf(f, "column %s %lld\n", column->name, (long long)column->limit);
        vec_each (card, &column->cards)
            put_card(f, *card);
    }
}

static void put_note(FILE *f, const struct doc *d)
{
    struct buf text = {0};
    rope_read(d->text, 0, rope_chars(d->text), &text);
    fprintf(f, "--- note ---\n%.*s\n", STR_ARG(buf_str(&text)));
    buf_finish(&text);
}

static void put_line(FILE *f, const struct line *l)
{
    fprintf(f, "%lld %.*s %.*s", (long long)l->seq, STR_ARG(l->author), STR_ARG(l->text));
    vec_each (r, &l->reactions)
        fprintf(f, " %s:%s", r->user, r->emoji);
    fputc('\n', f);
}

bool demo_room_write(const struct replica *r, const struct doc *note, const char *path,
                     struct err *e)
{
    FILE *f = fopen(path, "we");
    if (f) {
        put_board(f, &r->board);
        vec_each (p, &r->people)
            if (p->role)
                fprintf(f, "member %s %d\n", p->user, (int)p->role);
        put_note(f, note);
        fprintf(f, DEMO_ROOM_CHAT "\n");
        vec_each (line, &r->lines)
            put_line(f, *line);
    }
    bool ok = f && fflush(f) == 0 && !ferror(f);
    if (!ok)
        fail(e, ERR_IO, "%s: %s", path, strerror(errno));
    if (f)
        fclose(f);
    return ok;
}

/* ---- comparing ---- */

static bool differ(struct str a, struct str b, struct err *e)
{
    return fail(e, ERR_INTERNAL, "\"%.*s\" against \"%.*s\"", (int)MIN(a.n, 90), a.p ? a.p : "",
                (int)MIN(b.n, 90), b.p ? b.p : "");
}

/* Up to the chat. */
static bool same_heads(struct str *a, struct str *b, struct err *e)
{
    while (a->p && b->p) {
        struct str x = str_cut(a, '\n'), y = str_cut(b, '\n');
        if (!str_eq(x, y))
            return differ(x, y, e);
        if (str_is(x, DEMO_ROOM_CHAT))
            return true;
    }
    return fail(e, ERR_INTERNAL, "the chat is missing");
}

bool demo_room_same(struct str a, struct str b, struct err *e)
{
    if (!same_heads(&a, &b, e))
        return false;
    struct str longer = a.n > b.n ? a : b, shorter = a.n > b.n ? b : a;
    while (longer.n > shorter.n)
        str_cut(&longer, '\n');
    while (longer.n && shorter.n) {
        struct str x = str_cut(&longer, '\n'), y = str_cut(&shorter, '\n');
        if (!str_eq(x, y))
            return differ(x, y, e);
    }
    return longer.n == shorter.n || differ(longer, shorter, e);
}
