# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The tools live in .venv and what they make in build/: nothing outside the checkout is written.

PYTHON ?= python3.11 python3.12 python3.13 python3
EMULATOR_ARGS ?=
BENCH_ARGS ?=
MATRIX_ARGS ?=
FAULTS_ARGS ?=
RACES_ARGS ?=
READINGS_ARGS ?=
EDA_ARGS ?=
PAGES ?=
NOX_ARGS ?=
INTEGRATION_ARGS ?=
LIVE_ARGS ?=
FUZZ ?= usual
# The combination of readings under which a tenth of the fault matrix is run.
FAULTS_READINGS ?= random:19

export PIP_CACHE_DIR ?= $(CURDIR)/build/cache/pip
export PIP_DISABLE_PIP_VERSION_CHECK = 1

VENV_READY := .venv/ready
LINK := .venv/collections/ansible_collections/jst/retailcloud
PY := .venv/bin/python
NOX_READY := build/venv-nox/ready
BROWSER_READY := build/browser/ready
BROWSER_PY := build/venv-browser/bin/python
EDA_READY := build/eda/venv/ready
DOCS_READY := build/docs/venv/ready
DOCS_PY := build/docs/venv/bin/python
RUN := $(PY) tests/tools/run_in_collection.py
GENERATE = PYTHONPATH=.venv/collections $(RUN) $(PY) -m tests.tools.generate
SYNC := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
# Releases and databases take their time: beside two tests that keep two cores busy, two others wait.
PYTEST := $(RUN) pytest --dist worksteal --numprocesses

.PHONY: help venv emulator demo generate translated test lint style types content changelog licenses unit fuzz conformance faults races readings eda integration live bench sanity matrix nox package browser pictures docs clean
.DELETE_ON_ERROR:

help: ## say what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

venv: $(VENV_READY) ## .venv with the pinned tools and the emulator

$(PY):
	@for python in $(PYTHON); do \
	    if "$$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        exec "$$python" -m venv .venv; \
	    fi; \
	done; \
	echo 'No Python 3.11 or newer with venv and ensurepip among: $(PYTHON). Name one: make PYTHON=/path/to/python' >&2; \
	exit 1

$(VENV_READY): requirements.txt requirements-dev.txt constraints.txt tests/emulator/pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --constraint constraints.txt --requirement requirements-dev.txt --editable tests/emulator
	mkdir -p $(dir $(LINK))
	ln -sfn ../../../.. $(LINK)
	touch $@

emulator: $(VENV_READY) ## the emulator in the foreground on port 8480
	$(PY) -m jst_emulator --port 8480 $(EMULATOR_ARGS)

demo: $(VENV_READY) ## bring an application up against the emulator, twice, and look at a change
	$(PY) -m tests.tools.demo

generate: $(VENV_READY) ## the files and parts of files that follow from declarations and documentation
	$(GENERATE)

translated: $(VENV_READY) ## the English sections that changed since their translation; PAGES=... records that it is up to date
	$(PY) -m tests.tools.translations $(PAGES)

# Sanity keeps one core busy for most of the time, so what is short goes beside it; the conformance tests take both cores.
test: $(VENV_READY) ## everything that guards the main branch
	@failed=0; \
	$(MAKE) --no-print-directory --jobs=2 --keep-going $(SYNC) sanity lint package unit fuzz || failed=1; \
	$(MAKE) --no-print-directory conformance || failed=1; \
	exit $$failed

lint: style types content changelog licenses ## style, types, Ansible content, changelog, licenses

style: $(VENV_READY) ## ruff: the rules and the format of Python code
	$(RUN) ruff check
	$(RUN) ruff format --check

types: $(VENV_READY) ## mypy: the types of Python code
	$(RUN) mypy

content: $(VENV_READY) ## ansible-lint: roles, playbooks and examples; yamllint: every YAML file
	$(RUN) ansible-lint
	$(RUN) yamllint --strict .

changelog: $(VENV_READY) ## antsibull-changelog: the fragments of the changelog
	$(RUN) antsibull-changelog lint

licenses: $(VENV_READY) ## reuse: copyright and license of every file
	$(RUN) reuse lint --quiet || $(RUN) reuse lint --lines

unit: $(VENV_READY) ## the parts by themselves, the emulator's included
	$(PYTEST) auto tests/unit tests/emulator/tests

fuzz: $(VENV_READY) ## odd options and odd answers for every module; FUZZ=long tries many more
	$(PYTEST) 2 tests/fuzz --hypothesis-profile=$(FUZZ)

conformance: $(VENV_READY) ## every module through its life against the emulator
	$(PYTEST) 4 tests/conformance

