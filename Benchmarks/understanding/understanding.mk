# How fast a customer's understanding is read, and signals are raised: `make bench-understanding`, smaller with
# BENCH_UNDERSTANDING_ACCOUNTS=10000.

BENCH_UNDERSTANDING_ACCOUNTS ?= 1000000

.PHONY: bench-understanding
bench-understanding: ## understanding of one account and of 1,000, and signals at 5,000 changes a second
	scripts/build-release.sh punosd
	Tests/Interop/setup.sh
	.venv-interop/bin/python Benchmarks/understanding/bench.py --accounts $(BENCH_UNDERSTANDING_ACCOUNTS)
