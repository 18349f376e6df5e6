/* Other programs that the screen starts: commands of the person's, which nobody waits for, and
 * the editor, which gets the terminal. */
#ifndef MOOT_LAUNCH_H
#define MOOT_LAUNCH_H

#include "err.h"

#include <sys/types.h>

/* Starts a program without a terminal, and without a shell: argv ends with NULL. */
void launch(char *const argv[]);
/* The same for a command written as words with blanks between, and one argument more. */
void launch_words(const char *command, struct str argument);

/* A text in $VISUAL, $EDITOR or vi. Zeroed is none. */
struct edit {
    pid_t pid;
    int fd; /* can be read when the editor has ended */
    char dir[64], path[80];
};
/* Starts it on a file of its own, mode 0600, that holds the text; the terminal is given back.
 */
bool edit_start(struct edit *d, struct str text, struct err *e);
/* Once it has ended: appends what is in the file, without the newline at its end, to out. False
 * when it did not end well, or the file is no text of at most `most` bytes; the file is kept
 * then, and e names it. */
bool edit_end(struct edit *d, size_t most, struct buf *out, struct err *e);

#endif
