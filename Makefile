# Everything a person runs. `make` lists the targets.
# The first target that needs it makes .venv from requirements.lock (pinned by version and hash).

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
RIVALS := .venv-bench-libraries/.ready .venv-bench-datacontract/.ready
HOME_  ?= demo
# A folder of wheels (make wheelhouse): with it, install asks no index and needs no network.
WHEELHOUSE ?=
OFFLINE := $(if $(WHEELHOUSE),--no-index --find-links $(abspath $(WHEELHOUSE)))
SHELL  := /bin/bash

# Imports are slow without bytecode, so it is compiled at install whatever the caller's environment says.
export PYTHONDONTWRITEBYTECODE :=
export DAGSTER_DISABLE_TELEMETRY := yes
export DO_NOT_TRACK := 1
# As the command line does by itself: threads of small products wait for one another where the machine has other work.
export OPENBLAS_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
# Every target with a description is a word, not a file.
.PHONY: $(shell sed -nE 's/^([a-z-]+):.*## .*/\1/p' $(MAKEFILE_LIST))

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 14

install: $(READY) ## make .venv from the lock file (WHEELHOUSE=DIR: without a network)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Guildhall needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@! test -L $(VENV) || { echo "$(VENV) is a link, so it serves others as well and is not emptied from here: run 'make install' where it lies, or remove the link"; exit 1; }
	@echo "Setting up $(VENV) (once; about a minute)"
	@$(PYTHON) -m venv --clear $(VENV)
	@awk '/^uv==/ {inside = 1} inside {print} inside && !/\\$$/ {exit}' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: $(OFFLINE) -r $(VENV)/uv.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --only-binary :all: $(OFFLINE) --compile-bytecode -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --compile-bytecode -e .
	@touch $(READY)

wheelhouse: $(READY) ## fetch every wheel of the lock file into .wheelhouse, to install where there is no network
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --only-binary :all: --no-deps -d .wheelhouse -r requirements.lock

demo: $(READY) ## make a sample region in demo/ and run the whole journey on it
	@$(BIN)/guildhall demo --home demo

test: $(READY) ## run the tests
	@$(BIN)/pytest -n 2 --dist loadgroup

soak: $(READY) ## judge a million made-up cells of every kind of field three ways (CELLS=N for another number), and 2,000 firms that change their minds
	@$(BIN)/python -m tests.contracts.soundness.soak $(CELLS)
	@SOAK=1 $(BIN)/pytest -q -n 0 --timeout 0 tests/warehouse/test_submissions_stateful.py

soak-door: $(READY) ## ask the boards' door five thousand made-up requests
	@SOAK=1 $(BIN)/pytest -q -n 0 --timeout 0 tests/reports/door/test_fuzz.py

bench-door: $(READY) .venv-bench-datasette/.ready ## measure the boards' door beside datasette and plain files on the demo (HOME_=DIR), into docs/benchmarks.md
	@$(BIN)/python -m tests.bench.door $(HOME_) --write

.venv-bench-%/.ready: tests/bench/rivals/%.lock $(READY)
	@$(PYTHON) -m venv --clear $(@D)
	@$(BIN)/uv pip install --quiet --python $(@D)/bin/python --require-hashes --only-binary :all: --compile-bytecode -r $<
	@touch $@

bench-intake: $(READY) ## measure the deadline hour (2,000 files, 2 million rows) beside its floor, into docs/benchmarks.md
	@$(BIN)/python -m tests.bench.intake --write

.PHONY: soak-disclosure
soak-disclosure: $(READY) ## plant a thousand mistakes in protected tables and see which the auditor refuses (COUNT=N for another number)
	@$(BIN)/python -W ignore -m tests.reports.audit.soak $(COUNT)

.PHONY: soak-impact bench-impact
bench-impact: $(READY) ## measure an estimate beside diff-diff's, and its growth to a million persons, into docs/benchmarks.md
	@$(BIN)/python -m tests.bench.impact --write

soak-impact: $(READY) ## hold the intervals of effects against worlds with a known effect, into docs/benchmarks.md (hours)
	@$(BIN)/python -m tests.reports.impact.soak --write

bench-disclosure: $(READY) ## protect and audit real linked tables beside published results (../shared/data), into docs/benchmarks.md
	@$(BIN)/python -m tests.bench.disclosure --write

