/* moot note: texts that several people write. */
#include "note.h"

#include "codec.h"
#include "file.h"
#include "merge.h"
#include "utf8.h"
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- finding ---- */

static bool found_card(const struct replica *r, struct note_at *at)
{
    const struct card *card = board_card(&r->board, at->number);
    if (card)
        at->name = str_of(card->title);
    return card != NULL;
}

/* Archived cards are not listed, nor are their titles; their descriptions are there. */
static bool find_number(struct cli *c, const struct replica *r, struct note_at *at,
                        struct err *e)
{
    const struct note *n = replica_note(r, at->number);
    at->name = n ? n->name : str_fmt(&c->arena, "card %lld", (long long)at->number);
    if (n || found_card(r, at) || at->number < r->board.next_number)
        return true;
    return fail(e, ERR_NOT_FOUND, "%.*s has no note or card %lld", STR_ARG(at->room),
                (long long)at->number);
}

static bool find_name(const struct replica *r, struct str name, struct note_at *at,
                      struct err *e)
{
    size_t several;
    const struct note *n = replica_note_named(r, name, &several);
    if (n) {
        at->number = n->number;
        at->name = n->name;
        return true;
    }
    name.n = MIN(name.n, (size_t)NOTE_NAME_MAX);
    if (several)
        return fail(e, ERR_CONFLICT, "%zu notes are called '%.*s': name it by number", several,
                    STR_ARG(name));
    return fail(e, ERR_NOT_FOUND, "%.*s has no note '%.*s'; moot note list %.*s shows them",
                STR_ARG(at->room), STR_ARG(name), STR_ARG(at->room));
}

bool note_find(struct cli *c, struct note_at *at, struct err *e)
{
    struct str word = c->words[1], digits = word;
    const struct replica *r = cli_open(c, &at->room, e);
    if (!r)
        return false;
    if (str_starts(digits, "#"))
        digits = (struct str){digits.p + 1, digits.n - 1};
    bool is_number = str_int(digits, 1, SEQ_MAX, &at->number);
    if (!(is_number ? find_number(c, r, at, e) : find_name(r, word, at, e)))
        return false;
    at->name = str_keep(&c->arena, at->name);
    return true;
}

/* ---- listing ---- */

static void print_note(struct cli *c, const struct note *n, struct str room)
{
    struct note_item item = {n->number, n->name, n->archived, n->version, n->time, n->author};
    if (c->out.json) {
        struct str extra = str_fmt(&c->arena, "\"room\":\"%.*s\",", STR_ARG(room));
        print_json_item(&c->out, print_shape(MSG_SNAPSHOT, "notes"), &item, extra);
        return;
    }
    print_fmt(&c->out, "%5lld  ", (long long)n->number);
    print_time(&c->out, n->time);
    print_fmt(&c->out, "  ");
    print_text(&c->out, n->author, 12);
    print_fmt(&c->out, "  ");
    print_text(&c->out, n->name, 0);
    print_fmt(&c->out, "%s\n", n->archived ? "  (archived)" : "");
}

bool note_list_run(struct cli *c, struct err *e)
{
    struct str room;
    const struct replica *r = cli_open(c, &room, e);
    if (!r)
        return false;
    vec_each (n, &r->notes)
        if (!n->archived || c->options.all)
            print_note(c, n, room);
    return true;
}

/* ---- the note itself ---- */

/* The text that goes into a new note; NULL file: none. */
static bool read_from(struct cli *c, const char *file, struct str *text, struct err *e)
{
    struct buf bytes = {0};
    bool ok = true;
    if (file) {
        c->has_read = true;
        ok = file_read(file, &bytes, e);
        *text = ok ? str_keep(&c->arena, buf_str(&bytes)) : (struct str){0};
    }
    buf_finish(&bytes);
    return ok;
}

static bool name_of(struct cli *c, size_t i, struct str *name, struct err *e)
{
    int64_t number;
    if (!cli_text(c, i, NOTE_NAME_MAX, "name", name, e))
        return false;
    struct str digits = *name;
    if (str_starts(digits, "#"))
        digits = (struct str){digits.p + 1, digits.n - 1};
    if (str_int(digits, 1, SEQ_MAX, &number))
        return fail(e, ERR_USAGE, "a name that is a number would be taken for one");
    return true;
}

