#!/usr/bin/env bash
# What `make demo` runs: builds the two programs, starts a server on an empty store in a temporary folder, brings five
# systems' files about the same customers together, and shows what that is good for. Leaves nothing behind.
#
#   PUNOS_BIN_DIR   take punosd and punos from there instead of building them
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1m' cyan=$'\e[36m' dim=$'\e[2m' off=$'\e[0m'
else
  bold='' cyan='' dim='' off=''
fi

# Narrow terminals have this many columns.
columns=80
# Words in lines that fit; each line but the last ends in the first argument, and goes on behind the second.
wrap() {
  local end=$1 indent=$2 line=$3 word
  shift 3
  for word in "$@"; do
    if ((${#line} + ${#word} + 1 + ${#end} > columns)); then
      printf '%s%s\n' "$line" "$end"
      line=$indent$word
    else
      line+=" $word"
    fi
  done
  printf '%s' "$line"
}
step() {
  local words
  read -ra words <<<"$2"
  printf '\n%s%s%s\n%s%s%s\n\n' "$bold$cyan" "$1" "$off" "$dim" "$(wrap '' '' "${words[@]}")" "$off"
}
say() {
  local word words=()
  for word in "$@"; do
    if [[ $word == *[!A-Za-z0-9._/:-]* ]]; then word="'$word'"; fi
    words+=("$word")
  done
  printf '%s%s%s\n' "$bold" "$(wrap ' \' '    ' '$ punos' "${words[@]}")" "$off"
}
show() {
  say "$@"
  punos "$@"
}

if [ -n "${PUNOS_BIN_DIR:-}" ]; then
  binaries=$PUNOS_BIN_DIR
else
  printf '%s\n' "Building punosd and punos (minutes the first time, seconds afterwards) …"
  log=$(mktemp)
  if ! scripts/build-release.sh punosd punos >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
  binaries=.build-release/release
fi
binaries=$(cd "$binaries" && pwd)
PATH="$binaries:$PATH"

folder=$(mktemp -d)
server=''
watcher=''
cleanup() {
  if [ -n "$watcher" ]; then kill "$watcher" 2>/dev/null || true; fi
  if [ -n "$server" ]; then kill -TERM "$server" 2>/dev/null && wait "$server" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap cleanup EXIT

# The server refuses settings it does not know, so the client's are set behind it.
unset PUNOS_BIN_DIR PUNOS_CONTEXT PUNOS_CONFIG
cp sample/*.csv sample/*.tsv sample/*.mapping "$folder/"
data="$folder/data"

step '1. A server of its own' \
  'An empty store, an authority for certificates, and three people in three teams. Everything is in a temporary folder.'
punosd init --data "$data" --tenant demo --team sales --admin aino.virtanen --listen 127.0.0.1:0 >/dev/null
punosd cert issue --data "$data" --tenant demo --team delivery --name eero.koski --out "$folder/eero" >/dev/null
punosd cert issue --data "$data" --tenant demo --team service --name sanna.lahti --out "$folder/sanna" >/dev/null
punosd serve --data "$data" --log-level warning >"$folder/server.out" 2>"$folder/server.log" &
server=$!
address=''
for _ in $(seq 1 200); do
  address=$(sed -n 's/^punosd is ready at //p' "$folder/server.out")
  if [ -n "$address" ]; then break; fi
  if ! kill -0 "$server" 2>/dev/null; then
    cat "$folder/server.log" >&2
    exit 1
  fi
  sleep 0.05
done
if [ -z "$address" ]; then
  printf 'The server did not get ready:\n' >&2
  cat "$folder/server.log" >&2
  exit 1
fi
export PUNOS_CONFIG="$folder/contexts.json" XDG_STATE_HOME="$folder/state"
context() {
  local name=$1 certificate=$2
  punos context add "$name" --endpoint "$address" --ca "$data/pki/ca.pem" --cert "$certificate" \
    --key "${certificate%.pem}-key.pem"
}
context sales "$data/clients/demo-sales-aino.virtanen.pem"
context delivery "$folder/eero/demo-delivery-eero.koski.pem"
context service "$folder/sanna/demo-service-sanna.lahti.pem"

step '2. Five systems that know the same customers' \
  'Invoicing, delivery projects, the sales CRM and the service desk: other names, other ids, other encodings. Business ids and e-mail addresses tell who is who.'
cd "$folder"
show import 3-laskutus.csv --mapping 3-laskutus.mapping --context sales --reason 'Asiakasrekisteri laskutuksesta'
show import 4-delivery-projects.tsv --mapping 4-delivery-projects.mapping --context delivery --reason 'Running projects'
show import 1-sales-crm-accounts.csv --mapping 1-sales-crm-accounts.mapping --context sales --reason 'CRM export'
show import 2-sales-crm-contacts.csv --mapping 2-sales-crm-contacts.mapping --context sales --reason 'CRM export'
show import 5-service-desk-people.csv --mapping 5-service-desk-people.mapping --context service --reason 'Service desk export'

step '3. Twice changes nothing' 'The same file again: every record is as it says already.'
show import 1-sales-crm-accounts.csv --mapping 1-sales-crm-accounts.mapping --context sales

step '4. One list of customers' 'What three systems said in 28 rows are twelve companies, and every one keeps the ids it has there.'
show account list

step '5. Search that knows Finnish' \
  'Asked for konepaja and for johtaja, it finds the words in their forms and inside other words.'
show search konepajan
show search hankintajohtajat --lang fi --limit 5

step '6. The page before a meeting' \
  'Who they are, the people, who of ours is responsible, what changed lately, and where each thing is known from.'
show account show Kuura --lang fi

step '7. A change, seen by everybody as it happens' \
  'Eero of the delivery team watches the customer; Aino of sales changes something.'
# The watch runs apart; what it prints is shown as it comes.
say watch Kuura --context delivery
revision=$(punos server info --output json | sed -n 's/.*"revision": *"\{0,1\}\([0-9]*\).*/\1/p' | head -1)
punos watch Kuura --context delivery --after "${revision:-0}" --count 2 >"$folder/watch.out" 2>&1 &
watcher=$!
shown=0
show_watch() {
  local lines
  for _ in $(seq 1 100); do
    lines=$(wc -l <"$folder/watch.out")
    if [ "$lines" -ge $((shown + 3)) ]; then break; fi
    sleep 0.05
  done
  tail -n +$((shown + 1)) "$folder/watch.out"
  shown=$lines
}
say account update Kuura --tag avainasiakas --reason 'Kolmas linja tilattu' --context sales
punos account update Kuura --tag avainasiakas --reason 'Kolmas linja tilattu' --context sales >/dev/null
show_watch
say account update Kuura --employees 431 --reason 'Luku varmistettu puhelimessa' --context service
punos account update Kuura --employees 431 --reason 'Luku varmistettu puhelimessa' --context service >/dev/null
show_watch
wait "$watcher"
watcher=''

step '8. Its history' 'Which fields, from what to what, who, when and why: of every record, from the first day.'
show account history Kuura --limit 3

step '9. How they decide, and what nobody has asked yet' \
  'Two of the people who decide about the third line, and what that leaves open; then the questions worth most.'
show committee add Kuura 'Juhani Mäkelä' --role champion --set stance=supportive --set influence=0.6 --set coverage=several
show committee add Kuura 'Liisa Korhonen' --role economic_buyer --set stance=sceptical --set influence=0.9 --set coverage=none
show committee coverage Kuura
show questions Kuura --lang fi --limit 3

step '10. The server stops' 'Calls in flight would finish first.'
kill -TERM "$server"
status=0
wait "$server" || status=$?
server=''
if [ "$status" -ne 0 ]; then
  printf 'The server ended with status %s:\n' "$status" >&2
  cat "$folder/server.log" >&2
  exit 1
fi
printf 'Done. What next: README.md, or `punos --help`.\n'
