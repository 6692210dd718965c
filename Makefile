# Heedful's commands. `make help` lists them.
# Needs only Python 3.11 or newer with venv, make and a C compiler.

.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := .venv
PY := $(VENV)/bin/python
OUT ?= runs/demo
PYTEST_ARGS ?=
FUZZ_SECONDS ?= 20

# The interpreter that makes .venv: the first one of these that is new enough, or PYTHON=... as given.
PYTHON ?=
PYTHONS := $(if $(PYTHON),$(PYTHON),python3 python3.11 python3.12 python3.13 python3.14 python)
CODE := agent envs scenes unity_bridge tests

# Idle OpenMP threads sleep instead of spinning: torch and numba each have their own pool, and on two
# cores spinning threads take the time that the other pool needs.
export OMP_WAIT_POLICY ?= passive

.PHONY: help setup demo test test-slow test-scenes test-leaks test-bounds test-unity test-fuzz test-memory test-serve test-trainer test-faults test-wheels docs check format lock protocol clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.installed $(VENV)/.peers $(VENV)/.warm ## make .venv with everything in it, the tests' peers and the compiled kernels

$(VENV)/.installed: requirements.lock pyproject.toml
	@python=; for candidate in $(PYTHONS); do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "heedful needs Python 3.11 or newer, and none of '$(PYTHONS)' is: install one, or run make PYTHON=/path/to/python3.11." >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$python cannot make virtual environments: install its venv module (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; \
	fi; \
	$(PY) -c 'import pip' 2>/dev/null || "$$python" -m venv --clear $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

# The official mlagents_envs 1.1.0 wants old numpy and protobuf, so it lives in its own environment.
$(VENV)/.peers: $(VENV)/.installed $(wildcard tests/peers/make_peer_env.sh)
	@if [ -f tests/peers/make_peer_env.sh ]; then bash tests/peers/make_peer_env.sh; fi
	@touch $@

# Compiled kernels are kept per state of the sources, in the user's cache; see envs/kernel_cache.py.
$(VENV)/.warm: $(VENV)/.installed $(shell find envs agent unity_bridge -name '*.py' 2>/dev/null)
	$(PY) -m envs.warmup
	$(PY) -m agent.warmup
	@touch $@

demo: setup ## trained NPCs in a headless world over real gRPC, and a report (OUT=runs/demo)
	$(VENV)/bin/heedful demo --out $(OUT)

test: setup ## the tests, without the slow ones (PYTEST_ARGS="-k name" to choose)
	$(PY) -m pytest $(PYTEST_ARGS)

test-slow: setup ## the tests that take minutes
	$(PY) -m pytest -m slow $(PYTEST_ARGS)

test-scenes: setup ## 10,000 generated scenes load and are solvable
	$(PY) -m pytest -m slow tests/envs/test_families.py $(PYTEST_ARGS)

test-leaks: setup ## no task betrays its answer in any of its families (SEEDS=A:B for other episodes)
	$(if $(SEEDS),LEAK_SEEDS=$(SEEDS)) $(PY) -m pytest -m slow tests/envs/test_leaks_everywhere.py $(PYTEST_ARGS)

test-bounds: setup ## the world's tests with every index checked (compiles kernels of its own)
	NUMBA_BOUNDSCHECK=1 $(PY) -m pytest tests/envs/world tests/envs/tasks $(PYTEST_ARGS)

test-unity: setup ## our environment and our C# package with the real ML-Agents SDK under Mono
	$(PY) -m pytest -rs -m slow tests/unity_bridge/test_sdk.py tests/unity_package $(PYTEST_ARGS)

test-wheels: setup ## what serving needs is to be had as wheels for Windows, macOS and Linux (asks PyPI)
	$(PY) -m pytest -m slow tests/test_wheels.py $(PYTEST_ARGS)

test-serve: setup ## a million decisions of a server without growing (SERVE_DECISIONS=N)
	$(PY) -m pytest -s -m slow tests/agent/serving/test_memory.py $(PYTEST_ARGS)

test-trainer: setup ## the official mlagents-learn with our player (MLAGENTS_LEARN=PATH; tests/peers/make_trainer_env.sh)
	$(PY) -m pytest -m slow tests/unity_bridge/test_trainer.py

test-fuzz: setup ## a million mutated messages against all that reads them (FUZZ_MESSAGES=N, FUZZ_SEED=N, FUZZ_SECONDS=N a target of atheris)
	$(PY) -m pytest -m slow tests/unity_bridge/test_fuzz_volume.py $(PYTEST_ARGS)
	$(PY) -m tests.unity_bridge.fuzz_atheris --runs 1000000000 --seconds $(FUZZ_SECONDS)

test-memory: setup ## a million agent-steps without growing
	$(PY) -m pytest -m slow tests/envs/world/test_memory.py $(PYTEST_ARGS)

test-faults: setup ## worlds that die, hang, flood, send garbage or say odd things cost the others no decision (ODD_WORLDS=N)
	$(PY) -m pytest -m slow -s tests/agent/test_faults.py tests/agent/serving/test_neighbours.py $(PYTEST_ARGS)

docs: setup ## write the pages of all families and tasks anew
	$(VENV)/bin/heedful docs

check: $(VENV)/.installed ## format, lint and types, changing nothing
	$(VENV)/bin/ruff format --check $(CODE)
	$(VENV)/bin/ruff check $(CODE)
	$(VENV)/bin/mypy

format: $(VENV)/.installed ## format the code and mend what ruff can mend
	$(VENV)/bin/ruff check --fix --exit-zero $(CODE)
	$(VENV)/bin/ruff format $(CODE)

lock: $(VENV)/.installed ## write requirements.lock anew: the newest versions that pyproject.toml allows
	rm -rf .venv-lock
	$(PY) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet --disable-pip-version-check torch==2.13.0
	.venv-lock/bin/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	{ sed -n '/^#/p' requirements.lock; .venv-lock/bin/pip freeze --exclude-editable | sed -e 's/+cpu$$//' \
	  -e 's/^atheris==.*/& ; sys_platform == "linux" and platform_machine == "x86_64" and python_version < "3.14"/' \
	  | grep -Ev '^(nvidia-|cuda-|triton)'; } > requirements.lock.new
	mv requirements.lock.new requirements.lock
	rm -rf .venv-lock

protocol: $(VENV)/.installed ## write the code generated from unity_bridge/protocol/*.proto anew
	$(PY) unity_bridge/protocol/generate.py

clean: ## remove .venv, the peers' environment and every cache; runs/ stays
	rm -rf $(VENV) .venv-lock .venv-peer build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
