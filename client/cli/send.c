/* moot send: posts a message. */
#include "cli.h"
#include "direct.h"
#include "verbs.h"

/* The first message begins a direct conversation; should the other do so at the same moment, it
 * is one all the same. */
static bool begin(struct cli *c, struct str room, struct err *e)
{
    struct msg m = {.type = MSG_ROOM_CREATE, .request.room = room};
    struct msg_ok ok;
    return !room_is_direct(room) || session_is_begun(conversation_session(c->talk), room) ||
           conversation_request(c->talk, &m, &ok, e);
}

bool send_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_MESSAGE_POST};
    struct msg_ok ok;
    m.message_post.reply = c->options.reply;
    return cli_room(c, c->words[0], &m.request.room, e) &&
           cli_text(c, 1, TEXT_MAX, "message", &m.message_post.text, e) && cli_connect(c, e) &&
           begin(c, m.request.room, e) && cli_request(c, &m, &ok, e);
}
