#include "typists.h"

#include "conversation.h"
#include "utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TURN = 500, TIMEOUT_MS = 60000 };

static const struct str room = {"#core", 5};

void typist_replay(const struct trace *t, size_t n, struct buf *out)
{
    struct rope *r = rope_new();
    for (size_t i = 0; i < n; i++) {
        rope_delete(r, t->edits.v[i].pos, t->edits.v[i].chars);
        rope_insert(r, t->edits.v[i].pos, t->edits.v[i].text);
    }
    rope_read(r, 0, rope_chars(r), out);
    rope_free(r);
}

/* ---- people ---- */

static struct conversation *come_in(const char *url)
{
    struct err e = {0};
    struct conversation *t = conversation_new(url, (struct str){0}, NULL, TIMEOUT_MS);
    conversation_hush(t, true);
    if (!conversation_start(t, &e) || !conversation_open(t, room, &e))
        fail_msg("%s", e.text);
    return t;
}

static struct doc *open_note(struct conversation *t)
{
    struct err e = {0};
    struct doc *d = conversation_text(t, room, 1, &e);
    if (!d)
        fail_msg("%s", e.text);
    return d;
}

void typist_make_note(const char *url, struct str text)
{
    struct err e = {0};
    struct msg_ok ok;
    struct conversation *t = conversation_new(url, (struct str){0}, NULL, TIMEOUT_MS);
    struct msg m = {.type = MSG_ROOM_CREATE, .request.room = room};
    struct msg note = {.type = MSG_NOTE_CREATE, .request.room = room};
    note.note_create.name = STR("N");
    struct op o = {0};
    op_insert(&o, text);
    if (!conversation_start(t, &e) || !conversation_request(t, &m, &ok, &e) ||
        !conversation_open(t, room, &e) || !conversation_request(t, &note, &ok, &e) ||
        !conversation_edit(t, open_note(t), &o, true, &e))
        fail_msg("%s", e.text);
    op_finish(&o);
    conversation_free(t);
}

static void type(struct conversation *t, struct doc *d, const struct trace_edit *edit,
                 size_t start)
{
    struct err e = {0};
    struct op o = {0};
    op_skip(&o, start + edit->pos);
    op_insert(&o, edit->text);
    op_delete(&o, edit->chars);
    if (!conversation_edit(t, d, &o, false, &e))
        fail_msg("%s", e.text);
    op_finish(&o);
}

static void save(struct conversation *t, struct doc *d)
{
    struct err e = {0};
    if (!conversation_save(t, d, &e))
        fail_msg("%s", e.text);
}

static void await_version(struct conversation *t, const struct doc *d, int64_t version)
{
    struct err e = {0};
    int64_t deadline = conversation_now(t) + TIMEOUT_MS;
    while (d->sync.version < version || d->state != DOC_LIVE) {
        if (conversation_now(t) > deadline || !conversation_turn(t, deadline, -1, &e))
            fail_msg("version %lld does not come: %s", (long long)version, e.text);
    }
}

static void expect(const struct doc *d, struct str wanted)
{
    if (!rope_is(d->text, wanted))
        fail_msg("the text has %zu characters and is not that of %zu bytes which was typed",
                 rope_chars(d->text), wanted.n);
}

/* ---- in turn ---- */

void typists_pass_round(const char *url, const struct trace *t)
{
    struct conversation *people[TYPISTS];
    struct doc *docs[TYPISTS];
    struct buf wanted = {0};
    size_t n = MIN(t->edits.n, (size_t)TYPIST_EDITS_MAX);
    for (int i = 0; i < TYPISTS; i++) {
        people[i] = come_in(url);
        docs[i] = open_note(people[i]);
    }
    int64_t version = docs[0]->sync.version;
    for (size_t at = 0; at < n; at += TURN) {
        size_t who = at / TURN % TYPISTS;
        await_version(people[who], docs[who], version);
        for (size_t i = at; i < MIN(at + TURN, n); i++)
            type(people[who], docs[who], &t->edits.v[i], 0);
        save(people[who], docs[who]);
        version = docs[who]->sync.version;
    }
    typist_replay(t, n, &wanted);
    for (int i = 0; i < TYPISTS; i++) {
        await_version(people[i], docs[i], version);
        expect(docs[i], buf_str(&wanted));
        conversation_free(people[i]);
    }
    buf_finish(&wanted);
}

/* ---- at once ---- */

void typist_heading(struct buf *out, int person)
{
    buf_fmt(out, "\n== %d ==\n", person);
}

void typist_type_alone(const char *url, const struct trace *t, int person)
{
    struct conversation *talk = come_in(url);
    struct doc *d = open_note(talk);
    struct buf head = {0}, text = {0};
    struct err e = {0};
    typist_heading(&head, person);
    rope_read(d->text, 0, rope_chars(d->text), &text);
    const char *at = memmem(text.p, text.n, head.p, head.n);
    assert_non_null(at);
    d->caret = d->anchor = utf8_chars((struct str){text.p, (size_t)(at - text.p) + head.n});
    for (size_t i = 0; i < MIN(t->edits.n, (size_t)TYPIST_EDITS_MAX); i++) {
        size_t start = d->caret;
        type(talk, d, &t->edits.v[i], start);
        d->caret = d->anchor = start;
        if (i % 20 == 0 && !conversation_turn(talk, 0, -1, &e))
            fail_msg("%s", e.text);
    }
    save(talk, d);
    conversation_free(talk);
    buf_finish(&head);
    buf_finish(&text);
}

void typist_expect(const char *url, struct str wanted)
{
    struct conversation *reader = come_in(url);
    expect(open_note(reader), wanted);
    conversation_free(reader);
}
