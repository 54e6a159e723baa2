# pseq: make, make check, make install; make demo and make test are for a
# machine on which nothing is prepared (they install what is missing).

PREFIX ?= /usr/local
CFLAGS ?= -O2 -g
B ?= build
VERSION = 0.1

wings = base model lang walk engine io sim transport sink journal report app
sources = $(sort $(foreach w,$(wings),$(wildcard src/$(w)/*.c)))

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wformat=2 -Wvla -Wconversion
pkgs = inih jansson libcares libpcre2-8
# linked statically where the archives are there: a third of the start-up
libdir != pkg-config --variable=libdir libpcre2-8 2>/dev/null
archive = $(firstword $(wildcard $(libdir)/lib$(1).a) -l$(1))
STATIC ?= $(if $(findstring sanitize,$(CFLAGS)),,$(if \
	$(wildcard $(libdir)/libc.a),-static))
LIBS = $(call archive,ev) $(call archive,inih) $(call archive,pcre2-8) \
	$(call archive,jansson) $(call archive,cares) -lm
our_cflags = -std=c11 -D_GNU_SOURCE -DPSEQ_VERSION='"$(VERSION)"' -Isrc \
	$(WARN) -MMD -MP $(shell pkg-config --cflags $(pkgs) 2>/dev/null)

objs = $(sources:src/%.c=$(B)/%.o) $(B)/report/page.o $(B)/app/manual.o
# the page of a run, see src/report/page.h: one program of these parts
page_js = $(patsubst %,src/report/page/%.js,dom data head kinds log table \
	timeline pointer lane start)
page_css = src/report/page/page.css
page_html = src/report/page/page.html
# what pseq check --explain reads, see src/app/manual.h
manual = man/pseq.5
unit_objs = $(patsubst tests/%.c,$(B)/%.o,$(sort $(wildcard tests/unit/*.c)))
# the terminal that tests sit at is left out where there is no libvterm
vterm != pkg-config --libs vterm 2>/dev/null
children = $(patsubst tests/child/%.c,$(B)/child/%,$(wildcard \
	tests/child/*.c)) $(if $(vterm),$(B)/child/pty)
bed = $(addprefix $(B)/remote/,machines delay account.so)

all: $(B)/pseq

$(B)/pseq: $(objs)
	$(CC) $(CFLAGS) $(STATIC) $(LDFLAGS) -o $@ $(objs) $(LIBS)

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(our_cflags) $(CFLAGS) $(CPPFLAGS) -c -o $@ $<

# name: a C array of that name with the bytes of the files
array = echo 'const unsigned char $(1)[] = {'; cat $($(1)) | \
	od -An -v -tx1 | sed 's/[0-9a-f][0-9a-f]/0x&,/g'; \
	echo '}; const size_t $(1)_size = sizeof($(1));'

$(B)/report/page.c: $(page_html) $(page_css) $(page_js) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "report/page.h"'; $(call array,page_html); \
		$(call array,page_css); $(call array,page_js); } >$@

$(B)/app/manual.c: $(manual) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "app/manual.h"'; $(call array,manual); } >$@

$(B)/report/page.o $(B)/app/manual.o: %.o: %.c
	$(CC) $(our_cflags) $(CFLAGS) $(CPPFLAGS) -c -o $@ $<

$(B)/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(CC) $(our_cflags) -Itests/unit $(shell pkg-config --cflags check) \
		$(CFLAGS) $(CPPFLAGS) -c -o $@ $<

$(B)/check_units: $(unit_objs) $(filter-out $(B)/app/main.o,$(objs))
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) \
		$(shell pkg-config --libs check)

$(B)/child/%: tests/child/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -Wall -Wextra -O2 -o $@ $<

$(B)/child/pty: $(wildcard tests/pty/*.[ch])
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -Wall -Wextra -O2 \
		$(shell pkg-config --cflags vterm) -o $@ \
		$(filter %.c,$^) $(vterm)

$(B)/remote/%: tests/remote/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -Wall -Wextra -O2 -o $@ $<

$(B)/remote/%.so: tests/remote/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -Wall -Wextra -O2 -fPIC -shared -o $@ $<

-include $(objs:.o=.d) $(unit_objs:.o=.d)

check: check-unit check-cli lint

check-unit: $(B)/check_units $(children) $(bed)
	seq 16 | CK_DEFAULT_TIMEOUT=40 PSEQ_CHILD=$(B)/child \
		xargs -n 1 -P 2 $(B)/check_units 16

check-cli: $(B)/pseq $(children) $(bed)
	B=$(B) tests/run

lint:
	tests/layers
	mandoc -Tlint -Wwarning man/*.[1-9]
	shellcheck -x -P SCRIPTDIR -e SC2016,SC2034,SC2119,SC2120,SC2154,SC3045 \
		tests/run tests/layers tests/prepare tests/all .ci/run \
		bench/run tests/recording tests/cli/*.sh tests/cli/*.t tests/remote/bed \
		tests/remote/*.sh tests/remote/*.t

# both suites again with the sanitizers
asan = B=build-asan CFLAGS='-O1 -g -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=undefined'

check-asan:
	$(MAKE) check-asan-unit
	$(MAKE) check-asan-cli

check-asan-unit check-asan-cli:
	$(MAKE) $(asan) $(@:check-asan-%=check-%)

# the loader against any bytes, where clang has libFuzzer
FUZZ_SECONDS ?= 20
fuzz_c = tests/fuzz/fuzz_lang.c $(filter src/base/% src/model/% src/lang/%,\
	$(sources))

$(B)/fuzz_lang: $(fuzz_c)
	@mkdir -p $(@D)
	clang -std=c11 -D_GNU_SOURCE -Isrc -g -O1 \
		-fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=undefined -o $@ $(fuzz_c) $(LIBS)

fuzz: $(B)/fuzz_lang
	rm -rf $(B)/corpus && cp -r tests/fuzz/corpus $(B)/corpus
	$(B)/fuzz_lang -max_total_time=$(FUZZ_SECONDS) -max_len=4096 \
		-close_fd_mask=2 -artifact_prefix=$(B)/ $(B)/corpus

share = $(DESTDIR)$(PREFIX)/share
bash = $(share)/bash-completion/completions/pseq
zsh = $(share)/zsh/site-functions/_pseq
fish = $(share)/fish/vendor_completions.d/pseq.fish
vim = $(addprefix $(share)/,vim/vimfiles nvim/site)
textmate = share/textmate/pseq.tmLanguage.json

# what editors read, made of the tables of the language
editors: $(B)/pseq
	$(B)/pseq complete vim >share/vim/syntax/pseq.vim
	$(B)/pseq complete textmate >$(textmate)

install: $(B)/pseq
	install -D -t $(DESTDIR)$(PREFIX)/bin $(B)/pseq
	install -D -m 644 -t $(share)/man/man1 man/*.1
	install -D -m 644 -t $(share)/man/man5 man/*.5
	install -D -m 644 -t $(share)/pseq man/pseq-events.schema.json
	install -D -m 644 -t $(share)/doc/pseq README.md COPYING
	install -D -m 644 -t $(share)/doc/pseq/examples examples/*.job
	install -D -t $(share)/doc/pseq/jobs jobs/*.job
	$(B)/pseq complete bash | install -D -m 644 /dev/stdin $(bash)
	$(B)/pseq complete zsh | install -D -m 644 /dev/stdin $(zsh)
	$(B)/pseq complete fish | install -D -m 644 /dev/stdin $(fish)
	install -D -m 644 -t $(share)/pseq $(textmate)
	for d in $(vim); do for f in syntax ftdetect; do \
		install -D -m 644 -t $$d/$$f share/vim/$$f/pseq.vim || \
			exit; \
	done; done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/pseq $(share)/man/man[15]/pseq.[15] \
		$(share)/man/man5/pseq-events.5
	rm -rf $(bash) $(zsh) $(fish) $(share)/doc/pseq $(share)/pseq \
		$(addsuffix /syntax/pseq.vim,$(vim)) \
		$(addsuffix /ftdetect/pseq.vim,$(vim))

demo:
	@tests/prepare build
	@$(MAKE) -s all && $(B)/pseq run examples/demo.job

test:
	@tests/prepare test
	@tests/all

dist: $(B)/pseq
	git archive --prefix=pseq-$(VERSION)/ -o $(B)/pseq-$(VERSION).tar.gz HEAD

clean:
	rm -rf build build-*

.PHONY: all check check-unit check-cli check-asan check-asan-unit \
	check-asan-cli fuzz lint clean editors install uninstall demo test dist
