# The API's promises, measured: `make bench`, or smaller with BENCH_ACCOUNTS=100000.

BENCH_ACCOUNTS ?= 1000000

.PHONY: bench
bench: ## GetAccount, GetAccountView and BatchUpsert over mutual TLS from a big store, beside nghttpd
	@scripts/install-packages.sh test
	for product in punosd api-bench; do \
	  swift build -c release --scratch-path .build-release --product $$product || exit 1; done
	python3 Benchmarks/api/bench.py --accounts $(BENCH_ACCOUNTS)
