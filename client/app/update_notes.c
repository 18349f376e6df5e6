/* The list of a room's notes, and what is done to whole notes. */
#include "beside.h"
#include "fold.h"
#include "update_parts.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- the list ---- */

static const struct note *selected(const struct model *m)
{
    const struct replica *r = model_replica(m);
    return r && m->here->note.place < notes_listed(m) ? &r->notes.v[m->here->note.place] : NULL;
}

void notes_settle(struct model *m, const struct layout *l)
{
    const struct replica *r = model_replica(m);
    struct note_pane *p = note_pane(m);
    size_t n = notes_listed(m);
    if (!r || n == 0)
        return;
    p->at = replica_number_of(r, p->at);
    p->place = MIN(p->place, n - 1);
    for (size_t i = 0; i < n; i++)
        if (r->notes.v[i].number == p->at)
            p->place = i;
    p->at = r->notes.v[p->place].number;
    if (p->shows == NOTE_LIST && model_beside(m) == BESIDE_NOTE && !rect_is_empty(l->beside))
        p->first = notes_first(m, l);
}

void notes_show(struct model *m)
{
    struct note_pane *p = note_pane(m);
    if (!p)
        return;
    if (p->doc && p->shows != NOTE_LIST)
        p->at = p->doc->number;
    note_show(m, NOTE_LIST);
}

void notes_step(struct model *m, int by)
{
    struct note_pane *p = note_pane(m);
    const struct replica *r = model_replica(m);
    size_t n = notes_listed(m), far = (size_t)abs(by);
    if (!r || n == 0)
        return;
    p->place = by < 0 ? p->place - MIN(far, p->place) : MIN(p->place + far, n - 1);
    p->at = r->notes.v[p->place].number;
}

void notes_select(struct model *m, size_t place)
{
    const struct replica *r = model_replica(m);
    if (!r || place >= notes_listed(m))
        return;
    note_pane(m)->place = place;
    note_pane(m)->at = r->notes.v[place].number;
}

void notes_toggle_archived(struct model *m)
{
    struct note_pane *p = note_pane(m);
    if (!p)
        return;
    p->with_archived = !p->with_archived;
    notes_show(m);
}

/* ---- names ---- */

/* The only one in sight whose name begins so. */
static const struct note *begun(const struct replica *r, struct str name, size_t *several)
{
    const struct note *found = NULL;
    *several = 0;
    vec_each (n, &r->notes)
        if (!n->archived && n->name.n > name.n &&
            fold_same((struct str){n->name.p, name.n}, name)) {
            found = n;
            ++*several;
        }
    return *several == 1 ? found : NULL;
}

/* A note by name, by number, or by the only name that begins so. */
static const struct note *find(struct model *m, struct str name)
{
    const struct replica *r = model_replica(m);
    size_t called, several = 0;
    const struct note *found = replica_note_named(r, name, &called);
    int64_t number;
    struct str digits = name;
    if (digits.n && digits.p[0] == '#')
        digits.p++, digits.n--;
    if (!found && str_int(digits, 1, SEQ_MAX, &number))
        found = replica_note(r, number);
    if (!found && !called)
        found = begun(r, name, &several);
    if (found)
        return found;
    name.n = MIN(name.n, (size_t)100);
    if (called)
        model_toast(m, TOAST_ERROR, "%zu notes are called \"%.*s\": name it by number.", called,
                    STR_ARG(name));
    else
        model_toast(m, TOAST_ERROR,
                    several ? "Several notes begin with \"%.*s\"."
                            : "There is no note \"%.*s\". :note new makes one.",
                    STR_ARG(name));
    return NULL;
}

/* The one named, or the one that the person looks at. */
static const struct note *named_or_here(struct model *m, struct str name)
{
    const struct replica *r = model_replica(m);
    if (!r)
        return NULL;
    if (name.n)
        return find(m, name);
    const struct note_pane *p = note_pane(m);
    const struct note *n = p->shows == NOTE_LIST ? selected(m)
                           : p->doc              ? replica_note(r, p->doc->number)
                                                 : NULL;
    if (!n)
        model_toast(m, TOAST_ERROR,
                    p->doc ? "This is the description of a card." : "No note is selected.");
    return n;
}

void notes_open(struct model *m, struct str name, struct effects *out)
{
    if (!model_replica(m))
        return;
    struct note_pane *p = note_pane(m);
    if (name.n == 0 && p->shows != NOTE_LIST && p->doc) {
        note_show(m, NOTE_TEXT);
        return;
    }
    if (name.n == 0 && p->shows != NOTE_LIST) {
        notes_show(m);
        return;
    }
    if (name.n == 0 && notes_listed(m) == 0) {
        prompt_open(m, PROMPT_NOTE_NEW, (struct str){0});
        return;
    }
    const struct note *n = named_or_here(m, name);
    if (n)
        note_open(m, n->number, out);
}

