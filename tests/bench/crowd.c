#include "crowd.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SECOND = 1000000000, CARDS = 10000 };

/* What one turn of a person sends: where the selection is, and where the mouse. */
static void move(struct load *l, struct link *c, uint64_t turn)
{
    struct buf out = {0};
    int64_t card = (int64_t)(c->index * 193 + turn) % CARDS + 1;
    buf_fmt(&out, "{\"type\":\"cursor\",\"room\":\"%s%u\",\"task\":%" PRId64 "}", l->room,
            c->room, card);
    link_send(&l->links, c, buf_str(&out));
    buf_clear(&out);
    buf_fmt(&out,
            "{\"type\":\"pointer\",\"room\":\"%s%u\",\"at\":\"card\",\"task\":%" PRId64
            ",\"place\":%d,\"x\":%d,\"y\":%d}",
            l->room, c->room, card, (int)(turn % 20), (int)(turn * 7 % 1000),
            (int)(turn % 1000));
    link_send(&l->links, c, buf_str(&out));
    buf_finish(&out);
}

static void count_state(struct load *l, struct link *c, struct str text)
{
    (void)c;
    l->deliveries +=
        str_starts(text, "{\"type\":\"cursor\"") || str_starts(text, "{\"type\":\"pointer\"");
}

static uint64_t move_steadily(struct load *l, int64_t seconds)
{
    int64_t step = SECOND / (l->rate * (int64_t)l->conns), from = clock_ns();
    int64_t end = from + seconds * SECOND;
    uint64_t moves = 0;
    for (int64_t next = from; next < end; next += step, moves++) {
        for (int64_t left; (left = next - clock_ns()) > 0;)
            links_turn(l, left);
        links_turn(l, 0);
        move(l, &l->links.v[moves % l->conns], moves / l->conns);
    }
    return moves;
}

static bool fill(struct load *l)
{
    size_t cards = l->cards;
    uint64_t answered = l->answers;
    int64_t end = clock_ns() + INT64_C(120) * SECOND;
    for (size_t i = 0; i < cards; i++) {
        dialect_add_card(l, &l->links.v[i % l->conns], "A card of a large board");
        while (i - (l->answers - answered) > 500 && clock_ns() < end)
            links_turn(l, SECOND / 100);
    }
    while (l->answers - answered < cards && l->errors == 0 && clock_ns() < end)
        links_turn(l, SECOND / 100);
    return l->answers - answered == cards;
}

bool job_crowd(struct load *l)
{
    l->rooms = 1;
    if (!load_gather(l) || !fill(l))
        return false;
    l->counted = "{\"type\":\"";
    l->counted_n = strlen(l->counted);
    l->on_frame = count_state;
    move_steadily(l, 1);
    for (int64_t i = 0; i < l->repeat; i++) {
        struct figures from = figures_now(l);
        uint64_t bytes = l->links.bytes_in;
        uint64_t moves = move_steadily(l, l->seconds);
        struct figures now = figures_now(l);
        double s = (double)(now.from_ns - from.from_ns) / 1e9, n = (double)l->conns;
        double states = (double)(now.deliveries - from.deliveries);
        printf("sent=%" PRIu64 " states_per_person=%.2f load=%.3f kib_per_receiver=%.1f\n",
               2 * moves, states / s / n / n / 2, (double)(now.cpu_ns - from.cpu_ns) / 1e9 / s,
               (double)(l->links.bytes_in - bytes) / 1024 / s / n);
        fflush(stdout);
    }
    return l->links.lost == 0;
}
