/* The verbs about a board against a real server: fields, comments, columns, what was and who
 * did it, boards of others, and commands that report to a card. */
#include "steps.h"
#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void cards_carry_fields(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "task|add|core|Ship it", NULL, 0, NULL, ""},
        {0, "task|add|core|Sign it", NULL, 0, NULL, ""},
        {0, "task|label|core|1|soon", NULL, 0, NULL, ""},
        {0, "task|assign|core|1|ana", NULL, 3, "", "~there is no ana in #core"},
        {0, "room|invite|core|ana", NULL, 0, NULL, ""},
        {0, "task|assign|core|1|ana", NULL, 0, NULL, ""},
        {0, "task|label|core|1|urgent", NULL, 0, NULL, ""},
        {0, "task|priority|core|1|high", NULL, 0, NULL, ""},
        {0, "task|due|core|1|2026-12-24", NULL, 0, NULL, ""},
        {0, "task|block|core|1|2", NULL, 0, NULL, ""},
        {0, "task|show|core|1", NULL, 0, "~priority:high due:2026-12-24", ""},
        {0, "task|show|core|1|--json", NULL, 0, "~{\"field\":\"priority\",\"value\":\"high\"}",
         ""},
        {0, "task|list|core|--filter|label:urgent -@me", NULL, 0, "~Ship it", ""},
        {0, "task|list|core|--filter|-label:urgent sign", NULL, 0,
         "~    2  Todo        Sign it", ""},
        {0, "task|list|core|--filter|label:urgent sign", NULL, 0, "", ""},
        {0, "task|list|core|--filter|due:soon", NULL, 2, "", "~names no day: "},
        {0, "task|list|core|--filter|saved:hot", NULL, 2, "", "~no saved filter 'hot'"},
        {0, "filter|save|hot|label:urgent -blocked", NULL, 0, "", ""},
        {0, "filter|save|mine|@me saved:hot", NULL, 0, "", ""},
        {0, "filter|save|a b|x", NULL, 2, "", "~no blank"},
        {0, "filter|save|bad|due:soon", NULL, 2, "", "~names no day"},
        {0, "filter|list", NULL, 0,
         "hot           label:urgent -blocked\nmine          @me saved:hot\n", ""},
        {0, "task|list|core|--filter|-saved:hot sign", NULL, 0, "~Sign it", ""},
        {0, "filter|remove|mine", NULL, 0, "", ""},
        {0, "filter|remove|mine", NULL, 3, "", "~no saved filter mine"},
        {0, "filter|list|--json", NULL, 0,
         "{\"name\":\"hot\",\"filter\":\"label:urgent -blocked\"}\n", ""},
        {0, "task|list|core|--sort|priority", NULL, 0, "~1  Todo        Ship it", ""},
        {0, "task|list|core|--sort|size", NULL, 2, "",
         "~due, priority, assignee, number or updated"},
        {0, "task|label|core|1|soon|--remove", NULL, 0, NULL, ""},
        {0, "task|show|core|1", NULL, 0, "~assignee:ana label:urgent blocker:2", ""},
        /* what does not fit changes nothing */
        {0, "task|block|core|2|1", NULL, 5, "", "~circle"},
        {0, "task|priority|core|1|soon", NULL, 2, "", "~priority"},
        {0, "task|due|core|1|2026-02-30", NULL, 2, "",
         "~is no due date: 2026-12-31, 12-31, today"},
        {0, "task|due|core|2|3d", NULL, 0, NULL, ""}, /* as people say it */
        {0, "task|list|core|--filter|due:3d", NULL, 0, "~Sign it", ""},
        {0, "task|due|core|2|none", NULL, 0, NULL, ""},
        {0, "task|show|core|1", NULL, 0, "~priority:high due:2026-12-24", ""},
    };
    walk(*state, steps, COUNT_OF(steps));
}

