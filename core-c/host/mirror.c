/* Maps one anonymous file twice, in a row. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "host/mirror.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __linux__

static int anonymous_file(void)
{
    return memfd_create("radiocore", MFD_CLOEXEC);
}

#else

/* The name lives only between open and unlink, so a few attempts are plenty. */
static int anonymous_file(void)
{
    char name[32];
    for (unsigned attempt = 0; attempt < 16; attempt++) {
        snprintf(name, sizeof name, "/radiocore-%ld-%u", (long)getpid(), attempt);
        int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd >= 0)
            shm_unlink(name);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

#endif

size_t mirror_round(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
}

static bool map_at(int fd, uint8_t *address, size_t size)
{
    int flags = MAP_SHARED | MAP_FIXED;
    return mmap(address, size, PROT_READ | PROT_WRITE, flags, fd, 0) != MAP_FAILED;
}

static uint8_t *map_twice(int fd, size_t size)
{
    /* Reserved first, so that both halves are ours to overlay. */
    uint8_t *memory = mmap(NULL, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    if (map_at(fd, memory, size) && map_at(fd, memory + size, size))
        return memory;
    munmap(memory, 2 * size);
    return NULL;
}

uint8_t *mirror_map(size_t size)
{
    uint8_t *memory = NULL;
    int fd = anonymous_file();
    if (fd < 0)
        return NULL;
    if (ftruncate(fd, (off_t)size) == 0)
        memory = map_twice(fd, size);
    close(fd);
    return memory;
}

void mirror_unmap(uint8_t *memory, size_t size)
{
    munmap(memory, 2 * size);
}
