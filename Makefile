# Punos: what a person types. Each target says what it does; `make` alone lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  \1\t/' | expand -t 22

build: ## Build punosd and punos for use (release)
	@scripts/install-packages.sh build
	swift build -c release --scratch-path .build-release --product punosd
	swift build -c release --scratch-path .build-release --product punos

demo: ## Build, start a server on sample data, show what Punos is for, stop
	@scripts/install-packages.sh build
	@scripts/demo.sh

test: ## Run everything that must hold (installs what the tests need)
	@scripts/install-packages.sh test
	@scripts/test.sh

proto: ## Generate all code from proto/
	@scripts/install-packages.sh build
	@scripts/generate-proto.sh

format: ## Lay out the Swift sources as .swift-format says
	swift format --in-place --recursive --parallel Sources Tests Package.swift

.PHONY: help build demo test proto format

-include Tests/Interop/interop.mk
-include Benchmarks/*/*.mk
