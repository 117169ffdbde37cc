# The two commands of the README, and what developers run. Needs Python 3.11+ and make; uv is fetched if it is missing.

UV_VERSION := 0.13.9
PYTHON ?= python3
# Kept beside the project, so that nothing on the machine changes.
OWN_UV := .uv/bin/uv
UV := $(shell command -v uv 2>/dev/null || echo $(OWN_UV))

export UV_PYTHON_DOWNLOADS := never

.PHONY: run test lint bench faults help

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: $(UV)  ## install and run the bot on seeds/
	@$(UV) sync --locked --no-dev --quiet
	@$(UV) run --no-sync newsbot run

test: $(UV)  ## install and run every test
	$(UV) sync --locked --quiet
	$(UV) run --no-sync pytest -n auto --dist worksteal

lint: $(UV)  ## style, types and the import contracts
	$(UV) sync --locked --quiet
	$(UV) run --no-sync ruff check .
	$(UV) run --no-sync ruff format --check .
	$(UV) run --no-sync mypy
	$(UV) run --no-sync lint-imports

faults: $(UV)  ## kill, starve and attack the bot at full length; one table: tried, survived, lost, doubled
	$(UV) sync --locked --quiet
	TESTS_KILLS=1000 TESTS_RESTARTS=20 $(UV) run --no-sync pytest -n auto --dist worksteal -m fault

bench: $(UV)  ## quality and speed beside peers; BENCH_DATA names the folder of evaluation sets
	$(UV) sync --locked --quiet --group bench
	$(UV) run --no-sync python -m bench

$(OWN_UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "newsbot needs Python 3.11 or newer; set PYTHON=/path/to/it" >&2; exit 2; }
	@echo "Installing uv $(UV_VERSION) into .uv/ ..."
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
