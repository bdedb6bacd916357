# SPDX-License-Identifier: GPL-3.0-or-later
#
# make                 builds ./gotrace-tui
# make help            says what else there is
#
# V=1 shows commands. DEBUG=1 builds without optimisation, assertions on. SAN=address,undefined builds with
# sanitizers, in a folder of its own. O=DIR chooses the folder. CC=clang-14 chooses the compiler. WERROR= lets warnings
# pass, of which other compilers and flags have others.

CC ?= cc
AR ?= ar
V ?= 0
DEBUG ?= 0
SAN ?=
comma := ,
O ?= build$(if $(filter-out cc gcc,$(CC)),-$(CC))$(if $(SAN),-$(subst $(comma),-,$(SAN)))$(if $(filter-out 0,$(DEBUG)),-debug)
PREFIX ?= /usr/local
prefix ?= $(PREFIX)
bindir ?= $(prefix)/bin
datarootdir ?= $(prefix)/share
mandir ?= $(datarootdir)/man
DESTDIR ?=
VERSION := 0.1

Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-6s %s\n' '$(1)' '$(2)')

OPT := $(if $(filter-out 0,$(DEBUG)),-O0 -g,-O2 -g -DNDEBUG)
ifneq ($(SAN),)
OPT := -O1 -g -fno-omit-frame-pointer -fsanitize=$(SAN) -fno-sanitize-recover=all
endif
CFLAGS ?=
WERROR ?= -Werror
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
	-Wpointer-arith -Wcast-qual -Wvla -Wundef $(WERROR)
ALL_CFLAGS = -std=c11 $(OPT) $(WARN) -MMD -MP $(CFLAGS)
# What core may use of the system is ISO C and nothing else; the others are POSIX programs.
CORE_FLAGS := -Icore $(if $(SAN)$(filter-out 0,$(DEBUG)),,-O3)
PROG_FLAGS := -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE -Icore -I. -DGT_VERSION='"$(VERSION)"'

CURSES := $(shell pkg-config --libs ncursesw 2>/dev/null || echo -lncursesw -ltinfo)
LIBS := $(CURSES) -lreadline -lpcre2-8 -lzstd -lz
LDFLAGS ?=