/* 5, and both values: what is there, and what was not stored. */
static void a_script_can_ask_not_to_overwrite_others(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "room|invite|core|ana", NULL, 0, NULL, ""},
        {0, "task|add|core|Ship it", NULL, 0, NULL, ""}, /* event 3 */
        {1, "task|edit|core|1|What ana wrote", NULL, 0, NULL, ""},
        {1, "task|due|core|1|2026-12-24", NULL, 0, NULL, ""},
        {0, "task|edit|core|1|What I wrote|--seen|3", NULL, 5, "",
         "~ana meanwhile set the title of card 1 to What ana wrote; not stored: What I wrote"},
        {0, "task|due|core|1|2027-01-31|--seen|3", NULL, 5, "",
         "~to 2026-12-24; not stored: 2027-01-31"},
        {0, "task|priority|core|1|high|--seen|3", NULL, 0, NULL, ""}, /* nobody set it */
        {0, "task|show|core|1", NULL, 0, "~What ana wrote priority:high due:2026-12-24", ""},
        {0, "task|due|core|1|2027-01-31|--seen|5", NULL, 0, NULL, ""},
        {0, "task|edit|core|1|What I wrote", NULL, 0, NULL, ""}, /* does not mind */
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void several_cards_are_named_at_once(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "task|add|core|-", "one\n\n  two \nthree\nfour", 0, "1\n2\n3\n4\n", ""},
        {0, "task|add|core|-|--top|--label|new", "five\nsix\n", 0, "5\n6\n", ""},
        {0, "task|list|core|--filter|label:new", NULL, 0,
         "    5  Todo        five label:new\n    6  Todo        six label:new\n", ""},
        {0, "task|add|core|-", "fine\nbell\a\n", 1, "", "~line 2: a title is one line"},
        {0, "task|move|core|4|2|Doing", NULL, 0, "", ""},
        {0, "task|move|core|1,3|Doing|--after|4", NULL, 0, "", ""},
        {0, "task|list|core|--column|Doing", NULL, 0,
         "    4  Doing       four\n    1  Doing       one\n    3  Doing       three\n"
         "    2  Doing       two\n",
         ""},
        {0, "task|label|core|1,2,3|bug|ui", NULL, 0, "", ""},
        {0, "task|edit|core|1,2|--label|-bug|--priority|high", NULL, 0, "", ""},
        {0, "task|list|core|--filter|label:bug", NULL, 0, "~3  Doing", ""},
        {0, "task|list|core|--filter|priority:high -label:bug label:ui|--sort|number", NULL, 0,
         "    1  Doing       one priority:high label:ui\n"
         "    2  Doing       two priority:high label:ui\n",
         ""},
        {0, "task|edit|core|1|--title|uno|--due|2026-12-24", NULL, 0, "", ""},
        {0, "task|edit|core|1|uno|--title|eins", NULL, 2, "", "~two titles"},
        {0, "task|edit|core|1", NULL, 2, "", "~nothing to change"},
        {0, "task|edit|core|1|--due|2026-13-01", NULL, 2, "", "~due date"},
        {0, "task|show|core|1", NULL, 0, "~uno priority:high due:2026-12-24", ""},
        {0, "task|archive|core|1|2", NULL, 0, "", ""},
        /* what is wrong with one does not stop the others */
        {0, "task|archive|core|2|3|99", NULL, 5, "", "~moot: card 2 is archived"},
        {0, "task|show|core|3", NULL, 3, "", "~archived"},
        {0, "task|restore|core|1,2|3", NULL, 0, "", ""},
        {0, "task|archive|core|3|x", NULL, 2, "", "~'x' is no number"},
        {0, "task|archive|--room|core|3|2", NULL, 0, "", ""},
        {0, "task|move|--room|core|1|4|Done", NULL, 0, "", ""},
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void what_one_did_last_is_taken_back(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "task|undo|core", NULL, 3, "", "~nothing that you did"},
        {0, "task|add|core|-", "one\ntwo\nthree", 0, NULL, ""},
        {0, "task|move|core|3|1|Doing", NULL, 0, "", ""},
        {0, "task|label|core|1|bug", NULL, 0, "", ""},
        {0, "column|remove|core|Doing|--to|Done", NULL, 0, "", ""},
        {0, "task|redo|core", NULL, 3, "", "~you took nothing back"},
        {0, "task|undo|core", NULL, 0, "~taken back: removed the column Doing", ""},
        {0, "task|list|core|--column|Doing", NULL, 0,
         "    3  Doing       three\n    1  Doing       one label:bug\n", ""},
        {0, "task|redo|core", NULL, 0, "~taken back: ", ""},
        {0, "task|list|core|--column|Done", NULL, 0, "~    3  Done        three", ""},
        {0, "task|undo|core", NULL, 0, NULL, ""},
        {0, "task|undo|core", NULL, 0, "~label bug", ""},
        {0, "task|undo|core", NULL, 0, "~taken back: moved #1", ""}, /* both of them */
        {0, "task|list|core", NULL, 0,
         "    1  Todo        one\n    2  Todo        two\n    3  Todo        three\n", ""},
        {0, "task|redo|core", NULL, 0, NULL, ""},
        {0, "task|list|core|--column|Doing", NULL, 0,
         "    3  Doing       three\n    1  Doing       one\n", ""},
        /* what others did since stays */
        {1, "room|join|core", NULL, 0, "", ""},
        {1, "task|move|core|3|Done", NULL, 0, "", ""},
        {0, "task|undo|core", NULL, 5, "taken back: moved #1 'one' to Doing\n",
         "~left as it is: ana moved #3 'three' to Done since"},
        {0, "task|list|core", NULL, 0,
         "    1  Todo        one\n    2  Todo        two\n    3  Done        three\n", ""},
        {0, "task|edit|core|2|zwei", NULL, 0, "", ""},
        {1, "task|edit|core|2|deux", NULL, 0, "", ""},
        {0, "task|undo|core", NULL, 5, "", "~ana set #2"},
        {0, "task|show|core|2", NULL, 0, "~deux", ""},
        {1, "task|undo|core", NULL, 0, "~title", ""},
        {1, "task|show|core|2", NULL, 0, "~zwei", ""},
        {0, "task|undo|elsewhere", NULL, 3, "", NULL},
    };
    walk(*state, steps, COUNT_OF(steps));
}

