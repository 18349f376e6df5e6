#include "linear_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

int lines_open(void **state)
{
    struct lines *s = NEW(struct lines);
    setenv("TZ", "UTC", 1);
    tzset();
    kit_init_full(&s->k, 100, 40);
    linear_init(&s->l, &s->k.model);
    linear_settle(&s->l);
    kit_tick(&s->k, LINEAR_SETTLE_MS);
    linear_settle(&s->l);
    *state = s;
    return 0;
}

int lines_close(void **state)
{
    struct lines *s = *state;
    linear_finish(&s->l);
    kit_finish(&s->k);
    free(s);
    return 0;
}

void lines_clear(struct lines *s)
{
    linear_settle(&s->l);
    buf_clear(&s->l.said);
}

void says(struct lines *s, const char *part)
{
    linear_settle(&s->l);
    if (!strstr(buf_cstr(&s->l.said), part))
        fail_msg("\"%s\" was not said, but:\n%s", part, buf_cstr(&s->l.said));
}

void says_not(struct lines *s, const char *part)
{
    linear_settle(&s->l);
    if (strstr(buf_cstr(&s->l.said), part))
        fail_msg("\"%s\" was said:\n%s", part, buf_cstr(&s->l.said));
}

void says_nothing(struct lines *s)
{
    linear_settle(&s->l);
    if (s->l.said.n)
        fail_msg("this was said:\n%s", buf_cstr(&s->l.said));
}

void lines_give(void *arg, const struct input *in)
{
    struct lines *s = arg;
    struct input now = *in;
    now.now = s->k.now;
    update(&s->k.model, &now, &s->k.out);
    linear_settle(&s->l);
}

void lines_type(struct lines *s, const char *text)
{
    linear_typed(&s->l, str_of(text), lines_give, s);
}

void lines_event(struct lines *s, const char *type, const char *who, const char *client,
                 const char *rest)
{
    struct screen_kit *k = &s->k;
    k->seq++;
    kit_frame(k,
              "{'type':'%s','room':'#core','seq':%d,'time':%lld,'author':'%s','client':'%s',"
              "'id':%d,%s}",
              type, k->seq, (long long)k->now, who, client, 1000 + k->seq, rest);
}

void lines_by_bo(struct lines *s, const char *type, const char *rest)
{
    lines_event(s, type, "bo", "elsewhere1", rest);
}

void front_is(struct lines *s, const char *text)
{
    struct buf front = {0}, back = {0};
    linear_line(&s->l, &front, &back);
    assert_string_equal(buf_cstr(&front), text);
    buf_finish(&front);
    buf_finish(&back);
}
