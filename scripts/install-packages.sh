#!/usr/bin/env bash
# Installs the Debian packages that are missing, and names them. Uses sudo only where it is needed.
#
#   scripts/install-packages.sh build|test|package
set -euo pipefail

build_packages=(
  make pkg-config libssl-dev libnghttp2-dev libprotobuf-c-dev libprotobuf-dev protobuf-compiler protobuf-c-compiler
  libsqlite3-dev libstemmer-dev zlib1g-dev libvoikko1 voikko-fi python3
)
package_packages=(dpkg-dev binutils chrpath)
test_packages=(
  python3-venv python3-pip openssl sqlite3 nghttp2-client nghttp2-server testssl.sh gcc libc6-dev
  golang-go golang-google-grpc-dev golang-goprotobuf-dev
  "${package_packages[@]}" lintian man-db groff zsh fish systemd
  libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
)

wanted=("${build_packages[@]}")
case "${1:-build}" in
  test) wanted+=("${test_packages[@]}") ;;
  package) wanted+=("${package_packages[@]}") ;;
esac

missing=()
for package in "${wanted[@]}"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  if [ "$status" != installed ]; then missing+=("$package"); fi
done
if [ "${#missing[@]}" -eq 0 ]; then exit 0; fi

echo "Installing Debian packages: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "These packages are missing and sudo is not here: run, as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  "${missing[@]}" >/dev/null