/* Ana moves cards 4 to 6, the outermost ever between the two others, until there is no key left
 * between them and all of the column get new ones. */
static void move_until_keyed(struct world *w)
{
    enum { MOVES_MAX = 600 };
    char *token = talk_token(&w->rig, "ana", 600);
    struct ws_dial dial = {.unix_path = w->rig.socket, .token = token};
    struct ws_client c;
    struct str heard = {0};
    int order[] = {4, 5, 6};
    bool is_keyed = false;
    assert_true(talk_hello(&w->rig, &c, &dial, "abcdefgh"));
    assert_true(talk_ask(&c, "{\"type\":\"open\",\"id\":1,\"room\":\"#core\",\"since\":0}",
                         "\"synced\""));
    for (int i = 2; i < MOVES_MAX && !is_keyed; i++) {
        int end = i % 2 ? 0 : 2, card = order[end], middle = order[1];
        char move[160], answer[32];
        snprintf(move, sizeof move,
                 "{\"type\":\"task.move\",\"id\":%d,\"room\":\"#core\",\"task\":%d,"
                 "\"column\":\"Todo\",\"after\":%d}",
                 i, card, end == 0 ? middle : order[0]);
        snprintf(answer, sizeof answer, "\"re\":%d,", i);
        order[end] = middle;
        order[1] = card;
        assert_true(ws_send_text(&c, str_of(move)));
        do {
            assert_true(ws_next_text(&c, &heard));
            is_keyed = is_keyed || memmem(heard.p, heard.n, "column.keyed", 12);
        } while (!memmem(heard.p, heard.n, answer, strlen(answer)));
    }
    assert_true(is_keyed);
    ws_finish(&c);
    free(token);
}

