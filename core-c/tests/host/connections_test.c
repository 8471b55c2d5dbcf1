/* Connections of this process: found by whom they lead to, and what went into them. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "descriptors.h"
#include "fixture.h"
#include "tap.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOOPBACK "127.0.0.1"
#define MAPPED "::ffff:127.0.0.1"

/* As in the process itself: one for all tests. */
static rc_descriptors *table;

/* A connection of this process to itself. */
typedef struct {
    int accepted, calling;
    int32_t local_port, port;
} connection;

static int32_t port_of(int fd)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    CHECK_EQ(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    return ntohs(address.sin_port);
}

static connection connection_open(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int door = socket(AF_INET, SOCK_STREAM, 0);
    connection c = {.calling = socket(AF_INET, SOCK_STREAM, 0)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQ(bind(door, (struct sockaddr *)&address, size), 0);
    CHECK_EQ(listen(door, 1), 0);
    c.local_port = port_of(door);
    address.sin_port = htons((uint16_t)c.local_port);
    CHECK_EQ(connect(c.calling, (struct sockaddr *)&address, size), 0);
    c.accepted = accept(door, NULL, NULL);
    CHECK_EQ(fcntl(c.accepted, F_SETFL, O_NONBLOCK), 0);
    c.port = port_of(c.calling);
    close(door);
    return c;
}

static void connection_close(connection c)
{
    rc_release(table, c.accepted);
    close(c.accepted);
    close(c.calling);
}

static int32_t find(connection c, const char *address)
{
    return rc_connection(table, c.local_port, (const uint8_t *)address, (uint32_t)strlen(address),
                         c.port);
}

static void a_connection_is_found_by_address_and_port_however_the_address_is_written(void)
{
    connection others = connection_open(), c = connection_open();
    CHECK_EQ(find(c, LOOPBACK), c.accepted);
    rc_release(table, c.accepted);
    CHECK_EQ(find(c, MAPPED), c.accepted);
    connection_close(c);
    connection_close(others);
}

static void what_does_not_fit_in_all_is_not_found(void)
{
    connection c = connection_open(), other = connection_open();
    connection mixed = {.local_port = other.local_port, .port = c.port};
    CHECK_EQ(find(c, "127.0.0.2"), RC_ESTALE);
    CHECK_EQ(find(mixed, LOOPBACK), RC_ESTALE);
    CHECK_EQ(find(c, "localhost"), RC_EINVAL);
    CHECK_EQ(find(c, "::ffff:127.0.0.1::ffff:127.0.0.1::ffff:127.0.0.1"), RC_EINVAL);
    CHECK_EQ(rc_connection(table, c.local_port, NULL, 0, c.port), RC_EINVAL);
    connection_close(c);
    connection_close(other);
}

static void one_that_was_found_is_passed_over_until_it_is_released(void)
{
    connection c = connection_open();
    CHECK_EQ(find(c, LOOPBACK), c.accepted);
    CHECK_EQ(find(c, LOOPBACK), RC_ESTALE);
    CHECK_EQ(rc_release(table, c.accepted), 0);
    CHECK_EQ(find(c, LOOPBACK), c.accepted);
    CHECK_EQ(rc_release(table, -1), 0);
    CHECK_EQ(rc_release(table, 1 << 30), 0);
    connection_close(c);
}

static void one_that_a_listener_has_is_passed_over_until_it_leaves(void)
{
    connection c = connection_open();
    rc_ring *ring = small_ring(), *other = small_ring();
    rc_broadcaster *a = rc_broadcaster_new(ring, table, 4, 4),
                   *b = rc_broadcaster_new(other, table, 4, 4);
    int32_t here = rc_join(a, 0, 0, 0);
    rc_socket(a, here, c.accepted, 1);
    CHECK_EQ(find(c, LOOPBACK), RC_ESTALE);
    int32_t there = rc_move(a, here, b, 0);
    close_both(a, ring);
    CHECK_EQ(find(c, LOOPBACK), RC_ESTALE);
    rc_leave(b, there);
    CHECK_EQ(find(c, LOOPBACK), c.accepted);
    rc_release(table, c.accepted);
    rc_socket(b, rc_join(b, 0, 0, 0), c.accepted, 1);
    close_both(b, other);
    CHECK_EQ(find(c, LOOPBACK), c.accepted);
    connection_close(c);
}

static void a_crowd_is_found_in_any_order(void)
{
    connection crowd[100];
    for (int i = 0; i < 100; i++)
        crowd[i] = connection_open();
    for (int i = 0; i < 100; i++)
        CHECK_EQ(find(crowd[i * 37 % 100], LOOPBACK), crowd[i * 37 % 100].accepted);
    for (int i = 0; i < 100; i++)
        connection_close(crowd[i]);
}

static void the_search_does_not_grow_with_idle_connections(void)
{
    connection idle[200];
    for (int i = 0; i < 200; i++)
        idle[i] = connection_open();
    for (int i = 0; i < 20; i++) {
        connection c = connection_open();
        CHECK_EQ(find(c, LOOPBACK), c.accepted);
        CHECK(i == 0 || table->queries < 20);
        close(c.accepted);
        close(c.calling);
        rc_release(table, c.accepted);
    }
    /* The number of one that was idle, and is now another's. */
    connection_close(idle[50]);
    connection reused = connection_open();
    CHECK_EQ(find(reused, LOOPBACK), reused.accepted);
    connection_close(reused);
    for (int i = 0; i < 200; i++)
        if (i != 50)
            connection_close(idle[i]);
}

static void the_search_stays_short_while_many_come_and_go(void)
{
    enum { MANY = 400 };
    connection crowd[MANY];
    uint32_t queries = 0;
    for (int i = 0; i < MANY; i++) {
        crowd[i] = connection_open();
        CHECK_EQ(find(crowd[i], LOOPBACK), crowd[i].accepted);
    }
    /* Four at a time leave and come; those that come take the numbers of the others. */
    for (int i = 0; i < MANY; i += 4) {
        for (int k = 0; k < 4; k++)
            connection_close(crowd[(i + 97 * k) % MANY]);
        for (int k = 0; k < 4; k++)
            crowd[(i + 97 * k) % MANY] = connection_open();
        for (int k = 0; k < 4; k++) {
            CHECK_EQ(find(crowd[(i + 97 * k) % MANY], LOOPBACK), crowd[(i + 97 * k) % MANY].accepted);
            queries += table->queries;
        }
    }
    CHECK(queries < 5 * MANY);
    for (int i = 0; i < MANY; i++)
        connection_close(crowd[i]);
}

static void clients_are_the_connections_of_a_port_that_no_listener_has(void)
{
    static const uint8_t loopback[16] = {[10] = 0xff, [11] = 0xff, 127, 0, 0, 1};
    connection c = connection_open(), other = connection_open();
    rc_client clients[4];
    CHECK_EQ(rc_clients(table, c.local_port, clients, 4), 1);
    CHECK_EQ(clients[0].fd, c.accepted);
    CHECK_EQ(memcmp(clients[0].peer, loopback, 16), 0);
    CHECK(clients[0].quiet_ms >= 0 && clients[0].quiet_ms < 5000);
    CHECK_EQ(rc_clients(table, c.local_port, clients, 0), 0);
    CHECK_EQ(rc_clients(table, c.local_port, NULL, 4), RC_EINVAL);
    CHECK_EQ(find(c, LOOPBACK), c.accepted);
    CHECK_EQ(rc_clients(table, c.local_port, clients, 4), 0);
    connection_close(c);
    connection_close(other);
}

static uint32_t highest_descriptor(void)
{
    int highest = 0;
    for (int fd = 0; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            highest = fd;
    return (uint32_t)highest;
}

static void looking_for_clients_ends_with_the_last_open_descriptor(void)
{
    enum { HIGH = 700 };
    rc_client clients[4];
    connection c = connection_open();
    CHECK_EQ(rc_clients(table, c.local_port, clients, 4), 1);
#ifdef __linux__
    CHECK(table->queries <= highest_descriptor() + 1);
#endif
    int far = fcntl(c.accepted, F_DUPFD, HIGH);
    CHECK(far >= HIGH);
    CHECK_EQ(rc_clients(table, c.local_port, clients, 4), 2);
    CHECK_EQ(clients[1].fd, far);
    close(far);
    connection_close(c);
}

static void a_client_that_is_hung_up_on_reads_the_end(void)
{
    char byte;
    connection c = connection_open();
    CHECK_EQ(rc_hang_up(c.accepted), 0);
    CHECK_EQ(read(c.calling, &byte, 1), 0);
    CHECK_EQ(rc_hang_up(-1), RC_ESTALE);
    connection_close(c);
}

static void a_second_descriptor_keeps_a_connection_that_its_owner_resets(void)
{
    char byte = 'x';
    struct linger reset = {.l_onoff = 1};
    connection c = connection_open();
    int32_t copy = rc_duplicate(c.accepted);
    CHECK(copy >= 0);
    CHECK_EQ(setsockopt(c.accepted, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
    close(c.accepted);
    CHECK_EQ(rc_calm(copy), 0);
    CHECK_EQ(write(copy, &byte, 1), 1);
    close(copy);
    CHECK_EQ(read(c.calling, &byte, 1), 1);
    CHECK_EQ(read(c.calling, &byte, 1), 0);
    CHECK_EQ(rc_duplicate(-1), RC_ESTALE);
    CHECK_EQ(rc_calm(-1), RC_ESTALE);
    close(c.calling);
}

static bool is_readable(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    return poll(&one, 1, 0) == 1;
}

static void small_writes_are_gathered_until_there_are_so_many_bytes_or_the_end(void)
{
    connection c = connection_open();
    CHECK_EQ(rc_gather(c.accepted, 3), 0);
    CHECK_EQ(write(c.calling, "ab", 2), 2);
    CHECK(!is_readable(c.accepted));
    CHECK_EQ(write(c.calling, "c", 1), 1);
    CHECK(is_readable(c.accepted));
    char bytes[4];
    CHECK_EQ(read(c.accepted, bytes, 4), 3);
    CHECK_EQ(write(c.calling, "d", 1), 1);
    CHECK(!is_readable(c.accepted));
    CHECK_EQ(rc_gather(c.accepted, 1), 0);
    CHECK(is_readable(c.accepted));
    CHECK_EQ(rc_gather(c.accepted, 3), 0);
    CHECK_EQ(shutdown(c.calling, SHUT_WR), 0);
    CHECK(is_readable(c.accepted));
    CHECK_EQ(rc_gather(c.accepted, 0), RC_EINVAL);
    CHECK_EQ(rc_gather(-1, 1), RC_ESTALE);
    connection_close(c);
}

static void a_connection_says_at_which_address_it_was_reached(void)
{
    static const uint8_t loopback[16] = {[10] = 0xff, [11] = 0xff, 127, 0, 0, 1};
    uint8_t address[16] = {0};
    connection c = connection_open();
    CHECK_EQ(rc_reached(c.accepted, address), 0);
    CHECK_EQ(memcmp(address, loopback, 16), 0);
    CHECK_EQ(rc_reached(-1, address), RC_ESTALE);
    CHECK_EQ(rc_reached(c.accepted, NULL), RC_EINVAL);
    connection_close(c);
}

static void what_the_kernel_has_taken_is_told_whether_it_was_read_or_not(void)
{
    static uint8_t bytes[16384];
    connection c = connection_open();
#ifdef __linux__
    size_t count = 0;
    CHECK_EQ(rc_written(c.accepted), 0);
    CHECK_EQ(rc_write(c.accepted, bytes, 100), 100);
    CHECK_EQ(rc_written(c.accepted), 100);
    for (int32_t n = 1; n > 0; count += (size_t)n)
        n = rc_write(c.accepted, bytes, sizeof bytes);
    CHECK_EQ(rc_written(c.accepted), 100 + count);
    CHECK(read(c.calling, bytes, sizeof bytes) > 0);
    CHECK_EQ(rc_written(c.accepted), 100 + count);
#endif
    CHECK_EQ(rc_written(-1), RC_EINVAL);
    connection_close(c);
}

static void a_full_connection_takes_nothing_and_a_broken_one_says_so(void)
{
    static uint8_t bytes[65536];
    connection c = connection_open();
    while (rc_write(c.accepted, bytes, sizeof bytes) > 0)
        ;
    CHECK_EQ(rc_write(c.accepted, bytes, 1), 0);
    struct linger at_once = {.l_onoff = 1};
    CHECK_EQ(setsockopt(c.calling, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    close(c.calling);
    CHECK_EQ(rc_write(c.accepted, bytes, 1), RC_ESTALE);
    CHECK_EQ(rc_write(c.accepted, NULL, 1), RC_EINVAL);
    c.calling = -1;
    connection_close(c);
}

int main(void)
{
    table = rc_descriptors_new();
    RUN(a_connection_is_found_by_address_and_port_however_the_address_is_written);
    RUN(what_does_not_fit_in_all_is_not_found);
    RUN(one_that_was_found_is_passed_over_until_it_is_released);
    RUN(one_that_a_listener_has_is_passed_over_until_it_leaves);
    RUN(a_crowd_is_found_in_any_order);
    RUN(the_search_does_not_grow_with_idle_connections);
    RUN(the_search_stays_short_while_many_come_and_go);
    RUN(clients_are_the_connections_of_a_port_that_no_listener_has);
    RUN(looking_for_clients_ends_with_the_last_open_descriptor);
    RUN(a_client_that_is_hung_up_on_reads_the_end);
    RUN(a_second_descriptor_keeps_a_connection_that_its_owner_resets);
    RUN(small_writes_are_gathered_until_there_are_so_many_bytes_or_the_end);
    RUN(a_connection_says_at_which_address_it_was_reached);
    RUN(what_the_kernel_has_taken_is_told_whether_it_was_read_or_not);
    RUN(a_full_connection_takes_nothing_and_a_broken_one_says_so);
    rc_descriptors_free(table);
    return tap_done();
}
