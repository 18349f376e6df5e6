/* moot send: posts a message. */
#include "cli.h"
#include "verbs.h"

bool send_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_MESSAGE_POST};
    struct msg_ok ok;
    m.message_post.reply = c->options.reply;
    return cli_room(c, c->words[0], &m.request.room, e) &&
           cli_text(c, 1, TEXT_MAX, "message", &m.message_post.text, e) && cli_connect(c, e) &&
           cli_request(c, &m, &ok, e);
}
