# make run   sets up and runs the main job on the example portfolio, then serves the web API
# make test  sets up and runs every test, on SQLite and PostgreSQL, and the pages in a browser
#            that is found or fetched; make test BROWSER=skip leaves these out
# Both need python3 >= 3.11, make and access to a Python package index; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv takes the system's certificates only when told to.
export UV_SYSTEM_CERTS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
SYNC := $(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes
INSTALL := $(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .

BROWSER ?= find
ifeq ($(filter $(BROWSER),find skip),)
$(error BROWSER is '$(BROWSER)'; right would be BROWSER=skip, or nothing)
endif

.PHONY: run demo test browser spark lint types check bench fuzz torture soak oracle lock clean

run: $(VENV)/.run
	@$(BIN)/govern demo --serve

demo: $(VENV)/.run
	@$(BIN)/govern demo

ifeq ($(BROWSER),skip)
test: $(VENV)/.dev
	@echo "BROWSER=skip: the tests in a browser are left out."
	@$(BIN)/python -m pytest -m "not browser"
else
test: browser
	@$(BIN)/python -m pytest
endif

# A Chromium that starts here: $$GOVERN_CHROMIUM, one that is installed, or one that is fetched into .venv.
browser: $(VENV)/.dev
	@$(BIN)/python -m tests.browser.find

# The tests of --engine spark, on Spark itself: 450 MB, in an environment of its own.
SPARK := $(VENV)/spark
spark: $(SPARK)/.ready
	@$(SPARK)/bin/python -m pytest -n 0 tests/spark

$(SPARK)/.ready: $(BIN)/uv requirements/spark.lock pyproject.toml
	@$(BIN)/uv venv -q --clear --python $(BIN)/python $(SPARK)
	@$(BIN)/uv pip sync -q --python $(SPARK)/bin/python --require-hashes requirements/spark.lock requirements/tools.lock
	@$(BIN)/uv pip install -q --python $(SPARK)/bin/python --no-deps --no-build-isolation -e .
	@touch $@

lint: $(VENV)/.dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.dev
	@$(BIN)/pyright

check: lint types test

# The goals, what is measured, and what falls short. make bench BENCH=--full takes the sizes that
# benchmarks/README.md tells of; BENCH="peers.compare startup" only these. JSON-Logic needs Node.js and the
# npm registry, and is told as left out without them.
bench: $(VENV)/.dev $(VENV)/.peers $(VENV)/.json-logic
	@$(BIN)/python -m benchmarks $(BENCH)

$(VENV)/.peers: $(BIN)/uv requirements/peers.lock
	@$(BIN)/uv venv -q --allow-existing --python $(BIN)/python $(VENV)/peers
	@$(BIN)/uv pip sync -q --python $(VENV)/peers/bin/python --require-hashes requirements/peers.lock
	@touch $@

JSON_LOGIC := json-logic-engine-5.0.7.tgz
JSON_LOGIC_SHA512 := 43b2f5f03b3ad2eadc5cf7f0db2349804db5cc93aabe806f54b2c79efcc7dcd47519f15ea03bbe63109d2ec1c1358896ccee5402cbf74fbed569455eb2599bac
$(VENV)/.json-logic: $(BIN)/uv
	@if npm --version >/dev/null 2>&1; then mkdir -p $(VENV)/json-logic && cd $(VENV)/json-logic \
	  && npm pack --silent json-logic-engine@5.0.7 >/dev/null \
	  && echo "$(JSON_LOGIC_SHA512)  $(JSON_LOGIC)" | sha512sum -c --quiet - \
	  && npm install --silent --no-save --no-package-lock --ignore-scripts --prefix . ./$(JSON_LOGIC) \
	  && touch ../.json-logic; fi

# A million damaged conditions, and damaged rule files, on all cores: about ten minutes.
fuzz: $(VENV)/.dev
	@$(BIN)/python -m tests.language.fuzz
	@$(BIN)/python -m tests.rulebook.fuzz

# Every fault that govern must live through, for so many seconds in all; what it did, what was lost (nothing).
SECONDS ?= 600
torture: $(VENV)/.dev
	@$(BIN)/python -m tests.torture --seconds $(SECONDS)

# Mixed load at 80 % of the limit, which is measured first; half of the time on each database.
MINUTES ?= 60
soak: $(VENV)/.dev
	@$(BIN)/python -m tests.torture.soak --minutes $(MINUTES)

# The language held against FEEL as the npm package feelin has it; needs Node.js and the npm registry.
FEELIN := feelin-8.2.0.tgz
FEELIN_SHA512 := a3fa14069ee1cdcb2ea55dcf7fe2a7fb8df2fa0ba5fec495a9862426af7e86462e16e05f934ae8732fff1f68282a558925bb8e367139f48a9be14df85726698c
oracle: $(VENV)/.dev
	@npm --version >/dev/null 2>&1 || { echo "make oracle needs Node.js with npm"; exit 1; }
	@mkdir -p $(VENV)/feelin && cd $(VENV)/feelin && npm pack --silent feelin@8.2.0 >/dev/null \
	  && echo "$(FEELIN_SHA512)  $(FEELIN)" | sha512sum -c --quiet - \
	  && npm install --silent --no-save --no-package-lock --ignore-scripts --prefix . ./$(FEELIN)
	@$(BIN)/python -m tests.language.oracle $(VENV)/feelin

# Writes the locks anew from the .in files, with the newest versions they allow.
lock: $(BIN)/uv
	@for f in tools base dev peers spark; do $(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 \
	  --generate-hashes --no-header --custom-compile-command "make lock" \
	  requirements/$$f.in -o requirements/$$f.lock || exit 1; done

$(BIN)/uv: requirements/tools.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "govern needs Python 3.11 or newer; name one with make PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) >/dev/null 2>&1 \
	  || { $(PYTHON) -m pip --version >/dev/null 2>&1 && $(PYTHON) -m venv --clear --without-pip $(VENV); } \
	  || { echo "This Python has neither venv nor pip; on Debian: apt install python3-venv"; exit 1; }
	@if [ -x $(BIN)/pip ]; then $(BIN)/python -m pip install -q --require-hashes -r $<; \
	  else $(PYTHON) -m pip --python $(BIN)/python install -q --require-hashes -r $<; fi
	@touch $@

$(VENV)/.run: $(BIN)/uv requirements/base.lock pyproject.toml
	@if [ ! -e $(VENV)/.dev ]; then $(SYNC) requirements/base.lock requirements/tools.lock && $(INSTALL); fi
	@touch $@

$(VENV)/.dev: $(BIN)/uv requirements/dev.lock pyproject.toml
	@$(SYNC) requirements/dev.lock requirements/tools.lock && $(INSTALL)
	@touch $@ $(VENV)/.run

clean:
	@rm -rf $(VENV)
