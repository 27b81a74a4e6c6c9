# Bare `make` lists the targets. Every target installs what it needs into .venv/.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
RUN := $(VENV)/bin/observatory
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
export OMP_NUM_THREADS ?= 2
export TOKENIZERS_PARALLELISM = false

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all check eval bench scan report serve explore dictionary practice constraints clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@

setup: $(VENV)/.installed ## build .venv/ from the locked versions

demo: setup ## the main job on the embedded practice archive, offline: ends with a ranking and a weekly report
	$(RUN) demo

test: setup ## the tests (under 20 minutes on 2 cores)
	$(VENV)/bin/python -m pytest -m "not slow and not eval" -n 2 --dist loadfile

test-all: setup ## every test, the long suites too
	$(VENV)/bin/python -m pytest

check: setup ## style, types and import rules
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

eval: setup ## every quality gate, about half an hour: scores pinned with the digest of what they were measured on
	$(VENV)/bin/python -m pytest tests/gates tests/flows/test_classify_names.py -m "not slow"

bench: setup ## speed, as ratios measured side by side in one run
	$(VENV)/bin/python -m tests.bench

scan: setup ## the nightly scan once, on the live sources
	$(RUN) scan

report: setup ## the weekly report from the published snapshot
	$(RUN) report

serve: setup ## the schedules, until stopped: nightly scan, weekly revision of topics and report
	$(RUN) serve

explore: setup ## look around the published snapshot in a browser
	$(RUN) explore

dictionary: setup ## write data/DICTIONARY.md again from the comments in the warehouse
	$(VENV)/bin/python -m flows.warehouse.dictionary data/DICTIONARY.md

practice: setup ## write data/practice/ again from the seeded code
	$(VENV)/bin/python -m crawlers.replay.practice --write data/practice

constraints: setup ## write constraints.txt again from what is installed
	$(VENV)/bin/python -m pip freeze --exclude-editable | sed 's/+cpu//' | LC_ALL=C sort -f > constraints.txt

clean: ## remove what builds and runs wrote, but no data
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .grimp_cache .hypothesis
