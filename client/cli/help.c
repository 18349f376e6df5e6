/* moot help, moot completion: what the table of verbs says of itself. */
#include "cli.h"
#include "verbs.h"

bool help_run(struct cli *c, struct err *e)
{
    size_t used;
    const struct verb *v = verb_find(c->words, c->n_words, &used);
    if (c->n_words == 0)
        verb_help_all(&c->out.bytes);
    else if (v && used == c->n_words)
        verb_help(&c->out.bytes, v);
    else if (!v && used == c->n_words)
        verb_help_group(&c->out.bytes, c->words, c->n_words);
    else {
        verb_unknown(c->words, c->n_words, used, e);
        return false;
    }
    return true;
}

bool completion_run(struct cli *c, struct err *e)
{
    if (completion_script(&c->out.bytes, c->words[0]))
        return true;
    return fail(e, ERR_USAGE, "completion is there for bash, zsh and fish, not for '%.*s'",
                STR_ARG(c->words[0]));
}
