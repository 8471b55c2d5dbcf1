/* Slow and plain on purpose: what it does should be obvious. */
#include "model.h"

#include "preambles.h"
#include "titles.h"

#include <stddef.h>
#include <string.h>

static bool is_held(const model *m, uint32_t i)
{
    uint32_t forgotten =
        m->preamble_count > PREAMBLES_KEPT ? m->preamble_count - PREAMBLES_KEPT : 0;
    return m->frame_count - i <= m->capacity / 64 &&
           m->head - m->frames[i].position <= m->capacity &&
           (forgotten == 0 || m->frames[i].position >= m->preambles[forgotten].position);
}

static uint32_t oldest_frame(model *m)
{
    while (m->oldest < m->frame_count && !is_held(m, m->oldest))
        m->oldest++;
    return m->oldest;
}

uint64_t model_tail(model *m)
{
    uint32_t i = oldest_frame(m);
    return i < m->frame_count ? m->frames[i].position : m->head;
}

uint64_t model_resume(model *m)
{
    for (uint32_t i = oldest_frame(m); i < m->frame_count; i++)
        if (m->frames[i].sync)
            return m->frames[i].position;
    return m->head;
}

uint64_t model_seek(model *m, uint64_t back_us)
{
    uint64_t oldest = m->head;
    for (uint32_t i = m->frame_count; i-- > oldest_frame(m);) {
        if (!m->frames[i].sync || m->frames[i].position < m->last_break)
            continue;
        oldest = m->frames[i].position;
        if (m->frames[i].time_us + back_us <= m->time_us)
            break;
    }
    return oldest;
}

uint64_t model_entry(model *m)
{
    return model_preamble_before(m, m->head) ? model_seek(m, 0) : m->head;
}

double model_lag(model *m, uint64_t position)
{
    if (position >= m->head)
        return 0;
    uint32_t found = oldest_frame(m);
    for (uint32_t i = found; i < m->frame_count; i++)
        if (m->frames[i].position <= position)
            found = i;
    return (double)(m->time_us - m->frames[found].time_us) / 1e6;
}

uint64_t model_due(model *m, uint32_t delay_ms)
{
    uint64_t due = model_tail(m);
    if (delay_ms == 0)
        return m->head;
    for (uint32_t i = oldest_frame(m); i < m->frame_count; i++)
        if (m->frames[i].time_us + delay_ms * (uint64_t)1000 <= m->time_us)
            due = m->frames[i].position;
    return due;
}

uint64_t model_send_end(model *m, uint64_t cursor, uint32_t delay_ms)
{
    uint64_t end = cursor, due = model_due(m, delay_ms);
    if (due - cursor <= 65536)
        return due;
    for (uint32_t i = oldest_frame(m); i < m->frame_count; i++)
        if (m->frames[i].position <= cursor + 65536)
            end = m->frames[i].position;
    return end > cursor ? end : cursor + 65536;
}

const char *model_title_at(const model *m, uint64_t position)
{
    uint32_t oldest = m->title_count > TITLES_KEPT ? m->title_count - TITLES_KEPT : 0;
    for (uint32_t i = m->title_count; i-- > oldest;)
        if (m->titles[i].position <= position)
            return m->titles[i].text;
    return oldest > 0 ? m->titles[oldest].text : NULL;
}

const model_preamble *model_preamble_before(const model *m, uint64_t position)
{
    const model_preamble *found = NULL;
    for (uint32_t i = 0; i < m->preamble_count; i++) {
        if (m->preambles[i].position < position)
            found = &m->preambles[i];
        if (m->preambles[i].position == position)
            found = NULL;
    }
    return found && found->length > 0 ? found : NULL;
}

bool model_write(model *m, const rc_frame *frames, uint32_t count)
{
    if (m->frame_count + count > MODEL_FRAMES)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        m->frames[m->frame_count++] = (model_frame){m->head, m->time_us, frames[i].flags > 0};
        m->head += frames[i].length;
        m->time_us += frames[i].duration_us;
    }
    return true;
}

void model_set_title(model *m, const char *text)
{
    model_title *newest = m->title_count > 0 ? &m->titles[m->title_count - 1] : NULL;
    if (newest && strcmp(newest->text, text) == 0)
        return;
    if (!newest || newest->position < m->head)
        newest = &m->titles[m->title_count++];
    newest->position = m->head;
    strcpy(newest->text, text);
}

void model_set_preamble(model *m, uint32_t number, uint32_t length)
{
    model_preamble *newest = m->preamble_count > 0 ? &m->preambles[m->preamble_count - 1] : NULL;
    bool same = newest ? newest->number == number && newest->length == length : length == 0;
    if (same || (newest && newest->length == 0 && length == 0))
        return;
    if (!newest || newest->position < m->head)
        newest = &m->preambles[m->preamble_count++];
    *newest = (model_preamble){m->head, number, length};
}

void model_break(model *m)
{
    m->last_break = m->head;
    model_set_preamble(m, 0, 0);
}
