#include "note.h"

#include <stdlib.h>
#include <string.h>

static void note_free(struct note *n)
{
    free(n->name);
    free(n);
}

void notes_finish(struct notes *n)
{
    struct text_head *t, *next;
    vec_each (note, &n->list)
        note_free(*note);
    vec_finish(&n->list);
    HASH_ITER (hh, n->heads, t, next) {
        HASH_DEL(n->heads, t);
        free(t);
    }
}

/* The first place whose number is not smaller. */
static size_t place_of(const struct notes *n, int64_t number)
{
    size_t low = 0, high = n->list.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (n->list.v[mid]->number < number)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct note *note_find(const struct room *r, int64_t number)
{
    size_t at = place_of(&r->notes, number);
    struct note *n = at < r->notes.list.n ? r->notes.list.v[at] : NULL;
    return n && n->number == number ? n : NULL;
}

struct note *note_named(const struct room *r, struct str name)
{
    vec_each (n, &r->notes.list) {
        if (!(*n)->archived && str_is(name, (*n)->name))
            return *n;
    }
    return NULL;
}

static void keep_author(char to[USER_NAME_MAX + 1], struct str author)
{
    bug_on(author.n > USER_NAME_MAX);
    memcpy(to, author.p, author.n);
    to[author.n] = '\0';
}

static struct note *make(struct notes *list, int64_t number, struct str name, int64_t time,
                         struct str author)
{
    struct note *n = NEW(struct note);
    n->number = number;
    n->name = str_dup(name);
    n->time = time;
    keep_author(n->author, author);
    size_t at = place_of(list, number);
    vec_push(&list->list, n);
    memmove(&list->list.v[at + 1], &list->list.v[at],
            (list->list.n - 1 - at) * sizeof(struct note *));
    list->list.v[at] = n;
    return n;
}

struct note *note_make(struct room *r, int64_t number, struct str name, int64_t time,
                       struct str author)
{
    return make(&r->notes, number, name, time, author);
}

void note_call(struct note *n, struct str name)
{
    char *copy = str_dup(name);
    free(n->name);
    n->name = copy;
}

struct note_item note_item(const struct room *r, const struct note *n)
{
    const struct text_head *t = text_head(r, n->number);
    return (struct note_item){
        .number = n->number,
        .name = str_of(n->name),
        .archived = n->archived,
        .version = t ? t->version : 0,
        .time = t ? t->time : n->time,
        .author = str_of(t ? t->author : n->author),
    };
}

bool note_or_card(const struct room *r, int64_t number)
{
    return note_find(r, number) || board_card(&r->board, number);
}

/* ---- texts ---- */

static struct text_head *head_find(const struct notes *n, int64_t number)
{
    struct text_head *t = NULL;
    HASH_FIND(hh, n->heads, &number, sizeof number, t);
    return t;
}

const struct text_head *text_head(const struct room *r, int64_t number)
{
    return head_find(&r->notes, number);
}

int64_t text_head_version(const struct room *r, int64_t number)
{
    const struct text_head *t = text_head(r, number);
    return t ? t->version : 0;
}

static struct text_head *head_make(struct notes *n, int64_t number)
{
    struct text_head *t = head_find(n, number);
    if (t)
        return t;
    t = NEW(struct text_head);
    t->number = number;
    HASH_ADD(hh, n->heads, number, sizeof t->number, t);
    return t;
}

static void set_head(struct text_head *t, const struct store_text *to)
{
    t->version = to->version;
    t->time = to->time;
    t->boxes = to->boxes;
    keep_author(t->author, to->author);
}

void text_head_set(struct room *r, const struct store_text *to)
{
    set_head(head_make(&r->notes, to->number), to);
}

void card_said(struct room *r, int64_t card, int by)
{
    if (card > 0)
        head_make(&r->notes, card)->comments += by;
}

/* ---- from the store ---- */

static bool is_user(struct str s)
{
    return s.n <= USER_NAME_MAX && str_follows(s, RULE_USER);
}

static bool is_time(int64_t ms)
{
    return ms >= 0 && ms <= SEQ_MAX;
}

static bool read_note(struct notes *n, const struct store_note *s, const struct board *b,
                      struct err *e)
{
    size_t at = place_of(n, s->number);
    if (s->number < 1 || s->number >= b->next_number || board_card(b, s->number) ||
        (at < n->list.n && n->list.v[at]->number == s->number))
        return fail(e, ERR_STORE, "a stored note has the number %lld, which cannot be",
                    (long long)s->number);
    if (s->name.n < 1 || s->name.n > NOTE_NAME_MAX || !str_follows(s->name, RULE_LINE) ||
        !is_user(s->author) || !is_time(s->time))
        return fail(e, ERR_STORE, "the stored note %lld has a name or an author that cannot be",
                    (long long)s->number);
    make(n, s->number, s->name, s->time, s->author)->archived = s->archived;
    return true;
}

static bool is_checklist(const struct checklist *c)
{
    return c->done >= 0 && c->all >= c->done && c->all <= CHECKLIST_MAX;
}

static bool read_head(struct notes *n, const struct store_text *s, struct err *e)
{
    if (s->number < 1 || s->number > SEQ_MAX || s->version < 1 || s->version > SEQ_MAX ||
        !is_user(s->author) || !is_time(s->time) || head_find(n, s->number) ||
        !is_checklist(&s->boxes))
        return fail(e, ERR_STORE, "the stored row of text %lld cannot be",
                    (long long)s->number);
    set_head(head_make(n, s->number), s);
    return true;
}

static bool read_comments(struct notes *n, const struct store_comments *s, struct err *e)
{
    if (s->card < 1 || s->card > SEQ_MAX || s->n < 1 || s->n > SEQ_MAX)
        return fail(e, ERR_STORE, "the stored comments of card %lld cannot be",
                    (long long)s->card);
    head_make(n, s->card)->comments = s->n;
    return true;
}

bool notes_read(struct notes *n, const struct store_room *from, const struct board *b,
                struct err *e)
{
    for (size_t i = 0; i < from->notes.n; i++) {
        if (!read_note(n, &from->notes.v[i], b, e))
            return false;
    }
    for (size_t i = 0; i < from->texts.n; i++) {
        if (!read_head(n, &from->texts.v[i], e))
            return false;
    }
    for (size_t i = 0; i < from->comments.n; i++) {
        if (!read_comments(n, &from->comments.v[i], e))
            return false;
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(struct note *const *)a)->name, (*(struct note *const *)b)->name);
}

static bool check_names(const struct room *r, struct err *e)
{
    VEC(struct note *) live = {0};
    bool ok = true;
    vec_each (n, &r->notes.list) {
        if (!(*n)->archived)
            vec_push(&live, *n);
    }
    if (live.n)
        qsort(live.v, live.n, sizeof *live.v, by_name);
    for (size_t i = 1; ok && i < live.n; i++)
        ok = strcmp(live.v[i - 1]->name, live.v[i]->name) != 0 ||
             fail(e, ERR_INTERNAL, "%s: two notes are called %s", r->name, live.v[i]->name);
    vec_finish(&live);
    return ok;
}

bool notes_check(const struct room *r, struct err *e)
{
    int64_t last = 0;
    vec_each (n, &r->notes.list) {
        const struct note *x = *n;
        if (x->number <= last || x->number >= r->board.next_number ||
            board_card(&r->board, x->number))
            return fail(e, ERR_INTERNAL, "%s: note %lld has a number that cannot be", r->name,
                        (long long)x->number);
        last = x->number;
    }
    if (!r->has_board && (r->notes.list.n || r->notes.heads))
        return fail(e, ERR_INTERNAL, "%s: notes without a board", r->name);
    return check_names(r, e);
}
