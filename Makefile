# The four commands of the house: make demo, make test, make check, make setup. Anything that is
# missing is made first, in .venv; the stamps in it say what is there already.

VENV := .venv
BIN := $(VENV)/bin
PYTHONS := python3.14 python3.13 python3.12 python3.11 python3 python
HAS_UV := uv --version >/dev/null 2>&1
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock"

.PHONY: help setup demo test check quick cover bench pictures lock clean
.DELETE_ON_ERROR:

help:
	@echo 'make demo    see Mujaz at work in the browser: no token, no network (ARGS="--port 9000")'
	@echo 'make test    run every test (ARGS="-k search")'
	@echo 'make check   format, lint, types, import rules, dead code'
	@echo 'make bench   what it costs and how fast it is (ARGS="deliver --long")'
	@echo 'make quick   format and lint only, as before a commit'
	@echo 'make cover   every test, and the lines no test visits'
	@echo 'make pictures every screen, photographed into docs/pictures (ARGS="--scheme dark")'
	@echo 'make setup   only make .venv; afterwards .venv/bin/mujaz is there'
	@echo 'make lock    choose the versions in requirements/ anew (UPGRADE=1: the newest)'
	@echo 'make clean   throw away .venv and all caches'

setup: $(VENV)/.run
	@echo 'Ready: .venv/bin/mujaz'

# One plain command, so that make starts it without a shell between and a SIGTERM reaches it. The
# demo ends with 0 on Ctrl-C: any other code would have make report an error.
demo: $(VENV)/.run
	@$(BIN)/mujaz demo $(ARGS)

test: $(VENV)/.dev
	@$(BIN)/pytest -n auto $(ARGS)

check: quick
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/vulture

quick: $(VENV)/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

bench: $(VENV)/.bench
	@$(BIN)/python -m bench $(ARGS)

cover: $(VENV)/.dev
	@$(BIN)/pytest -n auto --cov --cov-report=term-missing:skip-covered $(ARGS)

# A command may exist and not work (a version manager's shim, a Python without venv): ask by running.
$(VENV)/pyvenv.cfg:
	@if $(HAS_UV); then \
		echo 'Making .venv with uv …'; \
		uv venv --quiet --python '>=3.11' $(VENV); \
		exit; \
	fi; \
	for python in $(PYTHONS); do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
		found=$$python; \
		$$python -c 'import ensurepip, venv' >/dev/null 2>&1 || continue; \
		echo "Making .venv with $$python …"; \
		exec $$python -m venv $(VENV); \
	done; \
	if test -n "$$found"; then \
		echo "$$found has no venv module; on Debian and Ubuntu: apt-get install python3-venv." >&2; \
	else \
		echo 'Mujaz needs Python 3.11 or newer (or uv), and found none.' >&2; \
	fi; \
	exit 1

define install
	@echo 'Installing $(1) …'
	@if $(HAS_UV); then \
		uv pip install --quiet --python $(BIN)/python --require-hashes $(addprefix -r ,$(1)); \
	else \
		$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
			$(addprefix -r ,$(1)); \
	fi
endef

# The program itself is installed "editable", with the pinned builder and nothing fetched for it.
$(VENV)/.run: $(VENV)/pyvenv.cfg requirements/run.txt requirements/build.txt pyproject.toml
	$(call install,requirements/run.txt requirements/build.txt)
	@if $(HAS_UV); then \
		uv pip install --quiet --python $(BIN)/python --no-index --no-deps --no-build-isolation -e .; \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check \
			--no-index --no-deps --no-build-isolation -e .; \
	fi
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(call install,requirements/dev.txt)
	@touch $@

$(VENV)/.bench: $(VENV)/.run requirements/bench.txt
	$(call install,requirements/bench.txt)
	@touch $@

# Every screen as the journeys show it, photographed on the chat page; needs Chromium.
pictures: $(VENV)/.dev
	@rm -rf .pictures
	@MUJAZ_PICTURES=.pictures $(BIN)/pytest -n auto tests/journeys
	@$(BIN)/python -m tests.pictures.take .pictures docs/pictures $(ARGS)
	@rm -rf .pictures

lock:
	$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml -o requirements/run.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) --extra dev -c requirements/run.txt pyproject.toml \
		-o requirements/dev.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) --extra bench -c requirements/dev.txt pyproject.toml \
		-o requirements/bench.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) -c requirements/dev.txt requirements/build.in \
		-o requirements/build.txt

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	find bot tests -name __pycache__ -type d -prune -exec rm -rf {} +
