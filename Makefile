# Two commands do all the set-up on a fresh machine: make run, make test. The rest is for people who work on Careline.
.PHONY: run test setup train check lint bench evaluate safety shell lock clean help
export RASA_TELEMETRY_ENABLED = false
export PYTHONDONTWRITEBYTECODE =
CARELINE = .venv/bin/careline

help: ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

run: setup ## install, train if there is no model of this content, serve it, print the address
	@$(CARELINE) train --if-needed --live
	@$(CARELINE) serve

test: ## install what tests need and run everything
	@scripts/setup test
	@scripts/test

setup: ## install into .venv from the lock file
	@scripts/setup

train: setup ## train a model of today's content
	@$(CARELINE) train

check: setup ## hold the house rules against all content
	@$(CARELINE) check

lint: ## style and types
	@scripts/setup test
	.venv/bin/ruff check . && .venv/bin/mypy

evaluate: setup ## how good a model of this content is: reports/
	@$(CARELINE) evaluate "$$($(CARELINE) train --if-needed)"

safety: setup ## the safety report: fails on any lost must-pass case
	@$(CARELINE) evaluate "$$($(CARELINE) train --if-needed)" --safety

bench: ## cost of a turn, start, memory and training beside Rasa's default pipeline
	@scripts/setup test
	@$(CARELINE) train --if-needed
	@.venv/bin/python -m benchmarks

shell: setup ## rasa shell with its action server
	@model=$$($(CARELINE) models --live) && { .venv/bin/rasa run actions >/dev/null 2>&1 & server=$$!; trap "kill $$server" EXIT; \
		PYTHONWARNINGS=ignore .venv/bin/rasa shell --interface 127.0.0.1 --model "$$model"; }

lock: ## resolve the dependencies anew
	uv pip compile -q --python-version 3.10 --universal --generate-hashes --no-annotate --no-emit-find-links --no-emit-index-url pyproject.toml -o requirements.lock
	uv pip compile -q --python-version 3.10 --universal --generate-hashes --no-annotate --no-emit-find-links --no-emit-index-url --extra test -c requirements.lock pyproject.toml -o requirements-test.lock
	echo 'uv' | uv pip compile -q --python-version 3.10 --universal --generate-hashes --no-annotate --no-emit-find-links --no-emit-index-url - -o requirements-uv.lock

clean: ## remove everything derived
	rm -rf .venv models reports var .pytest_cache .hypothesis .mypy_cache .ruff_cache
