# What there is to do; `make` alone lists it. Everything runs from .venv, which the first
# target makes with nothing but python3 (≥ 3.11, with venv): uv and Node come from PyPI.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install run test check unit browser realdata fuzz bundles synth stack invariants gates bench clean

BIN := .venv/bin
unexport PYTHONDONTWRITEBYTECODE  # the CDK is slow to compile: once is enough
export UV_LINK_MODE := copy
export UV_PROJECT_ENVIRONMENT := .venv
export JSII_RUNTIME_PACKAGE_CACHE_ROOT := $(CURDIR)/.local/jsii
export PATH := $(CURDIR)/$(BIN):$(PATH)
WORKERS ?= 2
export LEADLOOP_REALDATA ?= $(realpath ../shared/realdata)
FIRST_RING := tests/invariants/test_faults.py
SLOWER := bench browser fuzz infra local stack invariants realdata  # phases of their own, or not part of `make test`

# $(call timed,name,command): runs it and prints how long the phase took.
timed = @printf '\n── %s\n' '$(1)'; SECONDS=0; if $(2); then printf '── %s: %d s\n' '$(1)' $$SECONDS; \
	else printf '── %s FAILED after %d s\n' '$(1)' $$SECONDS; exit 1; fi

# $(call spoken,name,command): runs it, and prints a line every 8 s while it is at work.
spoken = ticker() { while sleep 8; do printf '  … still at: %s, %d s\n' '$(1)' $$SECONDS; done; }; ticker & t=$$!; \
	trap 'kill $$t 2>/dev/null' EXIT; $(2)

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/.installed ## make .venv from uv.lock

.venv/.installed: uv.lock pyproject.toml
	@printf '── install: .venv from uv.lock, by PyPI (once; about a minute)\n'; SECONDS=0; \
	$(call spoken,install,if { [ -x $(BIN)/python ] || python3 -m venv .venv; } \
	  && { [ -x $(BIN)/uv ] || $(BIN)/python -m pip --quiet install 'uv>=0.13'; } \
	  && $(BIN)/uv sync --frozen --inexact --quiet && touch $@; then printf '── install: %d s\n' $$SECONDS; \
	  else printf '── install FAILED after %d s\n' $$SECONDS; exit 1; fi)

run: install ## start the system here, send the samples, stay up (ONCE=1: end with a verdict; PORT=5566: other ports)
	@$(BIN)/python -m infra.local.run $(if $(ONCE),--once) $(if $(PORT),--port $(PORT))

test: install check unit browser $(if $(LEADLOOP_REALDATA),realdata) fuzz bundles gates synth stack invariants ## everything CI runs

check: install ## lint, types, imports, dependencies
	$(call timed,check,ruff format --check . && ruff check . && mypy && lint-imports && deptry shared functions)

unit: install ## unit, contract, story and house tests; the ten slowest
	$(call timed,unit + contracts + stories,pytest -q -n $(WORKERS) --durations=10 tests $(SLOWER:%=--ignore tests/%))

browser: install ## the forms' pages and script in a real Chromium (this machine's, or npm's)
	$(call timed,browser,python -m tests.browser.chromium && pytest -q tests/browser)

realdata: install ## other people's data, in the folder that LEADLOOP_REALDATA names
	$(call timed,realdata,pytest -q -n $(WORKERS) tests/realdata)

fuzz: install ## whatever is sent to the doors and readers (FULL=1: 20,000 inputs)
	$(call timed,fuzz,pytest -q -n $(WORKERS) tests/fuzz)

bundles: install ## the zip of each function, as this machine runs it
	$(call timed,bundles,python -m infra.bundling.bundles)

gates: install ## what the bench counts, held to its limits
	$(call timed,gates,pytest -q -n $(WORKERS) tests/bench)

bench: install ## what a lead, a step and a start cost, beside anchors (ONLY="1 7", FULL=1)
	@$(BIN)/python -m tests.bench $(ONLY) $(if $(FULL),--full)

synth: install ## the templates: synthesised, linted and tested
	$(call timed,synth,pytest -q -n $(WORKERS) --dist loadfile tests/infra)

stack: install ## end to end on the embedded AWS
	$(call timed,stack,pytest -q $(wildcard tests/local tests/stack))

invariants: install ## the ledger: nothing lost, doubled or overrun, whatever the weather (FULL=1, SEED=n)
	$(call timed,first ring of faults,pytest -q -n $(WORKERS) --dist worksteal $(FIRST_RING))
	$(call timed,invariants,pytest -q -n $(WORKERS) --dist worksteal tests/invariants --ignore $(FIRST_RING))

clean: ## forget the laptop's data, builds and caches (not .venv)
	rm -rf .local build cdk.out .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
