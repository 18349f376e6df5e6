/* What moot's tables know. */
#include "action.h"
#include "day.h"
#include "filter.h"
#include "legend.h"
#include "man.h"
#include "opts.h"
#include "roff.h"
#include "verb.h"

static void print_options(struct buf *out)
{
    opt_mdoc(out, moot_option_rows, moot_option_count, false);
}

static void print_file_options(struct buf *out)
{
    opt_mdoc(out, moot_option_rows, moot_option_count, true);
}

static void print_filters(struct buf *out)
{
    for (size_t i = 0; i < filter_terms_n; i++) {
        buf_fmt(out, ".It Ql %s\n", filter_terms[i].form);
        roff_sentences(out, str_of(filter_terms[i].doc));
    }
}

static const struct man_table tables[] = {
    {"OPTIONS", "moot", print_options}, {"FILE_OPTIONS", "moot", print_file_options},
    {"VERBS", "moot", verb_mdoc},       {"FILTERS", "moot", print_filters},
    {"ACTIONS", "moot", action_mdoc},   {"LEGEND", "moot", legend_mdoc},
};

static const struct man_value values[] = {{"DAY_FORMS", 0, DAY_FORMS}};

const struct man_source man_client = {tables, COUNT_OF(tables), values, COUNT_OF(values)};
