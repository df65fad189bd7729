#!/usr/bin/env bash
# Builds products as they are shipped and measured: one place for the settings, so that what is tested is what runs.
#
#   scripts/build-release.sh PRODUCT...     into .build-release/release, or SCRATCH's
#
# The Swift runtime is linked in: a program runs where no toolchain is, and each retain or release is a plain call.
# Exclusivity is checked by the debug builds that the Swift tests run as; at run time the check costs a twentieth of a
# call. Both are given here and not in Package.swift, whose library others may depend on.
set -euo pipefail
cd "$(dirname "$0")/.."

for product in "$@"; do
  swift build -c release --scratch-path "${SCRATCH:-.build-release}" --static-swift-stdlib \
    -Xswiftc -enforce-exclusivity=unchecked --product "$product"
done
