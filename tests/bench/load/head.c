/* Lines end with LF, a CR before it is dropped; the empty line ends the head. */
#include "head.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* "HTTP/1.1 200 OK" and "ICY 200 OK" */
static bool status_line(head *h)
{
    const char *blank = strchr(h->line, ' ');
    long status = blank ? strtol(blank, NULL, 10) : 0;
    if (status < 100 || status > 999)
        return false;
    h->status = (uint16_t)status;
    return true;
}

static void header_line(head *h)
{
    if (strncasecmp(h->line, "icy-metaint:", 12) == 0)
        h->metaint = (uint32_t)strtoul(h->line + 12, NULL, 10);
    else if (strncasecmp(h->line, "transfer-encoding:", 18) == 0)
        h->chunked = strcasestr(h->line + 18, "chunked") != NULL;
}

static head_state end_line(head *h)
{
    if (h->line_length > 0 && h->line[h->line_length - 1] == '\r')
        h->line_length--;
    h->line[h->line_length] = 0;
    bool empty = h->line_length == 0;
    h->line_length = 0;
    if (h->status == 0)
        return status_line(h) ? HEAD_MORE : HEAD_BAD;
    if (empty)
        return HEAD_DONE;
    header_line(h);
    return HEAD_MORE;
}

head_state head_read(head *h, span *in)
{
    head_state state = HEAD_MORE;
    while (in->length > 0 && state == HEAD_MORE) {
        char byte = (char)*span_take(in, 1).bytes;
        if (++h->length > HEAD_MAX)
            return HEAD_BAD;
        if (byte == '\n')
            state = end_line(h);
        else if (h->line_length < HEAD_LINE - 1)
            h->line[h->line_length++] = byte;
    }
    return state;
}
