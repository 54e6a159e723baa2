/* SPDX-License-Identifier: ISC */
/* hosts, and how they are reached */
#include <string.h>

#include "app/show.h"
#include "base/buf.h"
#include "base/num.h"

static void
text(const struct show *s, const char *key, const struct text *t,
    struct buf *b)
{
	buf_addf(b, "%s = ", key);
	show_text(s, t, b);
	buf_addc(b, '\n');
}

static void
figure(const struct show *s, const char *key, const struct figure *f,
    struct buf *b)
{
	buf_addf(b, "%s = ", key);
	show_figure(s, f, b);
	buf_addc(b, '\n');
}

void
show_contact(const struct show *s, const struct contact *c, struct buf *b)
{
	if (c->given & CONTACT_USER)
		text(s, "user", &c->user, b);
	if (c->given & CONTACT_PORT)
		text(s, "port", &c->port, b);
	if (c->given & CONTACT_VIA)
		text(s, "via", &c->via.text, b);
	if (c->given & CONTACT_IDENTITY)
		text(s, "identity", &c->identity, b);
	for (size_t i = 0; i < c->noption; i++) {
		buf_addf(b, "option = %s=", c->option[i].name);
		show_text(s, &c->option[i].value, b);
		buf_addc(b, '\n');
	}
	if (c->given & CONTACT_TIMEOUT)
		figure(s, "connect-timeout", &c->connect_timeout, b);
	if (c->given & CONTACT_RETRY)
		figure(s, "connect-retry", &c->connect_retry, b);
	if (c->given & CONTACT_HOST_KEYS)
		buf_addf(b, "host-keys = %s\n", c->host_keys == KEYS_STRICT ?
		    "strict" : "accept-new");
}

static void
vars(const struct show *s, const struct setting *var, size_t n,
    struct buf *b)
{
	for (size_t i = 0; i < n; i++) {
		buf_addf(b, "var %s = ", s->plan->symbols.name[var[i].sym]);
		show_text(s, &var[i].value, b);
		buf_addc(b, '\n');
	}
}

static void
source(const struct show *s, const struct hosts_from *f, struct buf *b)
{
	static const char *const kinds[] = {
		[HOSTS_SET] = "hosts", [HOSTS_LINES] = "hosts lines",
		[HOSTS_OUTPUT] = "hosts output",
		[HOSTS_ANSIBLE] = "hosts ansible",
	};

	buf_addf(b, "%s = ", kinds[f->kind]);
	if (f->kind == HOSTS_OUTPUT)
		buf_adds(b, f->command.text);
	else
		show_text(s, &f->text, b);
	if (f->has_group) {
		buf_addc(b, ' ');
		show_text(s, &f->group, b);
	}
	buf_addc(b, '\n');
}

void
show_group(const struct show *s, const struct host_group *g, struct buf *b)
{
	for (size_t i = 0; i < g->nfrom; i++)
		source(s, &g->from[i], b);
	show_contact(s, &g->contact, b);
	vars(s, g->var, g->nvar, b);
	if (g->parallel.given)
		figure(s, "parallel", &g->parallel, b);
}

void
show_host(const struct show *s, const struct host_def *h, struct buf *b)
{
	if (h->has_address)
		text(s, "address", &h->address, b);
	show_contact(s, &h->contact, b);
	vars(s, h->var, h->nvar, b);
}

void
show_via(const struct show *s, const struct via_def *v, struct buf *b)
{
	buf_adds(b, "exec = ");
	show_words(s, &v->exec, b);
	buf_addc(b, '\n');
	for (size_t i = 0; i < v->nconnect_fail; i++) {
		const struct codes *c = &v->connect_fail[i];

		buf_addf(b, "%s%d", i == 0 ? "connect-fail = " : " ", c->lo);
		if (c->hi != c->lo)
			buf_addf(b, "-%d", c->hi);
	}
	if (v->nconnect_fail > 0)
		buf_addc(b, '\n');
}

void
show_endpoint(const struct endpoint *e, struct buf *b)
{
	char time[NUM_SHOW];

	buf_adds(b, e->reach == REACH_LOCAL ? "local" :
	    e->reach == REACH_SSH ? "ssh" : e->via);
	if (strcmp(e->address, e->host) != 0)
		buf_addf(b, ", address %s", e->address);
	if (e->user)
		buf_addf(b, ", user %s", e->user);
	if (e->port)
		buf_addf(b, ", port %u", e->port);
	if (e->reach != REACH_SSH)
		return;
	if (e->identity)
		buf_addf(b, ", identity %s", e->identity);
	for (size_t i = 0; e->option && e->option[i]; i++)
		buf_addf(b, ", %s", e->option[i]);
	if (e->host_keys != KEYS_CONFIG)
		buf_addf(b, ", host-keys %s", e->host_keys == KEYS_STRICT ?
		    "strict" : "accept-new");
	if (e->connect_timeout != CONNECT_TIMEOUT_DEFAULT)
		buf_addf(b, ", connect-timeout %s",
		    num_write_duration(time, e->connect_timeout));
	if (e->connect_retry)
		buf_addf(b, ", connect-retry %u", e->connect_retry);
}
