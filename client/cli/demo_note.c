#include "demo_note.h"
#include "utf8.h"

enum { KEY_MS = 85 };

#define NAME "Release notes"

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

/* What is typed, and the line behind which: at the end of the text when that is not there. */
static const struct {
    const char *behind, *text;
} writings[] = {
    [DEMO_WRITE_NEW] = {"- Notes that several",
                        "\n- History: every version, and who wrote what"},
    [DEMO_WRITE_GONE] = {"## What is gone", "\n\n- *Nothing*, I think. @ana?"},
    [DEMO_WRITE_DONE] = {"- *Nothing*", "\n- the old parser, see #4"},
    [DEMO_WRITE_START] = {"- History", "\n- It starts in **11 ms**, see #5"},
};

/* ---- making and finding it ---- */

static int64_t number_of(struct conversation *t, struct str room, struct err *e)
{
    const struct replica *r = conversation_open(t, room, e);
    if (!r)
        return 0;
    vec_each (n, &r->notes)
        if (str_is(n->name, NAME))
            return n->number;
    return fail(e, ERR_NOT_FOUND, "the note is gone");
}

bool demo_note_make(struct conversation *t, struct str room, struct err *e)
{
    struct msg create = {.type = MSG_NOTE_CREATE};
    struct msg_ok ok;
    create.note_create.head.room = room;
    create.note_create.name = STR(NAME);
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

static size_t place_of(const struct doc *d, const char *behind)
{
    struct buf line = {0};
    size_t end = rope_chars(d->text);
    for (size_t i = 0; i < rope_lines(d->text); i++) {
        size_t from = rope_line_start(d->text, i), to = rope_line_end(d->text, i);
        buf_clear(&line);
        rope_read(d->text, from, to - from, &line);
        if (str_starts(buf_str(&line), behind)) {
            end = to;
            break;
        }
    }
    buf_finish(&line);
    return end;
}

static void show_caret(struct conversation *t, const struct doc *d)
{
    struct msg m = {.type = MSG_NOTE_CARET};
    m.state.room = str_of(d->room);
    m.note_caret.note = d->number;
    m.note_caret.version = d->sync.version;
    m.note_caret.caret = m.note_caret.anchor = (int64_t)d->caret;
    conversation_state(t, &m);
}

static bool type_one(struct conversation *t, struct doc *d, struct str character, struct err *e)
{
    struct op o = {0};
    size_t at = d->caret;
    op_skip(&o, at);
    op_insert(&o, character);
    bool ok = conversation_edit(t, d, &o, false, e);
    op_finish(&o);
    if (ok)
        d->caret = d->anchor = at + 1;
    return ok && conversation_linger(t, KEY_MS, e);
}

bool demo_note_write(struct conversation *t, struct doc *d, enum demo_writing what,
                     struct err *e)
{
    if (!d || !d->text)
        return demo_note_wait(t, what, e);
    struct str rest = str_of(writings[what].text);
    d->caret = d->anchor = place_of(d, writings[what].behind);
    show_caret(t, d);
    uint32_t cp;
    for (size_t n; (n = utf8_next(rest, &cp)); rest.p += n, rest.n -= n)
        if (!type_one(t, d, (struct str){rest.p, n}, e))
            return false;
    return true;
}

bool demo_note_wait(struct conversation *t, enum demo_writing what, struct err *e)
{
    return conversation_linger(t, (int64_t)utf8_chars(str_of(writings[what].text)) * KEY_MS, e);
}
