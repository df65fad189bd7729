#!/usr/bin/env bash
# Builds a libFuzzer target with AddressSanitizer and lets it run.
#
#   Tests/Fuzz/run.sh TARGET SECONDS [libFuzzer options]     fuzz; new inputs go to .build-fuzz/TARGET/corpus
#   Tests/Fuzz/run.sh TARGET replay                          only run what Tests/Fuzz/corpus/TARGET holds
#   Tests/Fuzz/run.sh TARGET keep                            take the smallest set that covers as much into the repository
#   Tests/Fuzz/run.sh list
#
# TARGET is the lower-case name of a Tests/Fuzz/<Name>Fuzzer.swift. Its head says what it is made of, one line each:
#   // fuzz-c-modules: CPunosMessages      C targets under Sources/, dependencies first
#   // fuzz-modules: Compression RPC       Swift targets under Sources/, dependencies first
#   // fuzz-sources: Tests/…/Exercise.swift   other files compiled with it
#   // fuzz-options: -max_len=4096         options for libFuzzer
# A crash leaves its input in .build-fuzz/TARGET/ and ends the script with an error.
set -euo pipefail
cd "$(dirname "$0")/../.."
export SWIFT_BACKTRACE=enable=no  # Otherwise Swift's own crash handler keeps libFuzzer from writing the input.

if [ "${1:-}" = list ]; then
  for file in Tests/Fuzz/*Fuzzer.swift; do
    name="$(basename "$file" Fuzzer.swift)"
    echo "${name,,}"
  done
  exit 0
fi
[ $# -ge 2 ] || { sed -n '2,8p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 64; }
target="$1" mode="$2"
shift 2

source=""
for file in Tests/Fuzz/*Fuzzer.swift; do
  name="$(basename "$file" Fuzzer.swift)"
  if [ "${name,,}" = "$target" ]; then source="$file"; fi
done
[ -n "$source" ] || { echo "no Tests/Fuzz/*Fuzzer.swift for $target" >&2; exit 64; }
head_line() { sed -n "s|^// $1: ||p" "$source"; }

build=".build-fuzz/$target"
mkdir -p "$build/corpus"
flags=(
  -O -g -swift-version 6 -package-name punos -parse-as-library -sanitize=fuzzer,address -I "$build"
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
  -enable-upcoming-feature MemberImportVisibility)
for system in Sources/C/*/; do flags+=(-I "$system"); done
objects=()

for module in $(head_line fuzz-c-modules); do
  include="$(pwd)/Sources/$module/include"
  mkdir -p "$build/$module.include"
  if [ -f "$include/module.modulemap" ]; then
    flags+=(-I "$include")
  else
    printf 'module %s {\n  umbrella "%s"\n  export *\n}\n' "$module" "$include" > "$build/$module.include/module.modulemap"
    flags+=(-I "$build/$module.include")
  fi
  while IFS= read -r unit; do
    object="$build/$module-$(echo "$unit" | tr '/' '_').o"
    if [ "$unit" -nt "$object" ]; then
      clang -c -O1 -g -fsanitize=fuzzer-no-link,address -I "$include" -I "Sources/$module/Generated" "$unit" -o "$object"
    fi
    objects+=("$object")
  done < <(find "Sources/$module" -name '*.c' | sort)
done

for module in $(head_line fuzz-modules); do
  mapfile -t units < <(find "Sources/$module" -name '*.swift' | sort)
  swiftc "${flags[@]}" -module-name "$module" -emit-module -emit-module-path "$build/$module.swiftmodule" \
    -wmo -c "${units[@]}" -o "$build/$module.o"
  objects+=("$build/$module.o")
done
# shellcheck disable=SC2046
swiftc "${flags[@]}" -module-name Fuzzer -wmo "$source" $(head_line fuzz-sources) "${objects[@]}" -o "$build/fuzzer"

mapfile -t options < <(head_line fuzz-options | tr ' ' '\n')
# Leaks of one input are looked for at its end; memory that grows over inputs is one too.
common=("${options[@]}" -rss_limit_mb=2048 -malloc_limit_mb=256 -timeout=10 "-artifact_prefix=$build/")
kept="Tests/Fuzz/corpus/$target"
mkdir -p "$kept"

case "$mode" in
  replay) "$build/fuzzer" "${common[@]}" "$@" "$kept"/* ;;
  keep)
    smallest="$build/smallest"
    rm -rf "$smallest" && mkdir -p "$smallest"
    "$build/fuzzer" "${common[@]}" -merge=1 "$smallest" "$kept" "$build/corpus"
    # A few hundred inputs say what matters; the smallest ones, so that the repository stays small.
    mapfile -t chosen < <(find "$smallest" -type f -printf '%s %f\n' | sort -n | head -150 | cut -d' ' -f2)
    find "$kept" -type f -delete
    for file in "${chosen[@]}"; do cp "$smallest/$file" "$kept/${file:0:12}"; done
    ;;
  *) "$build/fuzzer" "${common[@]}" "-max_total_time=$mode" -print_final_stats=1 "$@" "$build/corpus" "$kept" ;;
esac
