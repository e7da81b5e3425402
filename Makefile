# One command each. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := .venv-bench
ARGS ?=
# Tests of workers wait half of their time, so two to a core; each job has a Kafka of its own, so no more than eight.
JOBS ?= $(shell jobs=$$(expr 2 \* $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)); echo $$((jobs < 8 ? jobs : 8)))

.DEFAULT_GOAL := help
.PHONY: help setup demo test laws check format bench soak hostile build schemas up audit lock clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

setup: $(READY) ## make the virtual environment from the lock file

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## run a CRM's day on the embedded broker; ARGS="--seconds 60 --json" for machines
	@$(BIN)/leadsla demo $(ARGS)

test: $(READY) ## run the tests, some at a time (JOBS=1 for one by one); ARGS="-k name" for some of them
	$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

laws: $(READY) ## look for what breaks a law, with fresh seeds and fifteen times the examples; LEADSLA_LAWS=100 for more
	LEADSLA_LAWS=$${LEADSLA_LAWS:-10} $(BIN)/python -m pytest -n $(JOBS) --timeout 3600 \
		-m "hypothesis and not kafka and not tools" $(ARGS)

check: $(READY) ## lint, types, import contracts, formatting
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(READY) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --exit-zero .

bench: $(PEERS)/.ready ## measure against peers and limits; ARGS="throughput --events 50000", ARGS=check, ARGS=report
	@$(PEERS)/bin/python -m bench $(ARGS)

soak: $(READY) ## disrupt workers and broker under load, compare with the pure fold; ARGS="--minutes 10 --store rocksdb --seed 2"
	@$(BIN)/python -m bench.soak $(ARGS)

hostile: $(READY) ## send 100,000 hostile records and look for every one; ARGS="--records 20000 --seed 2"
	@$(BIN)/python -m bench.hostile $(ARGS)

$(PEERS)/.ready: bench/requirements.lock pyproject.toml
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements.lock
	$(PEERS)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

build: $(READY) ## write boards, rules and Alertmanager's configuration from agreements/ into generated/
	@$(BIN)/leadsla build $(ARGS)

schemas: $(READY) ## write the JSON Schemas of what goes in and what comes out into schemas/
	$(BIN)/leadsla schema > schemas/agreement.schema.json
	$(BIN)/leadsla schema --events > schemas/event.schema.json
	$(BIN)/leadsla schema --report > schemas/report.schema.json
	$(BIN)/leadsla schema --explanation > schemas/explanation.schema.json
	$(BIN)/leadsla schema --status > schemas/status.schema.json
	$(BIN)/leadsla schema --ledger > schemas/ledger.schema.json
	$(BIN)/leadsla schema --overdue > schemas/overdue.schema.json
	$(BIN)/leadsla schema --plan > schemas/plan.schema.json
	$(BIN)/leadsla schema --periods > schemas/period.schema.json
	$(BIN)/leadsla schema --agreements > schemas/agreements.schema.json
	$(BIN)/leadsla schema --breaches > schemas/breach.schema.json
	$(BIN)/leadsla schema --clocks > schemas/clocks.schema.json
	$(BIN)/leadsla schema --progress > schemas/progress.schema.json

up: ## start Kafka, the service, Prometheus, Alertmanager and Grafana in containers
	docker compose up --build --detach

audit: $(READY) ## look for known weaknesses in what we depend on
	@$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock || \
		{ echo "make audit: not clean, or not everything could be asked about: is the index of advisories in reach?" >&2; exit 1; }

lock: $(READY) ## pin the dependencies anew
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml bench/requirements.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --output-file bench/requirements.lock

clean: ## remove the virtual environments and everything made
	rm -rf $(VENV) $(PEERS) build dist generated .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