/* The name of the column, too, is another by then. */
static void a_card_is_put_back_into_a_column_that_changed(void **state)
{
    struct world *w = *state;
    WALK(w, {0, "room|create|core", NULL, 0, "", ""},
         {0, "room|invite|core|ana", NULL, 0, NULL, ""},
         {0, "task|add|core|-", "one\ntwo\nthree\nfour\nfive\nsix", 0, NULL, ""},
         {0, "task|move|core|2|Doing", NULL, 0, "", ""});
    move_until_keyed(w);
    WALK(w, {1, "column|rename|core|Todo|Later", NULL, 0, "", ""},
         {0, "task|undo|core", NULL, 0, "taken back: moved #2 'two' to Doing\n", ""},
         {0, "task|list|core", NULL, 0,
          "~    1  Later       one\n    2  Later       two\n    3  Later       three\n", ""},
         {0, "task|redo|core", NULL, 0, NULL, ""},
         {0, "task|list|core|--column|Doing", NULL, 0, "    2  Doing       two\n", ""});
}

static void comments_stand_on_their_card(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "task|add|core|Ship it", NULL, 0, "1\n", ""},
        {0, "task|add|core|Sign it", NULL, 0, "2\n", ""},
        {0, "task|comment|core|1|- what is", "", 0, "", ""},
        {0, "send|core|in the room", NULL, 0, "", ""},
        {0, "task|comment|core|2|-", "two\nlines", 0, "", ""},
        {0, "task|archive|core|1", NULL, 0, "", ""},
        {0, "task|comment|core|#1|still missing?", NULL, 0, "", ""},
        {0, "task|comments|core|1", NULL, 0, "~: - what is\n", ""},
        {0, "task|comments|core|1", NULL, 0, "~: still missing?\n", ""},
        {0, "task|comments|core|1|-n|1|--json", NULL, 0, "~still missing?\",\"task\":1,", ""},
        {0, "task|comments|core|2", NULL, 0, "~: two\n", ""},
        {0, "task|list|core|--json", NULL, 0, "~\"comments\":1,\"changed\":", ""},
        {0, "tail|core", NULL, 0, "~ on #2: two\n", ""},
        {0, "task|comment|core|7|hello", NULL, 3, "", "~there is no card 7"},
        {0, "task|comments|core|7", NULL, 3, "", "~has no card 7"},
        {1, "task|comment|core|1|let me in", NULL, 4, "", "~not in #core"},
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void search_finds_what_one_may_see(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core|--private", NULL, 0, "", ""},
        {0, "room|create|open", NULL, 0, "", ""},
        {0, "task|add|core|Ship the rocket", NULL, 0, "1\n", ""},
        {0, "send|core|the rocket is \033[1m ready", NULL, 0, "", ""},
        {0, "task|comment|core|1|no rocket yet", NULL, 0, "", ""},
        {0, "note|new|core|Plan", NULL, 0, "2\n", ""},
        {0, "note|append|core|2|-", "fuel for the rocket", 0, NULL, ""},
        {1, "room|join|open", NULL, 0, "", ""},
        {1, "send|open|what rocket?", NULL, 0, "", ""},
        {0, "search|rocket|fuel", NULL, 0, "~ #core #2 'Plan' ", ""},
        {0, "search|rocket|kind:comment", NULL, 0, "~on #1 'Ship the rocket' ", ""},
        {0, "search|rocket|kind:card", NULL, 0, "~: Ship the rocket\n", ""},
        {0, "search|ready", NULL, 0, "~: the rocket is  [1m ready\n", ""},
        {0, "search|--order|relevance|rocket|--limit|1", NULL, 0, "~rocket", ""},
        {0, "search|rocket|--room|open", NULL, 0, "~#open ana: what rocket?\n", ""},
        {0, "search|rocket|-n|1|--json|in:open", NULL, 0,
         "~\"excerpt\":\"what rocket?\",\"marks\":[{\"at\":5,\"chars\":6}]", ""},
        {1, "search|rocket", NULL, 0, "~#open ana: what rocket?\n", ""},
        {1, "search|fuel", NULL, 0, "", ""},
        {1, "search|rocket|in:core", NULL, 3, "", "~no room #core that you are in"},
        {1, "search|rocket|--room|core", NULL, 3, "", "~no room #core that you are in"},
        {0, "search|nothing", NULL, 0, "", ""},
        {0, "search|form:ana", NULL, 2, "", "~(character 1): only from:, in:,"},
        {0, "search|\"fuel for", NULL, 2, "", "~its quote is not closed"},
        {0, "search|rocket|--order|size", NULL, 2, "", "~no order: time or relevance"},
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void activity_says_who_did_what(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "task|add|core|Ship it", NULL, 0, "1\n", ""},
        {0, "task|move|core|1|Doing", NULL, 0, "", ""},
        {0, "task|label|core|1|bug", NULL, 0, "", ""},
        {0, "task|comment|core|1|- why\nnot", NULL, 0, "", ""},
        {0, "send|core|only chat", NULL, 0, "", ""},
        {0, "note|new|core|Plan", NULL, 0, NULL, ""},
        {0, "note|append|core|Plan|one", NULL, 0, "", ""},
        {0, "note|append|core|Plan|two", NULL, 0, "", ""},
        {1, "room|join|core", NULL, 0, "", ""},
        {1, "task|archive|core|1", NULL, 0, "", ""},
        {1, "activity|core|-n|1", NULL, 0, "~ ana archived #1 'Ship it'\n", ""},
        {1, "activity|core|--author|ana|-n|2", NULL, 0, "~ ana joined as member\n", ""},
        {0, "activity|core", NULL, 0, "~ moved #1 'Ship it' to Doing\n", ""},
        {0, "activity|core", NULL, 0, "~ set #1 'Ship it': label bug\n", ""},
        {0, "activity|core|--card|1", NULL, 0, "~ commented on #1 'Ship it': - why\n", ""},
        {0, "activity|core|-n|3", NULL, 0, "~ wrote in 'Plan'\n", ""},
        {0, "activity|core|-n|4", NULL, 0, "~ added 'Plan'\n", ""},
        {0, "activity|core|-n|1|--json", NULL, 0,
         "~\"event\":\"task.archived\",\"about\":1,\"text\":\"archived #1 'Ship it'\"}\n", ""},
        {0, "activity|core|--author|A B", NULL, 2, "", "~no name of a person"},
        {0, "activity|core|--kind|members|-n|1", NULL, 0, "~ ana joined as member\n", ""},
        {0, "activity|core|--kind|comments|--json", NULL, 0, "~\"event\":\"message\"", ""},
        {0, "activity|core|--kind|chat", NULL, 2, "",
         "~no kind of activity: all, cards, comments, columns, notes, members"},
    };
    walk(*state, steps, COUNT_OF(steps));
}

