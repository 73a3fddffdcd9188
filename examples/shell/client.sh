#!/bin/sh
# 免证客户端：curl 与 openssl（≥ 3）。A Mianzheng client of curl and openssl (3 or later).
#
#   client.sh ask <gateway-url> <trust.json> <key.jwk.json> <question.json> [evidence.json]
#   client.sh verify <trust.json> <evidence.json>
#
# Exit 0: all of it holds. 1: something does not. 2: it could not be judged here.
#
# A shell has no JSON reader. This one reads only the spelling that the gateway, the trust command and
# these clients write, by patterns that match the whole or exactly once, and refuses any other: it may
# refuse good evidence that somebody re-formatted, and is not to pass bad evidence.
set -eu
LC_ALL=C
export LC_ALL
umask 077
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM

bad() { printf '✗ %s\n' "$*" >&2; exit 1; }
cannot() { printf '%s\n' "$*" >&2; exit 2; }
good() { printf '✓ %s\n' "$*"; }

# --- base64url (RFC 4648 §5) and SHA-256 ---------------------------------------------------------

base64url() { openssl base64 -A | tr '/+' '_-' | tr -d '='; }

# Decodes $1. One value has one spelling: whatever does not encode to the same again is refused.
unbase64url() {
  padded=$(printf %s "$1" | tr '_-' '/+')
  while [ $((${#padded} % 4)) -ne 0 ]; do padded="$padded="; done
  printf %s "$padded" | openssl base64 -d -A >"$tmp/decoded"
  [ "$(base64url <"$tmp/decoded")" = "$1" ] || bad "form: not canonical base64url"
  cat "$tmp/decoded"
}

sha256() { openssl dgst -sha256 -binary; }

# --- JSON, as far as it goes ---------------------------------------------------------------------

# member NAME FILE: the string member of that name, which must stand exactly once. A quote inside a
# string is written \", so a value cannot be mistaken for a member.
member() {
  grep -oE "\"$1\": *\"[^\"\\]*\"" "$2" >"$tmp/member" || true
  [ "$(wc -l <"$tmp/member")" -eq 1 ] || bad "form: no single member \"$1\""
  sed -E 's/^"[^"]*": *"(.*)"$/\1/' "$tmp/member"
}

# The trust file on one line without spaces: none of its values has one.
flat() { tr -d ' \n' <"$1"; }

# The keys of the gateway, or of one caller: one key a line.
gateway_keys() { flat "$trust" | sed -nE 's/^.*"gateway":\[([^]]*)\],"log":.*$/\1/p' | a_key_a_line; }
caller_keys() {
  flat "$trust" | sed -nE "s/^.*\"callers\":\\{(.*\\],)?\"$1\":\\[([^]]*)\\].*\$/\\2/p" | a_key_a_line
}
a_key_a_line() { awk '{ gsub(/[{]"kid":/, "\n&"); print }'; }

# --- ES256: JWS wants r ‖ s, 32 bytes each (RFC 7518 §3.4); openssl reads and writes DER -----------

raw_of_der() {
  openssl asn1parse -inform DER -in "$1" | sed -n 's/^.*INTEGER *:\([0-9A-F]*\)$/\1/p' |
    while read -r number; do
      # Numbers come without leading zeros; each takes 64 digits here.
      printf '%064d%s' 0 "$number" | tail -c 64 | fold -w 2
      echo
    done | while read -r byte; do [ -z "$byte" ] || printf "\\$(printf %03o "0x$byte")"; done
}

der_of_raw() {
  [ "$(wc -c <"$1")" -eq 64 ] || bad "signature: not 64 bytes"
  r=$(od -An -v -tx1 -N32 "$1" | tr -d ' \n')
  s=$(od -An -v -tx1 -j32 "$1" | tr -d ' \n')
  printf 'asn1=SEQUENCE:rs\n[rs]\nr=INTEGER:0x%s\ns=INTEGER:0x%s\n' "$r" "$s" >"$tmp/rs.conf"
  openssl asn1parse -genconf "$tmp/rs.conf" -noout -out "$2"
}

# A public key for openssl: the fixed head of a SubjectPublicKeyInfo (RFC 5480, RFC 8410) in base64,
# then the key's bytes from standard input. Both heads are a multiple of three bytes long.
P256_HEAD=MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
ED25519_HEAD=MCowBQYDK2VwAyEA
public_pem() {
  echo '-----BEGIN PUBLIC KEY-----'
  { printf %s "$1"; openssl base64 -A; } | fold -w 64
  printf '\n-----END PUBLIC KEY-----\n'
}

# The private JWK as an ECPrivateKey (RFC 5915): a fixed head, d, and the name of the curve.
private_der() {
  printf '\060\061\002\001\001\004\040'
  unbase64url "$(member d "$1")"
  printf '\240\012\006\010\052\206\110\316\075\003\001\007'
}

# sign TYPE PAYLOAD-FILE: a compact JWS whose header is exactly alg, kid, typ.
sign() {
  header="{\"alg\":\"ES256\",\"kid\":\"$kid\",\"typ\":\"$1\"}"
  signed="$(printf %s "$header" | base64url).$(base64url <"$2")"
  printf %s "$signed" | openssl dgst -sha256 -sign "$tmp/key.der" -keyform DER >"$tmp/sig.der"
  printf '%s.%s' "$signed" "$(raw_of_der "$tmp/sig.der" | base64url)"
}

# --- verification --------------------------------------------------------------------------------

# Whether instant $1 is not after $2. RFC 3339 in UTC: the order of the texts is that of the times.
not_after() { [ "$(printf '%s\n%s\n' "${1%Z}" "${2%Z}" | sort | head -n 1)" = "${1%Z}" ]; }

# check_jws WHO JWS KEYS-FILE: by the key of that kid, if it was valid at the entry's time. The
# algorithm is the key's, never the message's choice (RFC 8725 §3.1). The gateway judges a caller's key
# on arrival, up to a minute before the entry; this client is stricter and forgets that minute.
check_jws() {
  unbase64url "$(printf %s "$2" | cut -d . -f 1)" >"$tmp/header"
  grep -qE '^\{"[a-z]+":"[^"\\]*","[a-z]+":"[^"\\]*","[a-z]+":"[^"\\]*"\}$' "$tmp/header" ||
    bad "signature: $1: the header is not exactly alg, kid and typ"
  named=$(member kid "$tmp/header")
  grep -F "\"kid\":\"$named\"" "$3" >"$tmp/key" || bad "signature: $1: the trust file has no such key"
  [ "$(wc -l <"$tmp/key")" -eq 1 ] || bad "signature: $1: more than one key of that name"
  alg=$(member alg "$tmp/header")
  [ "$alg" = "$(sed -E 's/^.*"alg":"([^"]*)".*$/\1/' "$tmp/key")" ] ||
    bad "signature: $1: the header's alg is not the key's"
  from=$(member validFrom "$tmp/key")
  not_after "$from" "$time" || bad "signature: $1: its key was not valid yet"
  for end in validTo revokedAt; do
    grep -q "\"$end\":" "$tmp/key" || continue
    ended=$(member $end "$tmp/key")
    if not_after "$ended" "$time"; then bad "signature: $1: its key was no longer valid ($end)"; fi
  done
  printf %s "${2%.*}" >"$tmp/signed"
  unbase64url "$(printf %s "$2" | cut -d . -f 3)" >"$tmp/sig.raw"
  case $alg in
    ES256) verifies_es256 ;;
    Ed25519) unbase64url "$(member x "$tmp/key")" | verifies_ed25519 "$tmp/sig.raw" ;;
    *) false ;;
  esac || bad "signature: $1: it does not verify"
}

verifies_es256() {
  { unbase64url "$(member x "$tmp/key")"; unbase64url "$(member y "$tmp/key")"; } |
    public_pem "$P256_HEAD" >"$tmp/public.pem"
  der_of_raw "$tmp/sig.raw" "$tmp/sig.der"
  openssl dgst -sha256 -verify "$tmp/public.pem" -signature "$tmp/sig.der" "$tmp/signed" >/dev/null 2>&1
}

# Whether $1 is the signature of $tmp/signed by the key whose 32 bytes come from standard input.
verifies_ed25519() {
  public_pem "$ED25519_HEAD" >"$tmp/public.pem"
  openssl pkeyutl -verify -pubin -inkey "$tmp/public.pem" -rawin -in "$tmp/signed" -sigfile "$1" \
    >/dev/null 2>&1
}

# Takes the bundle apart: exactly its four members. A bundle with keys of its own proves nothing.
read_bundle() {
  jws='[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+'
  form="^ *\\{ *\"request\": *\"($jws)\", *\"answer\": *\"($jws)\", *\"entry\": *\"(([^\"\\]|\\\\\")*)\","
  form="$form *\"receipt\": *\"(([^\"\\]|\\\\n)*)\" *\\} *\$"
  tr '\n' ' ' <"$1" >"$tmp/bundle"
  echo >>"$tmp/bundle"
  grep -qE "$form" "$tmp/bundle" || bad "form: not an evidence bundle of exactly four members"
  request=$(sed -E "s/$form/\\1/" "$tmp/bundle")
  answer=$(sed -E "s/$form/\\2/" "$tmp/bundle")
  # The only escapes left are \" in the entry and \n in the receipt.
  printf %s "$(sed -E "s/$form/\\3/" "$tmp/bundle")" | tr -d '\\' >"$tmp/entry"
  printf '%b' "$(sed -E "s/$form/\\5/" "$tmp/bundle")" >"$tmp/receipt"
  unbase64url "$(printf %s "$request" | cut -d . -f 2)" >"$tmp/asked"
  unbase64url "$(printf %s "$answer" | cut -d . -f 2)" >"$tmp/said"
}

check_signatures() {
  caller=$(member iss "$tmp/asked")
  case $caller in *[!a-z0-9-]* | '') bad "signature: not a system id" ;; esac
  caller_keys "$caller" >"$tmp/caller.keys"
  gateway_keys >"$tmp/gateway.keys"
  check_jws request "$request" "$tmp/caller.keys"
  [ "$(member typ "$tmp/header")" = assistance-request+jwt ] || bad "signature: not a request"
  check_jws answer "$answer" "$tmp/gateway.keys"
  [ "$(member typ "$tmp/header")" = "$1" ] || bad "signature: not an $1"
  good "signature: asked by $caller, answered by $issuer; both keys valid at $time"
}

# A member that could not be read is empty here, and fits nothing.
same() { [ -n "$1" ] && [ "$1" = "$2" ] || bad "binding: $3 does not fit"; }

# That answer, request and entry are about one another.
check_binding() {
  # Of the two jti in an answer one is its own; the request's stands in "request".
  grep -oE '"request":\{[^{}]*\}' "$tmp/said" >"$tmp/about" || bad "binding: the answer names no request"
  same "$(member requestHash "$tmp/entry")" "$(printf %s "$request" | sha256 | base64url)" "the entry's requestHash"
  same "$(member answerHash "$tmp/entry")" "$(printf %s "$answer" | sha256 | base64url)" "the entry's answerHash"
  same "$(member hash "$tmp/about")" "$(member requestHash "$tmp/entry")" "the answer's request.hash"
  same "$(member jti "$tmp/about")" "$(member jti "$tmp/asked")" "the answer's request.jti"
  same "$(member caller "$tmp/entry")" "$caller" "the entry's caller"
  same "$(member aud "$tmp/said")" "$caller" "the answer's aud"
  same "$(member iss "$tmp/said")" "$issuer" "the answer's iss"
  same "$(member aud "$tmp/asked")" "$issuer" "the request's aud"
  if [ "$kind" = exchange ]; then result=outcome of=outcome; else result=check of=code; fi
  same "$(member $result "$tmp/entry")" "$(member $of "$tmp/said")" "the entry's $result"
  if [ "$kind" = exchange ] && grep -q '"item":"' "$tmp/entry"; then
    item=$(sed -nE 's/^.*"item":\{"code":"([^"\\]*)","version":([0-9]+)\}.*$/\1@\2/p' "$tmp/said")
    same "$(member item "$tmp/entry")" "$item" "the answer's item"
  fi
  good "binding: entry, request and answer are one another's ($(member $result "$tmp/entry"))"
}

# node LEFT RIGHT OUT: an inner node of the tree (RFC 9162 §2.1.1).
node() { { printf '\001'; cat "$1" "$2"; } | sha256 >"$tmp/node"; mv "$tmp/node" "$3"; }

# From the leaf up to the root of the checkpoint (RFC 9162 §2.1.3.2).
check_inclusion() {
  sed '/^$/,$d' "$tmp/receipt" >"$tmp/proof"
  sed '1,/^$/d' "$tmp/receipt" >"$tmp/note"
  [ "$(sed -n 1p "$tmp/proof")" = c2sp.org/tlog-proof@v1 ] || bad "inclusion: not a receipt"
  index=$(sed -nE '2s/^index (0|[1-9][0-9]{0,15})$/\1/p' "$tmp/proof")
  size=$(sed -nE '2s/^(0|[1-9][0-9]{0,15})$/\1/p' "$tmp/note")
  if [ -z "$index" ] || [ -z "$size" ] || [ "$index" -ge "$size" ]; then
    bad "inclusion: no such leaf"
  fi
  { printf '\000'; cat "$tmp/entry"; } | sha256 >"$tmp/at"
  fn=$index sn=$((size - 1))
  sed '1,2d' "$tmp/proof" >"$tmp/hashes"
  while read -r hash; do
    printf %s "$hash" | openssl base64 -d -A >"$tmp/sibling"
    [ "$(wc -c <"$tmp/sibling")" -eq 32 ] || bad "inclusion: a hash has 32 bytes"
    [ "$(openssl base64 -A <"$tmp/sibling")" = "$hash" ] || bad "inclusion: not canonical base64"
    [ "$sn" -gt 0 ] || bad "inclusion: the proof is too long"
    if [ $((fn & 1)) -eq 1 ] || [ "$fn" -eq "$sn" ]; then
      node "$tmp/sibling" "$tmp/at" "$tmp/at"
      while [ $((fn & 1)) -eq 0 ] && [ "$fn" -ne 0 ]; do fn=$((fn >> 1)) sn=$((sn >> 1)); done
    else
      node "$tmp/at" "$tmp/sibling" "$tmp/at"
    fi
    fn=$((fn >> 1)) sn=$((sn >> 1))
  done <"$tmp/hashes"
  [ "$sn" -eq 0 ] || bad "inclusion: the proof is too short"
  [ "$(openssl base64 -A <"$tmp/at")" = "$(sed -n 3p "$tmp/note")" ] ||
    bad "inclusion: the proof does not lead from the entry to the root"
  good "inclusion: leaf $index of $size"
}

# The log's own signature (c2sp.org/signed-note): text, an empty line, "— name base64(id ‖ signature)".
check_checkpoint() {
  origin=$(sed -n 1p "$tmp/note")
  [ -z "$(sed -n 4p "$tmp/note")" ] || bad "checkpoint: it has more than three lines"
  vkey=$(flat "$trust" | sed -nE 's/^.*"log":\[\{"origin":"([^"]*)","vkey":"([^"]*)"\}.*$/\1 \2/p')
  [ "${vkey% *}" = "$origin" ] || bad "checkpoint: the trust file does not name the log"
  vkey=${vkey#* }
  # name+hex(id)+base64(1 ‖ public key); a signature on the note begins with the id's four bytes.
  id=$(printf %s "${vkey#"$origin"+}" | cut -c 1-8)
  sed -n '1,3p' "$tmp/note" >"$tmp/signed"
  sed '1,4d' "$tmp/note" >"$tmp/signatures"
  # Nothing stands there but whole signature lines.
  if [ -n "$(tail -c 1 "$tmp/note")" ] || grep -qvE '^— [^ ]+ [A-Za-z0-9+/]+=*$' "$tmp/signatures"; then
    bad "checkpoint: not a signature line"
  fi
  while read -r dash name signature; do
    [ "$dash" = "—" ] && [ "$name" = "$origin" ] || continue
    printf %s "$signature" | openssl base64 -d -A >"$tmp/sig.note"
    [ "$(od -An -v -tx1 -N4 "$tmp/sig.note" | tr -d ' \n')" = "$id" ] || continue
    tail -c +5 "$tmp/sig.note" >"$tmp/sig.ed25519"
    printf %s "${vkey#"$origin"+????????+}" | openssl base64 -d -A | tail -c 32 |
      verifies_ed25519 "$tmp/sig.ed25519" || bad "checkpoint: the log's signature does not verify"
    touch "$tmp/log-signed"
  done <"$tmp/signatures"
  [ -e "$tmp/log-signed" ] || bad "checkpoint: the log did not sign it"
  good "checkpoint: signed by $origin at size $size"
}

verify_bundle() {
  issuer=$(flat "$trust" | sed -nE 's/^\{"issuer":"([^"]*)".*$/\1/p')
  read_bundle "$1"
  kind=$(member kind "$tmp/entry")
  time=$(member time "$tmp/entry")
  case $kind in
    exchange) check_signatures assistance-answer+jwt ;;
    refusal) check_signatures assistance-refusal+jwt ;;
    *) bad "form: the entry is not of an exchange or a refusal" ;;
  esac
  check_binding
  check_inclusion
  check_checkpoint
}

# --- asking --------------------------------------------------------------------------------------

ask() {
  gateway=$1 trust=$2 key=$3 question=$4 evidence=${5:-$tmp/evidence.json}
  kid=$(member kid "$key")
  private_der "$key" >"$tmp/key.der"
  issuer=$(flat "$trust" | sed -nE 's/^\{"issuer":"([^"]*)".*$/\1/p')
  # Which system this key is registered for stands in the trust file.
  system=$(flat "$trust" | sed -nE "s/^.*\"callers\":.*\"([a-z0-9-]+)\":\\[[^]]*\"kid\":\"$kid\".*\$/\\1/p")
  [ -n "$system" ] || bad "the trust file does not name the system of this key"
  # A random version 4 UUID: the request's name. Sent again, the same bytes are the same request.
  jti=$(openssl rand -hex 16 | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/\1-\2-4\3-a\4-\5/')
  now=$(date +%s)
  {
    printf '{"iss":"%s","aud":"%s","iat":%s,"exp":%s,"jti":"%s",' \
      "$system" "$issuer" "$now" $((now + 120)) "$jti"
    tr '\n' ' ' <"$question" | sed -E 's/^ *\{//; s/ *$//'
  } >"$tmp/payload"
  sign assistance-request+jwt "$tmp/payload" >"$tmp/request"
  # 429, 503 and 504 may be tried again with this very file; nothing else may.
  status=$(curl -sS --max-time 30 -o "$evidence" -w '%{http_code}' \
    -H 'Content-Type: application/jwt' -H 'Accept: application/json' \
    --data-binary @"$tmp/request" "$gateway/v1/requests") || cannot "No answer from $gateway."
  if [ "$status" != 200 ]; then
    bad "refused with $status: $(member code "$evidence")"
  fi
  read_bundle "$evidence"
  [ "$request" = "$(cat "$tmp/request")" ] || bad "binding: the answer is to another request"
  verify_bundle "$evidence"
  cat "$tmp/said"
  echo
}

case "$(openssl version)" in
  'OpenSSL '[3-9]*) ;;
  *) cannot "openssl 3 or later is needed, for Ed25519 (pkeyutl -rawin): this is $(openssl version)." ;;
esac
case "${1:-}/$#" in
  ask/5 | ask/6) shift; ask "$@" ;;
  verify/3) trust=$2; verify_bundle "$3" ;;
  *) cannot "usage: client.sh ask <gateway-url> <trust.json> <key.jwk.json> <question.json> [evidence.json]
       client.sh verify <trust.json> <evidence.json>" ;;
esac
