/* Notes of the room and how far its texts are: what the log says, and the list as it is shown,
 * made from that and from what waits whenever one of the two changes. */
#include "fold.h"
#include "replica_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- what the log says ---- */

static struct note_kept *kept(const struct notes_kept *n, int64_t number)
{
    size_t low = 0, high = n->notes.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (n->notes.v[mid].number < number)
            low = mid + 1;
        else
            high = mid;
    }
    return low < n->notes.n && n->notes.v[low].number == number ? &n->notes.v[low] : NULL;
}

static void set_author(struct note_kept *n, struct str author)
{
    memset(n->author, 0, sizeof n->author);
    if (author.n)
        memcpy(n->author, author.p, MIN(author.n, sizeof n->author - 1));
}

bool notes_kept_add(struct notes_kept *n, const struct note_item *item, struct err *e)
{
    if (n->notes.n >= NOTES_MAX)
        return fail(e, ERR_LIMIT, "more than %d notes", NOTES_MAX);
    size_t at = n->notes.n;
    while (at && n->notes.v[at - 1].number > item->number)
        at--;
    if (at && n->notes.v[at - 1].number == item->number)
        return fail(e, ERR_EXISTS, "note %lld is there twice", (long long)item->number);
    struct note_kept note = {.number = item->number,
                             .name = str_dup(item->name),
                             .archived = item->archived,
                             .version = item->version,
                             .time = item->time};
    set_author(&note, item->author);
    vec_push(&n->notes, note);
    memmove(&n->notes.v[at + 1], &n->notes.v[at], (n->notes.n - 1 - at) * sizeof note);
    n->notes.v[at] = note;
    return true;
}

static struct described *description(const struct notes_kept *n, int64_t card)
{
    struct described *d = NULL;
    HASH_FIND(hh, n->described, &card, sizeof card, d);
    return d;
}

static struct described *make_description(struct notes_kept *n, int64_t card)
{
    struct described *d = description(n, card);
    if (d)
        return d;
    d = NEW(struct described);
    d->card = card;
    HASH_ADD(hh, n->described, card, sizeof d->card, d);
    return d;
}

void notes_kept_describe(struct notes_kept *n, int64_t card, int64_t version,
                         const struct card_counts *counts)
{
    if (version == 0 && counts->comments == 0 && !description(n, card))
        return;
    struct described *d = make_description(n, card);
    d->version = version;
    d->counts = *counts;
}

void notes_kept_said(struct notes_kept *n, int64_t card, int by)
{
    struct described *d = make_description(n, card);
    d->counts.comments = MAX(d->counts.comments + by, 0);
}

void notes_kept_finish(struct notes_kept *n)
{
    struct described *d, *next;
    vec_each (note, &n->notes)
        free(note->name);
    vec_finish(&n->notes);
    HASH_ITER (hh, n->described, d, next) {
        HASH_DEL(n->described, d);
        free(d);
    }
}

int64_t replica_description(const struct replica *r, int64_t card)
{
    const struct described *d = description(&r->kept, replica_number_of(r, card));
    return d ? d->version : 0;
}

struct card_counts replica_counts(const struct replica *r, int64_t card)
{
    const struct described *d = description(&r->kept, replica_number_of(r, card));
    return d ? d->counts : (struct card_counts){0};
}

int64_t replica_text_version(const struct replica *r, int64_t number)
{
    const struct note_kept *n = kept(&r->kept, number);
    return n ? n->version : replica_description(r, number);
}

/* ---- events ---- */

static bool named(const struct replica *r, int64_t number, struct note_kept **out,
                  struct err *e)
{
    *out = kept(&r->kept, number);
    return *out || fail(e, ERR_NOT_FOUND, "there is no note %lld", (long long)number);
}

