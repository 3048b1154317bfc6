/* The judge of ./do fuzz rpc: reads and writes the types of libvirt's definitions with the code that rpcgen makes of them, on
 * libtirpc, as libvirt itself does. types.inc is made by the tool: T(name) for each type. In: "NAME LENGTH\n" and so many octets.
 * Out: "refuse\n", or "read CONSUMED LENGTH\n" and so many octets: what was read, written again. */
#include <rpc/rpc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "protocol.h"

static const struct { const char *name; size_t size; xdrproc_t code; } types[] = {
#define T(name) { #name, sizeof(name), (xdrproc_t)xdr_##name },
#include "types.inc"
#undef T
};

enum { OCTETS_MAX = 80 * 1024 * 1024 };

static char octets[OCTETS_MAX], again[OCTETS_MAX];

static void judge(size_t type, unsigned int length)
{
    XDR stream;
    void *value = calloc(1, types[type].size);
    xdrmem_create(&stream, octets, length, XDR_DECODE);
    if (types[type].code(&stream, value)) {
        unsigned int consumed = xdr_getpos(&stream), written;
        xdr_destroy(&stream);
        xdrmem_create(&stream, again, OCTETS_MAX, XDR_ENCODE);
        if (!types[type].code(&stream, value)) {
            fprintf(stderr, "%s is not written again\n", types[type].name);
            exit(1);
        }
        written = xdr_getpos(&stream);
        printf("read %u %u\n", consumed, written);
        fwrite(again, 1, written, stdout);
    } else {
        puts("refuse");
    }
    fflush(stdout);
    xdr_destroy(&stream);
    xdr_free(types[type].code, value);
    free(value);
}

int main(void)
{
    char name[128];
    unsigned int length;
    while (scanf("%127s %u", name, &length) == 2 && getchar() == '\n' && length <= OCTETS_MAX
            && fread(octets, 1, length, stdin) == length) {
        size_t i;
        for (i = 0; i < sizeof(types) / sizeof(types[0]) && strcmp(types[i].name, name) != 0; i++)
            continue;
        if (i == sizeof(types) / sizeof(types[0])) {
            fprintf(stderr, "there is no type %s\n", name);
            return 1;
        }
        judge(i, length);
    }
    return 0;
}
