# run: open the app.  test: every test, the browser's included.  lint, types: the style.  bench: the figures.
PYTHON ?= python3
BIN := .venv/bin
DEV := .venv/.dev-installed
APP := .venv/.installed

.PHONY: run test lint types bench recordings clean

run: $(APP)
	$(BIN)/streamlit run app.py --browser.serverAddress=localhost

test: $(DEV)
	$(BIN)/python -m pytest

lint: $(DEV)
	$(BIN)/ruff check .

types: $(DEV)
	$(BIN)/mypy

bench: $(DEV)
	$(BIN)/python -m benchmarks

recordings: $(APP)
	$(BIN)/python -m bnviz.recordings

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(APP): requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet -r requirements.txt
	@touch $@

$(DEV): $(APP) requirements-dev.txt
	$(BIN)/pip install --quiet -r requirements-dev.txt
	@touch $@
