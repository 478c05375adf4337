# run: open the app.  test: every test, the browser's included.  lint, types, js: the style.  bench: the figures.
# load: many readers at once, on loopback.  recordings: train again what is shipped recorded.
# reference: the page of every public name, from the docstrings.
# plotly: fetch plotly.js anew, of the version in bnviz/live/page/assets.py; a test knows what it must be.
# lock: pin every package but PyTorch anew, with its hashes.  audit: known vulnerabilities of what is pinned.
#
# TORCH_INDEX says where PyTorch comes from; empty is pip's own choice, which on Linux is the build with CUDA:
#     make run TORCH_INDEX=https://download.pytorch.org/whl/cpu
PYTHON ?= python3
TORCH_INDEX ?=
# `make lock UPGRADE=` keeps every version that still fits.
UPGRADE ?= --upgrade
# `make test COVERAGE=` measures nothing.
COVERAGE ?= --cov --cov-report=term:skip-covered
# So many processes share the tests, file by file: one more than two cores, since who drives a browser often waits for
# it. `make test JOBS=0` runs them in one.
JOBS ?= 3

BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
sum = $(shell cat $(1) | cksum | cut -d' ' -f1)
APP := .venv/.app-$(call sum,requirements/app.txt requirements/torch.txt)
DEV := .venv/.dev-$(call sum,requirements/dev.txt requirements/torch.txt)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile pyproject.toml $(UPGRADE) --quiet --universal --python-version=3.11 --no-annotate \
	--generate-hashes --no-emit-package=torch --no-emit-package=pip --custom-compile-command="make lock"

.PHONY: run test lint types js bench load recordings reference plotly lock audit clean

run: $(APP)
	$(BIN)/python -m bnviz

test: $(DEV)
	$(BIN)/python -m pytest --numprocesses=$(JOBS) --dist=loadfile --no-loadscope-reorder --max-worker-restart=0 $(COVERAGE)

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
	$(BIN)/python -m bnviz.close_ups
	$(BIN)/python -m bnviz.recorded_grids

reference: $(APP)
	PYTHONPATH=. $(BIN)/python docs/reference.py

plotly:
	npm pack --silent --pack-destination=.venv \
		plotly.js-cartesian-dist-min@$$(sed -n 's/^PLOTLY_VERSION = "\(.*\)"/\1/p' bnviz/live/page/assets.py) >/dev/null
	tar -xzf .venv/plotly.js-cartesian-dist-min-*.tgz --strip-components=1 --directory=bnviz/live/plotly \
		package/plotly-cartesian.min.js package/LICENSE
	rm .venv/plotly.js-cartesian-dist-min-*.tgz

lock: $(DEV)
	$(LOCK) --output-file=requirements/app.txt
	$(LOCK) --extra=ray --constraint=requirements/app.txt --output-file=requirements/ray.txt
	$(LOCK) --extra=ray --group=dev --constraint=requirements/ray.txt --output-file=requirements/dev.txt

audit: $(DEV)
	$(BIN)/pip-audit --strict --vulnerability-service=osv --disable-pip --no-deps \
		--requirement=requirements/app.txt --requirement=requirements/torch.txt

clean:
	rm -rf .venv node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage dist

# An environment is marked with the sum of what was installed, so that a changed lock is installed and nothing twice.
$(APP):
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	rm -f .venv/.app-* .venv/.dev-*
	$(INSTALL) --require-hashes --requirement requirements/app.txt
	$(INSTALL) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) --requirement requirements/torch.txt
	touch $@

$(DEV): $(APP)
	rm -f .venv/.dev-*
	$(INSTALL) --require-hashes --requirement requirements/dev.txt
	touch $@
