# The same commands here and in CI. `make help` lists them.
#
# `make run` and `make test` need Python >= 3.11, make, bash and the package registries; all else comes with them.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

BIN := .venv/bin
RUNTIME := .venv/.runtime
DEV := .venv/.dev
NODE := node_modules/.installed
NPX := PATH="$(CURDIR)/$(BIN):$$PATH" $(CURDIR)/node_modules/.bin

# What an installer says, as one line that moves (in a terminal) or the lines that matter (in a log).
PROGRESS := awk -v terminal="$$(test -t 2 && echo 1)" ' \
	terminal { printf "\r\033[K  %.76s", $$0 > "/dev/stderr"; fflush("/dev/stderr") } \
	!terminal && /^(Installing|Successfully|added)/ { printf "  %.100s\n", $$0 } \
	END { if (terminal) printf "\r\033[K" > "/dev/stderr" }'
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-input --progress-bar off -c constraints.txt

.PHONY: help setup run test lint format types test-js test-py chromium services exports protocol bench bench-adversarial bench-digits bench-digits-live bench-autoencoder bench-autoencoder-live results-autoencoder bench-live bench-class bench-lines bench-start results sizes faults soak check upgrade clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' Makefile

## Set-up: a stamp file remembers for which pyproject.toml and constraints.txt it was done.

$(RUNTIME): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Hyperplane needs Python 3.11 or newer: make run PYTHON=/path/to/python" >&2; exit 1; }
	@for python in "$(PYTHON)" $(BIN)/python; do \
		! command -v $$python > /dev/null || $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Hyperplane needs Python 3.11 or newer, and $$python is older: make run PYTHON=/path/to/python" >&2; \
		test $$python != $(BIN)/python || echo "Remove .venv before, so that it is made anew" >&2; exit 1; }; done
	@test -x $(BIN)/pip || { echo "Creating .venv with $$($(PYTHON) --version)"; $(PYTHON) -m venv .venv; }
	@echo "Installing what the server needs into .venv (numba, fastapi and others; up to a minute)"
	@$(PIP) -e '.[load,onnx,video]' | $(PROGRESS)
	@touch $@

$(DEV): $(RUNTIME)
	@echo "Installing what the checks need into .venv (pytest, mypy, playwright, Node and others)"
	@$(PIP) -e '.[dev]' | $(PROGRESS)
	@touch $@

$(NODE): package.json package-lock.json .npmrc | $(DEV)
	@echo "Installing what the checks of static/ need into node_modules (typescript, biome)"
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --loglevel=error | $(PROGRESS)
	@touch $@

setup: $(RUNTIME) ## create .venv with what the server needs
	@echo "Ready: $(BIN)/hyperplane is the command line"

run: $(RUNTIME) ## serve the playground: make run HOST=0.0.0.0 PORT=8000
	@exec $(BIN)/hyperplane serve --host $(HOST) --port $(PORT)

## Checks

test: lint types test-js test-py ## every check, browser tests included

lint: $(NODE) ## style: ruff, Biome, hadolint
	$(BIN)/ruff check
	$(BIN)/ruff format --check --quiet
	$(NPX)/biome check --error-on-warnings
	$(BIN)/hadolint Dockerfile

format: $(NODE) ## put all files in the house's format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(NPX)/biome check --write

types: $(NODE) ## types: mypy, tsc
	$(BIN)/mypy
	$(NPX)/tsc --project tsconfig.json
	$(NPX)/tsc --project tests/static/tsconfig.json

test-js: $(NODE) ## the page's modules, without a browser
	$(BIN)/node --test --test-reporter=dot 'tests/static/**/*.test.js'

chromium: $(DEV) # for the browser tests; HYPERPLANE_CHROMIUM names one at another place
	@$(BIN)/python -m tests.browser.chromium --install

services: $(DEV) # for the tests of several servers: nginx and redis-server
	@$(BIN)/python -m tests.debian

# Tests without a browser keep one core busy, so two processes share them; a page, its browser and its server keep two.
test-py: $(NODE) chromium services ## engine, server, page in Chromium, packaging; make test-py ARGS='-k xor'
ifdef ARGS
	$(BIN)/python -m pytest $(ARGS)
