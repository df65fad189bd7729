#!/usr/bin/env bash
# Puts what is built where a system looks for it: programs, the systemd unit, manual pages, completions.
#
#   scripts/install-files.sh BIN-FOLDER DESTDIR PREFIX
#
# BIN-FOLDER holds punos and punosd. PREFIX is /usr for packages and /usr/local for `make install`; DESTDIR is put in
# front of every path.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 3 ] || { sed -n '2,7p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 64; }
bin=$1
to="$2$3"
prefix=$3

install -D -m 755 "$bin/punosd" "$to/bin/punosd"
install -D -m 755 "$bin/punos" "$to/bin/punos"

# Units, users and folders of packages and of the administrator's own software lie in different places.
if [ "$prefix" = /usr ]; then units="$2/lib/systemd/system"; else units="$to/lib/systemd/system"; fi
install -d -m 755 "$units"
sed "s|/usr/bin/|$prefix/bin/|" packaging/punosd.service > "$units/punosd.service"
chmod 644 "$units/punosd.service"
install -D -m 644 packaging/punos.sysusers "$to/lib/sysusers.d/punos.conf"
install -D -m 644 packaging/punos.tmpfiles "$to/lib/tmpfiles.d/punos.conf"

pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
scripts/man-pages.py "$bin" "$pages"
(cd "$pages" && find . -type f) | while read -r page; do
  install -d -m 755 "$to/share/man/$(dirname "$page")"
  # Without the time of day, so that the same pages make the same files.
  gzip -9 -n < "$pages/$page" > "$to/share/man/$page.gz"
  chmod 644 "$to/share/man/$page.gz"
done

completion() {
  install -d -m 755 "$(dirname "$2")"
  # A script that is read and never run has no interpreter line.
  LC_ALL=C.UTF-8 "$bin/punos" --generate-completion-script "$1" | sed '1{/^#!/d}' > "$2"
  chmod 644 "$2"
}
completion bash "$to/share/bash-completion/completions/punos"
if [ "$prefix" = /usr ]; then zsh="$to/share/zsh/vendor-completions"; else zsh="$to/share/zsh/site-functions"; fi
completion zsh "$zsh/_punos"
completion fish "$to/share/fish/vendor_completions.d/punos.fish"
