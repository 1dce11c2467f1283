# The project's commands. `make` alone lists them; a machine needs only python3 (3.11 or newer) and make.
# The first run makes the virtual environment .venv from the locked versions; later runs find it as it is.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

bin := .venv/bin
python := $(bin)/python
pip := $(python) -m pip install --quiet --disable-pip-version-check --no-build-isolation

.PHONY: help
help:  ## List the commands
	@awk -F ':.*  ## ' '/^[a-z-]+:.*  ## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: .venv/runtime  ## Open the grid of scripted agents
	@$(bin)/agentgrid demo

.PHONY: install
install: .venv/runtime  ## Make .venv with agentgrid in it: .venv/bin/agentgrid
	@$(bin)/agentgrid --version

.PHONY: test
test: .venv/development  ## Run the tests
	$(python) -m pytest

.PHONY: test-agents
test-agents: .venv/development  ## Run the tests against real agent CLIs
	$(python) -m pytest -m agents --timeout=600

.PHONY: format
format: .venv/development  ## Format the code and fix what ruff can fix
	$(python) -m ruff check --fix-only .
	$(python) -m ruff format .

.PHONY: lint
lint: .venv/development  ## Format, lint, types and import contracts, without the tests
	$(python) -m ruff format --check .
	$(python) -m ruff check .
	$(python) -m mypy
	$(python) -m mypy --platform darwin --cache-dir .mypy_cache/darwin
	$(bin)/lint-imports

.PHONY: check
check: lint test  ## All that a change must pass

.PHONY: bench
bench: .venv/development  ## Measure the parts, as ratios side by side
	@$(python) -m tests.bench

.PHONY: bench-authors
bench-authors: .venv/development  ## Who wrote which file: authors and conflicts against the truth, how soon, and what tracing costs
	@$(python) -m tests.bench authors flooded tracing

.PHONY: bench-goals
bench-goals: .venv/development  ## The whole program beside tmux: the table of docs/performance.md (half an hour)
	@$(python) -m tests.bench grid remote echo starting emulator

.PHONY: bench-regression
bench-regression: .venv/development  ## What has become dearer since the last release (a minute)
	@$(python) -m tests.bench regression

.PHONY: soak-authors
soak-authors: .venv/development  ## Nine panes write 200,000 files in ten minutes: what is lost, how the server grows
	@SOAK_WRITES=200000 SOAK_SECONDS=600 $(python) -m tests.bench soak

.PHONY: bench-states
bench-states: .venv/development  ## Agents' states on the recordings: right at every mark, false alarms between
	@$(python) -m tests.bench states

.PHONY: bench-states-live
bench-states-live: .venv/development  ## Agents' states with the real agent CLIs in nine panes: 60 moments, with hooks and without (10 minutes)
	@$(python) -m tests.bench states_live

.PHONY: lock
lock:  ## Take the newest versions the dependencies allow into requirements/*.lock (needs uv)
	uv pip compile $(lock-options) --group build -o requirements/runtime.lock
	uv pip compile $(lock-options) --group development -o requirements/development.lock

lock-options := pyproject.toml --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
  --no-annotate --no-emit-index-url --custom-compile-command 'make lock'

.PHONY: clean
clean:  ## Remove .venv and all caches
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build

# The stamps (a new interpreter is a reason too). The development versions are the runtime's and more, so they stand for both.
.venv/runtime: requirements/runtime.lock pyproject.toml $(python)
	@echo 'Installing what agentgrid needs into .venv …'
	@$(pip) --require-hashes --requirement requirements/runtime.lock
	@$(pip) --no-deps --editable .
	@touch $@

.venv/development: requirements/development.lock pyproject.toml $(python)
	@echo 'Installing what agentgrid and its tests need into .venv …'
	@$(pip) --require-hashes --requirement requirements/development.lock
	@$(pip) --no-deps --editable .
	@touch .venv/runtime $@

# PYTHON=… picks another interpreter; else the first that is new enough.
$(python):
	@for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    "$$candidate" -c 'import ensurepip, venv' 2>/dev/null || { \
	      echo "make: this Python cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }; \
	    exec "$$candidate" -m venv --clear .venv; \
	  fi; \
	done; \
	echo 'make: agentgrid needs Python 3.11 or newer, and no python3 here is (PYTHON=… names one)' >&2; exit 1
