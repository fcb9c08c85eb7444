# What people who work on Redress type. Every target is harmless when repeated.
#
#   make run     set up what is needed and serve the embedded mode with demo data
#   make test    set up what tests need and run all of them
#   make help    the other targets

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
DATA ?= ./data
HOST ?= 127.0.0.1
PORT ?= 8000
TESTS ?= tests
# Processes that run tests side by side, each with databases and brokers of its own; in the order of
# the folders, so that the long waits of tests/distributed do not stand alone at the end.
WORKERS ?= 2
# What builds the project itself is locked too, so that setting up needs nothing unhashed.
BUILD := hatchling editables
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: help setup setup-dev tools run test check format crash bench audit schemas env docs lock \
	migration clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 12

## Setting up: a virtual environment from locks with hashes. The stamps make a repetition fast.

setup: .make/setup ## the environment that `make run` needs

setup-dev: .make/setup-dev ## ... and what tests and checks need

.make/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Redress needs Python 3.11 or newer; choose one: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' \
		|| { echo "Python's venv is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@mkdir -p .make && touch $@

.make/runtime: .make/venv requirements.lock
	$(PIP) install --require-hashes -r requirements.lock
	@touch $@

.make/setup: .make/runtime pyproject.toml
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.make/setup-dev: .make/setup requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

tools: ## the programs beside Python that tests use: installed (CI, root) or named
	@.ci/tools

## Using and proving

run: setup ## serve the embedded mode with demo data on http://127.0.0.1:8000
	$(BIN)/redress up --host $(HOST) --port $(PORT) --data $(DATA)

test: setup-dev tools ## everything that proves something; TESTS=tests/mediation for a part
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

check: setup-dev ## format, lint, types, borders, keys left in the source
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	.ci/secrets
	$(BIN)/python -m pytest -q tests/architecture

format: setup-dev ## bring the source into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

crash: setup-dev tools ## kill -9 while complaints pour in, then count
	$(BIN)/python -m deploy.crash $(ARGS)

bench: setup-dev tools ## the figures, as ratios of one run; ARGS="--complaints 1000000"
	$(BIN)/python -m deploy.bench $(ARGS)

audit: setup-dev ## known weaknesses of the packages we use
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.lock

## Generated files, committed

schemas: setup ## JSON Schemas, AsyncAPI and the table of events from the event classes
	$(BIN)/python -m deploy.schemas

env: setup ## .env.example from the settings classes
	$(BIN)/python -m deploy.cli.env > .env.example.new
	@mv .env.example.new .env.example

docs: setup ## who may do and call what: docs/permissions.md and docs/access.md from the code
	$(BIN)/python -m deploy.docs

lock: .make/setup-dev ## resolve the dependencies anew; the locks name no hosts
	printf '%s\n' $(BUILD) | $(COMPILE) pyproject.toml - --extra s3 -o requirements.lock
	printf '%s\n' $(BUILD) | $(COMPILE) pyproject.toml - --extra dev --extra s3 -c requirements.lock -o requirements-dev.lock

migration: setup ## a new migration: make migration SERVICE=mediation NAME="who may approve"
	$(BIN)/python -m deploy.migration "$(SERVICE)" "$(NAME)"

clean: ## forget the environment and the caches; data stays
	rm -rf $(VENV) .make .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
