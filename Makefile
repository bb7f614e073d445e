# Each command makes .venv when it is missing; a fresh machine needs Python 3.11 and make.
PYTHON ?= python3.11
BIN := .venv/bin
NOTES ?=

.PHONY: demo test check bench bench-gpu soak

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[local,dev]"
	touch $@

demo: .venv/installed
	$(BIN)/python -m gateway.demo $(NOTES)

test: .venv/installed
	$(BIN)/pytest -m "not bench and not soak"

check: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/installed
	$(BIN)/python -m tests.benchmarks.table
	$(BIN)/python -m tests.benchmarks.ward
	$(BIN)/pytest -m bench -s

bench-gpu: .venv/installed
	$(BIN)/python -m tests.benchmarks.gpu_speed

soak: .venv/installed
	$(BIN)/pytest -m soak -s
