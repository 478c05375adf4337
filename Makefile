# run: open the app.  test: every test, the browser's included.  lint, types: the style.  bench: the figures.
# load: many readers at once, on loopback.
# lock: pin every package with its hashes.  audit: known vulnerabilities of these.  rehearse: the image without Docker.
PYTHON ?= python3
BIN := .venv/bin
DEV := .venv/.dev-installed
APP := .venv/.installed

.PHONY: run test lint types bench load recordings lock audit rehearse clean

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

load: $(DEV)
	$(BIN)/python -m benchmarks.load

recordings: $(APP)
	$(BIN)/python -m bnviz.recordings

lock: $(DEV)
	$(BIN)/python -m deploy.lock

audit: $(DEV)
	$(BIN)/python -m deploy.audit

rehearse: $(DEV)
	$(BIN)/python -m deploy.rehearse

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(APP): requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet -r requirements.txt
	@touch $@

$(DEV): $(APP) requirements-dev.txt
	$(BIN)/pip install --quiet -r requirements-dev.txt
	@touch $@
