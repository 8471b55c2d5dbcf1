/* Every mistake is told with the word it is about. */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const option *find(const char *word, const option *table, size_t count)
{
    for (size_t i = 0; i < count && strncmp(word, "--", 2) == 0; i++)
        if (strcmp(word + 2, table[i].name) == 0)
            return &table[i];
    fprintf(stderr, "load: there is no option %s\n", word);
    return NULL;
}

static bool number(const option *o, const char *text)
{
    char *end;
    double value = strtod(text, &end);
    if (end != text && *end == 0 && value >= o->least && value <= o->most) {
        *(double *)o->into = value;
        return true;
    }
    fprintf(stderr, "load: --%s takes a number from %g to %g, not %s\n", o->name, o->least, o->most,
            text);
    return false;
}

static bool take(const option *o, char ***words)
{
    if (o->kind == OPTION_FLAG)
        return *(bool *)o->into = true;
    const char *value = *++*words;
    if (!value) {
        fprintf(stderr, "load: --%s takes a value\n", o->name);
        return false;
    }
    if (o->kind == OPTION_NUMBER)
        return number(o, value);
    *(const char **)o->into = value;
    return true;
}

bool options_read(char **words, const option *table, size_t count)
{
    for (; *words; words++) {
        const option *o = find(*words, table, count);
        if (!o || !take(o, &words))
            return false;
    }
    return true;
}
