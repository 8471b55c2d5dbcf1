# Everything a fresh clone needs. `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help setup build start test test-c test-ts check format bench clean

CONFIG ?= config.hcl

# Bun from the PATH when it is new enough, else the pinned one from its npm package, inside the project.
BUN_VERSION := $(shell sed -n 's/.*"packageManager": *"bun@\([0-9.]*\)".*/\1/p' package.json)
BUN_ON_PATH := $(shell found=$$(bun --version 2>/dev/null) && \
	printf '%s\n' '$(BUN_VERSION)' "$$found" | sort -V -C && command -v bun)
BUN_LOCAL := .bun/$(BUN_VERSION)/bun
BUN := $(or $(BUN_ON_PATH),$(BUN_LOCAL))

PACKAGES := node_modules/.installed

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r target text; do printf '  make %-8s %s\n' "$$target" "$$text"; done

setup: $(PACKAGES) build ## Fetch what is pinned and build the C core

start: setup ## Run the station; CONFIG=other.hcl uses another configuration
	@exec $(BUN) src/main.ts --config $(CONFIG)

test: setup check test-c test-ts ## All tests: types, format, C core under sanitizers, units, end to end

test-c:
	@$(MAKE) --no-print-directory -C core-c test

# A test that waits in vain says what for after 10 s; the runner must not cut it off before.
test-ts: setup
	$(BUN) test --timeout 30000

check: $(PACKAGES) ## Types and format
	$(BUN) check
	$(BUN) fmt --check

format: $(PACKAGES) ## Format everything
	$(BUN) fmt

bench: setup ## Measure start, idle cost and fan-out on this machine
	$(BUN) tests/bench/bench.ts

build:
	@$(MAKE) --no-print-directory -C core-c

clean: ## Remove what was built and fetched
	$(MAKE) -C core-c clean
	rm -rf node_modules .bun dist

$(PACKAGES): package.json bun.lock | $(if $(BUN_ON_PATH),,$(BUN_LOCAL))
	$(BUN) install --frozen-lockfile
	@touch $@

# The package's own install step puts the program in place; run by hand, as npm may be set to skip such steps.
$(BUN_LOCAL):
	@command -v npm >/dev/null || { \
		echo "Cycast needs Bun $(BUN_VERSION) or newer (https://bun.sh), or npm to fetch it." >&2; exit 1; }
	npm install --prefix $(@D) --no-save --no-package-lock --no-audit --no-fund --ignore-scripts \
		--loglevel=error bun@$(BUN_VERSION)
	cd $(@D)/node_modules/bun && node install.js
	@ln -sf node_modules/bun/bin/bun.exe $@
	@$@ --version >/dev/null