bool note_new_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_NOTE_CREATE};
    struct msg_ok ok;
    struct str text = {0};
    if (!cli_room(c, c->words[0], &m.request.room, e) ||
        !name_of(c, 1, &m.note_create.name, e) || !read_from(c, c->options.from, &text, e) ||
        !cli_connect(c, e) || !conversation_open(c->talk, m.request.room, e) ||
        !cli_request(c, &m, &ok, e))
        return false;
    if (!c->out.json)
        print_fmt(&c->out, "%lld\n", (long long)ok.number);
    if (!text.n)
        return true;
    struct doc *d = conversation_text(c->talk, m.request.room, ok.number, e);
    return d && note_put(c, d, (struct str){0}, text, e);
}

static bool change(struct cli *c, enum msg_type type, struct err *e)
{
    struct note_at at;
    struct msg m = {.type = type};
    struct msg_ok ok;
    if (!note_find(c, &at, e))
        return false;
    m.request.room = at.room;
    m.note_archive.note = at.number;
    return cli_request(c, &m, &ok, e);
}

bool note_archive_run(struct cli *c, struct err *e)
{
    return change(c, MSG_NOTE_ARCHIVE, e);
}

bool note_unarchive_run(struct cli *c, struct err *e)
{
    return change(c, MSG_NOTE_RESTORE, e);
}

bool note_rename_run(struct cli *c, struct err *e)
{
    struct note_at at;
    struct msg m = {.type = MSG_NOTE_RENAME};
    struct msg_ok ok;
    if (!name_of(c, 2, &m.note_rename.name, e) || !note_find(c, &at, e))
        return false;
    m.request.room = at.room;
    m.note_rename.note = at.number;
    return cli_request(c, &m, &ok, e);
}

/* ---- its text ---- */

struct gather {
    struct buf *out;
    size_t start;
    int64_t version;
};

static void gather_begin(void *arg)
{
    struct gather *g = arg;
    g->out->n = g->start;
}

static bool gather_part(void *arg, const struct msg *m)
{
    struct gather *g = arg;
    buf_add_str(g->out, m->note_text.text);
    g->version = m->note_text.version;
    return m->note_text.more;
}

bool note_fetch(struct cli *c, const struct note_at *at, int64_t version, int64_t time,
                struct buf *out, int64_t *is, struct err *e)
{
    struct msg q = {.type = MSG_NOTE_AT, .request.room = at->room};
    struct gather g = {out, out->n, 0};
    q.note_at.note = at->number;
    q.note_at.version = version;
    q.note_at.time = time;
    if (!conversation_ask_parts(c->talk, &q, (struct parts){gather_begin, gather_part, &g}, e))
        return false;
    if (is)
        *is = g.version;
    return true;
}

void note_print(struct cli *c, struct str text)
{
    if (isatty(STDOUT_FILENO))
        utf8_escape_lines(&c->out.bytes, text);
    else
        buf_add_str(&c->out.bytes, text);
    print_flush(&c->out);
}

bool note_cat_run(struct cli *c, struct err *e)
{
    struct note_at at;
    int64_t version = -1, time = 0, is;
    struct buf text = {0};
    bool ok = (!c->options.at ||
               note_when(str_of(c->options.at), note_clock(), &version, &time, e)) &&
              note_find(c, &at, e) && note_fetch(c, &at, version, time, &text, &is, e);
    if (ok && c->out.json) {
        print_fmt(&c->out, "{\"room\":\"%.*s\",\"number\":%lld,\"name\":", STR_ARG(at.room),
                  (long long)at.number);
        codec_quote(&c->out.bytes, at.name);
        print_fmt(&c->out, ",\"version\":%lld,\"text\":", (long long)is);
        codec_quote(&c->out.bytes, buf_str(&text));
        print_fmt(&c->out, "}\n");
    } else if (ok) {
        note_print(c, buf_str(&text));
    }
    buf_finish(&text);
    return ok;
}

