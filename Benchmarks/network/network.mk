# The search for paths at 100,000 people and 1,000,000 ties: `make bench-network`.
.PHONY: bench-network
bench-network:
	scripts/build-release.sh network-bench
	.build-release/release/network-bench
