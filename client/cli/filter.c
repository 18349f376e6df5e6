/* moot filter: filters of cards that have a name. */
#include "filter.h"
#include "cli.h"
#include "codec.h"
#include "filters_file.h"
#include "saved.h"
#include "verbs.h"

static bool find_file(struct cli *c, struct str *path, struct err *e)
{
    *path = filters_path(&c->arena, c->options.moot.server);
    return path->n ||
           fail(e, ERR_IO, "there is no folder for saved filters: set HOME or XDG_STATE_HOME");
}

static void print_filter(void *arg, struct str name, struct str text)
{
    struct print *out = arg;
    if (!out->json) {
        print_fmt(out, "%-12.*s  %.*s\n", STR_ARG(name), STR_ARG(text));
        return;
    }
    print_fmt(out, "{\"name\":");
    codec_quote(&out->bytes, name);
    print_fmt(out, ",\"filter\":");
    codec_quote(&out->bytes, text);
    print_fmt(out, "}\n");
}

bool filter_list_run(struct cli *c, struct err *e)
{
    struct str path;
    return find_file(c, &path, e) && filters_read(path.p, print_filter, &c->out, e);
}

bool filter_save_run(struct cli *c, struct err *e)
{
    struct str path, text;
    struct filter f = {0};
    struct filter_asker who = {
        .user = STR("me"), .today = STR("2000-01-01"), .saved = saved_filter, .saved_arg = c};
    bool ok = cli_text(c, 1, FILTER_TEXT_MAX, "filter", &text, e) &&
              filter_parse(&f, text, who, e) && find_file(c, &path, e) &&
              filters_put(path.p, c->words[0], text, e);
    filter_finish(&f);
    return ok;
}

bool filter_remove_run(struct cli *c, struct err *e)
{
    struct str path;
    return find_file(c, &path, e) && filters_put(path.p, c->words[0], (struct str){0}, e);
}

/* ---- for the other verbs ---- */

struct search {
    struct cli *c;
    struct str name, text;
};

static void compare(void *arg, struct str name, struct str text)
{
    struct search *s = arg;
    if (str_eq(name, s->name))
        s->text = str_keep(&s->c->arena, text);
}

struct str saved_filter(void *arg, struct str name)
{
    struct search s = {arg, name, {0}};
    struct str path;
    if (find_file(s.c, &path, NULL))
        filters_read(path.p, compare, &s, NULL);
    return s.text;
}
