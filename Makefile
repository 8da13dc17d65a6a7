# Two commands are all a new machine needs: make run, make test.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin

# The real server of Milvus listens everywhere, so it is tried in a network that consists of loopback.
STANDALONE := ip link set lo up && exec $(BIN)/python -m pytest tests/test_engine_standalone.py

SERVED := $(wildcard tests/test_engine_*.py tests/test_shared_*.py tests/test_store_*.py)

.PHONY: run test standalone check bench fuzz fuzz-coverage lock licences audit release clean

run: $(VENV)/.installed
	$(BIN)/python app.py

# Tests that start servers wait a lot: they run beside the others, and are told of when both are done.
test: check
	@$(BIN)/python -m pytest $(SERVED) >$(VENV)/served.log 2>&1 & served=$$!; trap "kill $$served 2>/dev/null" EXIT; \
	failed=0; $(BIN)/python -m pytest $(SERVED:%=--ignore=%) || failed=$$?; \
	wait $$served || failed=$$?; cat $(VENV)/served.log; exit $$failed

standalone: $(VENV)/.scale $(VENV)-milvus/.installed
	@if unshare --net true; \
	then MILVUS_PYTHON=$(abspath $(VENV)-milvus)/bin/python unshare --net sh -c '$(STANDALONE)'; \
	else echo "no network of its own can be made here: the standalone server was not tried"; fi

check: $(VENV)/.scale
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# All that need no arguments, in an environment of its own with the peers; figures also go to bench/.
bench: $(VENV)-bench/.installed
	$(VENV)-bench/bin/python -m benchmarks

fuzz: $(VENV)/.installed
	$(BIN)/python -m trials.fuzz

# Guided by coverage and for a bounded time, where there is an atheris for this Python.
fuzz-coverage: $(VENV)/.installed
	@if $(BIN)/python -m pip install --disable-pip-version-check --quiet "$$(grep ^atheris== requirements-tools.txt)"; \
	then $(BIN)/python -m trials.coverage; \
	else echo "atheris cannot be installed for this Python: nothing was fuzzed"; fi

# Every package at one version with the hashes of its files; no index is named, so each machine asks its own.
lock: $(VENV)-tools/.installed
	$(VENV)-tools/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	    --output-file requirements.lock requirements.txt

licences: $(VENV)/.installed
	$(BIN)/python -m supply.licences

audit: $(VENV)-tools/.installed
	@$(VENV)-tools/bin/python -m supply.audit

release: $(VENV)/.installed
	$(BIN)/python -m supply.release release

clean:
	rm -rf $(VENV) $(VENV)-tools $(VENV)-milvus $(VENV)-bench bench .virgolettato

$(VENV)/.installed: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements.txt
	touch $@

$(VENV)/.scale: $(VENV)/.installed requirements-scale.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements-scale.txt
	touch $@

# A peer that cannot be had is left out, and tried again the next time.
$(VENV)-bench/.installed: requirements.txt requirements-scale.txt requirements-bench.txt
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --disable-pip-version-check --quiet -r requirements.txt
	@touch $@; for package in $$(grep -hv "^#" requirements-scale.txt requirements-bench.txt); do \
	    $(VENV)-bench/bin/python -m pip install --disable-pip-version-check --quiet -c requirements.txt "$$package" \
	        2>/dev/null || { echo "$$package could not be installed: left out"; rm -f $@; }; done

$(VENV)-tools/.installed: requirements-tools.txt
	$(PYTHON) -m venv $(VENV)-tools
	grep -v ^atheris== requirements-tools.txt > $(VENV)-tools/requirements.txt
	$(VENV)-tools/bin/python -m pip install --disable-pip-version-check --quiet -r $(VENV)-tools/requirements.txt
	touch $@

$(VENV)-milvus/.installed: requirements-milvus.txt
	$(PYTHON) -m venv $(VENV)-milvus
	$(VENV)-milvus/bin/python -m pip install --disable-pip-version-check --quiet -r requirements-milvus.txt
	touch $@
