# Figures of the store, and its crash test. Included by the Makefile.

BENCH_STORE_ACCOUNTS ?= 100000
BENCH_STORE_DIR ?= /tmp/punos-store-bench

.PHONY: bench-store
bench-store:
	swift build -c release --scratch-path .build-release --product store-bench
	rm -rf $(BENCH_STORE_DIR)
	.build-release/release/store-bench $(BENCH_STORE_DIR) --accounts $(BENCH_STORE_ACCOUNTS)
	rm -rf $(BENCH_STORE_DIR)
