# The two commands are `make run` and `make test`; `make help` lists the others.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run setup setup-dev test unit acceptance browser js walks screenshots lint bench chaos lens soak fuzz messages clean

help:            ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: setup       ## install what is needed and start Statewright on http://127.0.0.1:8000
	@$(PY) manage.py serve

setup: $(VENV)/.installed   ## install only

setup-dev: $(VENV)/.installed-dev $(VENV)/jsonata-test-suite   ## install what the tests need, too

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Statewright needs Python 3.11 or newer; say which with: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing what Statewright needs …"
	@$(PY) -m pip install --quiet -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt | $(VENV)/bin/python
	@echo "Installing what the tests need …"
	@$(PY) -m pip install --quiet -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

# The official JSONata suite, out of the source package of the library that we use.
$(VENV)/jsonata-test-suite: $(VENV)/.installed-dev
	@rm -rf $@ $@.part && mkdir $@.part
	@$(PY) -m pip download --quiet --no-deps --no-binary jsonata2py --dest $@.part \
	    "$$(grep '^jsonata2py==' requirements.txt)" \
	  && tar -xzf $@.part/jsonata2py-*.tar.gz -C $@.part --strip-components=3 --wildcards \
	    '*/tests/resources/jsonata-test-suite' \
	  && mv $@.part/jsonata-test-suite $@ && touch $@ \
	  || echo "The official JSONata suite could not be fetched; its test will be skipped."
	@rm -rf $@.part

test: setup-dev unit js acceptance browser   ## all tests

unit: setup-dev  ## tests that start nothing dear
	@$(PY) -m pytest -n 2 -m "not acceptance and not browser"

acceptance: setup-dev   ## tests that start the real server
	@$(PY) -m pytest -n 2 --dist loadfile -m acceptance

browser: setup-dev      ## tests in real Chromium
	@$(PY) -m pytest -m browser

js: setup-dev           ## tests and checks of the JavaScript, under node
	@.ci/js

screenshots: setup-dev  ## pictures of every page and dialog in all looks; SCREENSHOTS="FOLDER --looks phone,japanese"
	@$(PY) -m tests.campaigns.screenshots $(SCREENSHOTS)

walks:           ## 1,000 random walks of 50 edits over the workflows of the corpus, all undone; some minutes
	@WALKS=1000 node --test --test-reporter=spec tests/js/designer-walks.test.js

lint: setup-dev         ## ruff and mypy
	@$(PY) -m ruff check .
	@$(PY) -m mypy designer executions

bench: setup-dev .venv-bench/.installed   ## what is promised about speed, beside moto; BENCH="chain growth --large"
	@$(PY) -m tests.bench $(BENCH)

.venv-bench/.installed: tests/bench/requirements.txt
	@$(PYTHON) -m venv .venv-bench && .venv-bench/bin/python -m pip install --quiet -r $< && touch $@

chaos: setup-dev        ## simulated stories and kill -9 rounds for hours; CHAOS="--rounds 100 --seeds 50000 --minutes 30"
	@$(PY) -m tests.campaigns.chaos $(CHAOS)

lens: setup-dev         ## 10,000 random machines: their data against the shapes the lens finds; LENS="--seeds 100000"
	@$(PY) -m tests.lens $(LENS)

soak: setup-dev         ## 100,000 executions of all samples in an hour, with kills; SOAK="--executions 5000 --minutes 10"
	@$(PY) -m tests.campaigns.soak $(SOAK)

fuzz: setup-dev         ## 10,000 requests that nobody should send, to both APIs and REST; FUZZ="--requests 500 --seed 7"
	@$(PY) -m tests.campaigns.fuzz $(FUZZ)

messages: setup-dev     ## compile the Japanese texts
	@for po in $$(find designer executions -name '*.po'); do msgfmt -o "$${po%.po}.mo" "$$po"; done

clean:           ## remove what setup made (not the data)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
