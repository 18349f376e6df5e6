/* What the tests of texts on the screen do again and again. */
#ifndef MOOT_TEST_NOTE_KIT_H
#define MOOT_TEST_NOTE_KIT_H

#include "screen_kit.h"
#include "view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static inline int set_up(void **state)
{
    struct screen_kit *k = NEW(struct screen_kit);
    kit_init_full(k, 80, 24);
    *state = k;
    return 0;
}

static inline int tear_down(void **state)
{
    kit_finish(*state);
    free(*state);
    return 0;
}

static inline bool shows(const struct screen_kit *k, const char *part)
{
    struct buf out = {0};
    bool yes = strstr(kit_screen(k, &out), part);
    buf_finish(&out);
    return yes;
}

static inline void expect(const struct screen_kit *k, const char *part)
{
    struct buf out = {0};
    if (!shows(k, part))
        fail_msg("\"%s\" is not on the screen:\n%s", part, kit_screen(k, &out));
    buf_finish(&out);
}

static inline void expect_not(const struct screen_kit *k, const char *part)
{
    struct buf out = {0};
    if (shows(k, part))
        fail_msg("\"%s\" is on the screen:\n%s", part, kit_screen(k, &out));
    buf_finish(&out);
}

static inline void expect_sent(struct screen_kit *k, const char *part)
{
    struct buf out = {0};
    if (!strstr(kit_sent(k, &out), part))
        fail_msg("\"%s\" was not sent, but:\n%s", part, buf_cstr(&out));
    buf_finish(&out);
}

static inline void expect_not_sent(struct screen_kit *k, const char *part)
{
    struct buf out = {0};
    if (strstr(kit_sent(k, &out), part))
        fail_msg("\"%s\" was sent:\n%s", part, buf_cstr(&out));
    buf_finish(&out);
}

static inline void command(struct screen_kit *k, const char *line)
{
    kit_keys(k, model_where(&k->model) == IN_NOTE ? "M-:" : ":");
    kit_type(k, line);
    kit_keys(k, "Enter");
}

static inline void open_plan(struct screen_kit *k, const char *text)
{
    kit_forget(k);
    command(k, "note Release plan");
    kit_text(k, 20, 3, text);
}

static inline const struct doc *text_of(const struct screen_kit *k)
{
    return k->model.here->note.doc;
}

static inline void expect_text(const struct screen_kit *k, const char *text)
{
    struct buf out = {0};
    const struct rope *r = text_of(k)->text;
    rope_read(r, 0, rope_chars(r), &out);
    assert_string_equal(buf_cstr(&out), text);
    buf_finish(&out);
}

/* Session 8 is that of the client which kit_edited() speaks for. */
static inline void caret_of(struct screen_kit *k, const char *who, int session, int version,
                            int caret, int anchor)
{
    kit_frame(k,
              "{'type':'note.caret','room':'#core','user':'%s','session':%d,"
              "'client':'elsewhere%d','note':20,'version':%d,'caret':%d,'anchor':%d}",
              who, session, session - 7, version, caret, anchor);
}

#endif