bench-cubes: $(READY) ## protect made-up cubes of 4.5, 27 and 118 thousand cells beside linear programs, into docs/benchmarks.md
	@$(BIN)/python -m tests.bench.cubes --write

bench-alerts: $(READY) ## measure how often an alert is false, by a seeded simulation, into docs/benchmarks.md
	@$(BIN)/python -m tests.bench.alerts --write

bench-warehouse: $(READY) ## build the demo's region 1, 10 and 50 times over, and one firm's correction, and the same marts in pandas and Polars (HOME_=DIR), into docs/benchmarks.md (hours)
	@$(BIN)/python -m tests.bench.warehouse --demo $(HOME_) --write

bench-region-disclosure: $(READY) ## protect and audit three releases of the demo's region 50 times over (HOME_=DIR, TIMES=N, OWN=--own-programs), into docs/benchmarks.md (hours)
	@$(BIN)/python -m tests.bench.region_disclosure --demo $(HOME_) --times $(or $(TIMES),50) $(OWN) --write

bench-contracts: $(READY) $(RIVALS) ## measure a contract beside its floor and seven rivals (hours on two cores), into docs/benchmarks.md
	@$(BIN)/python -m tests.bench.contracts --write

lint-contracts: .venv-bench-datacontract/.ready ## let datacontract-cli lint every rendered ODCS document
	@for one in docs/reference/contracts/*/odcs.yaml; do .venv-bench-datacontract/bin/datacontract lint $$one >/dev/null 2>&1 || { echo "Not valid: $$one"; exit 1; }; done
	@echo "Every ODCS document is valid"

bench-reports: $(READY) .venv-bench-plots/.ready ## measure a report part by part, a page beside matplotlib and Plotly, and 200 scorecards on the demo (HOME_=DIR), into docs/benchmarks.md
	@$(BIN)/python -m tests.bench.reports $(HOME_) --rivals .venv-bench-plots/bin/python --write
	@$(BIN)/python -m tests.bench.scorecards $(HOME_) --write

faults: $(READY) ## plant every fault of docs/reference/faults.md and print what was seen (half an hour)
	@FAULTS=whole $(BIN)/pytest -m fault -n 2 --dist loadgroup -q --timeout 3600 -p tests.faults.table

check: $(READY) ## format, lint, types, imports
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(READY) ## format the code and mend what the linter can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

real: $(READY) ## drop the real Veneto panel (../shared/data) and the Michigan grants, print the reconciliation
	@REAL=whole $(BIN)/pytest tests/acceptance/test_real_input.py -k "veneto or grants" -s -rs

dagster: $(READY) ## open the Dagster UI on the demo home (HOME_=DIR for another)
	@$(BIN)/guildhall dagster --home $(HOME_)

browser: ## install Chromium and pdftotext from Debian's packages (needs root) for the tests of pages and PDF
	@if { command -v chromium || command -v google-chrome; } >/dev/null && command -v pdftotext >/dev/null; then echo "Chromium and pdftotext are here"; \
	else apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium poppler-utils fonts-dejavu-core; fi

postgres: ## install a PostgreSQL server from Debian's packages (needs root) for the test of the export
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; }

r: ## install R from Debian's packages (needs root) for the test of the guide's recipe
	@command -v Rscript >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends r-base-core; }

services: $(READY) ## start an SFTP server (Debian's openssh-server) and a model of S3 on this machine
	@$(BIN)/python -m tests.services start

services-stop: $(READY) ## stop them, and remove what lies in them
	@$(BIN)/python -m tests.services stop

render: $(READY) ## write the rendered references in docs/ again
	@$(BIN)/guildhall contract render --out docs/reference/contracts
	@$(BIN)/guildhall docs --out docs/reference
	@$(BIN)/python -m tests.faults.render

screenshots: $(READY) ## take the README's pictures of the demo's report (needs make demo and make browser)
	@$(BIN)/python -m tests.acceptance.screenshots demo docs/images

lock: ## resolve the dependencies anew into requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --only-binary :all: --no-emit-index-url --no-annotate --no-header --quiet --upgrade -o requirements.lock

clean: ## remove what was built, homes included
	rm -rf $(VENV) .venv-bench-* demo real .pytest_cache .mypy_cache .ruff_cache .import_linter_cache transforms/target transforms/logs
