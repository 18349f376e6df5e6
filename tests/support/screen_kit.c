#include "screen_kit.h"
#include "keys.h"
#include "utf8.h"
#include "view.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2026-03-02 12:00:00 UTC */
#define NOON INT64_C(1772452800000)

static void give(struct screen_kit *k, struct input in)
{
    in.now = k->now;
    update(&k->model, &in, &k->out);
}

void kit_frame(struct screen_kit *k, const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;
    va_start(ap, fmt);
    int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    bug_on(n < 0);
    for (int i = 0; i < n; i++)
        if (text[i] == '\'')
            text[i] = '"';
    give(k, (struct input){.kind = INPUT_FRAME, .text = {text, (size_t)n}});
    free(text);
}

static void welcome(struct screen_kit *k)
{
    kit_frame(k,
              "{'type':'welcome','version':1,'server':'mootd 0.1','user':'ana','admin':false,"
              "'session':7,'time':%lld,'expires':0,'heartbeat':25,'revision':%d,'rooms':["
              "{'room':'#core','role':'owner','public':false,'seq':%d,'members':4},"
              "{'room':'#ops','role':'member','public':true,'seq':3,'members':9}]}",
              (long long)k->now, PROTOCOL_REVISION, MAX(k->seq, 40));
}

void kit_init(struct screen_kit *k, int width, int height)
{
    *k = (struct screen_kit){.now = NOON};
    model_init(&k->model, STR("kitkitkitkit"), 1, 1);
    k->model.now = k->now;
    kit_resize(k, width, height);
    give(k, (struct input){.kind = INPUT_START});
    give(k, (struct input){.kind = INPUT_OPENED});
    welcome(k);
}

void kit_finish(struct screen_kit *k)
{
    model_finish(&k->model);
    effects_finish(&k->out);
}

static void chat(struct screen_kit *k, struct buf *page, int seq, int minutes, const char *who,
                 const char *text)
{
    buf_fmt(page, "%s{'seq':%d,'time':%lld,'author':'%s','text':'%s'}", page->n ? "," : "", seq,
            (long long)(k->now - minutes * INT64_C(60000)), who, text);
}

long long kit_asked(const struct screen_kit *k, const char *type)
{
    long long id = 0;
    vec_each (e, &k->out.items) {
        if (e->kind != EFFECT_SEND || !memmem(e->bytes.p, e->bytes.n, type, strlen(type)))
            continue;
        const char *at = memmem(e->bytes.p, e->bytes.n, "\"id\":", 5);
        if (at)
            id = strtoll(at + 5, NULL, 10);
    }
    return id;
}

void kit_init_full(struct screen_kit *k, int width, int height)
{
    kit_init(k, width, height);
    kit_frame(
        k, "{'type':'snapshot','room':'#core','seq':40,'public':false,'more':false,'part':0,"
           "'next_number':43,'columns':[{'name':'Todo'},{'name':'Doing'},{'name':'Done'}],"
           "'tasks':["
           "{'number':12,'title':'Parser: reject frames nested too "
           "deeply','column':'Todo','key':'A'},"
           "{'number':31,'title':'Write the page about the outbox','column':'Todo','key':'B'},"
           "{'number':38,'title':'Reconnect when the laptop wakes up, without waiting for the "
           "timer to run out','column':'Todo','key':'C'},"
           "{'number':40,'title':'Colours on a light ground','column':'Todo','key':'D'},"
           "{'number':14,'title':'Release 0.2','column':'Doing','key':'A'},"
           "{'number':42,'title':'Wide characters: \u4e2d\u6587 and "
           "\U0001f980','column':'Doing','key':'B'},"
           "{'number':3,'title':'Groups of commits','column':'Done','key':'A'},"
           "{'number':7,'title':'Man pages from the tables','column':'Done','key':'B'}],"
           "'notes':[{'number':20,'name':'Release plan','version':3,'time':1772449200000,"
           "'author':'bo'},{'number':21,'name':'Minutes','version':0,'time':1772438400000,"
           "'author':'ana'},{'number':22,'name':'Old plan','version':9,"
           "'time':1770000000000,'author':'cleo','archived':true}],"
           "'members':[{'user':'ana','role':'owner','online':true},"
           "{'user':'bo','role':'member','online':true},"
           "{'user':'cleo','role':'member','online':true},"
           "{'user':'dmitri','role':'observer','online':false}]}");
    kit_frame(k, "{'type':'presence','room':'#core','user':'ana','session':7,'online':true}");
    kit_frame(k, "{'type':'presence','room':'#core','user':'bo','session':8,'online':true}");
    kit_frame(k, "{'type':'presence','room':'#core','user':'cleo','session':9,'online':true}");
    kit_frame(k, "{'type':'synced','room':'#core','seq':40}");
    struct buf page = {0};
    chat(k, &page, 20, 1500, "bo", "the build is green again");
    chat(k, &page, 21, 1499, "cleo", "nice");
    chat(k, &page, 30, 60, "cleo",
         "I looked at the reconnect logic: the timer is fine, but nobody tells it that the "
         "machine was asleep, so it waits its full thirty seconds");
    chat(k, &page, 31, 58, "bo", "then let us ask the clock");
    chat(k, &page, 32, 57, "bo", "monotonic against wall");
    chat(k, &page, 33, 30, "ana", "two lines:\\n  - first\\n  - second");
    chat(k, &page, 36, 4, "dmitri", "can somebody look at 42?");
    chat(k, &page, 38, 2, "cleo", "I will, after lunch");
    kit_frame(k,
              "{'type':'history.page','re':%lld,'room':'#core','messages':[%.*s],'more':false}",
              kit_asked(k, "\"history\""), STR_ARG(buf_str(&page)));
    buf_finish(&page);
    k->seq = 40;
    kit_frame(k, "{'type':'cursor','room':'#core','user':'bo','session':8,'task':42}");
    kit_frame(k, "{'type':'cursor','room':'#core','user':'cleo','session':9,'task':12}");
    kit_forget(k);
}

