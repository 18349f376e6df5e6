/* What moot's tables know. */
#include "action.h"
#include "man.h"
#include "opts.h"
#include "verb.h"

static void print_options(struct buf *out)
{
    opt_mdoc(out, moot_option_rows, moot_option_count, false);
}

static void print_file_options(struct buf *out)
{
    opt_mdoc(out, moot_option_rows, moot_option_count, true);
}

static const struct man_table tables[] = {
    {"OPTIONS", "moot", print_options},
    {"FILE_OPTIONS", "moot", print_file_options},
    {"VERBS", "moot", verb_mdoc},
    {"ACTIONS", "moot", action_mdoc},
};

const struct man_source man_client = {tables, COUNT_OF(tables), NULL, 0};
