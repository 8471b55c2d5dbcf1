/* A naive ring: it remembers all frames, titles and preambles there ever were and searches from end
 * to end. */
#ifndef MODEL_H
#define MODEL_H

#include "radiocore.h"

#include <stdbool.h>
#include <stdint.h>

enum { MODEL_FRAMES = 20000, MODEL_TITLES = 2000, MODEL_PREAMBLES = 2000 };

typedef struct {
    uint64_t position, time_us;
    bool sync;
} model_frame;

typedef struct {
    uint64_t position;
    char text[40];
} model_title;

typedef struct {
    uint64_t position;
    uint32_t number, length; /* length 0: none */
} model_preamble;

typedef struct {
    uint64_t capacity, head, time_us;
    model_frame frames[MODEL_FRAMES];
    uint32_t frame_count, oldest;
    model_title titles[MODEL_TITLES];
    uint32_t title_count;
    model_preamble preambles[MODEL_PREAMBLES];
    uint32_t preamble_count;
    uint64_t last_break;
} model;

/* Each answers like the core's function of that name. */
uint64_t model_tail(model *m);
uint64_t model_resume(model *m);
uint64_t model_seek(model *m, uint64_t back_us);
uint64_t model_entry(model *m);
double model_lag(model *m, uint64_t position);

/* Where the audio ends that is due to a listener who stays so far behind. */
uint64_t model_due(model *m, uint32_t delay_ms);

/* Where a send from cursor ends. */
uint64_t model_send_end(model *m, uint64_t cursor, uint32_t delay_ms);

/* The title that holds at position; NULL when there is none. */
const char *model_title_at(const model *m, uint64_t position);

/* The preamble that must come before position; NULL when there is none. */
const model_preamble *model_preamble_before(const model *m, uint64_t position);

/* false, and nothing changed, when it cannot remember more frames. */
bool model_write(model *m, const rc_frame *frames, uint32_t count);
void model_set_title(model *m, const char *text);
void model_set_preamble(model *m, uint32_t number, uint32_t length);
void model_break(model *m);

#endif
