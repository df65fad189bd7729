# The search for paths at 100,000 people and 1,000,000 ties, in memory and as a caller has it over TLS: `make bench-network`, the
# second smaller with BENCH_NETWORK_PEOPLE=10000 BENCH_NETWORK_TIES=100000. Ends with an error where it is not as promised.

BENCH_NETWORK_PEOPLE ?= 100000
BENCH_NETWORK_TIES ?= 1000000

.PHONY: bench-network
bench-network: ## FindPath, in memory and over TLS
	scripts/build-release.sh network-bench punosd
	.build-release/release/network-bench
	Tests/Interop/setup.sh
	.venv-interop/bin/python Benchmarks/network/bench.py --people $(BENCH_NETWORK_PEOPLE) --ties $(BENCH_NETWORK_TIES)