static bool created(struct replica *r, const struct msg_note_created *m, struct err *e)
{
    struct note_item item = {
        .number = m->note, .name = m->name, .time = m->head.time, .author = m->head.author};
    if (board_card(&r->board, m->note))
        return fail(e, ERR_EXISTS, "%lld is a card", (long long)m->note);
    board_pass_number(&r->board, m->note);
    return notes_kept_add(&r->kept, &item, e);
}

static void edited(struct replica *r, const struct msg_note_edited *m)
{
    struct note_kept *n = kept(&r->kept, m->note);
    if (!n) {
        struct card_counts counts = replica_counts(r, m->note);
        counts.done = m->done;
        counts.boxes = m->boxes;
        notes_kept_describe(&r->kept, m->note, m->version, &counts);
        return;
    }
    n->version = m->version;
    n->time = m->head.time;
    set_author(n, m->head.author);
}

bool replica_note_event(struct replica *r, const struct msg *m, struct err *e)
{
    struct note_kept *n;
    if (m->type == MSG_NOTE_CREATED) {
        return created(r, &m->note_created, e);
    } else if (m->type == MSG_NOTE_RENAMED) {
        if (!named(r, m->note_renamed.note, &n, e))
            return false;
        free(n->name);
        n->name = str_dup(m->note_renamed.name);
    } else if (m->type == MSG_NOTE_ARCHIVED) {
        if (!named(r, m->note_archived.note, &n, e))
            return false;
        n->archived = true;
    } else if (m->type == MSG_NOTE_RESTORED) {
        if (!named(r, m->note_restored.note, &n, e))
            return false;
        n->archived = false;
    } else if (m->type == MSG_TASK_RESTORED) {
        const struct msg_task_restored *t = &m->task_restored;
        struct card_counts counts = {t->done, t->boxes, t->comments};
        if (t->version >= replica_description(r, t->task))
            notes_kept_describe(&r->kept, t->task, t->version, &counts);
    } else if (m->type == MSG_NOTE_EDITED) {
        edited(r, &m->note_edited);
    } else if (m->type == MSG_MESSAGE && m->message.task) {
        notes_kept_said(&r->kept, m->message.task, 1);
    } else if (m->type == MSG_MESSAGE_DELETED && m->message_deleted.task) {
        notes_kept_said(&r->kept, m->message_deleted.task, -1);
    }
    return true;
}

/* An edit changes neither names nor order: the list as shown stays, one row of it is new. */
void replica_note_edited(struct replica *r, int64_t number)
{
    const struct note_kept *from = kept(&r->kept, number);
    vec_each (n, &r->notes) {
        if (from && n->number == number) {
            n->version = from->version;
            n->time = from->time;
            n->author = str_of(from->author);
        }
    }
}

/* ---- what waits ---- */

bool replica_is_note_request(enum msg_type type)
{
    return type == MSG_NOTE_CREATE || type == MSG_NOTE_RENAME || type == MSG_NOTE_ARCHIVE ||
           type == MSG_NOTE_RESTORE;
}

static struct note *shown(const struct replica *r, int64_t number)
{
    number = replica_number_of(r, number);
    vec_each (n, &r->notes) {
        if (n->number == number)
            return n;
    }
    return NULL;
}

const struct note *replica_note(const struct replica *r, int64_t number)
{
    return shown(r, number);
}

const struct note *replica_note_named(const struct replica *r, struct str name, size_t *several)
{
    for (int rank = 0; rank < 4; rank++) {
        bool archived = rank & 2, folds = rank & 1;
        const struct note *found = NULL;
        *several = 0;
        vec_each (n, &r->notes)
            if (n->archived == archived &&
                (folds ? fold_same(n->name, name) : str_eq(n->name, name))) {
                found = n;
                ++*several;
            }
        if (*several)
            return *several == 1 ? found : NULL;
    }
    return NULL;
}

static bool is_free(const struct replica *r, struct str name, const struct note *but,
                    struct err *e)
{
    vec_each (n, &r->notes) {
        if (n != but && !n->archived && str_eq(n->name, name))
            return fail(e, ERR_EXISTS, "there is a note called %.*s already", STR_ARG(name));
    }
    return true;
}

