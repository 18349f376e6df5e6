#include "cli.h"
#include "direct.h"
#include "outbox.h"
#include "token_file.h"
#include "url.h"
#include "utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int cli_complain(const struct err *e)
{
    if (!e->text[0]) /* the reader of our output has gone: it knows */
        return err_exit(e->code);
    cli_say("%s", e->text);
    return err_exit(e->code);
}

void cli_say(const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    struct buf line = {0};
    buf_fmt(&line, "moot: ");
    utf8_escape(&line, str_of(text));
    fprintf(stderr, "%s\n", buf_cstr(&line));
    buf_finish(&line);
}

/* ---- reading the command line ---- */

/* One set for everything: which options a verb takes is checked when the verb is known. */
static void init_set(struct cli *c)
{
    size_t n = moot_option_count + verb_option_count;
    struct opt *rows = arena_alloc(&c->rows, n * sizeof *rows);
    memcpy(rows, moot_option_rows, moot_option_count * sizeof *rows);
    memcpy(rows + moot_option_count, verb_option_rows, verb_option_count * sizeof *rows);
    opt_init(&c->set, rows, n, &c->options);
}

bool cli_is_given(const struct cli *c, const char *name)
{
    const struct opt *row = opt_find(&c->set, str_of(name));
    return c->set.source[row - c->set.rows] != OPT_FROM_DEFAULT;
}

static bool check_options(const struct cli *c, struct err *e)
{
    for (size_t i = 0; i < verb_option_count; i++) {
        const char *name = verb_option_rows[i].name;
        if (!cli_is_given(c, name) || (c->verb && verb_takes(c->verb, name)))
            continue;
        if (!c->verb)
            return fail(e, ERR_USAGE, "--%s belongs to a verb; moot --help lists them", name);
        size_t least, most;
        verb_arity(c->verb, &least, &most);
        return fail(e, ERR_USAGE, "moot %s has no option --%s; moot %s --help lists them%s",
                    c->verb->path, name, c->verb->path,
                    most == SIZE_MAX ? ", and words that begin with - stand behind --" : "");
    }
    return true;
}

/* One number of a card, or several parted by commas. */
static bool is_numbers(struct str word)
{
    int64_t task;
    while (word.p)
        if (!cli_task(str_cut(&word, ','), &task, NULL))
            return false;
    return true;
}

/* Is ROOM left out, as an option names it? Where any number of words may come, by what the
 * first of them is. */
static bool lacks_room(const struct verb *v, const struct str *words, size_t n)
{
    size_t least, most;
    verb_arity(v, &least, &most);
    if (!v->room_by_option)
        return false;
    return n + 1 == least ||
           (most == SIZE_MAX && n + 1 > least && strncmp(v->words, "ROOM NUMBER", 11) == 0 &&
            is_numbers(words[0]));
}

static bool take_words(struct cli *c, const struct str *words, size_t n, struct err *e)
{
    const struct verb *v = c->verb;
    size_t least, most;
    verb_arity(v, &least, &most);
    const char *room = c->options.moot.room;
    bool put_room = room && lacks_room(v, words, n);
    c->words = arena_alloc(&c->arena, (n + 1) * sizeof *c->words);
    if (put_room)
        c->words[c->n_words++] = str_of(room);
    for (size_t i = 0; i < n; i++)
        c->words[c->n_words++] = words[i];
    if (c->n_words >= least && c->n_words <= most)
        return true;
    return fail(e, ERR_USAGE, "%s; usage: moot %s%s%s",
                c->n_words < least ? "something is missing" : "too many words", v->path,
                v->words[0] ? " " : "", v->words);
}

static int print_help(struct cli *c, const struct str *words, size_t n, size_t used,
                      struct err *e)
{
    if (c->verb)
        verb_help(&c->out.bytes, c->verb);
    else if (n == 0)
        verb_help_all(&c->out.bytes);
    else if (used == n)
        verb_help_group(&c->out.bytes, words, n);
    else {
        verb_unknown(words, n, used, e);
        return cli_complain(e);
    }
    return print_end(&c->out, e) ? 0 : cli_complain(e);
}

