/* What mootd's tables know. */
#include "duty.h"
#include "hub.h"
#include "man.h"
#include "metrics.h"
#include "opts.h"
#include "rate.h"
#include "reading.h"
#include "roff.h"

static void print_options(struct buf *out)
{
    opt_mdoc(out, mootd_options, mootd_option_count, false);
}

static void print_file_options(struct buf *out)
{
    opt_mdoc(out, mootd_options, mootd_option_count, true);
}

static void print_metrics(struct buf *out)
{
    for (const struct metric *m = metric_table; m < metric_table + metric_count; m++) {
        if (m->kind == METRIC_RECENT)
            continue;
        buf_fmt(out, ".It Va moot_%s Pq %s\n", m->name,
                m->kind == METRIC_COUNTER ? "counter" : "gauge");
        roff_sentences(out, str_of(m->help));
    }
}

static const struct man_table tables[] = {
    {"OPTIONS", "mootd", print_options},
    {"FILE_OPTIONS", "mootd", print_file_options},
    {"DUTIES", NULL, duty_mdoc},
    {"METRICS", NULL, print_metrics},
};

static const struct man_value values[] = {
    {"RATE_PER_SECOND", RATE_PER_SECOND, NULL},
    {"RATE_BURST", RATE_BURST, NULL},
    {"RATE_WORK", RATE_WORK, NULL},
    {"RATE_WORK_BYTES", RATE_WORK *STEP_BYTES, NULL},
    {"RATE_REFUSED_MAX", RATE_REFUSED_MAX, NULL},
    {"ROOM_APPENDS_MAX", ROOM_APPENDS_MAX, NULL},
    {"APPENDS_MAX", APPENDS_MAX, NULL},
    {"QUEUE_MAX", QUEUE_MAX, NULL},
    {"QUESTIONS_MAX", QUESTIONS_MAX, NULL},
    {"OPEN_ROOMS_MAX", OPEN_ROOMS_MAX, NULL},
    {"RESUME_EVENTS_MAX", RESUME_EVENTS_MAX, NULL},
    {"VIOLATIONS_MAX", VIOLATIONS_MAX, NULL},
    {"OWN_CLIENT", 0, STORE_OWN_CLIENT},
    {"STATES_PER_SECOND", 1000 / STATE_EVERY_MS, NULL},
    {"HELLO_WITHIN_S", HELLO_WITHIN_MS / 1000, NULL},
    {"HEARTBEAT_S", HEARTBEAT_S, NULL},
    {"HOOK_GIVE_UP_DAYS", HOOK_GIVE_UP_DAYS, NULL},
};

const struct man_source man_server = {tables, COUNT_OF(tables), values, COUNT_OF(values)};
