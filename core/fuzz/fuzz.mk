# SPDX-License-Identifier: MIT
# make fuzz runs each fuzzer of core/fuzz for FUZZ_TIME seconds, from the traces of testdata and what it found before;
# make replay plays all that again without a fuzzer. What fails is kept in build-fuzz/NAME-crash-...
FUZZERS := binary text test nav expr
FUZZ_CC ?= clang-14
FUZZ_TIME ?= 60
FUZZ_SAN := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_DEPS := core/fuzz/fuzz.h core/fuzz/memory.h core/testing.h $(CORE_SRC) $(wildcard core/*.h core/*.def)
# fuzz_nav.c has a step.c of its own, with many checkpoints.
fuzz_src = core/fuzz/fuzz_$(1).c $(if $(filter nav,$(1)),$(filter-out core/step.c,$(CORE_SRC)),$(CORE_SRC))

build-fuzz/fuzz_%: core/fuzz/fuzz_%.c $(FUZZ_DEPS)
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)
	$(Q)$(FUZZ_CC) -std=c11 $(FUZZ_SAN) $(WARN) $(CORE_FLAGS) -fsanitize=fuzzer -o $@ $(call fuzz_src,$*)

build-fuzz/replay_%: core/fuzz/fuzz_%.c $(FUZZ_DEPS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=c11 -O1 -g -DREPLAY $(WARN) $(CORE_FLAGS) -o $@ $(call fuzz_src,$*)

# Seeds: traces as they are, tests as they are, the text in the tests, and the expressions that are tested.
build-fuzz/seeds: $(PROG) core/expr_test.c $(wildcard testdata/traces/*.trace testdata/bad/*.trace testdata/tests/*.test)
	@rm -rf $@ && mkdir -p $@/binary $@/text $@/test
	@cp testdata/traces/*.trace testdata/bad/*.trace $@/binary
	@cp testdata/tests/*.test $@/test
	@for t in testdata/tests/*.test; do sed '1,/^-- trace --$$/d' "$$t" >$@/text/$$(basename "$$t" .test).txt; done
	@for t in testdata/tests/*.test; do $(PROG) convert --to=binary "$$t" $@/binary/$$(basename "$$t" .test) 2>/dev/null; done
	@ln -s binary $@/nav
	@mkdir $@/expr && sed -n 's/.*ROW("\([^"]*\)".*/\1/p; s/.*{ "\([^"]*\)", [0-9].*/\1/p' core/expr_test.c | \
		awk -v d=$@/expr '{ f = d "/" NR; printf "%s", $$0 >f; close(f) }'

fuzz: $(FUZZERS:%=build-fuzz/fuzz_%) build-fuzz/seeds
	@for t in $(FUZZERS); do mkdir -p build-fuzz/corpus/$$t; build-fuzz/fuzz_$$t -max_total_time=$(FUZZ_TIME) \
		-max_len=4000 -rss_limit_mb=2000 -artifact_prefix=build-fuzz/$$t- -verbosity=0 -print_funcs=0 \
		build-fuzz/corpus/$$t build-fuzz/seeds/$$t/ || exit 1; done

replay: $(FUZZERS:%=build-fuzz/replay_%) build-fuzz/seeds
	@for t in $(FUZZERS); do mkdir -p build-fuzz/corpus/$$t; \
		build-fuzz/replay_$$t build-fuzz/seeds/$$t build-fuzz/corpus/$$t 2>build-fuzz/replay_$$t.log || \
		{ tail -2 build-fuzz/replay_$$t.log; exit 1; }; done
