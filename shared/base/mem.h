/* Memory: allocation that cannot fail, and arenas for what lives one turn. */
#ifndef MOOT_MEM_H
#define MOOT_MEM_H

#include <stddef.h>
#include <stdnoreturn.h>

/* Zeroed memory of n bytes; free() it. Aborts when there is none: every size that comes from
 * outside has met a cap before it gets here. */
void *mem_new(size_t n);

/* realloc() that aborts instead of returning NULL. What is added is not zeroed. */
void *mem_grow(void *p, size_t n);

#define NEW(T) ((T *)mem_new(sizeof(T)))
#define COUNT_OF(a) (sizeof(a) / sizeof(*(a)))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* A fault of ours: says where on stderr and aborts. Kept in release builds. */
noreturn void mem_bug(const char *file, int line, const char *what);
#define bug_on(cond) ((cond) ? mem_bug(__FILE__, __LINE__, #cond) : (void)0)

/* An arena gives memory that is all freed at once. Zeroed is a valid empty arena. */
struct arena {
    struct arena_block *block;
    size_t used;
};

/* n zeroed bytes, aligned for any type, valid until the arena is cleared. */
void *arena_alloc(struct arena *a, size_t n);
/* Forgets everything but keeps one block for the next turn. */
void arena_clear(struct arena *a);
/* Gives all memory back; the arena is empty and usable afterwards. */
void arena_finish(struct arena *a);

/* A growing array. Declare as VEC(struct thing) things = {0}; read things.v[i], things.n. */
#define VEC(T)                                                                                 \
    struct {                                                                                   \
        T *v;                                                                                  \
        size_t n, cap;                                                                         \
    }

/* Room for at least one more item of size bytes; used by the macros below. */
void *vec_room(void *v, size_t n, size_t *cap, size_t size);

#define vec_push(vec, ...)                                                                     \
    ((vec)->v = vec_room((vec)->v, (vec)->n, &(vec)->cap, sizeof(*(vec)->v)),                  \
     (vec)->v[(vec)->n++] = (__VA_ARGS__))
/* Removes item i and keeps the order of the rest. */
#define vec_remove(vec, i)                                                                     \
    (memmove(&(vec)->v[i], &(vec)->v[(i) + 1], ((vec)->n - (i)-1) * sizeof(*(vec)->v)),        \
     (vec)->n--)
#define vec_each(item, vec)                                                                    \
    for (__typeof__((vec)->v + 0)(item) = (vec)->v; (vec)->v && (item) < (vec)->v + (vec)->n;  \
         (item)++)
#define vec_finish(vec) (free((vec)->v), (vec)->v = NULL, (vec)->n = (vec)->cap = 0)

#endif
