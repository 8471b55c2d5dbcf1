/* A naive ring: it remembers every frame and title there ever was and searches from end to end. */
#ifndef MODEL_H
#define MODEL_H

#include "radiocore.h"

#include <stdbool.h>
#include <stdint.h>

enum { MODEL_FRAMES = 20000, MODEL_TITLES = 2000 };

typedef struct {
    uint64_t position, time_us;
    bool sync;
} model_frame;

typedef struct {
    uint64_t position;
    char text[40];
} model_title;

typedef struct {
    uint64_t capacity, head, time_us;
    model_frame frames[MODEL_FRAMES];
    uint32_t frame_count, oldest;
    model_title titles[MODEL_TITLES];
    uint32_t title_count;
} model;

/* Each answers like the core's function of that name. */
uint64_t model_tail(model *m);
uint64_t model_resume(model *m);
uint64_t model_seek(model *m, uint64_t back_us);
double model_lag(model *m, uint64_t position);

/* Where a send from cursor ends. */
uint64_t model_send_end(model *m, uint64_t cursor);

/* The title that holds at position; NULL when there is none. */
const char *model_title_at(const model *m, uint64_t position);

/* false, and nothing changed, when it cannot remember more frames. */
bool model_write(model *m, const rc_frame *frames, uint32_t count);
void model_set_title(model *m, const char *text);

#endif