static int count_in(const char *text, const char *what)
{
    int n = 0;
    for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

/* The 200 cards between the two turns are a page of what the server answers. */
static void writing_in_a_text_is_one_line_for_each_person(void **state)
{
    static const char *const lines[] = {"activity|core|-n|1000", "activity|core|-n|1000|--json",
                                        "activity|core|-n|3"};
    static const char *const wrote[] = {" wrote in 'Plan'\n", "\"event\":\"note.edited\"",
                                        " wrote in 'Plan'\n"};
    struct world *w = *state;
    char cards[201 * 2] = "";
    struct run r;
    for (size_t i = 0; i < 200; i++)
        memcpy(cards + 2 * i, "a\n", 2);
    WALK(w, {0, "room|create|core", NULL, 0, "", ""}, {1, "room|join|core", NULL, 0, "", ""},
         {0, "note|new|core|Plan", NULL, 0, NULL, ""},
         {0, "note|append|core|Plan|one", NULL, 0, "", ""},
         {1, "note|append|core|Plan|two", NULL, 0, "", ""});
    moot(&w->me, &r, "task|add|core|-", cards);
    assert_int_equal(r.status, 0);
    run_finish(&r);
    WALK(w, {0, "note|append|core|Plan|3", NULL, 0, "", ""},
         {1, "note|append|core|Plan|4", NULL, 0, "", ""},
         {0, "note|append|core|Plan|5", NULL, 0, "", ""},
         {1, "note|append|core|Plan|6", NULL, 0, "", ""});
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        moot(&w->ana, &r, lines[i], NULL);
        assert_int_equal(r.status, 0);
        assert_int_equal(count_in(r.out, wrote[i]), 2);
        run_finish(&r);
    }
}

