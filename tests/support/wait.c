#include "wait.h"

#include <poll.h>
#include <time.h>

int64_t clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool wait_for(bool (*holds)(void *arg), void *arg, int64_t ms)
{
    int64_t end = clock_ms() + ms;
    for (;;) {
        if (holds(arg))
            return true;
        if (clock_ms() >= end)
            return false;
        poll(NULL, 0, 5); /* not to burn the core that the other end needs */
    }
}
