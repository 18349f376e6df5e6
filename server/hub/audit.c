#include "audit.h"

#include "ask.h"
#include "caller.h"

#include <stdarg.h>
#include <stdio.h>

enum { LEVEL_WARN = 1, LEVEL_INFO = 2 };

void audit_note(struct hub *h, struct store_job *j, const char *act, struct str author,
                struct str subject, const char *fmt, ...)
{
    char words[AUDIT_TEXT_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(words, sizeof words, fmt, ap);
    va_end(ap);
    j->audit = (struct store_audit){.time = h->now,
                                    .author = str_keep(&j->arena, author),
                                    .act = str_of(act),
                                    .subject = str_keep(&j->arena, subject),
                                    .words = str_keep(&j->arena, str_of(words))};
}

void audit_tell(struct hub *h, const struct store_job *j)
{
    const struct store_audit *a = &j->audit;
    if (a->act.n && j->err.code == ERR_NONE)
        out_log(h, LEVEL_INFO, "hub.audit", "%.*s: %.*s%s%.*s%s%.*s", STR_ARG(a->author),
                STR_ARG(a->act), a->subject.n ? " " : "", STR_ARG(a->subject),
                a->words.n ? ": " : "", STR_ARG(a->words));
}

void audit_put(struct hub *h, const char *act, struct str author, struct str subject,
               struct str words)
{
    struct store_job *j = store_job_new(JOB_AUDIT_PUT);
    audit_note(h, j, act, author, subject, "%.*s", STR_ARG(words));
    ask_store(h, ask_new(h, ASK_AUDIT_PUT, NULL, 0), j);
}

void audit_stored(struct hub *h, const struct store_job *j)
{
    if (j->err.code == ERR_NONE)
        return;
    h->counts.store_failures++;
    out_log(h, LEVEL_WARN, "hub.audit", "not noted in the database: %.*s: %.*s %.*s: %s",
            STR_ARG(j->audit.author), STR_ARG(j->audit.act), STR_ARG(j->audit.subject),
            j->err.text);
}