static void columns_are_changed_and_keep_their_cards(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "task|add|core|Ship it", NULL, 0, "1\n", ""},
        {0, "task|add|core|-c|Doing|Sign it", NULL, 0, "2\n", ""},
        {0, "task|archive|core|2", NULL, 0, "", ""},
        {0, "column|add|core|In review|--behind|Doing|--limit|2", NULL, 0, NULL, ""},
        {0, "column|rename|core|Todo|Soon", NULL, 0, NULL, ""},
        {0, "column|limit|core|Doing|1", NULL, 0, NULL, ""},
        {0, "column|move|core|Done|--first", NULL, 0, NULL, ""},
        {0, "board|show|core", NULL, 0,
         "Done (0)\nSoon (1)\n     1  Ship it\nDoing (0)\nIn review (0)\n", ""},
        {0, "column|remove|core|Doing|--to|Soon", NULL, 0, NULL, ""},
        {0, "task|restore|core|2", NULL, 0, NULL, ""},
        {0, "board|show|core", NULL, 0,
         "Done (0)\nSoon (2)\n     1  Ship it\n     2  Sign it\nIn review (0)\n", ""},
        /* what does not fit changes nothing */
        {0, "column|remove|core|Soon", NULL, 2, "", "~--to"},
        {0, "column|remove|core|Soon|--to|Soon", NULL, 2, "", "~"},
        {0, "column|remove|core|Gone|--to|Soon", NULL, 3, "", "~no column"},
        {0, "column|add|core|soon", NULL, 5, "", "~"},
        {0, "column|limit|core|Soon|-1", NULL, 2, "", "~"},
        {0, "room|invite|core|ana|--role|observer", NULL, 0, NULL, ""},
        {1, "column|add|core|Mine", NULL, 4, "", "~observer"},
        {0, "column|list|core", NULL, 0, "~In review", ""},
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void a_board_of_others_is_imported(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "import|core|-",
         "Title,List,Labels,Due,Assignee,Priority,Description,Points\n"
         "Ship it,Doing,\"bug, two words\",2026-12-24,ana,High,\"How\nto\",3\n"
         "Sign it,In review,,soon,,,,\n",
         0, "2\n", "~the column 'Points' of the file has no place"},
        {0, "board|show|core", NULL, 0,
         "Todo (0)\nDoing (1)\n     1  Ship it priority:high due:2026-12-24 label:bug "
         "label:two-words\nDone (0)\nIn review (1)\n     2  Sign it\n",
         ""},
        {0, "note|cat|core|#1", NULL, 0, "How\nto\n\nassignee: ana\n", ""},
        {0, "note|cat|core|#2", NULL, 0, "due: soon\n", ""},
        {0, "import|core|-",
         "{\"lists\":[{\"id\":\"a\",\"name\":\"Done\"}],\"cards\":[{\"name\":\"Old\","
         "\"idList\":"
         "\"a\",\"closed\":true},{\"name\":\"New\",\"idList\":\"a\"}]}",
         0, "1\n", "~1 archived cards were left out"},
        {0, "task|list|core|-c|Done", NULL, 0, "~New", ""},
        {0, "import|core|-|--all",
         "{\"lists\":[{\"id\":\"a\",\"name\":\"Done\"}],\"cards\":[{\"name\":\"Older\","
         "\"idList\":\"a\",\"closed\":true}]}",
         0, "1\n", ""},
        {0, "task|list|core", NULL, 0, NULL, ""},
        {0, "task|show|core|4", NULL, 3, "", "~archived"},
        {0, "task|restore|core|4", NULL, 0, "", ""},
        {0, "task|list|core|-c|Done", NULL, 0, "~Older", ""},
        {0, "import|core|-", "list\nDone\n", 1, "", "~names no title"},
        {0, "import|core|/no/such.csv", NULL, 3, "", "~No such file"},
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void a_command_reports_to_its_card(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "task|add|core|Ship it", NULL, 0, "1\n", ""},
        {0, "run|-r|core|--card|1|--|sh|-c|echo one; echo two >&2; exit 3", NULL, 3, "one\n",
         "two\n"},
        {0, "task|comments|core|1", NULL, 0, "~runs: sh -c echo one", ""},
        {0, "task|comments|core|1", NULL, 0, "~failed with 3 after 0.", ""},
        {0, "task|comments|core|1", NULL, 0, "~two", ""},
        {0, "run|-r|core|--card|1|--|true", NULL, 0, "", ""},
        {0, "task|comments|core|1|-n|1", NULL, 0, "~done after 0.", ""},
        {0, "run|-r|core|--card|1|--|sh|-c|kill -9 $$", NULL, 137, "", ""},
        {0, "task|comments|core|1|-n|1", NULL, 0, "~ended by signal 9 after 0.", ""},
        {0, "run|-r|core|--card|1|--|/no/such/program", NULL, 127, "",
         "~/no/such/program: No such file"},
        /* what does not fit runs nothing */
        {0, "run|-r|core|--card|7|--|echo|ran", NULL, 3, "", "~there is no card 7"},
        {0, "run|-r|core|--|echo|ran", NULL, 2, "", "~--card says"},
        {0, "run|--card|1|--|echo|ran", NULL, 2, "", "~--room"},
    };
    walk(*state, steps, COUNT_OF(steps));
}

