/* The check of notes and texts. The walk over the log follows the lengths of all texts, which
 * is enough to judge every edit; then the texts that have snapshots are replayed once more, one
 * after the other, so that no more than one of them is in memory. */
#include "blame.h"
#include "board.h"
#include "rope.h"
#include "store_replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the walk over the log ---- */

/* Place of the note with that number, or of the first behind it. */
static size_t note_place(const struct replay *r, int64_t number)
{
    size_t low = 0, high = r->notes.n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (r->notes.v[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct store_note *note_of(const struct replay *r, int64_t number)
{
    size_t at = note_place(r, number);
    return at < r->notes.n && r->notes.v[at].number == number ? &r->notes.v[at] : NULL;
}

bool replay_is_note(const struct replay *r, int64_t number)
{
    return note_of(r, number);
}

static void create(struct replay *r, const struct msg_note_created *m)
{
    if (note_of(r, m->note) || board_card(&r->board, m->note)) {
        replay_fault(r, "number %" PRId64 " is given away a second time", m->note);
        return;
    }
    board_pass_number(&r->board, m->note);
    size_t at = note_place(r, m->note);
    vec_push(&r->notes, (struct store_note){0});
    memmove(&r->notes.v[at + 1], &r->notes.v[at], (r->notes.n - at - 1) * sizeof *r->notes.v);
    r->notes.v[at] = (struct store_note){
        .number = m->note,
        .name = str_keep(&r->arena, m->name),
        .time = m->head.time,
        .author = str_keep(&r->arena, m->head.author),
    };
}

static struct store_note *known_note(struct replay *r, int64_t number)
{
    struct store_note *n = note_of(r, number);
    if (!n)
        replay_fault(r, "there is no note %" PRId64, number);
    return n;
}

static void set_archived(struct replay *r, int64_t number, bool archived)
{
    struct store_note *n = known_note(r, number);
    if (n)
        n->archived = archived;
}

static struct seen_text *text_of(struct replay *r, int64_t number)
{
    struct seen_text *t;
    HASH_FIND(hh, r->texts, &number, sizeof number, t);
    if (t)
        return t;
    if (!note_of(r, number) && !board_card(&r->board, number))
        replay_fault(r, "%" PRId64 " is the number of no note and no card", number);
    t = NEW(struct seen_text);
    t->number = number;
    HASH_ADD(hh, r->texts, number, sizeof t->number, t);
    return t;
}

/* Reads the operation into r->op; false, and e, when it does not fit a text of that length. */
static bool read_op(struct replay *r, struct str json, size_t chars, struct err *e)
{
    return op_parse(&r->op, json, OP_OUT_MAX, e) && op_check(&r->op, chars, e);
}

static void edit(struct replay *r, const struct msg_note_edited *m)
{
    struct err e = {0};
    struct seen_text *t = text_of(r, m->note);
    if (m->version != t->version + 1)
        replay_fault(r, "version %" PRId64 " of text %" PRId64 " comes behind version %" PRId64,
                     m->version, t->number, t->version);
    t->version = m->version;
    t->time = m->head.time;
    snprintf(t->author, sizeof t->author, "%.*s", STR_ARG(m->head.author));
    if (t->is_broken)
        return;
    if (read_op(r, m->op, t->chars, &e)) {
        t->chars = op_result(&r->op, t->chars);
        return;
    }
    t->is_broken = true;
    replay_fault(r, "version %" PRId64 " does not fit text %" PRId64 ": %s", m->version,
                 t->number, e.text);
}

bool replay_note(struct replay *r, const struct msg *m)
{
    if (m->type == MSG_NOTE_CREATED) {
        create(r, &m->note_created);
    } else if (m->type == MSG_NOTE_RENAMED) {
        struct store_note *n = known_note(r, m->note_renamed.note);
        if (n)
            n->name = str_keep(&r->arena, m->note_renamed.name);
    } else if (m->type == MSG_NOTE_ARCHIVED) {
        set_archived(r, m->note_archived.note, true);
    } else if (m->type == MSG_NOTE_RESTORED) {
        set_archived(r, m->note_restored.note, false);
    } else if (m->type == MSG_NOTE_EDITED) {
        edit(r, &m->note_edited);
    } else {
        return false;
    }
    return true;
}

/* ---- the tables ---- */

static void compare_note(struct replay *r, const struct store_note *got)
{
    const struct store_note *want = note_of(r, got->number);
    if (!want) {
        replay_fault(r, "note %" PRId64 " is in the table and not in the log", got->number);
        return;
    }
    if (!str_eq(got->name, want->name))
        replay_fault(r, "note %" PRId64 " has another name in the table than in the log",
                     got->number);
    if (got->archived != want->archived)
        replay_fault(r, "note %" PRId64 " is %sarchived in the table, and %sin the log",
                     got->number, got->archived ? "" : "not ", want->archived ? "" : "not ");
    if (got->time != want->time || !str_eq(got->author, want->author))
        replay_fault(r,
                     "note %" PRId64 " was made by another or at another time than the "
                     "log has it",
                     got->number);
}

static void compare_head(struct replay *r, const struct store_text *got)
{
    const struct seen_text *want;
    HASH_FIND(hh, r->texts, &got->number, sizeof got->number, want);
    int64_t version = want ? want->version : 0;
    if (got->version != version)
        replay_fault(r,
                     "text %" PRId64 " is at version %" PRId64 " by its index, %" PRId64
                     " by the log",
                     got->number, got->version, version);
    else if (got->time != want->time || !str_is(got->author, want->author))
        replay_fault(r,
                     "version %" PRId64 " of text %" PRId64
                     " has another author or time in its row than in its event",
                     version, got->number);
}

/* ---- a text and its snapshots ---- */

/* One text, replayed. */
struct twin {
    struct replay *r;
    int64_t number, version, time;
    struct rope *rope;
    struct blame *blame;
    struct buf printed;
};

static void mend(struct twin *t)
{
    struct buf text = {0};
    rope_read(t->rope, 0, rope_chars(t->rope), &text);
    t->r->mend(t->r, &(struct store_snapshot){.number = t->number,
                                              .version = t->version,
                                              .time = t->time,
                                              .text = buf_str(&text),
                                              .blame = buf_str(&t->printed)});
    buf_finish(&text);
}

static void compare_snapshot(struct twin *t)
{
    struct store_job *j = replay_ask_text(t->r, JOB_TEXT, t->number, 0, t->version);
    const struct store_snapshot *s = &j->snapshot;
    buf_clear(&t->printed);
    blame_print(t->blame, &t->printed);
    const char *what = NULL;
    if (j->err.code == ERR_NONE && s->version != t->version)
        what = "is not found";
    else if (!rope_is(t->rope, s->text))
        what = "says something else than its edits";
    else if (!str_eq(buf_str(&t->printed), s->blame))
        what = "names other authors than its edits";
    else if (s->time != t->time)
        what = "has another time than its edit";
    if (t->r->mend && (what || j->err.code != ERR_NONE))
        mend(t);
    else if (j->err.code != ERR_NONE)
        replay_fault(t->r, "%s", j->err.text);
    else if (what)
        replay_fault(t->r, "the snapshot of text %" PRId64 " at version %" PRId64 " %s",
                     t->number, t->version, what);
    store_job_free(j);
}

/* False when the edit does not fit, which the walk over the log has told. */
static bool redo(struct twin *t, const struct store_edit *edit)
{
    if (edit->version != t->version + 1 || !read_op(t->r, edit->op, rope_chars(t->rope), NULL))
        return false;
    op_apply(&t->r->op, t->rope);
    blame_apply(t->blame, &t->r->op, edit->author, edit->version, edit->time);
    t->version = edit->version;
    t->time = edit->time;
    return true;
}

/* Redoes the edits up to version `to`. */
static bool redo_until(struct twin *t, int64_t to)
{
    bool ok = true;
    while (ok && t->version < to) {
        struct store_job *j =
            replay_ask_text(t->r, JOB_EDITS, t->number, t->version, INT64_MAX);
        if (j->err.code != ERR_NONE)
            replay_fault(t->r, "%s", j->err.text);
        ok = j->edits.n > 0;
        for (size_t i = 0; ok && i < j->edits.n && t->version < to; i++)
            ok = redo(t, &j->edits.v[i]);
        store_job_free(j);
    }
    return ok;
}

static void compare_snapshots(struct replay *r, const struct seen_text *seen)
{
    struct store_job *j = replay_ask_text(r, JOB_SNAPSHOTS, seen->number, 0, 0);
    if (j->err.code != ERR_NONE)
        replay_fault(r, "%s", j->err.text);
    struct twin t = {.r = r, .number = seen->number, .rope = rope_new(), .blame = blame_new()};
    for (size_t i = 0; i < j->versions.n; i++) {
        int64_t version = j->versions.v[i];
        if (version > seen->version || !redo_until(&t, version))
            break;
        compare_snapshot(&t);
    }
    rope_free(t.rope);
    blame_free(t.blame);
    buf_finish(&t.printed);
    store_job_free(j);
}

void replay_compare_texts(struct replay *r, const struct store_room *room)
{
    for (size_t i = 0; i < room->notes.n; i++)
        compare_note(r, &room->notes.v[i]);
    if (room->notes.n != r->notes.n)
        replay_fault(r, "the table has %zu notes, the log %zu", room->notes.n, r->notes.n);
    for (size_t i = 0; i < room->texts.n; i++)
        compare_head(r, &room->texts.v[i]);
    if (room->texts.n != HASH_COUNT(r->texts))
        replay_fault(r, "the index has %zu texts, the log %zu", room->texts.n,
                     (size_t)HASH_COUNT(r->texts));
    replay_compare_snapshots(r);
}

void replay_compare_snapshots(struct replay *r)
{
    for (const struct seen_text *t = r->texts; t; t = t->hh.next)
        compare_snapshots(r, t);
}

void replay_forget_texts(struct replay *r)
{
    struct seen_text *t, *next;
    HASH_ITER (hh, r->texts, t, next) {
        HASH_DEL(r->texts, t);
        free(t);
    }
    vec_finish(&r->notes);
}
