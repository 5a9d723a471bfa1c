# The modeller's commands; bare `make` lists them. Each works on a machine that has only
# Python, make and a network: the environment is made when it is first needed.
PYTHON ?= python3
ARGS ?=
PORT ?= 8000
UV = UV_PROJECT_ENVIRONMENT=.venv .venv/bin/python -m uv
RUN = .venv/bin/ewarn
REAL = $(wildcard ../shared/data/ged/ged211_africa.csv.gz)
PARALLEL = --numprocesses 2 --dist loadfile --no-loadscope-reorder
LOCKED = pyproject.toml uv.lock

# One thread for libraries that would take every core beside LightGBM; EWARN_THREADS sets its own.
export OMP_WAIT_POLICY = passive
export OPENBLAS_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help install fetch forecast month replay panel train backtest hindcast verify digest leakage-test promote serve mlflow test bench test-fast coverage docs notebooks screenshots check format clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/installed  ## make .venv with what ewarn needs to run

forecast: .venv/installed  ## the main job: panel, model, issue; simulated events unless ARGS="--events FILE"
	$(RUN) forecast $(ARGS)

month: .venv/installed  ## the monthly cycle of ewarn.toml: fetch, join, forecast, verify, alert; may be run daily
	$(RUN) month $(ARGS)

replay: .venv/installed  ## make an issue again from its vintages and compare every byte: make replay ISSUE=ID
	$(RUN) replay $(ISSUE) $(ARGS)

fetch: .venv/installed  ## download events, whole or not at all: ARGS="ucdp_ged --version 26.1 --out ged.csv"
	$(RUN) fetch $(ARGS)

panel: .venv/installed  ## write the panel alone: ARGS="--events FILE --out panel.parquet"
	$(RUN) panel $(ARGS)

train: .venv/installed  ## fit and register a model: make train MODEL=hurdle ARGS="--events FILE"
	$(RUN) train $(MODEL) $(ARGS)

backtest: .venv/installed  ## score models on past origins beside conflictology, with a report; resumes where it was
	$(RUN) backtest $(or $(ARGS),--protocol benchmarks/$(if $(REAL),africa,simulated).toml)

hindcast: .venv/installed  ## forecast the last 24 months with the champion, as known then; alert budgets rest on it: ARGS="--events FILE"
	$(RUN) hindcast $(ARGS)

verify: .venv/installed  ## record the issues there are, and score those whose months have come
	$(RUN) verify $(ARGS)

digest: .venv/installed  ## write what a watch-list team reads of the newest issue, and send it: ARGS="--to desk@example.org"
	$(RUN) digest $(ARGS)

leakage-test: .venv/installed  ## check that no training row uses later facts: make leakage-test MODEL=hurdle ARGS="--events FILE"
	$(RUN) leakage-test $(MODEL) $(ARGS)

promote: .venv/installed  ## make the newest registered version the champion that forecasts use, if it passes the gate
	$(RUN) promote $(ARGS)

serve: .venv/installed  ## serve the issued forecasts over HTTP on PORT
	$(RUN) serve --port $(PORT) $(ARGS)

mlflow: .venv/installed  ## open MLflow's pages on the runs and models, on port 5000
	.venv/bin/mlflow ui --backend-store-uri sqlite:///mlruns/mlflow.db $(ARGS)

test: .venv/developed  ## run the tests, those that measure milliseconds last and alone; or some: ARGS="-k places"
	.venv/bin/pytest $(PARALLEL) $(or $(ARGS),-m "not timing")
	$(if $(ARGS),,.venv/bin/pytest -m timing)

test-fast: .venv/developed  ## run the tests that need under a minute in all: no browser, PostgreSQL, real data or long job
	.venv/bin/pytest $(PARALLEL) -m "not slow and not browser and not postgresql and not realdata" $(ARGS)

coverage: .venv/developed  ## run the tests and report which lines they reach, in htmlcov/
	.venv/bin/pytest $(PARALLEL) --cov --cov-report=html --cov-report=term $(ARGS)

docs: .venv/developed  ## build the documentation site in docs/_build; warnings are errors
	.venv/bin/sphinx-build --fail-on-warning --keep-going --quiet -b html docs docs/_build

notebooks: .venv/developed  ## execute the notebooks of docs/notebooks again, on the simulated world
	.venv/bin/python tools/run_notebooks.py

bench: .venv/developed  ## CPU seconds and memory beside bare LightGBM and mlforecast: ARGS="--units 500 2000"
	.venv/bin/python benchmarks/speed.py $(ARGS)

screenshots: .venv/developed  ## the pictures of the page in docs/, of the real data beside the project; needs Chromium
	PYTHONPATH=tests .venv/bin/python -m browser.screenshots $(ARGS)

check: .venv/developed  ## formatting, lint, types, import contracts, and the documentation site
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/sphinx-build --fail-on-warning --keep-going --quiet -b html docs docs/_build

format: .venv/developed  ## put the code in its standard form
	.venv/bin/ruff format
	.venv/bin/ruff check --fix

clean:  ## remove the environment and caches; what mlruns/ holds stays
	rm -rf .venv dist htmlcov docs/_build docs/jupyter_execute .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/uv:
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

.venv/installed: .venv/uv $(LOCKED)
	$(UV) sync --frozen --inexact --no-dev --compile-bytecode --quiet
	@touch $@

.venv/developed: .venv/uv $(LOCKED)
	$(UV) sync --frozen --inexact --compile-bytecode --quiet
	@touch $@ .venv/installed
