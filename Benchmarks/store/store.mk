# Figures of the store, and its crash test. Included by the Makefile.

BENCH_STORE_ACCOUNTS ?= 100000
BENCH_STORE_DIR ?= .build-bench/store-bench

# Loads with indexes, search and the log on are measured at this size: each costs the same a record at any.
BENCH_STORE_LOAD_ACCOUNTS ?= 20000

.PHONY: bench-store
bench-store: ## Figures of the store, at BENCH_STORE_ACCOUNTS (100,000; the whole data set has 1000000)
	scripts/build-release.sh store-bench
	rm -rf $(BENCH_STORE_DIR)
	mkdir -p $(dir $(BENCH_STORE_DIR))
	for load in indexes search log; do \
	  .build-release/release/store-bench $(BENCH_STORE_DIR) --accounts $(BENCH_STORE_LOAD_ACCOUNTS) --load $$load \
	    --skip read,single,many,mixed || exit 1; \
	  rm -rf $(BENCH_STORE_DIR); done
	.build-release/release/store-bench $(BENCH_STORE_DIR) --accounts $(BENCH_STORE_ACCOUNTS)
	rm -rf $(BENCH_STORE_DIR)

CRASH_KILLS ?= 500
CRASH_DIR ?= .build-bench/store-crash

.PHONY: crash
crash: ## Kill the store CRASH_KILLS times (500) under 32 writers; nothing acknowledged may be lost
	scripts/build-release.sh store-crash
	rm -rf $(CRASH_DIR)
	mkdir -p $(CRASH_DIR)
	.build-release/release/store-crash run $(CRASH_DIR) --kills $(CRASH_KILLS)
	rm -rf $(CRASH_DIR)

MODEL_HISTORIES ?= 3000
MODEL_DIR ?= .build-bench/store-model

.PHONY: model
model: ## MODEL_HISTORIES (3,000) random histories against a plain model
	scripts/build-release.sh store-crash
	rm -rf $(MODEL_DIR)
	mkdir -p $(MODEL_DIR)
	.build-release/release/store-crash model $(MODEL_DIR) --histories $(MODEL_HISTORIES)
	rm -rf $(MODEL_DIR)
