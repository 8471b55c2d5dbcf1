/*
 * radiocore: the passive core of Cycast. A ring of audio per mount, and a broadcaster that decides
 * which listener is due which bytes of it. The caller owns the clock, the sockets and every policy.
 *
 * Contracts that hold for every function:
 *  1. All calls come from one thread. Nothing here creates a thread, takes a lock, reads a clock or
 *     calls back; system calls happen only in *_new, *_free, where there are sockets
 *     (rc_socket) in rc_tick and rc_take, and in what stands below "connections".
 *  2. Memory is allocated only in *_new and freed in *_free; *_free(NULL) is allowed.
 *  3. Pointers passed in are borrowed for the duration of the call. The two regions handed out
 *     (ring memory, arena) belong to their object and die with it.
 *  4. Positions are bytes since the ring began; they only grow and never wrap. Positions and times
 *     cross as double (exact below 2^53); times are milliseconds on any clock that never goes back:
 *     an earlier now_ms counts as the previous one.
 *  5. Results >= 0 are counts or handles, < 0 is an RC_E code. A bad argument is answered, never a
 *     crash; broken invariants abort in the test build only.
 *  6. A writer never waits for a reader: it overwrites the oldest audio.
 */
#ifndef RADIOCORE_H
#define RADIOCORE_H

#include <stdint.h>

#if defined(__GNUC__)
#define RC_API __attribute__((visibility("default")))
#else
#define RC_API
#endif

/* Raised when a signature, a struct or a constant below changes; the loader refuses any other. */
#define RC_ABI 11

#define RC_EINVAL (-1) /* an argument is out of range, or larger than the object can hold */
#define RC_EFULL (-2)  /* max_listeners have joined */
#define RC_ESTALE (-3) /* the handle's listener has left */

#define RC_SYNC 1u /* rc_frame.flags: a decoder may start at this frame */

#define RC_PREAMBLE_MAX 262144u /* bytes of a preamble */
#define RC_DELAY_MAX 604800.0   /* seconds of rc_join_at */

/* rc_event.kind.
 * SEND_RING   offset and length are bytes of the ring's memory, contiguous across the wrap, valid
 *             until the ring is next written.
 * SEND_ARENA  offset and length are bytes of the arena, valid until the next tick or take: audio with
 *             metadata in it, a preamble, or what a socket has left.
 * LAGGED      length bytes (saturated) were overwritten before they were offered; the cursor has
 *             skipped to the oldest sync frame, and a SEND may follow.
 * STALLED     blocked for stall_seconds; reported once each time it blocks. */
#define RC_SEND_RING 1u
#define RC_SEND_ARENA 2u
#define RC_LAGGED 3u
#define RC_STALLED 4u

typedef struct rc_ring rc_ring;
typedef struct rc_broadcaster rc_broadcaster;
typedef struct rc_descriptors rc_descriptors;

typedef struct {
    uint32_t length;      /* bytes, > 0 */
    uint32_t duration_us; /* playing time */
    uint32_t flags;       /* RC_SYNC or 0 */
} rc_frame;

typedef struct {
    uint32_t listener; /* handle */
    uint32_t kind;     /* RC_SEND_RING .. RC_STALLED */
    uint32_t offset;
    uint32_t length;
} rc_event;

typedef struct {
    double cursor;         /* position of the next byte */
    double lag_seconds;    /* audio between cursor and head, without delay_seconds */
    double delay_seconds;  /* how far behind the head it stays; 0 unless it joined so */
    double sent_bytes;     /* offered so far, metadata and preambles included */
    double is_blocked;     /* 1 or 0: its socket takes nothing more for now */
    double blocked_millis; /* for how long, so 0 in the tick in which it began */
} rc_listener;

RC_API int32_t rc_abi(void);

/* ---- ring: one producer, any number of cursors ---- */

/* capacity is rounded up to whole pages; NULL when it is not in [1, 2^30] or memory is short. */
RC_API rc_ring *rc_ring_new(double capacity_bytes);
RC_API void rc_ring_free(rc_ring *ring);

/* The same bytes twice in a row: position p is at p % capacity, and any span up to capacity is
 * contiguous from there. 2 x capacity bytes, read only for the caller. */
RC_API const uint8_t *rc_ring_memory(const rc_ring *ring);
RC_API double rc_ring_capacity(const rc_ring *ring);

/* Changes the capacity, rounded up as in rc_ring_new. The newest audio that fits is kept, and all positions
 * stay. The memory moves: rc_ring_memory and spans from before are invalid. Returns 0, or RC_EINVAL with
 * nothing changed when the capacity is out of range or memory is short. */
