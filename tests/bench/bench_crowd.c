/* What a crowd costs a screen: fifty people move cursors and pointers twenty times a second on
 * a board of ten thousand cards; a frame is the states of 16 ms taken in, and the screen drawn.
 */
#include "measure.h"
#include "screen_kit.h"
#include "view.h"

#include <stdio.h>
#include <stdlib.h>

enum { PEOPLE = 50, CARDS = 10000, FRAMES = 2000, FRAME_MS = 16 };

static void come(struct screen_kit *k)
{
    for (int i = 0; i < PEOPLE; i++) {
        kit_frame(k,
                  "{'type':'presence','room':'#core','user':'p%02d','session':%d,"
                  "'online':true}",
                  i, 100 + i);
        kit_forget(k);
    }
}

/* One person's move, as two messages of a server. */
static void move(struct screen_kit *k, int who, int turn)
{
    int card = 100 + (turn + who * 7) % 60;
    kit_frame(k, "{'type':'cursor','room':'#core','user':'p%02d','session':%d,'task':%d}", who,
              100 + who, card);
    kit_frame(k,
              "{'type':'pointer','room':'#core','user':'p%02d','session':%d,'at':'card',"
              "'task':%d,'place':%d,'x':500,'y':500}",
              who, 100 + who, card, turn % 20);
    kit_forget(k);
}

int main(void)
{
    struct screen_kit k;
    struct grid g = {0};
    struct theme t = {.depth = DEPTH_256};
    struct latency *l = calloc(1, sizeof *l);
    kit_init_full(&k, 200, 50);
    kit_fill(&k, CARDS, 100);
    come(&k);
    for (int f = 0, moved = 0; l && f < FRAMES; f++) {
        int64_t from = clock_ns();
        k.now += FRAME_MS;
        for (; moved < f * FRAME_MS * PEOPLE * 20 / 1000; moved++)
            move(&k, moved % PEOPLE, moved / PEOPLE);
        view(&k.model, &t, &g);
        latency_add(l, (clock_ns() - from) / 1000);
    }
    printf("crowd_frame_p50_ms=%.2f crowd_frame_p99_ms=%.2f\n",
           (double)latency_percentile(l, 50) / 1e3, (double)latency_percentile(l, 99) / 1e3);
    grid_finish(&g);
    kit_finish(&k);
    free(l);
    return 0;
}