void kit_text(struct screen_kit *k, int note, int version, const char *text)
{
    struct buf json = {0};
    buf_fmt(&json,
            "{\"type\":\"note.text\",\"re\":%lld,\"room\":\"#core\",\"note\":%d,"
            "\"version\":%d,\"time\":%lld,\"part\":0,\"more\":false,\"text\":\"",
            kit_asked(k, "\"note.open\""), note, version, version ? (long long)k->now : 0);
    for (; *text; text++) {
        if (*text == '\n')
            buf_fmt(&json, "\\n");
        else if (*text == '\t')
            buf_fmt(&json, "\\t");
        else
            buf_add_c(&json, *text);
    }
    buf_fmt(&json, "\"}");
    give(k, (struct input){.kind = INPUT_FRAME, .text = buf_str(&json)});
    buf_finish(&json);
}

void kit_edited(struct screen_kit *k, const char *who, int note, int version, const char *op)
{
    kit_frame(k,
              "{'type':'note.edited','room':'#core','seq':%d,'time':%lld,'author':'%s',"
              "'client':'elsewhere1','id':%d,'note':%d,'version':%d,'op':%s}",
              k->seq + 1, (long long)k->now, who, 1000 + k->seq, note, version, op);
    k->seq++;
}

void kit_keys(struct screen_kit *k, const char *names)
{
    for (struct str rest = str_of(names); rest.n;) {
        struct input in = {.kind = INPUT_KEY};
        bug_on(!key_parse(str_cut(&rest, ' '), &in.key));
        give(k, in);
    }
}

void kit_type(struct screen_kit *k, const char *text)
{
    struct str s = str_of(text);
    uint32_t cp;
    for (size_t n; (n = utf8_next(s, &cp)); s.p += n, s.n -= n)
        give(k, (struct input){.kind = INPUT_KEY, .key = {cp, 0}});
}

void kit_paste(struct screen_kit *k, const char *text)
{
    give(k, (struct input){.kind = INPUT_PASTE, .text = str_of(text)});
}

void kit_mouse(struct screen_kit *k, enum mouse_kind kind, int button, int x, int y)
{
    give(k, (struct input){.kind = INPUT_MOUSE, .mouse = {kind, button, x, y, 0}});
}

void kit_resize(struct screen_kit *k, int width, int height)
{
    give(k, (struct input){.kind = INPUT_RESIZE, .width = width, .height = height});
}

void kit_tick(struct screen_kit *k, int64_t ms)
{
    k->now += ms;
    give(k, (struct input){.kind = INPUT_TICK});
}

void kit_pass(struct screen_kit *k, int64_t ms)
{
    for (int64_t step; ms > 0; ms -= step) {
        step = MIN(ms, 5000);
        kit_tick(k, step);
        kit_frame(k, "{'type':'sign.of.life'}");
    }
}

void kit_cut(struct screen_kit *k, enum err_code code, const char *why)
{
    struct err e = {.code = code};
    snprintf(e.text, sizeof e.text, "%s", why);
    give(k, (struct input){.kind = INPUT_LOST, .why = &e});
}

void kit_back(struct screen_kit *k)
{
    kit_tick(k, BACKOFF_MAX_MS);
    give(k, (struct input){.kind = INPUT_OPENED});
    welcome(k);
    kit_frame(k, "{'type':'synced','room':'#core','seq':%d}", k->seq);
}

const char *kit_sent(const struct screen_kit *k, struct buf *out)
{
    buf_clear(out);
    vec_each (e, &k->out.items)
        if (e->kind == EFFECT_SEND)
            buf_fmt(out, "%.*s\n", STR_ARG(e->bytes));
    return buf_cstr(out);
}

void kit_forget(struct screen_kit *k)
{
    effects_clear(&k->out);
}

const char *kit_screen(const struct screen_kit *k, struct buf *out)
{
    struct grid g = {0};
    struct theme t = {.depth = DEPTH_256};
    buf_clear(out);
    view(&k->model, &t, &g);
    bug_on(!grid_check(&g));
    grid_dump(&g, out);
    grid_finish(&g);
    return buf_cstr(out);
}

void kit_fill(struct screen_kit *k, int cards, int messages)
{
    int seq = k->seq + 1;
    k->seq += cards + messages;
    for (int i = 0; i < cards; i++) {
        kit_forget(k);
        kit_frame(k,
                  "{'type':'task.added','room':'#core','seq':%d,'time':%lld,'author':'bo',"
                  "'client':'elsewhere1','id':%d,'task':%d,'title':'Card number %d of a long "
                  "list','column':'Todo','key':'M%06dV'}",
                  seq + i, (long long)k->now, i + 1, 100 + i, i, i);
    }
    seq += cards;
    for (int i = 0; i < messages; i++) {
        kit_forget(k);
        kit_frame(k,
                  "{'type':'message','room':'#core','seq':%d,'time':%lld,'author':'bo',"
                  "'client':'elsewhere1','id':%d,'text':'Message number %d, which is a bit "
                  "longer than one row of a narrow chat pane'}",
                  seq + i, (long long)k->now, cards + i + 1, i);
    }
    kit_forget(k);
}
