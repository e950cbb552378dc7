# Two commands on a fresh machine: `make report`, `make test`. Both make their own
# virtual environment in .venv and say what the system lacks.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(wildcard src/core/* src/python/*) setup.py pyproject.toml
C_FILES := $(wildcard src/core/*.[ch] src/python/*.[ch] tests/c/*.[ch] tests/c/fuzz/*.[ch])

.DEFAULT_GOAL := help
.PHONY: help report test audit-trials test-c lint format bench trials data sanitize sanitize-python fuzz trust valgrind coverage package \
	threads wheel clean compiler

help: ## show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 12

# ---- what the system has to bring ----

compiler:
	@command -v $${CC:-cc} >/dev/null || { echo "xxmfg is built from C: install a C compiler \
	(Debian, Ubuntu: apt-get install gcc; macOS: xcode-select --install)" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "Python 3.11 or later is needed: make PYTHON=python3.12 …" >&2; exit 2; }
	@$(PYTHON) -c 'import os, sysconfig, sys; sys.exit(not os.path.exists( \
	os.path.join(sysconfig.get_path("include"), "Python.h")))' || { \
	echo "Python.h is missing: install Python's headers (Debian, Ubuntu: apt-get install python3-dev)" >&2; exit 2; }

# ---- environments: each stamp is a set of packages that stands in .venv ----

$(BIN)/python: | compiler
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1' setuptools wheel 'numpy>=2.0'

$(VENV)/.built: $(SOURCES) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-build-isolation --editable '.[report]'
	@touch $@

$(VENV)/.test: $(VENV)/.built
	$(BIN)/python -m pip install --quiet --group test
	@touch $@

$(VENV)/.lint: $(VENV)/.built
	$(BIN)/python -m pip install --quiet --group test --group lint
	@touch $@

$(VENV)/.bench: $(VENV)/.built
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

# ---- the work ----

report: $(VENV)/.built ## the survey report, from records to page: report/index.html
	$(BIN)/python -m xxmfg report -o report --force

test: $(VENV)/.test ## all tests, and the examples of the docstrings
	$(BIN)/python -m pytest

audit-trials: $(VENV)/.test ## the audit on ten thousand generated tables whose truth is known
	$(BIN)/python -m tests.audit_trials $(TRIALS)

test-c: compiler ## the core alone, without Python
	tests/c/run plain

sanitize: compiler ## the core alone under AddressSanitizer and UBSan
	tests/c/run sanitize

threads: compiler ## the core alone under ThreadSanitizer
	tests/c/run threads

sanitize-python: $(VENV)/.test ## the whole suite under AddressSanitizer and UBSan
	PYTHON=$(BIN)/python tests/trust/run sanitize

trust: $(VENV)/.test ## each allocation failing, leaks over 100,000 calls, Ctrl-C within 200 ms
	PYTHON=$(BIN)/python tests/trust/run memory

package: compiler ## source archive and wheel, their checkers, the suite from the wheel on every Python: dist
	@mkdir -p dist
	DIST=$(CURDIR)/dist tests/trust/run wheel

fuzz: ## Arrow's structures and keys beside slow twins, under the sanitizers; FUZZ_SECONDS each (60)
	tests/c/fuzz/run

valgrind: compiler ## the core alone under valgrind
	tests/c/run valgrind

coverage: compiler ## lines and branches of the core that its own tests reach
	tests/c/run coverage

lint: $(VENV)/.lint ## warnings, types, spelling, layout: nothing to say
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m mypy.stubtest xxmfg._core --mypy-config-file pyproject.toml
	$(BIN)/codespell
	$(BIN)/numpydoc lint $$(find xxmfg -name '*.py')
	$(BIN)/clang-format --dry-run --Werror $(C_FILES)
	tests/c/run warnings
	PATH="$(CURDIR)/$(BIN):$$PATH" tests/c/run analyze

format: $(VENV)/.lint ## put Python and C into their layout
	$(BIN)/ruff format
	$(BIN)/clang-format -i $(C_FILES)

bench: $(VENV)/.bench ## speed and memory beside pandas, Polars, DuckDB, Arrow, R; BENCH="--rows 1000000 --only W1,W2"
	$(BIN)/python -m tests.bench $(BENCH)

trials: $(VENV)/.test ## random tables protected, then attacked by linear programs: up to three hours
	$(BIN)/python -m tests.trials.protection

data: $(VENV)/.test ## rebuild the reconstructed establishment records
	$(BIN)/python data/reconstruct.py

wheel: $(BIN)/python ## one wheel for CPython 3.11 and later
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove what was built
	rm -rf build dist report $(VENV) *.egg-info xxmfg/*.so
