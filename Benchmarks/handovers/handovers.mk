# How long a folder of handovers takes to sync: `make bench-handovers`, or of another size with BENCH_HANDOVERS=200.

BENCH_HANDOVERS ?= 1000

.PHONY: bench-handovers
bench-handovers: ## a folder of 1,000 handovers: nothing changed, a hundred files edited, a hundred records edited
	scripts/build-release.sh punosd punos
	Tests/Interop/setup.sh
	.venv-interop/bin/python Benchmarks/handovers/bench_sync.py $(BENCH_HANDOVERS)
