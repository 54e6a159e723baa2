/*
 * xml - texts within XML
 */
#ifndef REPORT_XML_H
#define REPORT_XML_H

#include <stddef.h>

struct buf;

/*
 * Add a text of any bytes, in an element or an attribute's quotes.  What no
 * document may hold shows as U+FFFD; colours of terminals are left out.
 */
void xml_text(struct buf *, const char *s, size_t len);
void xml_str(struct buf *, const char *s);
/* ` name="value"` */
void xml_attribute(struct buf *, const char *name, const char *value);

#endif
