#!/usr/bin/env bash
# Prepares what the interop tests need and is cheap to run again:
#   - a Python environment in .venv-interop at the repository's root, with the versions of requirements.txt
#   - with --system: Debian's packages for the audits, the benchmarks and the second stock client (needs root)
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../.." && pwd)"
venv="${PUNOS_INTEROP_VENV:-$root/.venv-interop}"

if [ "${1:-}" = --system ]; then
  # nghttp2-client: h2load; nghttp2-server: nghttpd; golang-google-grpc-dev: gRPC for Go as Debian packages it.
  packages=(python3-venv openssl testssl.sh nghttp2-client nghttp2-server golang-go golang-google-grpc-dev
    golang-goprotobuf-dev protobuf-compiler)
  missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  if [ "${#missing[@]}" -gt 0 ]; then
    apt-get update -q
    apt-get install -y -q --no-install-recommends "${missing[@]}"
  fi
fi

stamp="$venv/.requirements"
if ! cmp -s "$here/requirements.txt" "$stamp"; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$stamp"
fi
echo "$venv"
