/*
 * page - the page as its source files, page.html, page.css and page.js
 *
 * build/report/page.c is made of them.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <stddef.h>

extern const unsigned char page_html[], page_css[], page_js[];
extern const size_t page_html_size, page_css_size, page_js_size;

#endif
