/* What takes a pending request back, as requests. */
#include "replica_parts.h"

size_t replica_inverses(const struct replica *r, int64_t id, struct requests *out,
                        struct arena *a)
{
    const struct pending *p = replica_find_pending(r, id);
    size_t before = out->n;
    if (!p)
        return 0;
    if (!p->on_board && p->msg.type == MSG_TASK_RESTORE) /* only the server knows it */
        vec_push(out, (struct msg){.type = MSG_TASK_ARCHIVE,
                                   .task_archive.task = p->msg.task_restore.task});
    else if (p->on_board)
        takeback_requests(&r->board, &p->inverse, out, a);
    return out->n - before;
}
