/* Notes: making and naming them, and editing texts. */
#include "handle.h"

static enum outcome not_yet(struct err *e)
{
    fail(e, ERR_UNKNOWN_TYPE, "this server has no notes yet");
    return REFUSED;
}

#define NOT_YET(name)                                                                          \
    enum outcome handle_##name(struct hub *h, struct caller *c, const struct msg *m,           \
                               struct err *e)                                                  \
    {                                                                                          \
        (void)h, (void)c, (void)m;                                                             \
        return not_yet(e);                                                                     \
    }
NOT_YET(note_create)
NOT_YET(note_rename)
NOT_YET(note_archive)
NOT_YET(note_restore)
NOT_YET(note_edit)
NOT_YET(note_open)
NOT_YET(note_at)
NOT_YET(note_log)
NOT_YET(note_blame)
NOT_YET(note_caret)
