/* Who works on a folder of data: one at a time. */
#ifndef MOOT_STORE_CLAIM_H
#define MOOT_STORE_CLAIM_H

#include "err.h"

/* Makes the folder and those above it, with mode 0700, where they are missing. */
bool store_folder_make(const char *path, struct err *e);

/* Claims the folder until the descriptor is closed or the process ends, however it ends; -1 and
 * ERR_EXISTS while another process has it. Reading needs no claim. The claim is an flock(2) of
 * the folder itself: there is no file that could be left behind, and a read-only disk will do.
 */
int store_claim(const char *folder, struct err *e);

#endif
