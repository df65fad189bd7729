#!/usr/bin/env bash
# Everything that must hold: the Swift tests, then real clients against real servers.
#
# Prints the time each part took, so that the whole stays under its 25 minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

part() {
  local name=$1
  shift
  echo "== $name"
  local began=$SECONDS
  "$@"
  echo "== $name: $((SECONDS - began)) s"
}

# Real clients are tried against what is shipped: release builds.
export PUNOS_BIN_DIR="$PWD/.build-release/release"
export PUNOS_INTEROP_BIN="$PUNOS_BIN_DIR/punos-interop"

prepare_python() { Tests/Interop/setup.sh >/dev/null; }

part "preparing Python" prepare_python
part "building the tests" swift build --build-tests
# As many histories of synced folders as are promised; a minute of processor time.
part "Swift tests" env PUNOS_HISTORIES="${PUNOS_HISTORIES:-10000}" swift test --skip-build --parallel
part "the schema" make --no-print-directory proto-check
part "messages beside Python's protobuf" make --no-print-directory interop-messages
part "building for release" scripts/build-release.sh punosd punos punos-interop
part "the wire with real clients and hostile peers" .venv-interop/bin/python -m pytest Tests/Interop/wire
part "the API with stock clients" .venv-interop/bin/python -m pytest Tests/Interop/api
part "the client people use" .venv-interop/bin/python -m pytest Tests/Interop/cli
