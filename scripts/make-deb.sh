#!/usr/bin/env bash
# Makes a Debian package of what is built.
#
#   scripts/make-deb.sh [OUTPUT-FOLDER]      dist/ where not given; PUNOS_BIN_DIR names another build
set -euo pipefail
cd "$(dirname "$0")/.."
output=${1:-dist}
bin=${PUNOS_BIN_DIR:-.build-release/release}
version=$("$bin/punos" --version | awk '{ print $2 }')
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
umask 022

# Programs without debug information; a symbol table stays in the build.
mkdir -p "$work/bin"
for program in punos punosd; do
  strip --strip-unneeded -o "$work/bin/$program" "$bin/$program"
  # The build lets programs look for libraries beside themselves; a system's programs have none there.
  chrpath -d "$work/bin/$program" > /dev/null
done
scripts/install-files.sh "$work/bin" "$root" /usr

doc=$root/usr/share/doc/punos
install -D -m 644 packaging/debian/copyright "$doc/copyright"
{
  echo "punos ($version) unstable; urgency=medium"
  echo
  echo "  * See CHANGELOG.md of this version."
  echo
  echo " -- Punos developers <developers@punos.example>  $(LC_ALL=C date -u -R -d "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}")"
} | gzip -9 -n > "$doc/changelog.gz"
gzip -9 -n < CHANGELOG.md > "$doc/CHANGELOG.md.gz"

# The libraries that the programs ask for, by the packages that have them.
mkdir -p "$work/debian"
printf 'Source: punos\n\nPackage: punos\nArchitecture: any\n' > "$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O root/usr/bin/punos root/usr/bin/punosd | sed -n 's/^shlibs:Depends=//p')

mkdir -p "$root/DEBIAN"
sed -e "s|@VERSION@|$version|" -e "s|@ARCHITECTURE@|$architecture|" -e "s|@DEPENDS@|$depends|" \
  -e "s|@SIZE@|$(du -sk --exclude=DEBIAN "$root" | cut -f1)|" packaging/debian/control.in > "$root/DEBIAN/control"
for script in postinst prerm postrm; do install -m 755 "packaging/debian/$script" "$root/DEBIAN/$script"; done
(cd "$root" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum > DEBIAN/md5sums)
chmod 644 "$root/DEBIAN/control" "$root/DEBIAN/md5sums"
find "$root" -type d -exec chmod 755 {} +

mkdir -p "$output"
package=$output/punos_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" > /dev/null
echo "$package"
