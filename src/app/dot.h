/*
 * dot - a plan as a graph for Graphviz
 */
#ifndef APP_DOT_H
#define APP_DOT_H

struct buf;
struct plan;

void dot_draw(const struct plan *, struct buf *);

#endif
