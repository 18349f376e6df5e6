/* Runs seeds, and says so. */
#include "sim.h"

#include <stdio.h>
#include <string.h>

static int usage(void)
{
    fprintf(stderr, "usage: moot_sim --seeds A..B | --seed N [--trace]\n");
    return 2;
}

int main(int argc, char **argv)
{
    unsigned long long from = 1, to = 1000;
    bool show = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--trace") == 0)
            show = true;
        else if (strcmp(argv[i], "--seeds") == 0 && i + 1 < argc &&
                 sscanf(argv[i + 1], "%llu..%llu", &from, &to) == 2)
            i++;
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc &&
                 sscanf(argv[i + 1], "%llu", &from) == 1)
            to = from, i++;
        else
            return usage();
    }
    size_t requests = 0;
    for (unsigned long long seed = from; seed <= to; seed++)
        requests += sim_run(seed, show);
    printf("seeds %llu to %llu: %zu requests, all accounted for\n", from, to, requests);
    return 0;
}
