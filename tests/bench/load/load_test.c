/* Every stream is heard whole, byte by byte, and split at every point: the counts must agree. */
#include "frames.h"
#include "listener.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES 12
#define METAINT 700
#define STREAM_MAX 16384

typedef struct {
    uint8_t bytes[STREAM_MAX];
    size_t length;
} stream;

static int failures;

static void check(const char *test, const char *what, uint64_t got, uint64_t expected)
{
    if (got == expected)
        return;
    failures++;
    printf("not ok - %s: %s is %" PRIu64 ", expected %" PRIu64 "\n", test, what, got, expected);
}

static void put(stream *s, const void *bytes, size_t length)
{
    memcpy(s->bytes + s->length, bytes, length);
    s->length += length;
}

static void put_text(stream *s, const char *text)
{
    put(s, text, strlen(text));
}

/* All frames but the one numbered `lost`. */
static stream audio_without(uint32_t lost)
{
    stream s = {.length = 0};
    frames f = {.kbits = 128};
    while (f.written < FRAMES) {
        uint8_t frame[MPEG_FRAME_MAX];
        size_t length = frames_next(&f, 1000, frame);
        if (f.written - 1 != lost)
            put(&s, frame, length);
    }
    return s;
}

/* The first block is a title, `shift` bytes behind its place; the others are empty. */
static stream with_titles(const stream *audio, size_t shift)
{
    static const char title[33] = "\2StreamTitle='Load';";
    stream s = {.length = 0};
    for (size_t at = 0; at < audio->length; at++) {
        if (at == METAINT + shift)
            put(&s, title, sizeof title);
        else if (at > METAINT + shift && at % METAINT == 0)
            put(&s, "", 1);
        put(&s, audio->bytes + at, 1);
    }
    return s;
}

static stream in_chunks(const stream *body, size_t size)
{
    stream s = {.length = 0};
    for (size_t at = 0; at < body->length; at += size) {
        size_t length = body->length - at < size ? body->length - at : size;
        char opening[32];
        snprintf(opening, sizeof opening, "%zX;x=y\r\n", length);
        put_text(&s, opening);
        put(&s, body->bytes + at, length);
        put_text(&s, "\r\n");
    }
    return s;
}

static stream answer(const char *opening, const stream *body)
{
    stream s = {.length = 0};
    put_text(&s, opening);
    put(&s, body->bytes, body->length);
    return s;
}

/* In copies of their exact size, so that the sanitizer sees a read beyond them. */
static void hear(listener *l, const uint8_t *bytes, size_t length, tally *t)
{
    uint8_t *copy = malloc(length + (length == 0));
    memcpy(copy, bytes, length);
    listener_hear(l, (span){copy, length}, t);
    free(copy);
}

/* `first` bytes, then pieces of `piece`. */
static counts heard(const stream *s, size_t first, size_t piece)
{
    static tally t;
    listener l = {.stage = LISTENER_ASKING, .fd = -1};
    t.counts = (counts){0};
    hear(&l, s->bytes, first, &t);
    for (size_t at = first; at < s->length; at += piece)
        hear(&l, s->bytes + at, s->length - at < piece ? s->length - at : piece, &t);
    return t.counts;
}

static counts heard_anyhow(const char *test, const stream *s)
{
    counts whole = heard(s, s->length, 1), bytewise = heard(s, 0, 1);
    check(test, "difference byte by byte", memcmp(&whole, &bytewise, sizeof whole) != 0, 0);
    for (size_t at = 1; at < s->length; at++) {
        counts split = heard(s, at, s->length);
        check(test, "difference of a split", memcmp(&whole, &split, sizeof whole) != 0, 0);
    }
    return whole;
}

static const char PLAIN[] = "HTTP/1.0 200 OK\r\nicy-name: x\r\n\r\n";
static const char TITLED[] = "ICY 200 OK\r\nicy-metaint:700\r\n\r\n";
static const char BOTH[] =
    "HTTP/1.1 200 OK\r\nIcy-MetaInt: 700\r\nTransfer-Encoding: chunked\r\n"
    "X-Long: 01234567890123456789012345678901234567890123456789\r\n\r\n";

static void whole_streams_lose_nothing(void)
{
    stream audio = audio_without(FRAMES), titled = with_titles(&audio, 0);
    stream chunked = in_chunks(&titled, 333);
    stream answers[] = {answer(PLAIN, &audio), answer(TITLED, &titled), answer(BOTH, &chunked)};
    for (size_t i = 0; i < 3; i++) {
        counts c = heard_anyhow(__func__, &answers[i]);
        check(__func__, "frames", c.frames, FRAMES);
        check(__func__, "audio", c.audio_bytes, audio.length);
        check(__func__, "lost", c.lost_frames + c.garbage_bytes + c.lead_bytes, 0);
        check(__func__, "titles", c.titles, i > 0);
    }
}

