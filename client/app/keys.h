/* The bytes a terminal sends, decoded: UTF-8, xterm's CSI and SS3 keys with modifiers, the CSI
 * u form, SGR mouse, bracketed paste, focus events; what is none of these is dropped. Pure:
 * bytes and "nothing more came" go in, inputs come out. And the names of keys, as in "C-r" or
 * "PgUp".
 *
 * Sources: ECMA-48 5.4 (shape of control sequences), xterm's ctlseqs. */
#ifndef MOOT_KEYS_H
#define MOOT_KEYS_H

#include "bounds.h"
#include "input.h"

enum {
    KEYS_HELD_MAX = 64, /* bytes of one sequence; longer ones are dropped */
    /* Bytes of one paste. What is over is cut off; what is left then is too long for any text,
     * so it is refused whole, and nobody has half a paste. */
    KEYS_PASTE_MAX = 4 * NOTE_MAX + 4,
    KEYS_ESCAPE_MS = 30,  /* an ESC with nothing behind it for so long is the Escape key */
    KEYS_PASTE_MS = 3000, /* a paste that goes silent for so long is over */
    KEY_NAME_MAX = 24,
};

/* Zeroed is ready. */
struct keys {
    char held[KEYS_HELD_MAX];
    size_t n;
    bool in_string; /* inside an OSC, DCS, ... that the terminal answered: dropped up to its end
                     */
    bool in_paste;
    struct buf paste;
};

typedef void keys_each(void *arg, const struct input *in);

/* Decodes bytes as they come, cut anywhere. Calls each for every whole input; its text is
 * borrowed for that call. `now` and anything but kind, key, text, mouse and on are left zero.
 */
void keys_feed(struct keys *k, struct str bytes, keys_each *each, void *arg);
/* How long to wait for more before keys_flush() is due; -1 when nothing is held. */
int keys_wait(const struct keys *k);
/* Nothing more came: what is held is taken for what it is. */
void keys_flush(struct keys *k, keys_each *each, void *arg);
void keys_finish(struct keys *k);

/* The name of a key: optional "C-", "M-", "S-", then a character or Enter, PgUp, F1, Space...
 */
void key_name(struct key key, char out[KEY_NAME_MAX]);
bool key_parse(struct str name, struct key *out);
bool key_is(struct key a, struct key b);

#endif
