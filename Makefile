# What one types here. Each target first makes .venv, out of the pinned and hashed constraints.txt.
#   make demo        build the graph of the example articles, ask it, analyse it, draw it
#   make test        lint, then every test but the long ones, a real browser included
#   make pages       bundle the viewer and what kg serve shows, out of kg/view/src and kg/server/page/src; needs Node
#   make PYTHON=python3.12 …   with another Python (3.11 or newer) than python3

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test test-long bench bench-viewer lint lock pages weights clean

PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
STORE := demo/store
PIP_TOOLS := pip-tools==7.6.2

export PATH := $(abspath $(VENV))/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONHOME VIRTUAL_ENV

# Runs a command and shows it as one would type it.
run = @printf '\n\033[1m$$ %s\033[0m\n' '$(1)'; $(1)

help:
	@echo "make demo | test | test-long | bench | bench-viewer | lint | lock | pages | weights | clean   (PYTHON=… names another Python)"

# A working .venv is kept and brought up to date; the environment counts as made only when all is in it.
$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "kg needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo missing):" \
	       "name another, as in 'make PYTHON=python3.12 $(or $(MAKECMDGOALS),demo)'" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make environments: install its venv package ('apt-get install python3-venv' on Debian)" >&2; exit 1; }
	@echo "Making $(VENV), once: some minutes."
	@$(VENV)/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(VENV)/bin/python -m pip install -qq --require-hashes -r constraints.txt
	@$(VENV)/bin/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)
	@rm -rf demo && mkdir demo
	$(call run,kg build kg/examples --store $(STORE))
	$(call run,kg relations --store $(STORE))
	$(call run,kg query suppliers OpenAI --store $(STORE))
	$(call run,kg query holders CoreWeave --store $(STORE))
	$(call run,kg query planned --store $(STORE))
	$(call run,kg analyse circular CoreWeave --store $(STORE))
	$(call run,kg view --store $(STORE) -o demo/graph.html)
	@printf '%s\n' "" "The picture is demo/graph.html: open it in a browser. To go on:" \
	  "  source $(VENV)/bin/activate" \
	  "  export KG_STORE=$(STORE)" \
	  "  kg show CoreWeave" \
	  "  kg build YOUR-ARTICLES/" \
	  "  kg --help"

lint: $(READY)
	ruff check .
	ruff format --check .
	mypy
	lint-imports

test: lint
	tests/chromium.sh
	python -m pytest -n 2 -m "not long"

test-long: $(READY)
	tests/chromium.sh
	python -m pytest -m long

bench: $(READY)
	@for file in benchmarks/[!_]*.py; do echo; echo "$$file"; python "$$file"; done

# Beside pyvis, in one Chromium; minutes.
bench-viewer: $(READY)
	tests/chromium.sh
	python benchmarks/_viewer.py

# Out of ontology/corpus, and of the CORE corpus where its folder is named.
weights: $(READY)
	python -m kg.evaluation.fit $(CORE)

# The bundle is committed: users need no Node. A test compares it with its source where Node's tools are.
pages:
	for source in kg/view/src kg/server/page/src; do (cd $$source && npm ci && npm run check && npm run build); done

# Only the public index counts: wheels of one machine would put their own hashes into the list.
lock:
	@rm -rf build/lock && $(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install --quiet $(PIP_TOOLS)
	PIP_CONFIG_FILE=/dev/null PIP_FIND_LINKS= CUSTOM_COMPILE_COMMAND="make lock" build/lock/bin/pip-compile \
	  --quiet --upgrade --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links \
	  --extra dev --build-deps-for editable --unsafe-package kg --output-file constraints.txt pyproject.toml

clean:
	rm -rf $(VENV) build dist demo .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
