# The targets for working in a checkout; `make` alone lists them.
#
# PYTHON        the Python that makes .venv (3.11 or later), e.g. make test PYTHON=python3.13
# PYTEST_ARGS   more arguments for pytest, e.g. make test PYTEST_ARGS="--no-cov -k diagnosed"

PYTHON ?= python3
PYTEST_ARGS ?=
SAMPLES := full_marks half_right
PEERS := nbgrader otter-grader

BIN := .venv/bin
PINS := -c constraints.txt

# Two installations into one .venv at a time would break each other.
.NOTPARALLEL:
.PHONY: help demo test check figures bench soak clean

help: ## lists these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: .venv/installed-demo ## grades the sample notebooks into demo/
	@mkdir -p demo
	@# Status 1 is what a notebook with mistakes gives; anything above it is an error.
	@for name in $(SAMPLES); do \
		$(BIN)/grader check "tests/data/$$name.ipynb" --html "demo/$$name.html" || test $$? -eq 1 || exit 1; \
	done
	@echo
	@echo "The reports, to open in a browser:"
	@for name in $(SAMPLES); do echo "  $(CURDIR)/demo/$$name.html"; done

test: .venv/installed-test ## runs every test and measures the coverage of grader/
	@$(BIN)/python -m pytest -n auto --cov --cov-report=term $(PYTEST_ARGS)

check: .venv/installed-test ## runs the linter, the formatter's check and the type checker
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

figures: .venv/installed-test ## measures what the README's table reports
	@$(BIN)/python -m tests.benchmarks.figures
	@$(BIN)/python -m tests.benchmarks.overhead 2>/dev/null

bench: .venv/installed-test $(PEERS:%=.venv-bench/%/installed) ## a notebook, and a class, with nbgrader and otter-grader too
	@# The kernels' warnings are shown only if something failed.
	@for part in overhead peers "class_grading speed small"; do \
		$(BIN)/python -m tests.benchmarks.$$part 2>.venv-bench/stderr || { tail .venv-bench/stderr; exit 1; }; \
		echo; \
	done

soak: .venv/installed-test ## grades a class with hostile notebooks in it, half an hour; fails if an honest grade suffers
	@$(BIN)/python -m tests.benchmarks.class_grading soak

clean: ## removes what these targets made, except .venv and .venv-bench
	rm -rf demo build dist coverage.xml .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -path './.venv*' -prune -o -type d -name __pycache__ -exec rm -rf {} +

# pip is what `venv` puts there last: a .venv without it was left half-made.
.venv/bin/pip $(PEERS:%=.venv-bench/%/bin/pip):
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed, and \
	$(PYTHON) is older. Name another one: make PYTHON=python3.13")'
	$(PYTHON) -m venv $(@:/bin/pip=)

# torch goes first and by its exact version, which a CPU build ("2.13.0+cpu") satisfies where there is one;
# a range would fetch the newest build, on Linux with gigabytes of CUDA libraries.
.venv/installed-demo: pyproject.toml constraints.txt | .venv/bin/pip
	$(BIN)/python -m pip install torch==2.13.0 $(PINS)
	$(BIN)/python -m pip install -e . $(PINS)
	@touch $@

.venv/installed-test: pyproject.toml constraints.txt | .venv/bin/pip
	$(BIN)/python -m pip install torch==2.13.0 $(PINS)
	$(BIN)/python -m pip install -e '.[test]' $(PINS)
	@touch .venv/installed-demo $@

# Each peer has an environment of its own, as tests/benchmarks/peers.py explains. otter-grader brings no kernel; the rest
# is what the course's notebooks import.
.venv-bench/%/installed: tests/benchmarks/peers.txt constraints.txt | .venv-bench/%/bin/pip
	.venv-bench/$*/bin/python -m pip install torch==2.13.0 $(PINS)
	.venv-bench/$*/bin/python -m pip install $* ipykernel numpy matplotlib pillow $(PINS) -c tests/benchmarks/peers.txt
	@touch $@
