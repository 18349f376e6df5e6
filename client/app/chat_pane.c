#include "chat_pane.h"

#include <stdlib.h>
#include <string.h>

bool chat_pane_shows_all(const struct chat_pane *p, int64_t message)
{
    vec_each (seq, &p->unfolded)
        if (*seq == message)
            return true;
    return false;
}

void chat_pane_unfold(struct chat_pane *p, int64_t message)
{
    for (size_t i = 0; i < p->unfolded.n; i++) {
        if (p->unfolded.v[i] == message) {
            vec_remove(&p->unfolded, i);
            return;
        }
    }
    if (p->unfolded.n == UNFOLDED_MAX)
        vec_remove(&p->unfolded, 0);
    vec_push(&p->unfolded, message);
}

void chat_pane_finish(struct chat_pane *p)
{
    vec_finish(&p->unfolded);
    buf_finish(&p->draft);
}
