# Targets of the messages: schema checks, comparison with Python's protobuf, measurements.

proto-check: ## Check the schema: names, layout, comments, and nothing that breaks the last release
	@scripts/proto-check.sh
	@python3 Tests/Interop/messages/test_proto_check.py

proto-release: ## Keep the schema as that of a release, for all later checks: make proto-release VERSION=0.2.0
	@scripts/proto-check.sh --release $(VERSION)

interop-messages: ## Compare 10,000 random messages with Python's protobuf, binary and JSON, both ways
	@swift build --product message-echo
	@"$$(Tests/Interop/setup.sh)/bin/python" Tests/Interop/messages/compare.py "$$(swift build --show-bin-path)/message-echo"

bench-messages: ## Measure decoding and encoding beside swift-protobuf and raw libprotobuf-c (release)
	@cd Benchmarks/messages && swift build -c release && .build/release/messages-bench

.PHONY: proto-check proto-release interop-messages bench-messages
