/* In test builds blocks come from calloc, so that AddressSanitizer sees where each ends. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "host/pages.h"

#include <stdint.h>
#include <stdlib.h>

#ifdef RC_DEBUG

void *pages_take(size_t count, size_t size)
{
    return count > 0 && size > 0 ? calloc(count, size) : NULL;
}

void pages_free(void *memory, size_t count, size_t size)
{
    (void)count;
    (void)size;
    free(memory);
}

#else

#include <sys/mman.h>

void *pages_take(size_t count, size_t size)
{
    if (count == 0 || size == 0 || count > SIZE_MAX / size)
        return NULL;
    void *memory = mmap(NULL, count * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void pages_free(void *memory, size_t count, size_t size)
{
    if (memory)
        munmap(memory, count * size);
}

#endif