/* True: go on. False: *status is the end. */
static bool read_words(struct cli *c, const struct str *words, size_t n, int *status,
                       struct err *e)
{
    size_t used = 0;
    c->verb = verb_find(words, n, &used);
    if (c->options.moot.version) {
        print_fmt(&c->out, "moot %s\n", MOOT_VERSION);
        *status = print_end(&c->out, e) ? 0 : cli_complain(e);
        return false;
    }
    if (c->options.moot.help) {
        *status = print_help(c, words, n, used, e);
        return false;
    }
    bool is_address = n == 1 && !c->verb && memmem(words[0].p, words[0].n, "://", 3);
    bool is_room = n == 1 && !c->verb && str_starts(words[0], "#");
    if (n && !c->verb && !is_address && !is_room)
        verb_unknown(words, n, used, e);
    else if ((!is_address || opt_put(&c->set, STR("server"), words[0], OPT_FROM_ARGV, e)) &&
             (!is_room || opt_put(&c->set, STR("room"), words[0], OPT_FROM_ARGV, e)) &&
             check_options(c, e) && moot_options_load(&c->set, e) &&
             (!c->verb || take_words(c, words + used, n - used, e)))
        return true;
    *status = cli_complain(e);
    return false;
}

bool cli_read(struct cli *c, int argc, char **argv, int *status)
{
    *c = (struct cli){0};
    init_set(c);
    struct err e = {0};
    int n = 0;
    if (!opt_read_argv(&c->set, argc, argv, &n, &e)) {
        *status = cli_complain(&e);
        return false;
    }
    struct str *words = arena_alloc(&c->arena, (size_t)(n + 1) * sizeof *words);
    for (int i = 0; i < n; i++)
        words[i] = str_of(argv[i + 1]);
    if (!read_words(c, words, (size_t)n, status, &e))
        return false;
    c->out.json = c->options.moot.json;
    return true;
}

/* What is wrong in the words has one status, whoever saw it: the option table, the verb, the
 * check of the message, or the server. */
static void blame_words(const struct cli *c, struct err *e)
{
    if (!c->has_read && (e->code == ERR_BAD_FIELD || e->code == ERR_TOO_LARGE))
        e->code = ERR_USAGE;
}

int cli_run(struct cli *c)
{
    struct err e = {0}, late = {0};
    bool ok = c->verb->run(c, &e);
    bool written = print_end(&c->out, &late);
    blame_words(c, &e);
    if (!ok)
        return cli_complain(&e);
    return written ? c->status : cli_complain(&late);
}

void cli_finish(struct cli *c)
{
    conversation_free(c->talk);
    outbox_close(c->kept);
    buf_finish(&c->out.bytes);
    opt_finish(&c->set);
    arena_finish(&c->rows);
    arena_finish(&c->arena);
    *c = (struct cli){0};
}

/* ---- for the verbs ---- */

bool cli_connect(struct cli *c, struct err *e)
{
    const struct moot_options *o = &c->options.moot;
    struct buf token = {0};
    if (c->talk)
        return true;
    bool ok = token_find(o, &token, e);
    if (ok) {
        c->talk = conversation_new(o->server, buf_str(&token), o->ca_file, o->timeout);
        if (c->kept)
            conversation_keep(c->talk, c->kept, outbox_path(c, "refused.jsonl").p);
        ok = conversation_start(c->talk, e);
    }
    buf_finish(&token);
    return ok;
}

struct str cli_me(const struct cli *c)
{
    return str_of(conversation_session(c->talk)->user);
}

struct str cli_room_label(struct cli *c, struct str room)
{
    struct buf label = {0};
    room_label(room, cli_me(c), &label);
    struct str kept = str_keep(&c->arena, buf_str(&label));
    buf_finish(&label);
    return kept;
}

bool cli_request(struct cli *c, struct msg *request, struct msg_ok *ok, struct err *e)
{
    if (!conversation_request(c->talk, request, ok, e))
        return false;
    if (c->out.json)
        print_json_item(&c->out, &msg_table[MSG_OK].shape, ok, STR(""));
    return true;
}

/* Who oneself is, who is in the name, only the server knows. */
static bool direct(struct cli *c, struct str word, struct str *room, struct err *e)
{
    struct buf name = {0};
    bool ok = cli_connect(c, e) && direct_room(word, cli_me(c), &name, e);
    *room = str_keep(&c->arena, buf_str(&name));
    buf_finish(&name);
    return ok;
}

