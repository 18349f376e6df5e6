#include "action.h"

/* clang-format off */
const struct action action_table[ACTION_COUNT] = {
#define X(code, group_, name_, args_, op_, keys_, doc_) \
    [ACTION_##code] = {.name = name_, .args = args_, .keys = keys_, .doc = doc_, \
                       .group = GROUP_##group_, .op = LINE_##op_},
    ACTION_LIST(X)
#undef X
#define X(verb, name_, keys_, doc_) \
    [ACTION_TEXT_##verb] = {.name = name_, .args = "", .keys = keys_, .doc = doc_, \
                            .group = GROUP_TEXT},
    TEXT_VERB_LIST(X)
#undef X
};
/* clang-format on */

const char *action_group_name(enum action_group g)
{
    static const char *const names[GROUP_COUNT] = {"General",          "Moving", "Board",
                                                   "Rooms and people", "Notes",  "Messages",
                                                   "In a text",        "Typing", "The tour"};
    return names[g];
}
