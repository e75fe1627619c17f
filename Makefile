# `make help` lists what there is. Nothing but Python 3.11+, make and the package registries is needed.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PACKAGES := libs/contracts libs/staffing libs/servicekit services/order-intake services/scheduling \
            services/instructor-dispatch services/evaluation services/portal cli
unexport PYTHONDONTWRITEBYTECODE  # every start compiles all sources anew where it is set
.DEFAULT_GOAL := help
.PHONY: help setup assets demo test slow shots tour check rules lint schemas map lock clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*##/\t/' | expand -t 12

setup: .venv/ready  ## Python environment with everything pinned, all packages editable
.venv/ready: requirements-dev.txt requirements-tools.txt $(addsuffix /pyproject.toml,$(PACKAGES))
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; call make PYTHON=/path/to/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-tools.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements-dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps $(addprefix -e ,$(PACKAGES))
	@touch $@

assets: services/portal/build/manifest.json  ## the portal's scripts, icons and fonts, from the npm lock file
services/portal/build/manifest.json: .venv/ready services/portal/web/package-lock.json services/portal/web/assets.toml $(wildcard services/portal/web/own/* services/portal/web/own/*/*)
	$(BIN)/python services/portal/web/vendor_assets.py

demo: setup assets  ## start everything, play the Sanming season, stay up (Ctrl-C stops)
	$(BIN)/songjiao demo

test: setup assets  ## all that decides
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 15 -m "not slow and not shots" $(ARGS)

slow: setup assets  ## the slow proof: seven planted bugs, all figures of the bench, long fuzz
	$(BIN)/python -m pytest -m slow $(ARGS)

shots: setup assets  ## pictures of every screen, desk and phone, in both languages, in half an hour: build/shots/all.png
	$(BIN)/python -m pytest -q tests/looks $(ARGS)

tour: setup assets  ## the pictures of docs/tour.md, taken while a story is told in a browser
	TOUR=docs/tour $(BIN)/python -m pytest -q tests/journeys/test_desks.py -k "task or zh-CN" $(ARGS)

rules: setup  ## the rules of the trade only: seconds, no servers
	$(BIN)/python -m pytest -m rules $(ARGS)

check: setup  ## format, lint, types, imports, the published language, the map
	$(BIN)/ruff format --check --quiet . || { echo "run: make lint"; exit 1; }
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m contracts check
	$(BIN)/python docs/map.py --check
	$(BIN)/python docs/reference.py --check
	$(BIN)/python -m pytest tests/architecture

lint: setup  ## format and mend what can be mended
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

schemas: setup  ## write schemas and examples of new facts
	$(BIN)/python -m contracts publish

map: setup  ## write docs/map.md and docs/reference.md
	$(BIN)/python docs/map.py
	$(BIN)/python docs/reference.py

lock: setup  ## pin the newest versions that fit together, with hashes
	for name in requirements-tools requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --no-header --no-emit-index-url $$name.in -o $$name.txt; done

clean:  ## forget everything that was built or played
	test ! -x $(BIN)/songjiao || $(BIN)/songjiao down --reset
	rm -rf .venv build services/portal/build services/portal/web/node_modules .songjiao
