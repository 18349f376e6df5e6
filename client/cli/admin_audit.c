/* moot admin: a word to everybody, the end of somebody's sessions, what admins did. */
#include "cli.h"
#include "verbs.h"

bool admin_notice_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_ADMIN_NOTICE};
    return cli_text(c, 0, NOTICE_MAX, "the notice", &m.admin_notice.text, e) &&
           cli_connect(c, e) && conversation_ask(c->talk, &m, e) != NULL;
}

bool admin_kick_run(struct cli *c, struct err *e)
{
    struct msg m = {.type = MSG_ADMIN_KICK, .admin_kick.user = c->words[0]};
    return cli_user(c->words[0], e) &&
           (c->n_words == 1 ||
            cli_text(c, 1, NOTICE_MAX, "the reason", &m.admin_kick.text, e)) &&
           cli_connect(c, e) && conversation_ask(c->talk, &m, e) != NULL;
}

static void print_act(struct cli *c, const struct audit_item *a)
{
    if (c->out.json) {
        print_json_item(&c->out, print_shape(MSG_AUDIT_LIST, "acts"), a, STR(""));
        return;
    }
    print_time(&c->out, a->time);
    print_fmt(&c->out, " ");
    print_text(&c->out, a->author, 0);
    print_fmt(&c->out, " %.*s ", STR_ARG(a->act));
    print_text(&c->out, a->subject, 0);
    print_fmt(&c->out, a->words.n && a->subject.n ? ": " : "");
    print_text(&c->out, a->words, 0);
    print_fmt(&c->out, "\n");
}

/* What one page answers, oldest first, behind what older pages hold. */
static bool print_acts(struct cli *c, int64_t before, int64_t wanted, struct err *e)
{
    struct msg question = {.type = MSG_ADMIN_AUDIT,
                           .admin_audit = {.before = before, .limit = MIN(wanted, AUDIT_MAX)}};
    const struct msg *m = conversation_ask(c->talk, &question, e);
    if (!m)
        return false;
    size_t n = m->audit_list.acts.n;
    struct audit_item *acts = arena_alloc(&c->arena, n * sizeof *acts);
    for (size_t i = 0; i < n; i++) {
        const struct audit_item *a = &m->audit_list.acts.v[i];
        acts[i] = (struct audit_item){a->number,
                                      a->time,
                                      str_keep(&c->arena, a->author),
                                      str_keep(&c->arena, a->act),
                                      str_keep(&c->arena, a->subject),
                                      str_keep(&c->arena, a->words)};
    }
    bool older = m->audit_list.more && wanted > (int64_t)n && n;
    if (older && !print_acts(c, acts[n - 1].number, wanted - (int64_t)n, e))
        return false;
    while (n > 0)
        print_act(c, &acts[--n]);
    return true;
}

bool admin_audit_run(struct cli *c, struct err *e)
{
    return cli_connect(c, e) &&
           print_acts(c, SEQ_MAX, c->options.limit ? c->options.limit : 100, e);
}
