# The two commands are `make demo` and `make test`; both install what they need.  Long recipes are scripts in .ci/.
#   KERNEL=/path/to/linux   the tree for the demo and the bench (else Debian's linux-source-6.1)
#   OUT=folder              where the demo writes (else out/demo)
.DEFAULT_GOAL := help
.PHONY: help setup test check demo bench bench-port removed guards torture accept generate format FORCE

help: ## list the targets
	@sed -n 's/^\([a-z0-9.%-]*\):.*## /\1\t/p' Makefile

setup: ## make .venv with the command cocci-gen
	@.ci/setup && echo "the command is $(CURDIR)/.venv/bin/cocci-gen"

check: ## lint, types, unit tests and corpus; no kernel
	@.ci/check

test: ## everything: check, then the tests on Debian's kernels
	@.ci/test

demo: ## the main job on a real kernel: from locking.rst to a patch series
	@.ci/demo

bench: ## cold, warm and changed-file times beside plain spatch on the same tree
	@.ci/bench

guards: ## which guards of filters/ and kinds/ no test holds (long; PATHS=... COUNT=... narrow it)
	@.ci/setup dev && .venv/bin/python .ci/guards.py $(if $(COUNT),--count $(COUNT)) $(PATHS)

removed: ## how many calls that give something back are missed when they are gone (VERSION=6.12 SEED=1 COUNT=240)
	@.ci/setup && .venv/bin/python .ci/removed.py "$$(.ci/prepare-kernel $(or $(VERSION),6.12))" \
	  --seed $(or $(SEED),1) --count $(or $(COUNT),240)

bench-port: ## what `port` makes of file systems that it did not learn from, beside upstream's own versions
	@.ci/bench-port

kernel-%: FORCE ## Debian's kernel (kernel-6.1, kernel-6.12) as a git repository; prints its path
	@.ci/prepare-kernel $*

torture: ## kills and damaged inputs with a seed (SEED=1 ROUNDS=20 INPUTS=5000 SECONDS=600); prints figures
	@.ci/setup dev && .venv/bin/python tests/torture/torture.py --seed $(or $(SEED),1) --rounds $(or $(ROUNDS),20) \
	  --inputs $(or $(INPUTS),5000) --seconds $(or $(SECONDS),600)

generate: ## render templates/ into semantic_patches/
	@.ci/setup && .venv/bin/cocci-gen generate

accept: generate ## rewrite the fixed twins of the corpus; read the diff before you commit it
	@.venv/bin/cocci-gen corpus accept

format: ## lay out the Python code
	@.ci/setup dev && .venv/bin/ruff format . && .venv/bin/ruff check --fix .
