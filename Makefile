# Every habit is one command. `make run` and `make test` set up what they need.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: run test lint golden servers servers-down bench sample clean

$(VENV)/run.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/dev.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev,fast]'
	$(BIN)/pip install -q --disable-pip-version-check --no-deps linceo==0.11.0  # only its SARIF schema: a test reads it
	@touch $@ $(VENV)/run.stamp

run: $(VENV)/run.stamp            ## the sample city at http://127.0.0.1:8000
	$(BIN)/mulu demo

test: $(VENV)/dev.stamp           ## every test this machine allows; skipped ones say why
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

bench: $(VENV)/dev.stamp          ## seeded figures with peers in the same run; says the machine
	$(BIN)/python tests/bench/run.py

sample: $(VENV)/dev.stamp         ## write samples/yunlan again from its plan
	$(BIN)/python -m samples.make

clean:
	$(PYTHON) tests/servers/servers.py down
	rm -rf $(VENV) .servers .mypy_cache .ruff_cache .hypothesis
