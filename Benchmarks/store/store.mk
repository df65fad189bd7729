# Figures of the store, and its crash test. Included by the Makefile.

BENCH_STORE_ACCOUNTS ?= 100000
BENCH_STORE_DIR ?= /tmp/punos-store-bench

.PHONY: bench-store
bench-store:
	swift build -c release --scratch-path .build-release --product store-bench
	rm -rf $(BENCH_STORE_DIR)
	.build-release/release/store-bench $(BENCH_STORE_DIR) --accounts $(BENCH_STORE_ACCOUNTS)
	rm -rf $(BENCH_STORE_DIR)

CRASH_KILLS ?= 500
CRASH_DIR ?= /tmp/punos-store-crash

.PHONY: crash
crash:
	swift build -c release --scratch-path .build-release --product store-crash
	rm -rf $(CRASH_DIR)
	mkdir $(CRASH_DIR)
	.build-release/release/store-crash run $(CRASH_DIR) --kills $(CRASH_KILLS)
	rm -rf $(CRASH_DIR)

MODEL_HISTORIES ?= 3000
MODEL_DIR ?= /tmp/punos-store-model

.PHONY: model
model:
	swift build -c release --scratch-path .build-release --product store-crash
	rm -rf $(MODEL_DIR)
	mkdir $(MODEL_DIR)
	.build-release/release/store-crash model $(MODEL_DIR) --histories $(MODEL_HISTORIES)
	rm -rf $(MODEL_DIR)
