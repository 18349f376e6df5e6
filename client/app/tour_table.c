#include "action.h"
#include "tour.h"

const char *const tour_people[TOUR_PEOPLE] = {
    [TOUR_ANA] = "ana", [TOUR_BEN] = "ben", [TOUR_KIM] = "kim"};

/* clang-format off */

#define SHOW(ms_, text_)              {.deed = TOUR_SHOW, .ms = ms_, .text = text_}
#define ASK(ms_, until_, from_, keys_, text_) ASK_OR_BACK(ms_, until_, 0, from_, keys_, text_)
#define ASK_OR_BACK(ms_, until_, back_, from_, keys_, text_) \
    {.deed = TOUR_ASK, .ms = ms_, .until = TOUR_##until_, .back = back_, .text = text_, \
     .from = IN_##from_, .keys = keys_}
#define TIDY(ms_, from_, keys_)       {.deed = TOUR_TIDY, .ms = ms_, .from = IN_##from_, .keys = keys_}
#define AWAIT(ms_, until_, from_, keys_, text_) \
    {.deed = TOUR_AWAIT, .ms = ms_, .until = TOUR_##until_, .text = text_, .from = IN_##from_, .keys = keys_}
#define LINK(ms_, deed_)              {.deed = TOUR_##deed_, .ms = ms_}
#define DOES(ms_, who_, deed_, card_, text_) \
    {.deed = TOUR_##deed_, .who = TOUR_##who_, .ms = ms_, .card = card_, .text = text_}
#define TYPES(ms_, who_, below_, text_) \
    {.deed = TOUR_WRITE, .who = TOUR_##who_, .ms = ms_, .below = below_, .text = text_}

static const struct tour_beat welcome[] = {
    SHOW(0,    "This is a room: a board, a chat, notes. ana, ben and kim are in it, each with a client of "
               "their own, on a server that ends when you leave."),
    SHOW(7500, "Your keys work all the time. Where it asks for something and nobody is here, the tour types. "
               "F8 goes on, F7 goes back, F9 stops it, or lets it go on."),
    SHOW(6000, NULL),
};

static const struct tour_beat together[] = {
    SHOW(0,           "Initials on a card: who is looking at it, as it happens."),
    DOES(600,  BEN, LOOK, 4, NULL),
    DOES(700,  ANA, LOOK, 1, NULL),
    DOES(800,  KIM, LOOK, 5, NULL),
    DOES(1500, BEN, LOOK, 2, NULL),
    DOES(900,  BEN, LOOK, 4, NULL),
    DOES(1500, BEN, SAY,  0, "Found it: the test waited for a port that was taken."),
    SHOW(0,           "Who writes shows before the message is there: above the chat, and beside the name."),
    DOES(5000, ANA, MOVE, 1, "Doing"),
    SHOW(0,           "Cards move for everybody. Each change is on the server's disk before anybody is told."),
    DOES(2500, BEN, MOVE, 4, "Done"),
    DOES(1500, ANA, SAY,  0, "Green again, thank you :)"),
    DOES(2500, KIM, POINT, 5, NULL),
    SHOW(0,           "kim shares a mouse pointer: on the same word on every screen, whatever its size. "
                      "Yours: ^. With @ you follow somebody around."),
    SHOW(8000, NULL),
};

static const struct tour_beat your_turn[] = {
    ASK(0,  MOVED,    BOARD, "hjLlLH",
                      "Your turn. Choose a card with the arrows or h j k l, and carry it to another column "
                      "with L or H, or with the mouse. (Esc leads to the board.)"),
    SHOW(0,           "They all saw that. u takes it back; on the board every change of yours can be taken back."),
    DOES(800, ANA, SAY, 0, "@ME I saw it move :)"),
    SHOW(7000, NULL),
};

static const struct tour_beat conflict[] = {
    ASK(0,  EDITS,    BOARD, "e",
                      "Two people, one title. Choose a card and press e to change its title, but do not "
                      "save yet: ben will change the same one."),
    DOES(1200, BEN, RETITLE, 0, ", by Friday"),
    ASK_OR_BACK(1000, DIFFERS, 2, TITLE, " today<Enter>",
                      "ben was quicker: look at the card behind the box. Change it your way all the same, and press Enter."),
    ASK(0,  DECIDED,  DIALOG, "m",
                      "Nothing is overwritten: you are asked, with both before you. m keeps yours, t takes "
                      "ben's, e makes a third one, Esc decides later (! asks again)."),
    SHOW(0,           "Two who change different fields of a card are not asked: both changes stand, and "
                      "labels and people are merged."),
    SHOW(7000, NULL),
};

static const struct tour_beat chat[] = {
    SHOW(0,           "The chat knows Markdown, answers, reactions, and edits of what one said."),
    DOES(500,  ANA, SAY,  0, "**Today**: the *notes*, then the tag. Run\n```sh\nmake check && git tag -s v0.2\n```"),
    DOES(5500, BEN, CHEER, 0, "\U0001F389"),
    DOES(1500, KIM, CHEER, 0, "\U0001F389"),
    DOES(2500, KIM, CALL, 0, "Two sketches of the start page are up."),
    DOES(700,  KIM, CALL, 0, "@ME which of the two shall I take? I like the second."),
    SHOW(0,           "kim needs you in another room. That rings, over ssh and in tmux too: by bell, by the "
                      "terminal's notification, in the window's title."),
    ASK(5000, ELSEWHERE, PANES, "n",
                      "n goes to the next room with unread messages; where you type it is M-n."),
    ASK(4000, HOME,   PANES, "]",
                      "The line shows where the unread ones begin. i is for typing, Esc ends it. ] or M-Down "
                      "leads on to the next room: back to #lobby."),
};

static const struct tour_beat note[] = {
    ASK(0,  READS,    PANES, "<F2><Enter>",
                      "A note is a text that everybody types in. F2 lists them: open Release notes with Enter."),
    SHOW(0,           "Carets in their colours, with the name while somebody types. Type too, where you like: "
                      "all have the same text in the end, and nobody waits."),
    TYPES(800, ANA,   "- Notes that several", "- History: every version, and who wrote what"),
    TYPES(600, BEN,   "## What is gone", "- *Nothing*, I think. @ana?"),
    TYPES(3000, KIM,  "- [ ] try it on", "- [ ] ask for a look from outside"),
    TYPES(1500, ANA,  "- *Nothing*", "- the old parser, see #4"),
    SHOW(3500,        "M-w tells who wrote which line, M-h goes through all versions, M-u takes back your own "
                      "words only. M-q closes it, Esc leads to the board."),
    TYPES(500, BEN,   "- History", "- It starts in **11 ms**, see #5"),
    TIDY(9000, NOTE, "<M-q>"),
};

static const struct tour_beat cut[] = {
    SHOW(0,           "Now your link to the server is cut, really. Look at the lowest line."),
    LINK(3500, CUT),
    DOES(500,  ANA, LOOK, 2, NULL),
    ASK(1500, UNSAVED, BOARD, "LH",
                      "It is gone. Work on: move a card, or say something (i, Enter)."),
    DOES(500,  ANA, MOVE, 2, "Doing"),
    SHOW(0,           "What you did bears a ~ and is on your own disk. The others work on too; you do not see "
                      "it yet. Do more if you like."),
    DOES(1000, ANA, SAY,  0, "Trying it over a slow link. Feels the same!"),
    LINK(6500, MEND),
    AWAIT(0, SAVED, PANES, "R",
                      "The way is free again. moot tries by itself, less and less often; R tries at once, "
                      "M-r where you type."),
    SHOW(0,           "Back. What you missed has come, and what you did is there, once. It would be after a "
                      "crash of either end, too."),
    DOES(3000, ANA, MOVE, 2, "Done"),
    SHOW(6000, NULL),
};

static const struct tour_beat around[] = {
    SHOW(0,           "Scripts are of the team, too: ben's says  make test | moot send '#lobby' -  What the "
                      "screen does, a command does."),
    DOES(500, BEN, SAY, 0, "```\n100% tests passed, 0 tests failed out of 142\n```"),
    ASK(8000, LISTS,  PANES, "w",
                      "w lists what was done here, newest first. (Not while you type: Esc leads to the board.)"),
    SHOW(500,         "f lists one person alone, t one kind, Enter goes to the card or note of a line. T lists "
                      "what concerns you."),
    TIDY(7000, FEED, "<Esc>"),
    ASK(0,  FINDS,  PANES, "<C-f>slow<Enter>",
                      "C-f searches messages, cards and notes of all your rooms. Look for: slow"),
    SHOW(500,         "Enter goes there. from:ben, in:#lobby, after:monday and -word narrow it down."),
    TIDY(7000, SEARCH, "<Esc>"),
    ASK(0,  MEASURES, PANES, "S",
                      "S shows how your link does, and to admins, which you are here, how the server does."),
    TIDY(6000, STATS, "<Esc>"),
};

static const struct tour_beat end[] = {
    ASK(0,  NEVER,    PANES, NULL,
                      "That was it. The room is yours until you leave with q. ben wrote in the chat how a "
                      "second terminal gets in; ? lists all keys, F8 closes this."),
};

#define CHAPTER(name_, beats_) {.name = name_, .beats = beats_, .n = COUNT_OF(beats_)}

const struct tour_chapter tour_chapters[] = {
    CHAPTER("A room", welcome),
    CHAPTER("Several at once", together),
    CHAPTER("Your turn", your_turn),
    CHAPTER("Two changes", conflict),
    CHAPTER("Chat", chat),
    CHAPTER("One text, four people", note),
    CHAPTER("A cut link", cut),
    CHAPTER("And more", around),
    CHAPTER("The end", end),
};

/* clang-format on */

const size_t tour_count = COUNT_OF(tour_chapters);

/* ---- cues ---- */

void tour_cue_write(const struct tour_cue *cue, struct buf *line)
{
    buf_fmt(line, "%lld %lld %lld %lld\n", (long long)cue->run, (long long)cue->chapter,
            (long long)cue->beat, (long long)cue->card);
}

bool tour_cue_read(struct str line, struct tour_cue *cue)
{
    int64_t *const parts[] = {&cue->run, &cue->chapter, &cue->beat, &cue->card};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (!str_int(str_cut(&line, ' '), 0, INT32_MAX, parts[i]))
            return false;
    return line.n == 0 && cue->chapter < (int64_t)tour_count &&
           cue->beat < (int64_t)tour_chapters[cue->chapter].n;
}

const struct tour_beat *tour_cue_beat(const struct tour_cue *cue)
{
    return &tour_chapters[cue->chapter].beats[cue->beat];
}
