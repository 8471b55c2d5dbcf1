/* The histories that a fuzzer found: each reached code that none before it did. */
#include "histories.h"
#include "tap.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define CORPUS "tests/fuzz/corpus"

enum { STEPS = 1500, LENGTH_MAX = 4096 };

static bool replay(const char *name)
{
    char path[512];
    static uint8_t bytes[LENGTH_MAX];
    snprintf(path, sizeof path, CORPUS "/%s", name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    if (length > 0)
        history((chance){.bytes = bytes, .end = bytes + length}, STEPS);
    return length > 0;
}

static void histories_of_the_corpus_agree_with_the_model(void)
{
    DIR *folder = opendir(CORPUS);
    int replayed = 0;
    CHECK(folder != NULL);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        replayed += entry->d_name[0] != '.' && replay(entry->d_name);
    CHECK(replayed > 0);
    if (folder)
        closedir(folder);
}

int main(void)
{
    RUN(histories_of_the_corpus_agree_with_the_model);
    return tap_done();
}
