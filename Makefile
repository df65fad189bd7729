# Punos: what a person types. Each target says what it does; `make` alone lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(sort $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## */  \1\t/' | expand -t 22

build: ## Build punosd and punos for use (release)
	@scripts/install-packages.sh build
	scripts/build-release.sh punosd punos

demo: ## Build, start a server on sample data, show what Punos is for, stop
	@scripts/install-packages.sh build
	@scripts/demo.sh

test: ## Run everything that must hold (installs what the tests need)
	@scripts/install-packages.sh test
	@scripts/test.sh

proto: ## Generate all code from proto/
	@scripts/install-packages.sh build
	@scripts/generate-proto.sh

fuzz: ## Every fuzzer for FUZZ_SECONDS (600)
	for target in http2 framing metadata accountmessage contactmessage viewmessage messagejson csv vcard mapping json; do \
	  Tests/Fuzz/run.sh $$target $(FUZZ_SECONDS) || exit 1; done

test-asan: ## The Swift tests under AddressSanitizer
	ASAN_OPTIONS=suppressions=$(CURDIR)/Tests/faults-of-others.txt LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/leaks-of-others.txt \
	  swift test --sanitize=address --scratch-path .build-asan

test-tsan: ## The Swift tests under ThreadSanitizer
	swift build --build-tests --sanitize=thread --scratch-path .build-tsan
	clang -O1 -shared -fPIC -o .build-tsan/mutex.so Tests/ThreadSanitizer/mutex.c -ldl
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/ThreadSanitizer/handed-on.txt LD_PRELOAD=$(CURDIR)/.build-tsan/mutex.so \
	  swift test --skip-build --no-parallel --sanitize=thread --scratch-path .build-tsan

PREFIX ?= /usr/local

install: build ## Install programs, unit, manual pages and completions under PREFIX (/usr/local)
	@scripts/install-files.sh .build-release/release "$(DESTDIR)" "$(PREFIX)"

deb: build ## Make a Debian package in dist/
	@scripts/install-packages.sh package
	@scripts/make-deb.sh dist

format: ## Lay out the Swift sources as .swift-format says
	swift format --in-place --recursive --parallel Sources Tests Package.swift

.PHONY: help build demo test proto fuzz test-asan test-tsan install deb format

-include Tests/Interop/interop.mk
-include Benchmarks/*/*.mk