faults: $(VENV_READY) ## every call of the life of an app, struck by every fault: an hour
	$(PY) -m tests.faults.matrix $(FAULTS_ARGS)
	$(PY) -m tests.faults.matrix --readings $(FAULTS_READINGS) --every 10 $(FAULTS_ARGS)

races: $(VENV_READY) ## concurrent runs that create the same resources, while calls fail: 20 minutes; RACES_ARGS="--groups 2" for less
	PYTHONPATH=.venv/collections $(PY) -m tests.faults.races $(RACES_ARGS)

adopt: $(VENV_READY) ## sixty apps of all kinds, adopted and compared by every playbook: ten minutes
	$(RUN) pytest tests/adopt

readings: $(VENV_READY) ## the life of an app under each reading of the reference: an hour; READINGS_ARGS="--only 'list_*'" for less
	@PYTHONPATH=.venv/collections $(PY) -m tests.readings.survey --results tests/readings/results.json $(READINGS_ARGS); \
	status=$$?; $(GENERATE) assumptions_page; exit $$status

$(EDA_READY): requirements-eda.txt | $(PY)
	$(PY) -m venv build/eda/venv
	build/eda/venv/bin/python -m pip install --quiet --requirement requirements-eda.txt
	touch $@

eda: $(VENV_READY) $(EDA_READY) ## ansible-rulebook with the rulebooks and the event source, a quarter of an hour; needs Java 17: EDA_ARGS="-k rolled" for less
	$(RUN) pytest -s --basetemp build/eda/tests tests/eda $(EDA_ARGS)

integration: $(VENV_READY) ## ansible-test integration against the emulator, five minutes: INTEGRATION_ARGS="jst_app" for one target
	$(PY) -m tests.tools.integration $(INTEGRATION_ARGS)

live: $(VENV_READY) ## the same against the account of the variables JST_*, with JST_LIVE=yes: LIVE_ARGS="jst_app" for one target
	@PYTHONPATH=.venv/collections $(PY) -m tests.tools.live $(LIVE_ARGS)

bench: $(VENV_READY) ## how fast it is, half an hour: BENCH_ARGS="--quick" takes a few minutes
	PYTHONPATH=.venv/collections $(RUN) $(PY) -m tests.bench.bench $(BENCH_ARGS)
	$(GENERATE) performance_page

sanity: $(VENV_READY) ## ansible-test sanity on every Python found here
	$(PY) -m tests.tools.sanity

matrix: $(VENV_READY) ## every supported ansible-core on every Python found here, an hour: MATRIX_ARGS="--core 2.16"
	$(PY) -m tests.tools.cores $(MATRIX_ARGS)

$(NOX_READY): requirements-nox.txt | $(PY)
	$(PY) -m venv build/venv-nox
	build/venv-nox/bin/python -m pip install --quiet --requirement requirements-nox.txt
	touch $@

nox: $(VENV_READY) $(NOX_READY) ## the checks of antsibull-nox: NOX_ARGS="--session docs-check" for one
	$(RUN) build/venv-nox/bin/nox $(NOX_ARGS)

package: $(VENV_READY) ## build, install, read the documentation, import as Galaxy does
	$(PY) -m tests.tools.package

$(BROWSER_READY): requirements-browser.txt constraints.txt tests/emulator/pyproject.toml $(wildcard tests/browser/*.json) tests/browser/chromium.py | $(PY)
	$(PY) -m venv build/venv-browser
	$(BROWSER_PY) -m pip install --quiet --constraint constraints.txt --requirement requirements-browser.txt --editable tests/emulator
	$(BROWSER_PY) -m tests.browser.chromium
	mkdir -p $(@D)
	touch $@

browser: $(VENV_READY) $(BROWSER_READY) ## the emulator's page and the report of drift in a headless browser
	$(RUN) $(BROWSER_PY) -m pytest tests/browser

pictures: $(VENV_READY) $(BROWSER_READY) ## docs/pictures, from runs on the emulator: for a commit, where what they show has changed
	$(PY) -m tests.tools.recording
	$(RUN) $(BROWSER_PY) -m pytest --quiet tests/browser/pictures.py

$(DOCS_READY): requirements-docs.txt constraints-docs.txt | $(PY)
	$(PY) -m venv build/docs/venv
	$(DOCS_PY) -m pip install --quiet --constraint constraints-docs.txt --requirement requirements-docs.txt
	touch $@

docs: $(DOCS_READY) ## the documentation as a site in build/docs/html
	$(DOCS_PY) -m tests.tools.docs

clean: ## back to a fresh clone
	rm -rf .venv .ansible build tests/emulator/build tests/emulator/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
