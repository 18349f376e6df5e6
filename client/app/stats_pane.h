/* What an admin sees of the server, asked for again every two seconds while it shows; and how
 * our own link and screen do, which anybody may see. */
#ifndef MOOT_STATS_PANE_H
#define MOOT_STATS_PANE_H

#include "hist.h"
#include "msg.h"

enum {
    STATS_EVERY_MS = 2000,
    STATS_HISTORY = 60, /* answers remembered: two minutes */
    STATS_BUSIEST = 10, /* rooms, and people */
};

struct stats_figure {
    char name[STAT_NAME_MAX + 1];
    int64_t value;
};
/* Figures of which the course is shown. */
enum stats_course { COURSE_EVENTS, COURSE_MESSAGES, COURSE_DELIVERIES, COURSE_DELAY, COURSES };

struct stats_busy {
    char name[ROOM_NAME_MAX + 1];
    int64_t hour, day;
    char minutes[SERIES_MAX + 1];
};

struct stats_pane {
    int64_t asked_at;                /* ms, of the newest questions; 0: none on this link */
    int64_t asked_stats, asked_busy; /* under way; 0: none */
    struct err why;                  /* the server would not say */
    int64_t came_at;                 /* ms, of the figures; 0: none yet */
    VEC(struct stats_figure) figures;
    uint64_t course[COURSES][STATS_HISTORY]; /* newest last, `n` of them */
    size_t n;
    struct stats_busy rooms[STATS_BUSIEST], people[STATS_BUSIEST];
    size_t n_rooms, n_people;
    int top; /* rows scrolled */
};

/* The figure of that name; -1 when the server has none. */
int64_t stats_value(const struct stats_pane *p, const char *name);

#endif
