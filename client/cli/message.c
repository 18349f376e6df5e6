/* moot message: what was said, and what becomes of it. */
#include "emoji.h"
#include "message_print.h"
#include "verbs.h"

enum { LISTED = 50 }; /* without --limit */

bool message_list_run(struct cli *c, struct err *e)
{
    struct message_want w = {.task = c->options.card,
                             .reply = c->options.reply,
                             .pinned = c->options.pinned,
                             .numbers = true};
    int64_t seq, limit = cli_is_given(c, "limit") ? c->options.limit : LISTED;
    if ((w.task != 0) + (w.reply != 0) + w.pinned > 1)
        return fail(e, ERR_USAGE, "at most one of --card, --reply and --pinned is allowed");
    if (!cli_room(c, c->words[0], &w.room, e) || !cli_connect(c, e))
        return false;
    if (limit == 0)
        return message_print_all(c, &w, c->options.since, &seq, e);
    return message_print_newest(c, &w, limit, c->options.since, &seq, e);
}

bool message_show_run(struct cli *c, struct err *e)
{
    struct message_want w = {.numbers = true};
    struct msg question = {.type = MSG_HISTORY, .history.limit = 1};
    int64_t seq;
    if (!cli_room(c, c->words[0], &w.room, e) || !cli_message(c->words[1], &seq, e) ||
        !cli_connect(c, e))
        return false;
    question.request.room = w.room;
    question.history.before = MIN(seq, SEQ_MAX - 1) + 1;
    const struct msg *m = conversation_ask(c->talk, &question, e);
    if (!m)
        return false;
    const struct msg_history_page *page = &m->history_page;
    if (page->messages.n == 0 || page->messages.v[0].seq != seq)
        return fail(e, ERR_NOT_FOUND, "there is no message %lld in %.*s", (long long)seq,
                    STR_ARG(w.room));
    message_print(c, &w, &page->messages.v[0]);
    return true;
}

/* ---- changing ---- */

static bool change(struct cli *c, struct msg *m, int64_t *message, struct err *e)
{
    struct msg_ok ok;
    return cli_room(c, c->words[0], &m->request.room, e) &&
           cli_message(c->words[1], message, e) && cli_connect(c, e) &&
           cli_request(c, m, &ok, e);
}

bool message_edit_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_MESSAGE_EDIT};
    return cli_text(c, 2, TEXT_MAX, "message", &m.message_edit.text, e) &&
           change(c, &m, &m.message_edit.message, e);
}

bool message_delete_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_MESSAGE_DELETE};
    return change(c, &m, &m.message_delete.message, e);
}

bool message_react_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_MESSAGE_REACT};
    m.message_react.emoji = emoji_of(c->words[2]);
    m.message_react.gone = c->options.remove;
    if (!str_follows(c->words[2], RULE_EMOJI) || c->words[2].n > EMOJI_MAX)
        return fail(e, ERR_USAGE, "'%.*s' is no reaction: it must be %s",
                    (int)MIN(c->words[2].n, 40), c->words[2].p, str_rule_sentence(RULE_EMOJI));
    return change(c, &m, &m.message_react.message, e);
}

bool message_pin_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_MESSAGE_PIN};
    return change(c, &m, &m.message_pin.message, e);
}

bool message_unpin_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_MESSAGE_PIN, .message_pin.gone = true};
    return change(c, &m, &m.message_pin.message, e);
}