static bool create(struct replica *r, const struct pending *p, struct err *e)
{
    struct str name = p->msg.note_create.name;
    if (!is_free(r, name, NULL, e))
        return false;
    if (r->notes.n >= NOTES_MAX)
        return fail(e, ERR_LIMIT, "%s has %d notes, archived ones included: no more are taken",
                    r->name, NOTES_MAX);
    vec_push(&r->notes, (struct note){.number = -p->id,
                                      .name = name,
                                      .author = str_of(r->user),
                                      .time = p->time,
                                      .is_pending = true});
    return true;
}

static bool change(struct replica *r, const struct pending *p, struct err *e)
{
    const struct msg *m = &p->msg;
    int64_t number = m->type == MSG_NOTE_RENAME    ? m->note_rename.note
                     : m->type == MSG_NOTE_ARCHIVE ? m->note_archive.note
                                                   : m->note_restore.note;
    struct note *n = shown(r, number);
    if (!n)
        return fail(e, ERR_NOT_FOUND, "note %lld is not known here", (long long)number);
    if (m->type == MSG_NOTE_RENAME) {
        if (!n->archived && !is_free(r, m->note_rename.name, n, e))
            return false;
        n->name = m->note_rename.name;
    } else if (m->type == MSG_NOTE_ARCHIVE) {
        if (n->archived)
            return fail(e, ERR_CONFLICT, "note %lld is archived already", (long long)number);
        n->archived = true;
    } else {
        if (!n->archived)
            return fail(e, ERR_CONFLICT, "note %lld is not archived", (long long)number);
        if (!is_free(r, n->name, n, e))
            return false;
        n->archived = false;
    }
    n->is_pending = true;
    return true;
}

static int by_name(const void *a, const void *b)
{
    const struct note *x = a, *y = b;
    if (x->archived != y->archived)
        return x->archived ? 1 : -1;
    int names = str_cmp(x->name, y->name);
    return names ? names : x->number < y->number ? -1 : x->number > y->number;
}

static void sort(struct replica *r)
{
    if (r->notes.n)
        qsort(r->notes.v, r->notes.n, sizeof *r->notes.v, by_name);
}

bool replica_show_note(struct replica *r, const struct pending *p, struct err *e)
{
    bool ok = p->msg.type == MSG_NOTE_CREATE ? create(r, p, e) : change(r, p, e);
    if (ok)
        sort(r);
    return ok;
}

void replica_list_notes(struct replica *r)
{
    r->notes.n = 0;
    vec_each (n, &r->kept.notes)
        vec_push(&r->notes, (struct note){.number = n->number,
                                          .name = str_of(n->name),
                                          .author = str_of(n->author),
                                          .archived = n->archived,
                                          .version = n->version,
                                          .time = n->time});
    vec_each (p, &r->pending) {
        if (replica_is_note_request((*p)->msg.type)) {
            if ((*p)->msg.type == MSG_NOTE_CREATE)
                create(r, *p, NULL);
            else
                change(r, *p, NULL);
        }
    }
    sort(r);
}

/* ---- check ---- */

bool replica_check_notes(const struct replica *r, struct err *e)
{
    for (size_t i = 0; i < r->kept.notes.n; i++) {
        int64_t number = r->kept.notes.v[i].number;
        if (i && r->kept.notes.v[i - 1].number >= number)
            return fail(e, ERR_INTERNAL, "%s: note %lld is out of order", r->name,
                        (long long)number);
        if (number >= r->board.next_number || board_card(&r->board, number))
            return fail(e, ERR_INTERNAL, "%s: note %lld has a number that cannot be", r->name,
                        (long long)number);
    }
    for (size_t i = 1; i < r->notes.n; i++) {
        if (by_name(&r->notes.v[i - 1], &r->notes.v[i]) >= 0)
            return fail(e, ERR_INTERNAL, "%s: the list of notes is out of order", r->name);
    }
    return true;
}
