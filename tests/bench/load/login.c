/* SOURCE in HTTP/1.0 is what Icecast 2.4, Icecast-KH and Cycast all take. */
#include "login.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define REQUEST_MAX 2048
#define ANSWER_MAX 4096

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void base64(const char *text, char *out)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i += 3) {
        uint32_t three = (uint32_t)(unsigned char)text[i] << 16;
        three |= i + 1 < length ? (uint32_t)(unsigned char)text[i + 1] << 8 : 0;
        three |= i + 2 < length ? (uint32_t)(unsigned char)text[i + 2] : 0;
        *out++ = ALPHABET[three >> 18];
        *out++ = ALPHABET[three >> 12 & 63];
        *out++ = i + 1 < length ? ALPHABET[three >> 6 & 63] : '=';
        *out++ = i + 2 < length ? ALPHABET[three & 63] : '=';
    }
    *out = 0;
}

static int write_request(const login *l, char *out)
{
    char plain[REQUEST_MAX / 4], coded[REQUEST_MAX / 2];
    int length = snprintf(plain, sizeof plain, "%s:%s", l->user, l->password);
    if (length < 0 || length >= (int)sizeof plain)
        return -1;
    base64(plain, coded);
    return snprintf(out, REQUEST_MAX,
                    "SOURCE %s HTTP/1.0\r\nAuthorization: Basic %s\r\nUser-Agent: load\r\n"
                    "Content-Type: audio/mpeg\r\nice-name: Load\r\nice-public: 0\r\n"
                    "ice-bitrate: %u\r\n\r\n",
                    l->mount, coded, l->kbits);
}

static bool read_answer(int fd, char *answer)
{
    size_t length = 0;
    do {
        ssize_t more = recv(fd, answer + length, ANSWER_MAX - 1 - length, 0);
        if (more <= 0)
            return false;
        length += (size_t)more;
        answer[length] = 0;
    } while (!strstr(answer, "\r\n\r\n") && length < ANSWER_MAX - 1);
    return true;
}

bool login_take(int fd, const login *l)
{
    char request[REQUEST_MAX], answer[ANSWER_MAX];
    int length = write_request(l, request);
    if (length < 0 || length >= REQUEST_MAX) {
        fprintf(stderr, "load source: mount, user or password are too long\n");
        return false;
    }
    if (send(fd, request, (size_t)length, MSG_NOSIGNAL) != length || !read_answer(fd, answer)) {
        fprintf(stderr, "load source: the server does not answer the login\n");
        return false;
    }
    if (strncmp(answer, "HTTP/1.", 7) == 0 && strncmp(answer + 8, " 200", 4) == 0)
        return true;
    fprintf(stderr, "load source: the server refuses: %.*s\n",
            (int)strcspn(answer, "\r\n"), answer);
    return false;
}
