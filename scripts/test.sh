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

export PUNOS_BIN_DIR="$PWD/.build/debug"
export PUNOS_INTEROP_BIN="$PUNOS_BIN_DIR/punos-interop"

prepare_python() { Tests/Interop/setup.sh --system >/dev/null; }
build() { swift build --build-tests -Xswiftc -warnings-as-errors 2>&1 | grep -vE '^\[[0-9]+/[0-9]+\]' || return 1; }

part "preparing Python" prepare_python
part "building" swift build --build-tests
part "Swift tests" swift test --skip-build --parallel
part "tests with real clients" .venv-interop/bin/python -m pytest -q Tests/Interop