CORE_SRC := $(filter-out %_test.c,$(wildcard core/*.c))
# What tests of the explorer share is no part of it.
UI_TEST_SRC := ui/emulator.c
UI_SRC := $(filter-out %_test.c $(UI_TEST_SRC),$(wildcard ui/*.c))
MAIN_SRC := $(filter-out %_test.c,$(wildcard src/*.c))
GEN_SRC := $(wildcard testdata/generators/*.c)
CORE_TESTS := $(patsubst core/%.c,$(O)/core/%,$(wildcard core/*_test.c))
UI_TESTS := $(patsubst ui/%.c,$(O)/ui/%,$(wildcard ui/*_test.c))
MAIN_TESTS := $(patsubst src/%.c,$(O)/src/%,$(wildcard src/*_test.c))
TESTS := $(CORE_TESTS) $(UI_TESTS) $(MAIN_TESTS)

CORE_OBJ := $(CORE_SRC:%.c=$(O)/%.o)
# Lessons are part of the program: see testdata/lessons/README.md.
LESSONS := $(sort $(wildcard testdata/lessons/*.lesson))
UI_OBJ := $(UI_SRC:%.c=$(O)/%.o) $(O)/lessons.o
MAIN_OBJ := $(MAIN_SRC:%.c=$(O)/%.o)
GEN_OBJ := $(GEN_SRC:%.c=$(O)/%.o)
LIB := $(O)/libgotrace.a
PROG := $(O)/gotrace-tui

.PHONY: all check check-core check-unit check-golden check-install walk check-generated conformance generate man pictures screens bench bench-nav bench-held fuzz replay lint install uninstall clean help FORCE
all: $(PROG) $(if $(filter build,$(O)),gotrace-tui)

# Built once for each set of flags: when they change, everything is made anew.
$(O)/flags: FORCE
	@mkdir -p $(O)/core $(O)/ui $(O)/src $(O)/testdata/generators
	@echo '$(CC) $(ALL_CFLAGS) $(LDFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS) $(LDFLAGS)' >$@

$(O)/core/%.o: core/%.c $(O)/flags
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) $(CORE_FLAGS) -c -o $@ $<

$(O)/ui/%.o: ui/%.c $(O)/flags
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) $(PROG_FLAGS) -c -o $@ $<

$(O)/src/%.o: src/%.c $(O)/flags
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) $(PROG_FLAGS) -c -o $@ $<

# Anew when one is changed, added or taken away.
$(O)/lessons.c: testdata/lessons testdata/lessons/bundle.sh $(LESSONS) $(O)/flags
	$(call say,LESSON,$@)
	$(Q)sh testdata/lessons/bundle.sh $(LESSONS) >$@.new && mv -f $@.new $@

$(O)/lessons.o: $(O)/lessons.c
	$(Q)$(CC) $(ALL_CFLAGS) $(PROG_FLAGS) -c -o $@ $<

$(LIB): $(CORE_OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(PROG): $(MAIN_OBJ) $(UI_OBJ) $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -lpthread

# Moved into place at once: a copy that runs goes on running.
gotrace-tui: $(PROG)
	$(Q)cp -f $< $@.new && mv -f $@.new $@

# Unit tests: one program for each NAME_test.c; those of core see its private headers.
$(CORE_TESTS): $(O)/core/%: $(O)/core/%.o $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka
$(UI_TESTS): $(O)/ui/%: $(O)/ui/%.o $(UI_TEST_SRC:%.c=$(O)/%.o) $(UI_OBJ) $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka -lvterm -lutil $(LIBS)
$(MAIN_TESTS): $(O)/src/%: $(O)/src/%.o $(filter-out $(O)/src/main.o $(O)/src/cmd_completion.o,$(MAIN_OBJ)) $(UI_OBJ) $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LIBS)

# The law of the layers: core takes from outside memory, sorting and formatting into memory, and nothing else; in
# particular nothing that prints, reads files, asks the environment, ends the process, or draws. Behind it, what compilers
# and sanitizers put in.
CORE_MAY := bcmp calloc free malloc realloc qsort mem[a-z]* str[a-z]* snprintf sprintf vsnprintf __assert_fail \
	__[a-z]*_chk __stack_chk_fail __(asan|ubsan|tsan|lsan|sanitizer|sancov)_.* _GLOBAL_OFFSET_TABLE_ __tls_get_addr \
	__start___sancov_.* __stop___sancov_.*
check-core: $(LIB)
	$(call say,NM,$(LIB))
	$(Q)nm -g $(LIB) | awk 'NF == 3 { print $$3 }' | sort -u >$(O)/core.defined
	$(Q)bad=$$(nm -u $(LIB) | awk 'NF == 2 { print $$2 }' | sort -u | comm -23 - $(O)/core.defined | \
		grep -vxE "$$(echo $(foreach f,$(CORE_MAY),'$(f)') | tr ' ' '|')"); \
		if [ -n "$$bad" ]; then echo "core may not use:" $$bad >&2; exit 1; fi
	$(Q)if objdump -t $(LIB) | grep -E '[[:space:]]\.(data|bss|tdata|tbss)[[:space:]]+0*[1-9a-f]' | \
		grep -vE '__(asan|ubsan|odr|tsan|sancov)|__unnamed_[0-9]'; then \
		echo "core may have no writable globals" >&2; exit 1; fi

check: check-core check-unit check-generated check-golden check-install
	@echo "all checks passed"

# GT tells the tests of the explorer which program to run on a pseudo-terminal.
check-unit: $(TESTS) $(PROG)
	$(Q)for t in $(TESTS); do printf '  TEST   %s\n' "$$t"; \
		GT=$(abspath $(PROG)) $$t >$$t.log 2>&1 || { cat $$t.log; exit 1; }; done

# Random walks, WALK times as long as those of make check: steps, jumps, searches, other rules, held against straight reading.
WALK ?= 100
walk: $(O)/core/step_test $(O)/core/step_dense_test $(O)/ui/access_test
	$(Q)for t in $^; do printf '  WALK   %s\n' "$$t"; WALK=$(WALK) $$t >$$t.log 2>&1 || { cat $$t.log; exit 1; }; done

check-golden: $(PROG)
	$(Q)GT=$(abspath $(PROG)) sh testdata/check.sh

# Makers of .test files, from scenarios in C: our own, and those of Go's tree for .ci/run to compare.
$(O)/testdata/generators/%.o: testdata/generators/%.c $(O)/flags
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) $(CORE_FLAGS) -c -o $@ $<

$(O)/generate: $(filter-out %/conformance.o,$(GEN_OBJ)) $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

$(O)/conformance: $(O)/testdata/generators/conformance.o $(O)/testdata/generators/run.o $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

generate: $(O)/generate
	$(call say,GEN,testdata/tests)
	$(Q)$(O)/generate testdata/tests

conformance: $(O)/conformance

# The .test files that are made are as they would be made now.
check-generated: $(O)/generate
	$(call say,CHECK,generated .test files)
	$(Q)rm -rf $(O)/generated && mkdir $(O)/generated && $(O)/generate $(O)/generated
	$(Q)stale=; for t in $(O)/generated/*.test; do \
		cmp -s $$t testdata/tests/$${t##*/} || { diff -u testdata/tests/$${t##*/} $$t; stale="$$stale $${t##*/}"; }; \
		done; [ -z "$$stale" ] || { echo "stale:$$stale; run make generate" >&2; exit 1; }

# Pictures of real screens, without a terminal.
$(O)/testdata/pictures/%.o: testdata/pictures/%.c $(O)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) $(PROG_FLAGS) -c -o $@ $<

$(O)/pictures: $(O)/testdata/pictures/pictures.o $(UI_OBJ) $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -lpthread

pictures: $(O)/pictures
	$(call say,PICT,testdata/pictures)
	$(Q)sh testdata/pictures/make.sh $(O)/pictures testdata/pictures

# The screens that tests compare with, and what scripts print, as they are now: look at what changed before it is committed.
screens: $(O)/ui/golden_test $(PROG)
	$(call say,SCREEN,testdata/screens)
	$(Q)mkdir -p testdata/screens
	$(Q)UPDATE_SCREENS=1 GT=$(abspath $(PROG)) $(O)/ui/golden_test >$(O)/screens.log 2>&1 || { cat $(O)/screens.log; exit 1; }
	$(call say,RUN,scripts and tour of testdata)
	$(Q)cd testdata && for t in scripts/*.gt tour/*.gt; do TZ=UTC $(abspath $(PROG)) run $$t $$(sed -n '1s/^# //p' $$t) \
		>$${t%.gt}.txt || [ $$? -eq 1 ] || exit 1; done

# The manual page's list of the explorer's keys and commands, made from ui/commands.def.
man: $(PROG)
	$(call say,MAN,man/gotrace-tui.1)
	$(Q)$(PROG) completion mdoc >$(O)/keys.mdoc
	$(Q)awk -v keys=$(O)/keys.mdoc '/^\.\\" made by make man/ { print; while ((getline line <keys) > 0) print line; skip = 1; next } \
		/^\.\\" end/ { skip = 0 } !skip' man/gotrace-tui.1 >$(O)/gotrace-tui.1 && cp $(O)/gotrace-tui.1 man/gotrace-tui.1

bench: $(PROG) $(O)/bench-nav $(O)/bench-varint
	$(Q)GT=$(abspath $(PROG)) NAV=$(abspath $(O)/bench-nav) VARINT=$(abspath $(O)/bench-varint) bash testdata/bench/bench.sh

# How the explorer moves in a trace: make bench-nav TRACE=FILE.
$(O)/testdata/bench/%.o: testdata/bench/%.c $(O)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) $(PROG_FLAGS) -c -o $@ $<

$(O)/bench-nav: $(O)/testdata/bench/nav.o $(UI_OBJ) $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -lutil -lpthread

$(O)/bench-varint: $(O)/testdata/bench/varint.o $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

bench-nav: $(O)/bench-nav $(PROG)
	$(Q)$(O)/bench-nav $(abspath $(PROG)) '$(TRACE)'

# What a key that is held down costs, in each view.
bench-held: $(O)/bench-nav $(PROG)
	$(Q)$(O)/bench-nav $(abspath $(PROG)) '$(TRACE)' held

lint:
	$(Q)cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability --inline-suppr \
		--suppress=missingIncludeSystem -Icore -I. -DGT_VERSION='""' core ui src testdata/generators

# Shells, and where each looks for completions below share.
COMPLETIONS := bash:bash-completion/completions zsh:zsh/site-functions fish:fish/vendor_completions.d
COMPLETES = $$(case $$c in bash:*) echo gotrace-tui ;; zsh:*) echo _gotrace-tui ;; *) echo gotrace-tui.fish ;; esac)

install: $(PROG)
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(mandir)/man1 $(DESTDIR)$(mandir)/man5
	install $(PROG) $(DESTDIR)$(bindir)/gotrace-tui
	install -m 644 man/gotrace-tui.1 $(DESTDIR)$(mandir)/man1/
	install -m 644 man/gotrace-text.5 $(DESTDIR)$(mandir)/man5/
	for c in $(COMPLETIONS); do $(PROG) completion $${c%%:*} >$(O)/completion && \
		install -d $(DESTDIR)$(datarootdir)/$${c#*:} && \
		install -m 644 $(O)/completion $(DESTDIR)$(datarootdir)/$${c#*:}/$(COMPLETES) || exit 1; done

uninstall:
	rm -f $(DESTDIR)$(bindir)/gotrace-tui $(DESTDIR)$(mandir)/man1/gotrace-tui.1 $(DESTDIR)$(mandir)/man5/gotrace-text.5
	for c in $(COMPLETIONS); do rm -f $(DESTDIR)$(datarootdir)/$${c#*:}/$(COMPLETES); done

# What is installed is there for all to use, and goes again.
check-install: $(PROG)
	$(Q)rm -rf $(O)/stage
	$(Q)(umask 077; $(MAKE) -s install DESTDIR=$(abspath $(O))/stage prefix=/usr)
	$(Q)test -x $(O)/stage/usr/bin/gotrace-tui && ! find $(O)/stage -type f ! -perm -444 | grep .
	$(Q)$(MAKE) -s uninstall DESTDIR=$(abspath $(O))/stage prefix=/usr
	$(Q)test -z "$$(find $(O)/stage -type f)" && rm -r $(O)/stage

help:
	@echo 'make            build ./gotrace-tui'
	@echo 'make check      all tests: check-core (layers), check-unit, check-golden, check-install'
	@echo 'make generate   make .test files of testdata/tests from testdata/generators'
	@echo 'make man        make the list of keys and commands in the manual page from ui/commands.def'
	@echo 'make screens    make what tests compare with (testdata/screens, tour) from what is shown now'
	@echo 'make pictures   make the pictures of the README from the traces of testdata'
	@echo "make bench      speed beside Go's own reader; TRACE=FILE measures on that"
	@echo 'make walk       random walks through all traces, WALK=100 times as long as those of make check'
	@echo 'make bench-nav  how fast the explorer opens TRACE=FILE, moves and searches in it; bench-held: keys held down'
	@echo 'make fuzz       fuzz each reader (clang-14), FUZZ_TIME seconds each; make replay plays what was found again'
	@echo 'make lint       cppcheck'
	@echo 'make install    to $$(DESTDIR)$$(prefix), /usr/local; make uninstall takes it away'
	@echo 'make clean      remove what was built'
	@echo 'V=1 shows commands; DEBUG=1, SAN=address,undefined, CC=clang-14, O=DIR: see the top of the Makefile'

clean:
	rm -rf build build-* gotrace-tui

include core/fuzz/fuzz.mk

-include $(wildcard $(O)/core/*.d $(O)/ui/*.d $(O)/src/*.d $(O)/testdata/generators/*.d $(O)/testdata/pictures/*.d $(O)/testdata/bench/*.d $(O)/*.d)