static void a_board_is_shown_as_it_was(void **state)
{
    static const struct step steps[] = {
        {0, "room|create|core", NULL, 0, "", ""},
        {0, "task|add|core|Ship it", NULL, 0, "1\n", ""},
        {0, "task|add|core|Sign it", NULL, 0, "2\n", ""},
        {0, "task|move|core|1|Doing", NULL, 0, "", ""},
        {0, "task|archive|core|2", NULL, 0, "", ""},
        {0, "board|show|core", NULL, 0, "Todo (0)\nDoing (1)\n     1  Ship it\nDone (0)\n", ""},
        {0, "board|show|core|--at|3", NULL, 0,
         "Todo (2)\n     1  Ship it\n     2  Sign it\nDoing (0)\nDone (0)\n", ""},
        {0, "board|show|core|--at|0", NULL, 3, "", "~was not there yet"},
        {0, "board|show|core|--at|2h", NULL, 3, "", "~was not there yet"},
        {0, "board|show|core|--at|6", NULL, 3, "", "~has 5 events as yet"},
        {0, "board|show|core|--at|soon", NULL, 2, "", "~neither a version"},
    };
    walk(*state, steps, COUNT_OF(steps));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cards_carry_fields),
        TEST(several_cards_are_named_at_once),
        TEST(what_one_did_last_is_taken_back),
        TEST(a_card_is_put_back_into_a_column_that_changed),
        TEST(a_script_can_ask_not_to_overwrite_others),
        TEST(comments_stand_on_their_card),
        TEST(search_finds_what_one_may_see),
        TEST(activity_says_who_did_what),
        TEST(writing_in_a_text_is_one_line_for_each_person),
        TEST(columns_are_changed_and_keep_their_cards),
        TEST(a_board_of_others_is_imported),
        TEST(a_command_reports_to_its_card),
        TEST(a_board_is_shown_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
