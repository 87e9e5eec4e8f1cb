# One command for each need. Each works in a fresh clone, and again after a change.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := pyproject.toml __main__.py cli.py $(wildcard geo/* data/* data/shipped/* maps/* seeds/*/* seeds/*/*/*)

.PHONY: demo test faults fuzz test-lowest lock audit check bench bench-batch bench-read clean

demo: $(VENV)/installed  ## The example map: Syria, 6 December 2024
	$(BIN)/frontmap demo -o build/demo
	@echo "Wrote build/demo/syria.gpkg and build/demo/2024-12-06.html; open the page in a browser."

test: $(VENV)/installed-test  ## The whole suite
	$(BIN)/python -m pytest

faults: $(VENV)/installed-test  ## Every writing command killed and interrupted 8 times, full disks, damage
	FRONTMAP_FAULTS=8 $(BIN)/python -m pytest -q tests/test_kills.py tests/test_faults.py tests/test_recovery.py

# SECONDS=60 is shorter; SEED=1 goes the same way each time.
fuzz: $(VENV)/installed-fuzz  ## What reads strangers' bytes, fed with bytes made up to break it
	$(BIN)/python fuzz/fuzz.py all --seconds $(or $(SECONDS),600) --seed $(or $(SEED),0)

test-lowest:  ## The suite, but for browser and server, with the oldest dependencies that are allowed
	rm -rf $(VENV)-lowest
	$(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/bin/pip install --quiet --disable-pip-version-check uv
	rm -rf build/lib
	$(VENV)-lowest/bin/uv pip install --quiet --python $(VENV)-lowest/bin/python --resolution lowest-direct '.[test]'
	$(VENV)-lowest/bin/python -m pytest -q -o filterwarnings=default -m "not slow and not browser and not postgres"

lock: $(VENV)/installed-supply  ## requirements.lock: every package of every extra, by its hashes
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet pyproject.toml --all-extras --universal --generate-hashes --upgrade -o requirements.lock

audit: $(VENV)/installed-supply  ## Known vulnerabilities of those packages (network)
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

check: $(VENV)/installed-test  ## Style, types, docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_docs.py

# DEEPSTATE=folder measures on real days, a GeoJSON file each, and not on made-up ones.
# TOPICS="distance control" measures those alone.
bench: $(VENV)/installed-bench  ## How fast it is, beside PostGIS, geopandas and folium
	$(BIN)/python bench/run.py $(TOPICS) $(if $(DEEPSTATE),--deepstate "$(DEEPSTATE)") --json build/bench/results.json

bench-batch: $(VENV)/installed-test  ## How fast archives of reports are read
	$(BIN)/python bench/read_batch.py

bench-read: $(VENV)/installed-test  ## How well annotated reports are read
	$(BIN)/python bench/read.py

clean:
	rm -rf $(VENV) build dist *.egg-info

# A plain install, not an editable one: it also proves that data and seeds ship in the wheel.
# setuptools copies into build/lib and never removes from it, hence the rm.
$(VENV)/installed: $(SOURCES) | $(BIN)/python
	rm -rf build/lib
	$(BIN)/pip install --quiet --disable-pip-version-check .
	@touch $@

$(VENV)/installed-test: $(SOURCES) | $(BIN)/python
	rm -rf build/lib
	$(BIN)/pip install --quiet --disable-pip-version-check '.[test,check]'
	@touch $@ $(VENV)/installed

$(VENV)/installed-bench: $(VENV)/installed-test
	$(BIN)/pip install --quiet --disable-pip-version-check '.[bench]'
	@touch $@

$(VENV)/installed-fuzz: $(VENV)/installed-test
	$(BIN)/pip install --quiet --disable-pip-version-check '.[fuzz]'
	@touch $@

$(VENV)/installed-supply: | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check pip-audit uv
	@touch $@

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
