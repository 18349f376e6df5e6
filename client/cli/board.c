/* moot board: a board at a glance, now or as it was. */
#include "cards.h"
#include "cli.h"
#include "note.h"
#include "task.h"
#include "verbs.h"

#include <stdlib.h>

/* ---- printing ---- */

static void print_values(struct cli *c, const struct card *card)
{
    struct change_list values = cards_values(card, &c->arena);
    for (size_t i = 0; i < values.n; i++)
        print_fmt(&c->out, " %.*s:%.*s", STR_ARG(values.v[i].field),
                  STR_ARG(values.v[i].value));
}

static void print_column(struct cli *c, const struct column *column)
{
    print_text(&c->out, str_of(column->name), 0);
    print_fmt(&c->out, " (%zu)\n", column->cards.n);
    vec_each (card, &column->cards) {
        print_fmt(&c->out, "%6lld  ", (long long)(*card)->number);
        print_text(&c->out, str_of((*card)->title), 0);
        print_values(c, *card);
        print_fmt(&c->out, "\n");
    }
}

static void print_board(struct cli *c, const struct replica *r, struct str room)
{
    vec_each (column, &r->board.columns) {
        if (!c->out.json) {
            print_column(c, column);
            continue;
        }
        vec_each (card, &column->cards)
            task_print(c, r, *card, room);
    }
}

/* ---- as it was ---- */

struct rewind {
    struct replica *r;
    int64_t seq, when; /* up to this event, or (seq < 0) this time */
    struct err why;
};

static bool take_event(void *arg, const struct msg *m)
{
    struct rewind *w = arg;
    if (w->seq >= 0 ? m->event.seq > w->seq : m->event.time > w->when)
        return false;
    return replica_apply(w->r, m, (struct str){0}, 0, &w->why);
}

/* The log is replayed by the same code that keeps the screen's board, up to where it is wanted.
 */
static bool show_past(struct cli *c, struct str room, struct rewind *w, struct err *e)
{
    struct follower f = {.each = take_event, .arg = w};
    if (!conversation_follow(c->talk, room, 0, false, f, e))
        return false;
    if (w->why.code)
        return fail(e, w->why.code, "%s", w->why.text);
    if (w->seq > w->r->seq)
        return fail(e, ERR_NOT_FOUND, "%.*s has %lld events as yet", STR_ARG(room),
                    (long long)w->r->seq);
    if (w->r->seq == 0)
        return fail(e, ERR_NOT_FOUND, "%.*s was not there yet", STR_ARG(room));
    print_board(c, w->r, room);
    return true;
}

bool board_show_run(struct cli *c, struct err *e)
{
    struct str room;
    struct rewind w = {.seq = -1};
    bool past = cli_is_given(c, "at");
    if (!cli_room(c, c->words[0], &room, e) || !cli_connect(c, e))
        return false;
    if (past && !note_when(str_of(c->options.at), note_clock(), &w.seq, &w.when, e))
        return false;
    if (past) {
        w.r = replica_new(room);
        bool ok = show_past(c, room, &w, e);
        replica_free(w.r);
        return ok;
    }
    const struct replica *r = conversation_open(c->talk, room, e);
    if (r)
        print_board(c, r, room);
    return r != NULL;
}
