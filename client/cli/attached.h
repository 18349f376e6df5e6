/* A file beside a note: watched, read, and replaced without losing what an editor wrote
 * meanwhile. */
#ifndef MOOT_ATTACHED_H
#define MOOT_ATTACHED_H

#include "err.h"

struct attached {
    char *path, *dir, *base; /* the file, its folder, its name there */
    char *aside;             /* where the last one that was replaced still is */
    int watch;               /* inotify; can be read when something happened */
    int claim;               /* as long as it is open, nobody else has the file; -1: not yet */
    struct buf text;         /* as last read or written */
    struct buf replaced;     /* what `aside` held when it was replaced */
    bool is_there;
    bool is_held;         /* nobody else keeps it: what stands aside is ours to remove */
    bool busy;            /* when last read, somebody was writing it: look again soon */
    bool heard;           /* something happened that attached_heard() has not told yet */
    bool was_read;        /* somebody else read `text` from the file */
    bool is_stale;        /* the file has changed since, or is about to */
    bool later_was_read;  /* and somebody has read it then */
    bool before_was_read; /* and what stood there before attached_read() or attached_write() */
    bool is_new;    /* `text` came with a file of its own, not by writing to the old one */
    uint64_t inode; /* of the file that `text` stands in; 0: not known */
    int swaps;      /* events of our own renaming, still to come */
};

/* Follows symbolic links to the file, which need not be there. Where a process that kept the
 * file was killed, `replaced` is what it had put aside last, or what an editor wrote there. */
bool attached_open(struct attached *a, const char *path, struct err *e);
/* Two that keep one file would each take for saved what the other one wrote, and again without
 * an end: ERR_EXISTS where anybody on this machine keeps it, from whatever folder of his. */
bool attached_claim(struct attached *a, struct err *e);
void attached_close(struct attached *a);
/* Of a path or name, the same in every run. */
uint64_t attached_hash(const char *name);

/* Takes what the system told about the folder; true when the file may have changed. Sets
 * was_read. */
bool attached_heard(struct attached *a);
/* Was `text` read by somebody else since this was last asked? */
bool attached_was_read(struct attached *a);
/* Reads the file: *changed says whether it differs from `text`, which is what it is then, with
 * is_new and before_was_read. A file that is gone is no error, and one that somebody is writing
 * has not changed yet, but `busy` is set. Something that is no text is an error, and leaves
 * `text`. */
bool attached_read(struct attached *a, bool *changed, struct err *e);
/* An editor that had the file open when it was replaced may have written to the old one, which
 * stands aside: true for such a text, which goes into late, until it is said to be taken.
 * Something that is no text is false, with an error. Where there is neither, and nobody is
 * writing it (`busy`), the old file is let go. */
bool attached_late(struct attached *a, struct buf *late, struct err *e);
void attached_late_taken(struct attached *a);
/* Puts text there, in one step. What an editor wrote since attached_read(), or to the file that
 * was replaced last, is not lost: then the file keeps it, *raced is set, and it is to be read
 * again. */
bool attached_write(struct attached *a, struct str text, bool *raced, struct err *e);

#endif
