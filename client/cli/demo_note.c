#include "demo_note.h"
#include "demo_player.h"
#include "utf8.h"

#include <string.h>

enum { KEY_MS = 85, THINK_MS = 400 };

static const char first_text[] = "# Release notes 0.2\n"
                                 "\n"
                                 "Anybody may write here; M-h shows how it came about.\n"
                                 "\n"
                                 "## What is new\n"
                                 "\n"
                                 "- Notes that several people type in at once\n"
                                 "\n"
                                 "## What is gone\n"
                                 "\n"
                                 "## Before it goes out\n"
                                 "\n"
                                 "- [x] choose a name, #6\n"
                                 "- [ ] try it on a slow link, #2\n"
                                 "- [ ] tell the mailing list, @ben\n";

/* ---- making and finding it ---- */

static int64_t number_of(struct conversation *t, struct str room, struct err *e)
{
    const struct replica *r = conversation_open(t, room, e);
    if (!r)
        return 0;
    vec_each (n, &r->notes)
        if (str_is(n->name, TOUR_NOTE))
            return n->number;
    return fail(e, ERR_NOT_FOUND, "the note is gone");
}

bool demo_note_make(struct conversation *t, struct str room, struct err *e)
{
    struct msg create = {.type = MSG_NOTE_CREATE};
    struct msg_ok ok;
    create.note_create.head.room = room;
    create.note_create.name = STR(TOUR_NOTE);
    if (!conversation_request(t, &create, &ok, e))
        return false;
    struct doc *d = demo_note_open(t, room, e);
    struct op o = {0};
    op_insert(&o, str_of(first_text));
    bool done = d && conversation_edit(t, d, &o, true, e);
    op_finish(&o);
    return done;
}

struct doc *demo_note_open(struct conversation *t, struct str room, struct err *e)
{
    int64_t number = number_of(t, room, e);
    return number ? conversation_text(t, room, number, e) : NULL;
}

/* ---- typing ---- */

/* The end of the line that begins so, or of the text. */
static size_t place_of(const struct doc *d, const char *begins)
{
    struct buf line = {0};
    size_t end = rope_chars(d->text);
    for (size_t i = 0; begins && i < rope_lines(d->text); i++) {
        size_t from = rope_line_start(d->text, i), to = rope_line_end(d->text, i);
        buf_clear(&line);
        rope_read(d->text, from, to - from, &line);
        if (str_starts(buf_str(&line), begins)) {
            end = to;
            break;
        }
    }
    buf_finish(&line);
    return end;
}

static void show_caret(struct player *p)
{
    const struct doc *d = p->note;
    struct msg m = {.type = MSG_NOTE_CARET};
    m.state.room = str_of(d->room);
    m.note_caret.note = d->number;
    m.note_caret.version = d->sync.version;
    m.note_caret.caret = m.note_caret.anchor = (int64_t)d->caret;
    conversation_state(p->talk, &m);
}

/* Takes characters out at the caret and puts others there. */
static bool edit(struct player *p, size_t out, struct str in)
{
    struct op o = {0};
    struct doc *d = p->note;
    size_t at = d->caret;
    op_skip(&o, at);
    op_delete(&o, out);
    op_insert(&o, in);
    bool ok = conversation_edit(p->talk, d, &o, false, &p->gone);
    op_finish(&o);
    if (ok)
        d->caret = d->anchor = at + utf8_chars(in);
    return ok;
}

/* The tour was here before. */
static bool take_out(struct player *p, const char *text)
{
    struct doc *d = p->note;
    size_t chars = utf8_chars(str_of(text)), end = place_of(d, text);
    size_t from = end - MIN(end, chars + 1);
    struct buf there = {0};
    rope_read(d->text, from, end - from, &there);
    bool stands =
        there.n && there.p[0] == '\n' && str_is((struct str){there.p + 1, there.n - 1}, text);
    buf_finish(&there);
    if (!stands)
        return true;
    d->caret = d->anchor = from;
    return edit(p, chars + 1, (struct str){0}) && player_rest(p, THINK_MS);
}

void demo_note_write(struct player *p, const char *below, const char *text)
{
    struct doc *d = p->note;
    if (!d || !d->text || !take_out(p, text))
        return;
    d->caret = d->anchor = place_of(d, below);
    show_caret(p);
    if (!player_rest(p, THINK_MS) || !edit(p, 0, STR("\n")))
        return;
    struct str rest = str_of(text);
    uint32_t cp;
    for (size_t n; (n = utf8_next(rest, &cp)); rest.p += n, rest.n -= n)
        if (!edit(p, 0, (struct str){rest.p, n}) || !player_rest(p, KEY_MS))
            return;
}