RC_API int32_t rc_ring_resize(rc_ring *ring, double capacity_bytes);

/* Appends whole frames, whose lengths add up to length; returns length. RC_EINVAL and nothing
 * written when they do not, or when length exceeds the capacity. */
RC_API int32_t rc_ring_write(rc_ring *ring, const uint8_t *data, uint32_t length,
                             const rc_frame *frames, uint32_t count);

/* Newest position + 1, and the oldest frame start still held. head - tail <= capacity, and less
 * when frames are shorter than 64 bytes on average (the index holds capacity / 64 of them) or their
 * preamble has been forgotten. */
RC_API double rc_ring_head(const rc_ring *ring);
RC_API double rc_ring_tail(const rc_ring *ring);

/* The newest sync frame that starts at least this much audio before the head, else the oldest sync
 * frame held; the head when there is none. Never a frame before the last break. */
RC_API double rc_ring_seek(const rc_ring *ring, double seconds_back);

/* Start of the frame that holds the byte at this position; the head for the head. RC_ESTALE when it is not
 * held, or before the last break. */
RC_API double rc_ring_frame(const rc_ring *ring, double position);

/* Bytes of the preamble that a listener who begins at this held position is sent first; 0 for none, RC_ESTALE
 * as in rc_ring_frame. */
RC_API int32_t rc_ring_preamble_at(const rc_ring *ring, double position);

/* Seconds of audio from a position's frame (clamped to tail .. head) to the head. */
RC_API double rc_ring_lag(const rc_ring *ring, double position);

/* The inline title in force from the head on: text without length byte or padding, 1 to 4079
 * bytes (else RC_EINVAL), because on the wire it is one byte n = length / 16 + 1 and then n x 16
 * bytes, the text and at least one NUL. The newest 256 are kept; repeating the newest changes
 * nothing. Returns 0. */
RC_API int32_t rc_ring_title(rc_ring *ring, const uint8_t *text, uint32_t length);

/* The preamble in force from the head on: what a decoder needs before it can start at a sync frame,
 * such as the header pages of Ogg. At most RC_PREAMBLE_MAX bytes; length 0 means none. The next write
 * must be a copy of it, in one call and without RC_SYNC, for the listeners already connected; a
 * listener that starts behind that copy is sent the preamble first (see rc_tick). The newest 64 are
 * kept, fewer if they exceed 1 MiB together; audio that precedes them is dropped.
 * Repeating the newest changes nothing. Returns 0. */
RC_API int32_t rc_ring_preamble(rc_ring *ring, const uint8_t *data, uint32_t length);

/* A break: listeners that join from here on get nothing from before the head, and no preamble is in
 * force. Set the new one, if any, afterwards. Connected listeners read on across it. Returns 0. */
RC_API int32_t rc_ring_break(rc_ring *ring);

/* ---- broadcaster: the listeners of one ring ---- */

/* One tick yields at most `events` events (1 to 2^24); max_listeners is 1 to 2^20. `descriptors`, if not NULL, is where
 * the sockets of its listeners (rc_socket) are marked as held. The ring and the descriptors must outlive it. Returns NULL
 * when an argument is out of range or memory is short. */
RC_API rc_broadcaster *rc_broadcaster_new(rc_ring *ring, rc_descriptors *descriptors,
                                          uint32_t max_listeners, uint32_t events);
RC_API void rc_broadcaster_free(rc_broadcaster *b);

/* chunk_size: bytes a send aims at when listeners are many. sends_per_second: what the listeners
 * may cost together before spans grow towards chunk_size. stall_seconds: see RC_STALLED. The first
 * two are > 0, the last >= 0; Infinity is allowed. Without it: 16384, 20000, 10. Returns 0. */
RC_API int32_t rc_broadcaster_tune(rc_broadcaster *b, double chunk_size, double sends_per_second,
                                   double stall_seconds);

/* Nonzero: all listeners fall due together when something is written, at most once per
 * listeners / sends_per_second; for audiences so small that one tick can serve them all. 0 (the
 * default): turns are spread evenly over a period, independent of writes. May be changed between
 * any two calls. Returns 0. */
RC_API int32_t rc_broadcaster_at_once(rc_broadcaster *b, int32_t at_once);

RC_API const rc_event *rc_broadcaster_events(const rc_broadcaster *b);
RC_API const uint8_t *rc_broadcaster_arena(const rc_broadcaster *b);
RC_API double rc_broadcaster_arena_size(const rc_broadcaster *b);

