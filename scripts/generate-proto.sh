#!/bin/sh
# Writes all code that comes from proto/: C by protoc-c, Swift by Plugins/protoc-gen-punos.
# Usage: scripts/generate-proto.sh [DIRECTORY]   (default: this checkout; the check writes elsewhere and compares)
# Needs Debian's protobuf-compiler, libprotobuf-dev and protobuf-c-compiler. The same input gives the same output.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
target=${1:-$root}
work=$(mktemp -d)
out=$work/out  # nothing that is there is touched before everything is written
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

swift build --package-path "$root/Plugins/protoc-gen-punos" --product protoc-gen-punos >"$work/build.log" 2>&1 || {
  cat "$work/build.log" >&2
  exit 1
}
generator=$(swift build --package-path "$root/Plugins/protoc-gen-punos" --show-bin-path)/protoc-gen-punos

# list DIRECTORY...: the .proto files under these directories of proto/, as protoc names them.
list() {
  (cd "$root/proto" && for directory in "$@"; do
    [ -d "$directory" ] && find "$directory" -name '*.proto'
  done | sort)
}

# plugin DIRECTORY PARAMETER INCLUDE FILES...: runs our generator.
plugin() {
  directory=$1 parameter=$2 include=$3
  shift 3
  mkdir -p "$directory"
  protoc -I "$root/proto" -I "$include" --plugin="protoc-gen-punos=$generator" \
    --punos_out="$directory" --punos_opt="$parameter" "$@"
}

# messages MODULE SCHEMA C-TARGET MODULE-PATH C-PATH EXTRA INCLUDE FILES...: a module of values and its C.
messages() {
  module=$1 schema=$2 c=$3 path=$4 cpath=$5 extra=$6 include=$7
  shift 7
  mkdir -p "$out/$cpath/Generated"
  protoc -I "$root/proto" -I "$include" --include_imports --descriptor_set_out="$work/$c.full" "$@"
  "$generator" plain "$work/$c.full" "$work/$c.plain"
  protoc --descriptor_set_in="$work/$c.plain" --c_out="$out/$cpath/Generated" "$@"
  plugin "$out/$cpath" "output=c,c=$c" "$include" "$@"
  plugin "$out/$path/Generated" "output=messages,c=$c,schema=$schema$extra" "$include" "$@"
}

# services MODULE MESSAGES FILES...: a module of services.
services() {
  module=$1 values=$2
  shift 2
  plugin "$out/Sources/$module/Generated" "output=services,import=$values" "$root/proto" "$@"
}

well_known="google/protobuf/any.proto google/protobuf/duration.proto google/protobuf/empty.proto
google/protobuf/field_mask.proto google/protobuf/timestamp.proto google/protobuf/wrappers.proto"
product=$(list google/rpc grpc/health grpc/reflection punos/v1)
interop=$(list grpc/testing)

# shellcheck disable=SC2086  # lists of file names without blanks
{
  messages PunosMessages shared CPunosMessages Sources/PunosMessages Sources/CPunosMessages "" \
    "$root/proto" $well_known $product
  services PunosAPI PunosMessages $product
  messages InteropMessages interop CInteropMessages Sources/InteropMessages Sources/CInteropMessages "" \
    "$root/proto" $interop
  services InteropAPI InteropMessages $interop
  messages ShapeMessages shapes CShapeMessages Tests/Shapes/ShapeMessages Tests/Shapes/CShapeMessages \
    ",import=PunosMessages" "$root/Tests/Shapes/proto" $(cd "$root/Tests/Shapes/proto" && find . -name '*.proto' | cut -c3- | sort)
  messages BenchMessages bench CBenchMessages Benchmarks/messages/Sources/BenchMessages \
    Benchmarks/messages/Sources/CBenchMessages "" "$root/Benchmarks/messages/proto" \
    punos/bench/v1/bench.proto
}

(cd "$out" && find . -type d \( -name Generated -o -name include \)) | while read -r directory; do
  rm -rf "${target:?}/$directory"
  mkdir -p "$target/$directory"
  cp -R "$out/$directory/." "$target/$directory"
done
