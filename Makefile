# Everything a fresh clone needs. `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help setup build start test test-c test-ts check format bench soak players fuzz pictures dist clean


# Bun from the PATH when it is new enough, else the pinned one from its npm package, inside the project.
BUN_VERSION := $(shell sed -n 's/.*"packageManager": *"bun@\([0-9.]*\)".*/\1/p' package.json)
BUN_ON_PATH := $(shell found=$$(bun --version 2>/dev/null) && \
	printf '%s\n' '$(BUN_VERSION)' "$$found" | sort -V -C && command -v bun)
BUN_LOCAL := .bun/$(BUN_VERSION)/bun
BUN := $(or $(BUN_ON_PATH),$(BUN_LOCAL))

PACKAGES := node_modules/.installed

# Systems as Bun names them, each with the C compiler for the core's library there: by its Debian name, but on the
# system itself the usual one. A system whose compiler is not installed gets no file; macOS is packed on macOS only.
HOST := $(shell uname -sm | sed 's/Darwin/darwin/; s/Linux/linux/; s/ /-/; s/x86_64/x64/; s/aarch64/arm64/')
SYSTEMS := $(sort linux-x64 linux-arm64 linux-x64-musl $(HOST))
CC_linux-x64 := x86_64-linux-gnu-gcc
CC_linux-arm64 := aarch64-linux-gnu-gcc
CC_linux-x64-musl := $(if $(filter linux-x64,$(HOST)),musl-gcc)
CC_$(HOST) := $(CC)
BUILDABLE := $(foreach system,$(SYSTEMS),$(if $(shell command -v $(CC_$(system))),$(system)))

# Make cannot name files with a blank, such as those of music/.
INSIDE := $(shell find src public core-c music config.hcl package.json LICENSE packaging/licences.ts packaging/notices \
	-path core-c/build -prune -o \
	-type f ! -name '* *' -print)

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r target text; do printf '  make %-8s %s\n' "$$target" "$$text"; done

setup: $(PACKAGES) build ## Fetch what is pinned and build the C core

start: setup ## Run the station; CONFIG=other.hcl uses another configuration
	@exec $(BUN) src/main.ts $(if $(CONFIG),--config $(CONFIG))

test: setup check test-c test-ts ## All tests: types, format, C core under sanitizers, units, end to end

test-c:
	@$(MAKE) --no-print-directory -C core-c test

# Real programs and a browser share CI's cores with strangers: there, with CI set, what failed gets another attempt, and is named.
test-ts: setup dist/cycast-$(HOST)
	$(BUN) tests/runner/run.ts

check: $(PACKAGES) ## Types and format
	$(BUN) check
	$(BUN) fmt --check

format: $(PACKAGES) ## Format everything
	$(BUN) fmt

bench: setup ## Measure Cycast beside other servers on this machine; ARGS="--help" tells how to measure less
	$(BUN) tests/bench/bench.ts $(ARGS)

soak: setup ## Work a station with everything at once; HOURS=1 and LISTENERS=400 unless told
	$(BUN) tests/soak/soak.ts --hours $(or $(HOURS),1) --listeners $(or $(LISTENERS),400)

players: setup dist/cycast-$(HOST) ## Play a station's HLS with every player over a restart; MINUTES=10 unless told
	$(BUN) tests/players/players.ts --minutes $(or $(MINUTES),10)

# The core's fuzzer needs clang.
fuzz: setup ## Try damaged inputs on all parsers and on the core for SECONDS each (60 unless told)
	$(BUN) tests/fuzz/fuzz.ts --seconds $(or $(SECONDS),60)
	@$(MAKE) --no-print-directory -C core-c fuzz SECONDS=$(or $(SECONDS),60)

# Those that README.md shows; `bun tests/browser/screenshots.ts FOLDER` makes all that there are to look at.
pictures: setup dist/cycast-$(HOST) ## Make the README's pictures of the page and the desk
	$(BUN) tests/browser/screenshots.ts tests/browser/pictures page-wide-light page-wide-dark desk-wide-light

build:
	@$(MAKE) --no-print-directory -C core-c

dist: $(BUILDABLE:%=dist/cycast-%) ## Pack the station into one executable a system, in dist/
	@$(foreach system,$(filter-out $(BUILDABLE),$(SYSTEMS)),echo 'not built: $(system) (no compiler)';)
	@ls -sh $^

# What is inside lies in dist/inside/ as it does in the project: --asset keeps the paths. The programs of a thread and of
# the converter are entry points of their own, so that the station's start does not load them. A .env or bunfig.toml that
# lies where the station is started is none of its business.
dist/cycast-%: $(PACKAGES) $(INSIDE)
	@$(MAKE) --no-print-directory -C core-c CC='$(CC_$*)' BUILD=build/$*
	@rm -rf dist/inside/$* && mkdir -p dist/inside/$*/core-c/build dist/inside/$*/music
	@cp core-c/build/$*/libradiocore.* dist/inside/$*/core-c/build/
	@cp -R public config.hcl dist/inside/$*/ && cp music/*.mp3 dist/inside/$*/music/
	@$(BUN) packaging/licences.ts >dist/inside/$*/LICENCES
	@cd dist/inside/$* && $(abspath $(BUN)) build --compile --format=esm --bytecode \
		--no-compile-autoload-dotenv --no-compile-autoload-bunfig $(if $(filter-out $(HOST),$*),--target=bun-$*) \
		--asset public --asset config.hcl --asset music --asset core-c --asset LICENCES \
		--outfile ../../cycast-$* ../../../src/main.ts ../../../src/library/worker.ts ../../../src/library/catalogue-worker.ts ../../../src/history/history-worker.ts ../../../src/convert/convert-child.ts

clean: ## Remove what was built and fetched
	$(MAKE) -C core-c clean
	rm -rf node_modules .bun dist

$(PACKAGES): package.json bun.lock | $(if $(BUN_ON_PATH),,$(BUN_LOCAL))
	$(BUN) install --frozen-lockfile
	@touch $@

# The package's own install step puts the program in place; run by hand, as npm may be set to skip such steps. An older
# Bun can run it in place of Node.js.
$(BUN_LOCAL):
	@command -v npm >/dev/null && npm --version >/dev/null 2>&1 || { \
		echo "Cycast needs Bun $(BUN_VERSION) or newer, and finds $$(bun --version 2>/dev/null || echo none): install it from" \
			"https://bun.sh (an older one: bun upgrade), or install npm and Node.js, which fetch it." >&2; exit 1; }
	npm install --prefix $(@D) --no-save --no-package-lock --no-audit --no-fund --ignore-scripts \
		--loglevel=error bun@$(BUN_VERSION)
	cd $(@D)/node_modules/bun && $$(command -v node || command -v bun) install.js
	@ln -sf node_modules/bun/bin/bun.exe $@
	@$@ --version >/dev/null
