# The proof of the wire, for the top Makefile to include. Everything takes PUNOS_INTEROP_BIN where another build than
# the release build made here should be tried.

WIRE_SCRATCH ?= .build-release
PUNOS_INTEROP_BIN ?= $(CURDIR)/$(WIRE_SCRATCH)/release/punos-interop
WIRE_PYTHON := .venv-interop/bin/python
WIRE_RUN := PUNOS_INTEROP_BIN=$(PUNOS_INTEROP_BIN) $(WIRE_PYTHON)
FUZZ_SECONDS ?= 600
SOAK_MINUTES ?= 10
WIRE_FUZZERS := http2 framing metadata

.PHONY: wire-system wire-setup wire-build test-wire soak fuzz-wire fuzz-wire-replay bench-wire wire-audit

wire-system: ## Debian's packages for the wire's tests and benchmarks (as root)
	Tests/Interop/setup.sh --system

wire-setup:
	@Tests/Interop/setup.sh > /dev/null

wire-build:
	SCRATCH=$(WIRE_SCRATCH) scripts/build-release.sh punos-interop

test-wire: wire-setup wire-build ## grpcio, grpc-go, hostile peers, auditors, a short soak: about three minutes
	$(WIRE_RUN) -m pytest Tests/Interop/wire

soak: wire-setup wire-build ## mixed calls, cancels and reconnects for SOAK_MINUTES (10)
	$(WIRE_RUN) Tests/Interop/soak.py --minutes $(SOAK_MINUTES)

wire-audit: wire-setup wire-build ## all that sslyze and testssl.sh have
	PUNOS_WIRE_AUDIT=full $(WIRE_RUN) -m pytest Tests/Interop/wire/test_tls_audit.py

fuzz-wire: ## each fuzzer of the wire for FUZZ_SECONDS (600)
	for target in $(WIRE_FUZZERS); do Tests/Fuzz/run.sh $$target $(FUZZ_SECONDS) || exit 1; done

fuzz-wire-replay: ## the corpora under AddressSanitizer
	for target in $(WIRE_FUZZERS); do Tests/Fuzz/run.sh $$target replay || exit 1; done

bench-wire: wire-build ## a call, streams and handshakes beside nghttpd and openssl s_server
	PUNOS_INTEROP_BIN=$(PUNOS_INTEROP_BIN) Benchmarks/wire/bench-wire.py
