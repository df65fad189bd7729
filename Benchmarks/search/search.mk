# Search over synthetic notes: `make bench-search`, or with another size `make bench-search SEARCH_NOTES=100000`.
# The data are kept in SEARCH_DIRECTORY, so that a second run only searches.
SEARCH_NOTES ?= 1000000
SEARCH_DIRECTORY ?= .bench/search

.PHONY: bench-search
bench-search:
	scripts/build-release.sh search-bench
	mkdir -p $(SEARCH_DIRECTORY)
	.build-release/release/search-bench --notes $(SEARCH_NOTES) --directory $(SEARCH_DIRECTORY)