void notes_read(struct model *m, struct str name, struct effects *out)
{
    const struct note *n = m->listener.text && model_replica(m) ? find(m, name) : NULL;
    if (!m->listener.text)
        notes_open(m, name, out);
    else if (n)
        errand_begin(m, TEXT_READ, n->number, (struct str){0}, out);
}

void notes_append(struct model *m, struct str name, struct str text, struct effects *out)
{
    const struct note *n = model_replica(m) ? find(m, name) : NULL;
    if (n)
        errand_begin(m, TEXT_APPEND, n->number, text, out);
}

void notes_edit(struct model *m, struct str name, struct effects *out)
{
    const struct note *n = model_replica(m) ? find(m, name) : NULL;
    if (n)
        errand_begin(m, TEXT_EDIT, n->number, (struct str){0}, out);
}

/* ---- requests ---- */

static int64_t request(struct model *m, struct msg *r, struct effects *out)
{
    struct err e = {0};
    r->request.room = str_of(m->here->name);
    int64_t id = session_request(&m->session, r, m->now, out, &e);
    if (!id)
        model_toast(m, TOAST_ERROR, "%s", e.text);
    return id;
}

static bool is_number(struct str name)
{
    int64_t number;
    if (str_starts(name, "#"))
        name = (struct str){name.p + 1, name.n - 1};
    return str_int(name, 1, SEQ_MAX, &number);
}

static const struct note *of_name(const struct replica *r, struct str name)
{
    vec_each (n, &r->notes)
        if (str_eq(n->name, name))
            return n;
    return NULL;
}

/* False after saying why not. The server has the last word. */
static bool is_free(struct model *m, struct str *name, int64_t self)
{
    const struct replica *r = model_replica(m);
    *name = str_trim(*name);
    const struct note *other = of_name(r, *name);
    if (name->n > NOTE_NAME_MAX)
        model_toast(m, TOAST_ERROR, "A name has at most %d bytes; this one has %zu.",
                    NOTE_NAME_MAX, name->n);
    else if (is_number(*name))
        model_toast(m, TOAST_ERROR, "A name that is a number would be taken for one.");
    else if (other && !other->archived && other->number != self)
        model_toast(m, TOAST_ERROR, "There is a note of that name: #%lld.",
                    (long long)MAX(other->number, 0));
    else
        return name->n > 0;
    return false;
}

void notes_new(struct model *m, struct str name, struct effects *out)
{
    if (!model_replica(m))
        return;
    if (name.n == 0) {
        prompt_open(m, PROMPT_NOTE_NEW, (struct str){0});
        return;
    }
    struct msg create = {.type = MSG_NOTE_CREATE};
    if (!is_free(m, &name, 0))
        return;
    create.note_create.name = name;
    int64_t id = request(m, &create, out);
    if (id)
        note_open(m, -id, out);
}

void notes_rename(struct model *m, struct str name, struct effects *out)
{
    const struct note *n = model_replica(m) ? named_or_here(m, (struct str){0}) : NULL;
    if (!n)
        return;
    if (name.n == 0) {
        prompt_open(m, PROMPT_NOTE_NAME, n->name);
        m->prompt_card = n->number;
        return;
    }
    notes_name(m, n->number, name, out);
}

void notes_name(struct model *m, int64_t number, struct str name, struct effects *out)
{
    const struct replica *r = model_replica(m);
    number = r ? replica_number_of(r, number) : 0;
    const struct note *n = r ? replica_note(r, number) : NULL;
    if (!n || !is_free(m, &name, number) || str_eq(name, n->name))
        return;
    struct msg rename = {.type = MSG_NOTE_RENAME};
    rename.note_rename.note = number;
    rename.note_rename.name = name;
    request(m, &rename, out);
}

void notes_archive(struct model *m, struct str name, struct effects *out)
{
    const struct note *n = named_or_here(m, name);
    if (!n)
        return;
    char what[NOTE_NAME_MAX + 1];
    snprintf(what, sizeof what, "%.*s", STR_ARG(n->name));
    if (n->archived) {
        model_toast(m, TOAST_INFO, "%s is put away already.", what);
        return;
    }
    struct msg archive = {.type = MSG_NOTE_ARCHIVE};
    archive.note_archive.note = n->number;
    if (request(m, &archive, out))
        model_toast(m, TOAST_INFO, "%s is put away. A in the list shows it, r brings it back.",
                    what);
}

void notes_restore(struct model *m, struct str name, struct effects *out)
{
    const struct note *n = named_or_here(m, name);
    if (!n)
        return;
    struct msg restore = {.type = MSG_NOTE_RESTORE};
    restore.note_restore.note = n->number;
    if (!n->archived)
        model_toast(m, TOAST_INFO, "%.*s is not put away.", STR_ARG(n->name));
    else
        request(m, &restore, out);
}