else
	$(BIN)/python -m pytest -n 2 --dist loadfile --ignore=tests/browser
	$(BIN)/python -m pytest tests/browser
endif

sizes: $(DEV) chromium ## the page's tests at every size of the window; make test has two
	$(BIN)/python -m pytest --all-sizes tests/browser $(ARGS)

faults: $(DEV) services ## 200 visitors on a bad network, a server ended six times; then every kind of abuse, with figures
	$(BIN)/python -m pytest -q -s tests/app/test_faults.py --visitors 200 --rounds 6 $(ARGS)
	$(BIN)/python -m benchmarks.abuse

soak: $(DEV) ## 200 visitors who come and go for ten minutes: does the server grow? ARGS='--minutes 60'
	$(BIN)/python -m benchmarks.soak $(ARGS)

exports: $(DEV) ## 200 random experiments as NumPy, PyTorch, Keras and ONNX files, run and trained on; make test has 23
	$(BIN)/python -m pytest tests/app/exports --experiments 200 $(ARGS)

check: lint types test-js ## the quick checks, without pytest

protocol: $(NODE) ## write static/session/protocol.d.ts from app/protocol.py
	$(BIN)/python -m tools.protocol_types

## Figures

bench: $(RUNTIME) ## the engine's speed, as in docs/figures.md
	$(BIN)/python -m benchmarks.engine $(ARGS)

bench-digits: $(RUNTIME) ## training of the digits lab's networks, beside PyTorch's where it is installed
	$(BIN)/python -m benchmarks.digits $(ARGS)

bench-adversarial: $(RUNTIME) ## rounds of the adversarial lab, beside PyTorch's where it is installed
	$(BIN)/python -m benchmarks.adversarial $(ARGS)

bench-digits-live: $(DEV) chromium ## the digits page's speed in Chromium
	$(BIN)/python -m benchmarks.live_digits $(ARGS)

bench-autoencoder: $(RUNTIME) ## training of the autoencoder lab's stacks, beside PyTorch's where it is installed
	$(BIN)/python -m benchmarks.autoencoder $(ARGS)

bench-autoencoder-live: $(DEV) chromium ## the autoencoder page's frames in Chromium
	$(BIN)/python -m benchmarks.live_autoencoder $(ARGS)

bench-live: $(DEV) chromium ## the page's speed in Chromium
	$(BIN)/python -m benchmarks.live $(ARGS)
	$(BIN)/python -m benchmarks.live_explain
	$(BIN)/python -m benchmarks.live_space
	$(BIN)/python -m benchmarks.live_draw
	$(BIN)/python -m benchmarks.live_time
	$(BIN)/python -m benchmarks.live_film
	$(BIN)/python -m benchmarks.live_compare

results: $(RUNTIME) ## what the lecture says of depth, tried: the tables of docs/results.md
	$(BIN)/python -m benchmarks.results $(ARGS)

results-autoencoder: $(RUNTIME) ## digits in few numbers, a minute each: the table of docs/results.md
	$(BIN)/python -m benchmarks.autoencoder_results $(ARGS)

bench-class: $(DEV) ## what a class has of one server: 1 to 1,000 sessions, a full server, its end and everybody's return
	$(BIN)/python -m benchmarks.classroom $(ARGS)

bench-lines: $(DEV) ## what a page has of a slow line
	$(BIN)/python -m benchmarks.slow_lines $(ARGS)

bench-start: $(RUNTIME) ## cold and warm start
	$(BIN)/python -m benchmarks.start $(ARGS)

## Upkeep

upgrade: $(DEV) ## renew constraints.txt: the newest versions of everything
	@rm -rf .venv-upgrade
	@$(PYTHON) -m venv .venv-upgrade
	@.venv-upgrade/bin/python -m pip install --disable-pip-version-check -e '.[dev]' hatchling editables | $(PROGRESS)
	@{ sed '/^$$/q' constraints.txt; .venv-upgrade/bin/python -m pip freeze --exclude-editable; } > constraints.new
	@mv constraints.new constraints.txt
	@rm -rf .venv-upgrade
	@git --no-pager diff --stat constraints.txt

clean: ## remove what these commands made
	rm -rf .venv .venv-upgrade node_modules .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
