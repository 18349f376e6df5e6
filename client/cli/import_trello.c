#include "import.h"

#include "utf8.h"

#include <cJSON.h>
#include <stdlib.h>
#include <string.h>

/* Every string of the file is checked as it is taken: what is no text is left out. */
static struct str text_of(struct import *i, const cJSON *object, const char *name)
{
    const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    struct str text = str_of(s);
    return utf8_is_valid(text) ? str_keep(&i->arena, text) : (struct str){0};
}

static bool is_true(const cJSON *object, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static const cJSON *list(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* The one of them whose id that is; NULL for none. */
static const cJSON *with_id(const cJSON *all, const char *id)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, all)
    {
        const char *own = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(one, "id"));
        if (id && own && strcmp(own, id) == 0)
            return one;
    }
    return NULL;
}

static void add_lists(struct import *i, const cJSON *root)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, list(root, "lists")) if (!is_true(one, "closed"))
        import_column(i, text_of(i, one, "name"));
}

/* Checklists become boxes at the end of the description. */
static struct str with_checklists(struct import *i, const cJSON *root, const cJSON *card,
                                  struct str description)
{
    struct buf text = {0};
    const cJSON *id, *item;
    buf_add_str(&text, description);
    cJSON_ArrayForEach(id, list(card, "idChecklists"))
    {
        const cJSON *checklist = with_id(list(root, "checklists"), cJSON_GetStringValue(id));
        buf_fmt(&text, "%s## %.*s\n\n", text.n ? "\n\n" : "",
                STR_ARG(text_of(i, checklist, "name")));
        cJSON_ArrayForEach(item, list(checklist, "checkItems"))
        {
            bool done = str_is(text_of(i, item, "state"), "complete");
            buf_fmt(&text, "- [%c] %.*s\n", done ? 'x' : ' ',
                    STR_ARG(text_of(i, item, "name")));
        }
    }
    struct str kept = str_keep(&i->arena, buf_str(&text));
    buf_finish(&text);
    return kept;
}

static void add_card(struct import *i, const cJSON *root, const cJSON *from)
{
    struct import_card card = {.title = text_of(i, from, "name"),
                               .due = text_of(i, from, "due"),
                               .archived = is_true(from, "closed")};
    const char *list_id = cJSON_GetStringValue(list(from, "idList"));
    const cJSON *in = with_id(list(root, "lists"), list_id), *one;
    card.column = text_of(i, in, "name");
    card.archived |= is_true(in, "closed"); /* as all of an archived list is */
    card.description = with_checklists(i, root, from, text_of(i, from, "desc"));
    cJSON_ArrayForEach(one, list(from, "labels"))
    {
        struct str name = text_of(i, one, "name");
        vec_push(&card.labels, name.n ? name : text_of(i, one, "color"));
    }
    cJSON_ArrayForEach(one, list(from, "idMembers"))
    {
        const cJSON *who = with_id(list(root, "members"), cJSON_GetStringValue(one));
        if (who)
            vec_push(&card.people, text_of(i, who, "username"));
    }
    vec_push(&i->cards, card);
}

bool import_trello(struct str text, struct import *out, struct err *e)
{
    cJSON *root = cJSON_ParseWithLength(text.p, text.n);
    const cJSON *one, *cards = list(root, "cards");
    bool ok = cJSON_IsArray(cards) && cJSON_IsArray(list(root, "lists"));
    if (!root)
        fail(e, ERR_MALFORMED, "the file is not JSON");
    else if (!ok)
        fail(e, ERR_MALFORMED,
             "the file is JSON, but no board as Trello exports it: it has no \"lists\" and "
             "\"cards\"");
    if (ok)
        add_lists(out, root);
    cJSON_ArrayForEach(one, cards) if (ok) add_card(out, root, one);
    cJSON_Delete(root);
    return ok;
}
