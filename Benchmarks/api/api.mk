# The API's promises, measured: `make bench`, or smaller with BENCH_ACCOUNTS=100000.

BENCH_ACCOUNTS ?= 1000000
BENCH_EMPLOYERS ?= 0

.PHONY: bench
bench: ## GetAccount, GetAccountView, contacts and interactions over mutual TLS, from a big store, beside nghttpd
	@scripts/install-packages.sh test
	scripts/build-release.sh punosd api-bench
	python3 Benchmarks/api/bench.py --accounts $(BENCH_ACCOUNTS) --employers $(BENCH_EMPLOYERS)

IMPORT_ROWS ?= 1000000
IMPORT_EMPLOYERS ?= 0

.PHONY: bench-import
bench-import: ## punos import of IMPORT_ROWS contacts (1,000,000), who work at IMPORT_EMPLOYERS accounts (none)
	scripts/build-release.sh punosd punos
	python3 Benchmarks/api/bench_import.py --rows $(IMPORT_ROWS) --employers $(IMPORT_EMPLOYERS)