/* Places a cursor at rc_ring_seek(burst_seconds). metaint > 0 interleaves ICY metadata after every
 * metaint audio bytes, counted from this listener's first: the title in force at the audio byte that
 * follows, or a single zero byte if it has not changed. Preambles are not counted, so use metaint
 * only for streams that have none. Returns a handle (index in the low 20 bits, generation above;
 * always > 0). */
RC_API int32_t rc_join(rc_broadcaster *b, double burst_seconds, uint32_t metaint, double now_ms);

/* Places a cursor at `position` (between tail and head, a frame's start) for a listener to whom the caller itself sends
 * `sent` bytes of audio first. They count as this listener's first: metaint continues behind them, and the caller puts a
 * single zero byte after each metaint of them that is followed by more. It stays delay_seconds (0 to RC_DELAY_MAX)
 * behind the head: only audio that is older is due. RC_LAGGED shortens the delay to what the ring holds.
 * Returns a handle. */
RC_API int32_t rc_join_at(rc_broadcaster *b, double position, uint32_t metaint, uint32_t sent,
                          double delay_seconds, double now_ms);

/* The caller itself sends a listener `sent` bytes of audio in place of those from its cursor to `position` (a frame's
 * start, not before the cursor; nothing may have to be written to it first). They count for metaint, and the caller puts a
 * single zero byte after each metaint of audio, counted from the listener's last block, that is followed by more of them.
 * Returns the bytes of audio since that block (0 without metaint), RC_EINVAL while it is blocked. */
RC_API int32_t rc_replace(rc_broadcaster *b, int32_t listener, double position, uint32_t sent);

/* Safe between any two calls, also while the events of a tick are being processed; the caller skips
 * those that name the listener. Returns 0, RC_ESTALE the second time. */
RC_API int32_t rc_leave(rc_broadcaster *b, int32_t listener);

/* Moves a listener to another ring's broadcaster, with its cursor at that head (or, if a preamble is in
 * force there, at rc_ring_seek(0), because decoding restarts), without a delay. The metadata count, sent_bytes and the
 * blocked state carry over; the next block has the new ring's title. Returns the new handle; the old
 * one is stale. On RC_EFULL nothing changes. Both broadcasters use one clock. */
RC_API int32_t rc_move(rc_broadcaster *from, int32_t listener, rc_broadcaster *to, double now_ms);

/* A blocked listener gets no SEND and its cursor stands still until it is unblocked; if its audio was
 * overwritten meanwhile, RC_LAGGED follows then. Blocking twice keeps the first time. Returns 0. */
RC_API int32_t rc_blocked(rc_broadcaster *b, int32_t listener, int32_t blocked, double now_ms);

/* Serves one listener now, due or not (the burst at join); 0 while it is blocked. Same contract as
 * rc_tick, whose events it replaces. */
RC_API int32_t rc_take(rc_broadcaster *b, int32_t listener, double now_ms);

/* Serves each listener that is due once: writes to those with a socket (see rc_socket) and appends
 * events for the others. Returns how many were served, at most `events`; 0 means nothing more is due at
 * now_ms, otherwise call again. Fair: a tick resumes where the last one stopped. Offered bytes count as
 * sent: the cursor moves past them. One call offers a listener one SEND of at most 65536 bytes of audio,
 * ending on a frame boundary if there is one in reach. A listener that starts (after a join, a move or
 * RC_LAGGED) is first sent the preamble in force at its cursor, if any. */
RC_API int32_t rc_tick(rc_broadcaster *b, double now_ms);

/* Milliseconds after the last tick during which nothing falls due, whatever is written; infinite if no
 * listener waits for a turn, 0 if more may be due now. With rc_broadcaster_at_once also infinite while
 * no listener is behind: tick again after a write or an unblock. */
RC_API double rc_pause(const rc_broadcaster *b);

/* How many events the last tick or take produced. The caller delivers them before the next call. */
RC_API int32_t rc_broadcaster_event_count(const rc_broadcaster *b);

/* Sets the connected, non-blocking socket to which this listener's audio is written from now on; a
 * negative fd (the initial state) means none. `chunked` adds HTTP/1.1 chunked coding. If the socket is
 * full or broken, the bytes that must follow come as RC_SEND_ARENA, chunk framing included: at most the
 * rest of 8192 bytes of audio, or of a preamble. The cursor is past them; call rc_blocked until they
 * are written. The caller keeps ownership, and must unset the socket or remove the listener before
 * closing it. Returns 0. */
RC_API int32_t rc_socket(rc_broadcaster *b, int32_t listener, int32_t fd, int32_t chunked);

/* Bytes offered to all listeners so far, metadata and preambles included. */
RC_API double rc_broadcaster_sent(const rc_broadcaster *b);