bool cli_room(struct cli *c, struct str word, struct str *room, struct err *e)
{
    if (room_is_direct(word))
        return direct(c, word, room, e);
    *room = str_starts(word, "#") ? word : str_fmt(&c->arena, "#%.*s", STR_ARG(word));
    if (room->n > TEAM_NAME_MAX)
        return fail(e, ERR_USAGE, "the name of a room has at most %d bytes", TEAM_NAME_MAX);
    if (!str_follows(*room, RULE_ROOM))
        return fail(e, ERR_USAGE, "'%.*s' is no name of a room: %s", STR_ARG(word),
                    str_rule_sentence(RULE_ROOM));
    return true;
}

const struct replica *cli_open(struct cli *c, struct str *room, struct err *e)
{
    if (!cli_room(c, c->words[0], room, e) || !cli_connect(c, e))
        return NULL;
    return conversation_open(c->talk, *room, e);
}

bool cli_user(struct str word, struct err *e)
{
    if (word.n <= USER_NAME_MAX && str_follows(word, RULE_USER))
        return true;
    return fail(e, ERR_USAGE, "'%.*s' is no name of a person: at most %d of %s",
                (int)MIN(word.n, 40), word.p, USER_NAME_MAX, str_rule_sentence(RULE_USER));
}

bool cli_task(struct str word, int64_t *task, struct err *e)
{
    struct str digits = word;
    if (str_starts(digits, "#"))
        digits = (struct str){digits.p + 1, digits.n - 1};
    if (str_int(digits, 1, SEQ_MAX, task))
        return true;
    return fail(e, ERR_USAGE, "'%.*s' is no number of a card", (int)MIN(word.n, 40), word.p);
}

bool cli_message(struct str word, int64_t *message, struct err *e)
{
    if (str_int(word, 1, SEQ_MAX, message))
        return true;
    return fail(e, ERR_USAGE, "'%.*s' is no number of a message: moot message list prints them",
                (int)MIN(word.n, 40), word.p);
}

bool cli_address(struct cli *c, struct str url, struct str *out, struct err *e)
{
    struct url u;
    struct buf host = {0};
    if (!url_parse(url, &u, e))
        return false;
    if (url_by_account(&u))
        return fail(e, ERR_USAGE,
                    "a socket is no address for another machine: it takes "
                    "wss://HOST:PORT");
    url_show(&u, &host);
    *out = str_fmt(&c->arena, "%s://%s", u.kind == URL_WSS ? "wss" : "ws", buf_cstr(&host));
    buf_finish(&host);
    return true;
}

/* At most max bytes of standard input, and its last newline. */
static bool read_input(struct buf *out, size_t max, const char *what, struct err *e)
{
    char part[4096];
    for (;;) {
        ssize_t n = read(STDIN_FILENO, part, sizeof part);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(e, ERR_IO, "standard input: %s", strerror(errno));
        if (n == 0)
            break;
        buf_add(out, part, (size_t)n);
        if (out->n > max + 1)
            return fail(e, ERR_TOO_LARGE, "%s: more than %zu bytes", what, max);
    }
    if (out->n && out->p[out->n - 1] == '\n')
        out->n--;
    return true;
}

static void join_words(struct cli *c, size_t i, struct buf *out)
{
    for (size_t first = i; i < c->n_words; i++) {
        if (i > first)
            buf_add_c(out, ' ');
        buf_add_str(out, c->words[i]);
    }
}

bool cli_text(struct cli *c, size_t i, size_t max, const char *what, struct str *text,
              struct err *e)
{
    if (!cli_text_as_is(c, i, max, what, text, e))
        return false;
    return str_trim(*text).n > 0 || fail(e, ERR_BAD_FIELD, "%s: empty", what);
}

bool cli_text_as_is(struct cli *c, size_t i, size_t max, const char *what, struct str *text,
                    struct err *e)
{
    struct buf bytes = {0};
    bool ok = true, reads = i + 1 == c->n_words && str_is(c->words[i], "-");
    c->has_read |= reads;
    if (reads)
        ok = read_input(&bytes, max, what, e);
    else
        join_words(c, i, &bytes);
    if (ok && bytes.n > max)
        ok = fail(e, ERR_TOO_LARGE, "%s: more than %zu bytes", what, max);
    if (ok && (!utf8_is_valid(buf_str(&bytes)) || str_has(buf_str(&bytes), '\0')))
        ok = fail(e, ERR_BAD_FIELD, "%s: not UTF-8 text", what);
    if (ok && !bytes.n)
        ok = fail(e, ERR_BAD_FIELD, "%s: empty", what);
    if (ok)
        *text = str_keep(&c->arena, buf_str(&bytes));
    buf_finish(&bytes);
    return ok;
}
