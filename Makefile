# run: open the app.  test: every test, the browser's included.  lint, types, js: the style.  bench: the figures.
# load: many readers at once, on loopback.
# lock: pin every package with its hashes.  audit: known vulnerabilities of these.  rehearse: the image without Docker.
PYTHON ?= python3
BIN := .venv/bin
DEV := .venv/.dev-installed
APP := .venv/.installed

.PHONY: run test lint types js bench load recordings lock audit rehearse clean

run: $(APP)
	$(BIN)/streamlit run app.py --browser.serverAddress=localhost

test: $(DEV)
	$(BIN)/python -m pytest

lint: $(DEV)
	$(BIN)/ruff check .

types: $(DEV)
	$(BIN)/mypy

# The board's JavaScript: types, style, tests. It needs node, for developers only; with CI set it must be there.
js:
	@if command -v npm >/dev/null; then \
		{ [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent --ignore-scripts; } && npm run --silent check; \
	elif [ -n "$$CI" ]; then echo "make js: node and npm are missing" >&2; exit 1; \
	else echo "make js: left out, node and npm are not here"; fi

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
