#!/usr/bin/env bash
# Makes a development certificate authority and certificates for a server and its clients.
#
#   certs/make-dev-certs.sh OUTDIR [--variants]
#
# OUTDIR gets (keys are readable by their owner only; nothing here belongs into a repository):
#   ca.crt ca.key                   the authority; give ca.crt to clients (--ca) and, for mutual TLS, to the server
#   server.crt server.key           for localhost, 127.0.0.1 and ::1
#   client.crt client.key           the URI SAN punos://demo/sales/dev, the only thing that says who calls
# With --variants also what tests need:
#   client-delivery.*               a second principal, punos://demo/delivery/dana
#   client-other-tenant.*           punos://other/sales/olli
#   client-no-uri.*  client-two-uris.*   none or two URI SANs: no principal can be read from them
#   client-expired.*                ended a day after it began, in 2020
#   client-wrong-purpose.*          a certificate for servers only
#   client-wrong-ca.*  wrong-ca.*   from an authority nobody trusts
#   server-next.*                   the same names as server.*, for a replacement while running
#
# Environment: PUNOS_DEV_CLIENT_URI overrides the URI SAN of client.crt (punos://TENANT/TEAM/PRINCIPAL);
# PUNOS_DEV_SERVER_NAMES adds subject alternative names to the server's, e.g. "DNS:crm.example,IP:10.0.0.7".
#
# Everything is ECDSA P-256 with SHA-256 and needs the openssl command line only.
set -euo pipefail

usage() { sed -n '2,5p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 64; }

out="" variants=no
for argument in "$@"; do
  case "$argument" in
    --variants) variants=yes ;;
    -*) usage ;;
    *) [ -z "$out" ] || usage; out="$argument" ;;
  esac
done
[ -n "$out" ] || usage

umask 077
mkdir -p "$out"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# Short lives: a development certificate that outlives its project is a risk nobody watches. Mozilla's "modern"
# profile also wants server certificates below 366 days.
authority_days=365
leaf_days=90

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

# authority NAME COMMON_NAME
authority() {
  new_key "$out/$1.key"
  openssl req -x509 -new -sha256 -key "$out/$1.key" -days "$authority_days" -subj "/O=Punos development/CN=$2" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" \
    -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -addext "subjectKeyIdentifier=hash" -out "$out/$1.crt"
}

# leaf NAME AUTHORITY COMMON_NAME PURPOSE SUBJECT_ALTERNATIVE_NAMES [EXPIRED]
leaf() {
  local name="$1" issuer="$2" common="$3" purpose="$4" names="$5" expired="${6:-}"
  new_key "$out/$name.key"
  openssl req -new -sha256 -key "$out/$name.key" -subj "/O=Punos development/CN=$common" -out "$work/$name.csr"
  {
    echo "basicConstraints=critical,CA:FALSE"
    echo "keyUsage=critical,digitalSignature"
    echo "extendedKeyUsage=$purpose"
    echo "subjectKeyIdentifier=hash"
    echo "authorityKeyIdentifier=keyid"
    if [ -n "$names" ]; then echo "subjectAltName=$names"; fi
  } > "$work/$name.ext"
  if [ -n "$expired" ]; then
    # Only `openssl ca` can set a beginning and an end in the past.
    : > "$work/index.txt"
    cat > "$work/ca.cnf" <<CNF
[ca]
default_ca = this
[this]
database = $work/index.txt
rand_serial = yes
new_certs_dir = $work
default_md = sha256
policy = anything
[anything]
organizationName = optional
commonName = supplied
CNF
    openssl ca -batch -notext -config "$work/ca.cnf" -cert "$out/$issuer.crt" -keyfile "$out/$issuer.key" \
      -startdate 20200101000000Z -enddate 20200102000000Z -extfile "$work/$name.ext" \
      -in "$work/$name.csr" -out "$out/$name.crt" 2> "$work/ca.log" || { cat "$work/ca.log" >&2; return 1; }
  else
    openssl x509 -req -sha256 -in "$work/$name.csr" -CA "$out/$issuer.crt" -CAkey "$out/$issuer.key" \
      -set_serial "0x$(openssl rand -hex 16)" -days "$leaf_days" -extfile "$work/$name.ext" \
      -out "$out/$name.crt" 2> "$work/x509.log" || { cat "$work/x509.log" >&2; return 1; }
  fi
}

server_names="DNS:localhost,IP:127.0.0.1,IP:::1${PUNOS_DEV_SERVER_NAMES:+,$PUNOS_DEV_SERVER_NAMES}"
client_uri="${PUNOS_DEV_CLIENT_URI:-punos://demo/sales/dev}"

authority ca "Punos development CA"
leaf server ca localhost serverAuth "$server_names"
leaf client ca dev clientAuth "URI:$client_uri"

if [ "$variants" = yes ]; then
  leaf client-delivery ca dana clientAuth "URI:punos://demo/delivery/dana"
  leaf client-other-tenant ca olli clientAuth "URI:punos://other/sales/olli"
  leaf client-no-uri ca nobody clientAuth "DNS:client.example"
  leaf client-two-uris ca both clientAuth "URI:punos://demo/sales/one,URI:punos://demo/sales/two"
  leaf client-expired ca expired clientAuth "URI:punos://demo/sales/expired" expired
  leaf client-wrong-purpose ca purpose serverAuth "URI:punos://demo/sales/purpose"
  authority wrong-ca "Somebody else's CA"
  leaf client-wrong-ca wrong-ca stranger clientAuth "URI:punos://demo/sales/stranger"
  leaf server-next ca localhost serverAuth "$server_names"
fi
echo "certificates in $out"
