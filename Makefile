# The work is done by ./run; this file is for those whose fingers type make.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix lock

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 16

setup: ## Make .venv from requirements.lock
	@./run setup

demo: ## Load real films, learn from them, serve on port 8000
	@./run demo

test: ## Run every test, with a real Neo4j
	@./run test

check: ## Format, lint, types, import contracts
	@./run check

fix: ## Format, and mend what the linter can mend
	@./run fix

lock: ## Write requirements.lock anew
	@./run lock
