# Two commands are enough: `make up` to run the hub, `make test` to prove it. `make` lists the rest.
PYTHON ?= python3
HUB := .venv/bin/hub
CODE := services gateway shared hub deploy tests benchmarks

.DEFAULT_GOAL := help
.PHONY: help up demo test prove bench check fix migrate seed docs clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

up: ## install what is missing and run the hub here; FLAGS="--kafka" or "--processes"
	@$(PYTHON) deploy/bootstrap.py
	@exec $(HUB) up $(FLAGS)

demo: ## play one family's way through the running hub
	@$(HUB) demo

test: ## run every test, with real PostgreSQL, Kafka and nginx; ARGS="tests/hub"
	@$(PYTHON) deploy/system_packages.py
	@$(MAKE) --no-print-directory check
	.venv/bin/pytest -n 2 --no-loadscope-reorder $(ARGS)

prove: ## run the same tests at their full counts, and print the figures
	@$(PYTHON) deploy/system_packages.py
	@$(PYTHON) deploy/bootstrap.py --dev
	PROVE=1 .venv/bin/pytest $(ARGS)

bench: ## measure, each figure beside its peer or limit in the same run
	@$(PYTHON) deploy/system_packages.py
	@$(PYTHON) deploy/bootstrap.py --dev
	.venv/bin/python -m benchmarks

check: ## style, types and the arrows between the packages
	@$(PYTHON) deploy/bootstrap.py --dev
	.venv/bin/ruff check $(CODE)
	.venv/bin/ruff format --check --quiet $(CODE)
	.venv/bin/mypy $(CODE)
	.venv/bin/lint-imports --no-cache

fix: ## put the style right
	@$(PYTHON) deploy/bootstrap.py --dev
	.venv/bin/ruff check --fix $(CODE)
	.venv/bin/ruff format $(CODE)

migrate: ## bring the databases of the stopped hub up to date
	@$(PYTHON) deploy/bootstrap.py
	@$(HUB) migrate

seed: ## send REFERRALS=1000 made-up referrals to the running hub
	@$(HUB) seed --referrals $(or $(REFERRALS),1000)

docs: ## write again what is generated: docs/data.md, what Compose mounts
	@$(PYTHON) deploy/bootstrap.py --dev
	REWRITE=1 .venv/bin/pytest --quiet tests/rules/test_columns.py tests/hub/test_compose.py

clean: ## remove what was installed; data and keys in var/ stay
	rm -rf .venv var/bin var/installed .mypy_cache .ruff_cache .pytest_cache .hypothesis