static void a_lost_frame_is_counted(void)
{
    stream audio = audio_without(5), s = answer(PLAIN, &audio);
    counts c = heard_anyhow(__func__, &s);
    check(__func__, "frames", c.frames, FRAMES - 1);
    check(__func__, "lost", c.lost_frames, 1);
    check(__func__, "garbage", c.garbage_bytes, 0);
}

static void a_title_out_of_place_is_garbage(void)
{
    stream audio = audio_without(FRAMES), titled = with_titles(&audio, 1);
    stream s = answer(TITLED, &titled);
    counts c = heard_anyhow(__func__, &s);
    check(__func__, "silence about it", c.garbage_bytes == 0, 0);
    check(__func__, "no frame lost", c.lost_frames == 0, 0);
}

static void a_block_that_is_no_title_is_garbage(void)
{
    stream audio = audio_without(FRAMES), titled = with_titles(&audio, 0);
    stream s = answer(TITLED, &titled);
    memcpy(memmem(s.bytes, s.length, "Stream", 6), "Dreams", 6);
    counts c = heard_anyhow(__func__, &s);
    check(__func__, "titles", c.titles, 0);
    check(__func__, "garbage", c.garbage_bytes, 32);
    check(__func__, "frames", c.frames, FRAMES);
}

static void a_header_among_garbage_is_not_believed(void)
{
    static const uint8_t garbage[200] = {[20] = 0xff, 0xfb, 0x90, [90] = 0xff, 0xff, 0xfa, 0x90};
    stream audio = audio_without(FRAMES), s = answer(PLAIN, &audio);
    frames f = {.kbits = 128, .written = FRAMES};
    uint8_t frame[MPEG_FRAME_MAX];
    put(&s, garbage, sizeof garbage);
    put(&s, frame, frames_next(&f, 1000, frame));
    counts c = heard_anyhow(__func__, &s);
    check(__func__, "garbage", c.garbage_bytes, sizeof garbage);
    check(__func__, "frames", c.frames, FRAMES + 1);
    check(__func__, "lost", c.lost_frames + c.unstamped_frames, 0);
}

static void a_missing_byte_costs_its_frame(void)
{
    stream audio = audio_without(FRAMES);
    memmove(audio.bytes + 3000, audio.bytes + 3001, --audio.length - 3000);
    stream s = answer(PLAIN, &audio);
    counts c = heard_anyhow(__func__, &s);
    check(__func__, "frames", c.frames, FRAMES - 1);
    check(__func__, "lost", c.lost_frames, 1);
    check(__func__, "garbage", c.garbage_bytes, 417);
}

static void a_beginning_in_mid_frame_is_lead(void)
{
    stream audio = audio_without(FRAMES);
    stream rest = {.length = 0};
    put(&rest, audio.bytes + 100, audio.length - 100);
    stream s = answer(PLAIN, &rest);
    counts c = heard_anyhow(__func__, &s);
    check(__func__, "lead", c.lead_bytes, 317);
    check(__func__, "frames", c.frames, FRAMES - 1);
    check(__func__, "lost", c.lost_frames + c.garbage_bytes, 0);
}

static void frames_of_the_server_are_no_loss(void)
{
    stream audio = audio_without(FRAMES);
    stream s = answer(PLAIN, &audio);
    uint8_t silent[417] = {0xff, 0xfb, 0x90};
    frames f = {.kbits = 128, .written = FRAMES};
    uint8_t frame[MPEG_FRAME_MAX];
    put(&s, silent, sizeof silent);
    put(&s, frame, frames_next(&f, 1000, frame));
    counts c = heard_anyhow(__func__, &s);
    check(__func__, "unstamped", c.unstamped_frames, 1);
    check(__func__, "frames", c.frames, FRAMES + 1);
    check(__func__, "lost", c.lost_frames + c.garbage_bytes, 0);
}

int main(void)
{
    whole_streams_lose_nothing();
    a_lost_frame_is_counted();
    a_title_out_of_place_is_garbage();
    a_block_that_is_no_title_is_garbage();
    a_header_among_garbage_is_not_believed();
    a_missing_byte_costs_its_frame();
    a_beginning_in_mid_frame_is_lead();
    frames_of_the_server_are_no_loss();
    printf("%s\n", failures == 0 ? "ok" : "failed");
    return failures == 0 ? 0 : 1;
}
