# The API's promises, measured: `make bench`, or smaller with BENCH_ACCOUNTS=100000.

BENCH_ACCOUNTS ?= 1000000

.PHONY: bench
bench: ## GetAccount, GetAccountView and BatchUpsert over mutual TLS from a big store, beside nghttpd
	@scripts/install-packages.sh test
	scripts/build-release.sh punosd api-bench
	python3 Benchmarks/api/bench.py --accounts $(BENCH_ACCOUNTS)
