// libxml2 as a judge of documents, the way libvirt uses it: parsed without network and entities, then held against a RELAX NG
// schema. On the command line the schema; on standard input "LENGTH\n" and as many octets, again and again; a line for each
// comes back: "accept", "malformed LINE MESSAGE" or "invalid MESSAGE".
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/xmlerror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char said[256];
static int said_line;

// The first error that ends the parsing, as libvirt reports it.
static void note(void *unused, xmlErrorPtr error)
{
    (void)unused;
    if (said[0] != 0 || error->message == NULL) {
        return;
    }
    if (error->domain != XML_FROM_RELAXNGV && error->level != XML_ERR_FATAL) {
        return;
    }
    said_line = error->line;
    snprintf(said, sizeof said, "%s", error->message);
    for (char *c = said; *c != 0; c++) {
        if ((unsigned char)*c < ' ') {
            *c = c[1] == 0 ? 0 : ' ';
        }
    }
}

static void judge(const char *text, int length, xmlRelaxNGPtr schema)
{
    said[0] = 0;
    xmlSetStructuredErrorFunc(NULL, note);
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    xmlDocPtr document = xmlCtxtReadMemory(parser, text, length, "(interface_definition)", NULL, XML_PARSE_NONET | XML_PARSE_NOWARNING);
    xmlFreeParserCtxt(parser);
    if (document == NULL) {
        printf("malformed %d %s\n", said_line, said);
        return;
    }
    said[0] = 0;
    xmlRelaxNGValidCtxtPtr validator = xmlRelaxNGNewValidCtxt(schema);
    xmlRelaxNGSetValidStructuredErrors(validator, note, NULL);
    int verdict = xmlRelaxNGValidateDoc(validator, document);
    if (verdict == 0) {
        puts("accept");
    } else if (verdict > 0) {
        printf("invalid %s\n", said);
    } else {
        printf("broken %d\n", verdict);
    }
    xmlRelaxNGFreeValidCtxt(validator);
    xmlFreeDoc(document);
}

int main(int count, char **arguments)
{
    LIBXML_TEST_VERSION
    if (count != 2) {
        fprintf(stderr, "usage: schema-oracle SCHEMA.rng\n");
        return 2;
    }
    xmlRelaxNGParserCtxtPtr reader = xmlRelaxNGNewParserCtxt(arguments[1]);
    xmlRelaxNGPtr schema = reader == NULL ? NULL : xmlRelaxNGParse(reader);
    if (schema == NULL) {
        fprintf(stderr, "no schema in %s\n", arguments[1]);
        return 2;
    }
    printf("libxml2 %s\n", xmlParserVersion);
    fflush(stdout);
    int length;
    while (scanf("%d", &length) == 1 && getchar() == '\n') {
        char *text = malloc((size_t)length + 1);
        if (text == NULL || fread(text, 1, (size_t)length, stdin) != (size_t)length) {
            return 2;
        }
        text[length] = 0;
        judge(text, length, schema);
        fflush(stdout);
        free(text);
    }
    return 0;
}
