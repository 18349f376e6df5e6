/* What a column of ten thousand cards costs a screen: from a key to the frame that shows what
 * it did, while one filters, scrolls, changes the order, and while a thousand cards that were
 * changed at one stroke wait for the server. Processor time, as nothing of it waits. */
#include "measure.h"
#include "screen_kit.h"
#include "view.h"

#include <stdio.h>
#include <stdlib.h>

enum { CARDS = 10000, PART = 500, MANY = 1000 };

struct bench {
    struct screen_kit k;
    struct grid g;
    struct theme t;
    struct latency l;
};

static void card(struct buf *out, int i)
{
    static const char *const people[] = {"ana", "bo", "cleo", "dmitri"};
    static const char *const labels[] = {"bug", "docs", "later", "server", "client"};
    static const char *const priorities[] = {"low", "medium", "high", "urgent"};
    buf_fmt(out,
            "%s{'number':%d,'title':'Card number %d of a long list','column':'Todo',"
            "'key':'M%06dV','changed':%d,'fields':["
            "{'field':'priority','value':'%s'},{'field':'due','value':'2026-%02d-%02d'},"
            "{'field':'assignee','value':'%s'},{'field':'label','value':'%s'},"
            "{'field':'label','value':'area-%d'}%s]}",
            i % PART ? "," : "", i + 1, i, i, 1 + i * 7919 % CARDS, priorities[i % 4],
            1 + i % 12, 1 + i % 28, people[i % 3], labels[i % 5], i % 40,
            i > 0 && i % 10 == 0 ? ",{'field':'blocker','value':'1'}" : "");
}

static void fill(struct bench *b)
{
    struct buf tasks = {0};
    kit_init(&b->k, 200, 50);
    b->k.seq = CARDS;
    for (int i = 0; i < CARDS; i++) {
        card(&tasks, i);
        if (i % PART != PART - 1)
            continue;
        kit_frame(&b->k,
                  "{'type':'snapshot','room':'#core','seq':%d,'public':false,'more':%s,"
                  "'part':%d,'next_number':%d%s,'tasks':[%.*s]}",
                  CARDS, i + 1 < CARDS ? "true" : "false", i / PART, CARDS + 1,
                  i < PART ? ",'columns':[{'name':'Todo'},{'name':'Done'}]" : "",
                  STR_ARG(buf_str(&tasks)));
        buf_clear(&tasks);
    }
    kit_frame(&b->k, "{'type':'synced','room':'#core','seq':%d}", CARDS);
    kit_forget(&b->k);
    buf_finish(&tasks);
}

/* One key, and the frame behind it. */
static void key(struct bench *b, const char *name)
{
    int64_t from = own_cpu_ns();
    b->k.now += 30;
    kit_keys(&b->k, name);
    view(&b->k.model, &b->t, &b->g);
    latency_add(&b->l, (own_cpu_ns() - from) / 1000);
    kit_forget(&b->k);
}

static void keys(struct bench *b, const char *name, int n)
{
    while (n-- > 0)
        key(b, name);
}

static void type(struct bench *b, const char *text)
{
    for (; *text; text++)
        key(b, *text == ' ' ? "Space" : (char[]){*text, '\0'});
}

static void report(struct bench *b, const char *what)
{
    printf("%s_p50_ms=%.2f %s_p99_ms=%.2f ", what, (double)latency_percentile(&b->l, 50) / 1e3,
           what, (double)latency_percentile(&b->l, 99) / 1e3);
    latency_clear(&b->l);
}

static void filter(struct bench *b)
{
    static const char *const words[] = {"@ana label:bug due:<7d -blocked 99", "number 12",
                                        "-@none priority:high"};
    for (int round = 0; round < 5; round++) {
        for (size_t i = 0; i < COUNT_OF(words); i++) {
            key(b, "/");
            type(b, words[i]);
            for (const char *c = words[i]; *c; c++)
                key(b, "Backspace");
            key(b, "Esc");
        }
    }
    report(b, "filter");
}

static void scroll(struct bench *b)
{
    keys(b, "j", 1000);
    keys(b, "PgDn", 300);
    keys(b, "k", 300);
    keys(b, "PgUp", 300);
    report(b, "scroll");
}

static void sort(struct bench *b)
{
    keys(b, "s", 20 * SORT_COUNT);
    report(b, "sort");
}

/* The server agrees with the oldest that waits. */
static void answer(struct bench *b)
{
    const struct replica *r = model_replica(&b->k.model);
    const struct pending *p = r->pending.v[0];
    const struct card *moved = board_card(&r->board, p->msg.task_move.task);
    int64_t from = own_cpu_ns();
    kit_frame(&b->k,
              "{'type':'task.moved','room':'#core','seq':%d,'time':1,'author':'ana',"
              "'client':'kitkitkitkit','id':%lld,'task':%lld,'column':'Done','key':'%s'}",
              ++b->k.seq, (long long)p->id, (long long)moved->number, moved->key);
    view(&b->k.model, &b->t, &b->g);
    latency_add(&b->l, (own_cpu_ns() - from) / 1000);
    kit_forget(&b->k);
}

/* A thousand at one stroke; going about while they wait; each answer, and its frame. */
static void bulk(struct bench *b)
{
    key(b, "Home");
    key(b, "V");
    keys(b, "j", MANY - 1);
    latency_clear(&b->l);
    key(b, ">");
    report(b, "bulk");
    keys(b, "j", 300);
    keys(b, "PgDn", 100);
    report(b, "waiting");
    bug_on(model_replica(&b->k.model)->pending.n != MANY);
    for (int i = 0; i < MANY; i++)
        answer(b);
    report(b, "answer");
}

int main(void)
{
    struct bench *b = NEW(struct bench);
    b->t = (struct theme){.depth = DEPTH_256};
    fill(b);
    key(b, "j");
    latency_clear(&b->l);
    {
        struct buf o = {0};
        buf_finish(&o);
    }
    filter(b);
    scroll(b);
    sort(b);
    bulk(b);
    printf("\n");
    grid_finish(&b->g);
    kit_finish(&b->k);
    free(b);
    return 0;
}