bool note_put(struct cli *c, struct doc *d, struct str base, struct str to, struct err *e)
{
    struct op o = {0};
    struct buf now = {0};
    rope_read(d->text, 0, rope_chars(d->text), &now);
    merge(base, buf_str(&now), to, &o);
    bool ok = op_is_empty(&o) || conversation_edit(c->talk, d, &o, true, e);
    op_finish(&o);
    buf_finish(&now);
    return ok;
}

/* The text at the end, on a line of its own. */
static bool append(struct cli *c, struct doc *d, struct str text, struct err *e)
{
    struct op o = {0};
    size_t chars = rope_chars(d->text);
    op_skip(&o, chars);
    if (chars && rope_at(d->text, chars - 1) != '\n')
        op_insert(&o, STR("\n"));
    op_insert(&o, text);
    op_insert(&o, STR("\n"));
    bool ok = conversation_edit(c->talk, d, &o, true, e);
    op_finish(&o);
    return ok;
}

bool note_append_run(struct cli *c, struct err *e)
{
    struct note_at at;
    struct str text;
    /* What is to be written is read to its end before anything is asked of the server. */
    if (!cli_text_as_is(c, 2, NOTE_BYTES_MAX, "text", &text, e) || !note_find(c, &at, e))
        return false;
    struct doc *d = conversation_text(c->talk, at.room, at.number, e);
    return d && append(c, d, text, e);
}

/* ---- files ---- */

/* A file name out of a note's: what a shell or a file system minds becomes '-'. */
static struct str file_name(struct cli *c, const struct note *n)
{
    struct buf name = {0};
    for (size_t i = 0; i < n->name.n; i++) {
        char ch = n->name.p[i];
        bool odd = (unsigned char)ch < ' ' || ch == '/' || ch == '\\' || ch == '\x7f';
        buf_add_c(&name, odd || (i == 0 && (ch == '.' || ch == '-')) ? '-' : ch);
    }
    struct str kept =
        str_fmt(&c->arena, "%lld-%.*s.md", (long long)n->number, STR_ARG(buf_str(&name)));
    buf_finish(&name);
    return kept;
}

static void print_exported(struct cli *c, const struct note *n, struct str path)
{
    if (!c->out.json) {
        print_fmt(&c->out, "%s\n", path.p);
        return;
    }
    print_fmt(&c->out, "{\"number\":%lld,\"name\":", (long long)n->number);
    codec_quote(&c->out.bytes, n->name);
    print_fmt(&c->out, ",\"file\":");
    codec_quote(&c->out.bytes, path);
    print_fmt(&c->out, "}\n");
}

static bool export_note(struct cli *c, struct str room, const struct note *n, struct err *e)
{
    struct note_at at = {room, n->number, n->name};
    struct buf text = {0};
    struct str path =
        str_fmt(&c->arena, "%.*s/%.*s", STR_ARG(c->words[1]), STR_ARG(file_name(c, n)));
    bool ok =
        note_fetch(c, &at, -1, 0, &text, NULL, e) && file_write(path.p, buf_str(&text), e);
    if (ok)
        print_exported(c, n, path);
    buf_finish(&text);
    return ok;
}

bool note_export_run(struct cli *c, struct err *e)
{
    struct str room;
    if (!cli_room(c, c->words[0], &room, e))
        return false;
    if (mkdir(c->words[1].p, 0777) != 0 && errno != EEXIST)
        return fail(e, ERR_IO, "%s: %s", c->words[1].p, strerror(errno));
    if (!cli_connect(c, e))
        return false;
    const struct replica *r = conversation_open(c->talk, room, e);
    if (!r)
        return false;
    /* The list changes when others make notes meanwhile. */
    VEC(struct note) notes = {0};
    vec_each (n, &r->notes)
        if (!n->archived || c->options.all) {
            vec_push(&notes, *n);
            notes.v[notes.n - 1].name = str_keep(&c->arena, n->name);
        }
    bool ok = true;
    for (size_t i = 0; i < notes.n && ok; i++)
        ok = export_note(c, room, &notes.v[i], e);
    vec_finish(&notes);
    return ok;
}