RC_API int32_t rc_inspect(const rc_broadcaster *b, int32_t listener, rc_listener *out);

/* ---- connections of a runtime that does not expose their descriptors ---- */

/* Finds this process's TCP sockets listening on port and sets, for every connection they will
 * accept, how much unsent audio the kernel may hide (TCP_NOTSENT_LOWAT, bytes) and after how long
 * without any answer of the other side it is reset (probes included; macOS uses its own times);
 * then raises the backlog. Returns how many sockets were tuned, 0 when none was found; all are >= 1,
 * silent_seconds at most 86400. */
RC_API int32_t rc_listen_tune(int32_t port, int32_t unsent_bytes, int32_t silent_seconds,
                              int32_t backlog);

/* What a process remembers about its descriptors between searches: one for each process. NULL when memory is short. */
RC_API rc_descriptors *rc_descriptors_new(void);
RC_API void rc_descriptors_free(rc_descriptors *d);

/* Finds this process's connection on local_port whose peer has that address (text of `length` bytes) and port. Returns
 * its descriptor, marked as held until rc_release, or RC_ESTALE if there is none. Searches skip held descriptors,
 * including those named to rc_socket, and query those that an earlier search ruled out last: the cost does not grow
 * with listeners or idle connections. */
RC_API int32_t rc_connection(rc_descriptors *d, int32_t local_port, const uint8_t *address,
                             uint32_t length, int32_t port);

/* A connection that is not held. */
typedef struct {
    uint8_t peer[16]; /* address: IPv6, or IPv4 in its mapped form */
    int32_t fd;
    int32_t quiet_ms; /* since data was last sent, or since accept; 0 where the system does not report it */
} rc_client;

/* Lists up to `room` of this process's connections on local_port that are not held: requests, idle
 * connections, slow request heads. Returns how many. Descriptors are valid until the caller returns to
 * its event loop. */
RC_API int32_t rc_clients(rc_descriptors *d, int32_t local_port, rc_client *out, uint32_t room);

/* Shuts a connection down in both directions; its owner sees an ordinary end of stream and closes it.
 * Returns 0, RC_ESTALE if fd is not a connection. */
RC_API int32_t rc_hang_up(int32_t fd);

/* A second descriptor of the same connection, which keeps it open when the first owner closes its own.
 * The caller closes it. RC_ESTALE on failure. */
RC_API int32_t rc_duplicate(int32_t fd);

/* Clears SO_LINGER, with which a runtime may have asked for a reset at the last close. Returns 0 or
 * RC_ESTALE. */
RC_API int32_t rc_calm(int32_t fd);

/* The connection's owner is woken once so many bytes have come, or it ends; 1: by any. Returns 0, RC_EINVAL or
 * RC_ESTALE. */
RC_API int32_t rc_gather(int32_t fd, int32_t bytes);

/* Writes the connection's local address (16 bytes, as in rc_client). Returns 0 or RC_ESTALE. */
RC_API int32_t rc_reached(int32_t fd, uint8_t *address);

/* Ends the hold on a descriptor; call it before the fd is closed, since the number may then be reused.
 * Returns 0. */
RC_API int32_t rc_release(rc_descriptors *d, int32_t fd);

/* Bytes the kernel has accepted for a connection so far; RC_EINVAL where it does not count them (only
 * Linux does). */
RC_API double rc_written(int32_t fd);

/* Bytes that the kernel has accepted for a connection and its peer has not acknowledged; RC_EINVAL where that
 * is not known. */
RC_API int32_t rc_unacknowledged(int32_t fd);

/* Writes to a non-blocking socket: returns the bytes it takes, 0 when it is full, RC_ESTALE when it is
 * broken. */
RC_API int32_t rc_write(int32_t fd, const uint8_t *data, uint32_t length);

/* ---- standard output and error ---- */

/* Writes at most PIPE_BUF bytes of text to a file, a terminal, a pipe or a socket, also one that
 * blocks, without waiting for a reader: returns the bytes taken, 0 when it is full, RC_ESTALE when it
 * fails. It does wait for a hung disk. The caller ignores SIGPIPE. */
RC_API int32_t rc_print(int32_t fd, const uint8_t *text, uint32_t length);

/* ---- the service manager ---- */

/* Sends text (1 to 4096 bytes) as one datagram to the unix socket of that name: an absolute path, or
 * an abstract name with '@' in place of its first NUL; 2 to 107 bytes without a NUL. Never waits.
 * Returns length, or 0 if it was not received. */
RC_API int32_t rc_notify(const uint8_t *name, uint32_t name_length, const uint8_t *text,
                         uint32_t length);

#endif
