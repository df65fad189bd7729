# How long a person waits for one command.

.PHONY: bench-cli

bench-cli: ## account show from the shell, TLS handshake included, beside a program that does nothing
	scripts/build-release.sh punosd punos
	@Benchmarks/cli/bench-cli.py
