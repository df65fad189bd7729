# Who decides, and where it sticks, measured: `make bench-decide`, or smaller with BENCH_DECIDE_ACCOUNTS=100000.

BENCH_DECIDE_ACCOUNTS ?= 1000000

.PHONY: bench-decide
bench-decide: ## coverage of a committee, and the funnel over all accounts for a year
	@scripts/install-packages.sh test
	scripts/build-release.sh punosd decide-bench
	Tests/Interop/setup.sh
	.venv-interop/bin/python Benchmarks/decide/bench.py --accounts $(BENCH_DECIDE_ACCOUNTS)
