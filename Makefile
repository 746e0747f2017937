# Start with `make demo`, then `make test`. All targets use .venv, and create it if it is missing.
#   PYTHON=python3.13   create .venv with this interpreter instead of the first one that is 3.11 or later
#   ARGS="-k chat"      pass more arguments to the command of a target

VENV := .venv
PY := $(VENV)/bin/python
ARGS ?=
LIVE ?=
SPEC ?=
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help demo test long soak faults contract compat editors browser cluster recipes docs lint check bench smoke documents generate pin update surface package news clean

# Without a working interpreter the stamps of the environment are invalid.
ifneq ($(shell $(PY) -c 'print("runs")' 2>/dev/null),runs)
.PHONY: $(VENV)/.demo $(VENV)/.dev $(VENV)/.bench $(VENV)/.recipes
endif

help: ## Print this list
	@echo "usage: make TARGET"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

demo: $(VENV)/.demo ## Show both jobs on a local server; LIVE=1 uses OPENAI_API_BASE and OPENAI_API_KEY
	@$(PY) -m demo $(if $(filter 1 yes true,$(LIVE)),--live) $(ARGS)

# Tests start hundreds of interpreters, each of which would compile again what it imports.
WITH_BYTECODE := env -u PYTHONDONTWRITEBYTECODE

test: $(VENV)/.dev ## Run the tests
	@$(WITH_BYTECODE) $(PY) -m pytest -n auto --dist loadfile --junitxml=build/junit.xml $(ARGS)

long: $(VENV)/.dev ## Run the tests that `make test` leaves out for its time: type checkers, types of the examples, 10,000 mutations
	@$(WITH_BYTECODE) $(PY) -m pytest -n auto --dist loadfile -m long $$(grep -rl 'mark\.long' --include='test_*.py' tests) $(ARGS)

soak: $(VENV)/.dev ## Run the fuzzers with many cases; ARGS=--medium takes a minute at most
	@$(PY) -m tests.fuzz $(ARGS)

faults: $(VENV)/.dev ## Write docs/faults.md from the report of `make test`; ARGS=--check only compares
	@$(PY) .ci/faults.py $(ARGS)

contract: $(VENV)/.dev ## Run the SDK against two public servers, Steady and aimock; needs Node
	@$(PY) -m tests.contract $(ARGS)

compat: $(VENV)/.dev ## Compare with the official package, run its tests on the face (ARGS=--all: each); skipped without pip
	@$(PY) -m tests.contract.official $(ARGS)

editors: $(VENV)/.dev ## Ask pyright's language server, jedi and IPython what they show; skipped where they cannot start
	@$(PY) -m pytest -n 0 -rs tests/editors $(ARGS)

browser: $(VENV)/.browser ## Open pages of the examples in headless Chromium; skipped where it is not installed
	@$(PY) -m pytest -n 0 -ra tests/browser $(ARGS)

cluster: $(VENV)/.demo ## Run bulk work on Ray and Dask, in an environment of their own; skipped where pip cannot install them
	@$(PY) -m tests.cluster $(ARGS)

recipes: $(VENV)/.recipes ## Run the recipes of docs/telemetry.md (Prometheus, Sentry, Logfire, Langfuse), Celery and the notebook
	@$(PY) -m pytest -n 0 -ra tests/telemetry/test_recipes.py tests/recipes $(ARGS)

docs: $(VENV)/.docs ## Build the documentation site and check it in headless Chromium; ARGS=serve, ARGS=build
	@$(PY) -m docs._site $(ARGS)

lint: $(VENV)/.dev ## Check style and types: ruff, mypy --strict on everything, pyright on what users import
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy sdk generator tests demo examples benchmarks docs .ci/package.py .ci/generator_smoke.py .ci/pet_shop.py .ci/faults.py .ci/names.py .ci/prose.py .ci/providers.py .ci/readability.py .ci/sbom.py
	@$(PY) .ci/prose.py
	@$(PY) -m pyright --pythonpath $(PY) sdk/__init__.py sdk/[!_]*.py sdk/api sdk/models sdk/params sdk/testing tests/typing/right.py

check: $(VENV)/.demo ## Compare the generated folders with the output for the pinned document
	@$(PY) -m generator check $(ARGS)

bench: $(VENV)/.bench ## Measure CPU time and memory beside the official package, and write benchmarks/RESULTS.md
	@$(PY) -m benchmarks --write $(ARGS)

smoke: $(VENV)/.dev ## Run the short benchmark, which fails only at twice a budget
	@$(PY) -m benchmarks --smoke $(ARGS)

documents: $(VENV)/.dev ## Make packages of documents by others, beside openapi-python-client; ARGS=--short: three of them
	@$(PY) -m benchmarks.documents $(ARGS)

generate: $(VENV)/.demo ## Write the generated folders: sdk/api, sdk/models, sdk/params
	@$(PY) -m generator generate $(ARGS)

pin: $(VENV)/.demo ## Adopt the facts of a new API description: make pin SPEC=openapi.yaml
	@test -n "$(SPEC)" || { echo "make pin: SPEC is missing, for example: make pin SPEC=~/Downloads/openapi.yaml" >&2; exit 2; }
	@$(PY) -m generator pin "$(SPEC)" $(ARGS)

surface: $(VENV)/.demo ## Accept the current public names: write spec/surface.txt, which `make check` compares
	@$(PY) -m generator surface $(ARGS)

update: $(VENV)/.demo ## Pin a new document, generate, and report what changes: make update SPEC=openapi.yaml
	@test -n "$(SPEC)" || { echo "make update: SPEC is missing, for example: make update SPEC=~/Downloads/openapi.yaml" >&2; exit 2; }
	@$(PY) -m generator update "$(SPEC)" $(ARGS)

package: $(VENV)/.dev ## Build wheels and sdists of SDK and generator, try each in an empty environment, and list what the SDK's wheel installs
	@$(PY) .ci/package.py
	@$(PY) .ci/pet_shop.py
	@$(PY) .ci/sbom.py

news: $(VENV)/.dev ## Move the fragments of changelog.d into CHANGELOG.md, for a release; ARGS=--draft only shows them
	@$(PY) -m towncrier build $(ARGS)

clean: ## Remove .venv, caches and build output
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .contract-cache .cluster .documents-cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.docs: pyproject.toml .ci/install
	@sh .ci/install $(VENV) dev,browser,docs .demo .dev .browser .docs

# The packages for development include those for the demo.
$(VENV)/.demo: pyproject.toml .ci/install
	@sh .ci/install $(VENV) generator,testing .demo

$(VENV)/.bench: pyproject.toml .ci/install
	@sh .ci/install $(VENV) dev,bench .demo .dev .bench

$(VENV)/.browser: pyproject.toml .ci/install
	@sh .ci/install $(VENV) dev,browser .demo .dev .browser

$(VENV)/.recipes: pyproject.toml .ci/install
	@sh .ci/install $(VENV) dev,recipes .demo .dev .recipes

$(VENV)/.dev: pyproject.toml .ci/install
	@sh .ci/install $(VENV) dev .demo .dev
