#!/usr/bin/env python3
"""免证客户端：Python 3.9+ 与 cryptography。A Mianzheng client of Python's standard library and `cryptography`.

    client.py ask <gateway-url> <trust.json> <key.jwk.json> <question.json> [evidence.json]
    client.py verify <trust.json> <evidence.json>

Exit 0: all of it holds. 1: something does not. 2: it could not be judged here.
"""

import base64
import hashlib
import json
import re
import sys
import time
import urllib.error
import urllib.request
import uuid
from datetime import datetime, timedelta

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
    from cryptography.hazmat.primitives.hashes import SHA256
except ImportError:
    # The standard library has no elliptic curves.
    print("This client needs: pip install cryptography", file=sys.stderr)
    sys.exit(2)

ANSWER_TYPES = {"exchange": "assistance-answer+jwt", "refusal": "assistance-refusal+jwt"}
# The gateway judges a caller's key when the request arrives, at most this long before the entry.
ARRIVAL = timedelta(minutes=1)
BODY_BYTES_MAX = 1024 * 1024


class Bad(Exception):
    """Something does not hold: which check, and what."""


def need(holds, what):
    if not holds:
        raise Bad(what)


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    """base64url. One value has one spelling: what does not encode to the same again is refused."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(encode(data) == text, "form: not canonical base64url")
    return data


def sha256(data):
    return hashlib.sha256(data).digest()


def strict_object(pairs):
    """A member named twice could be read in two ways (RFC 8725 §2.4)."""
    need(len({name for name, _ in pairs}) == len(pairs), "form: a member is named twice")
    return dict(pairs)


def parse(text):
    return json.loads(text, object_pairs_hook=strict_object)


def read_jws(jws):
    header, payload, _ = jws.split(".")
    return parse(decode(header)), parse(decode(payload))


def number(bytes_):
    return int.from_bytes(bytes_, "big")


# --- verification ---------------------------------------------------------------------------------


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def key_at(keys, kid, at, before=timedelta(0)):
    """The key of that id that was valid then: a later revocation leaves earlier evidence whole."""
    for key in keys:
        ends = [instant(key[end]) for end in ("validTo", "revokedAt") if end in key]
        if key["kid"] == kid and instant(key["validFrom"]) <= at:
            if all(at - before < end for end in ends):
                return key
    raise Bad(f"signature: the trust file has no key {kid} that was valid at {at.isoformat()}")


def check_jws(jws, typ, keys, at, before=timedelta(0)):
    header, payload = read_jws(jws)
    need(sorted(header) == ["alg", "kid", "typ"], "signature: the header is not exactly alg, kid, typ")
    need(header["typ"] == typ, f"signature: not an {typ}")
    key = key_at(keys, header["kid"], at, before)
    # The algorithm is the key's, never the message's choice (RFC 8725 §3.1).
    need(header["alg"] == key["alg"], "signature: the header's alg is not the key's")
    signed, _, signature = jws.rpartition(".")
    try:
        verify_signature(key, signed.encode(), decode(signature))
    except InvalidSignature:
        raise Bad(f"signature: the {typ} does not verify") from None
    return payload


def verify_signature(key, signed, signature):
    jwk = key["jwk"]
    if key["alg"] == "Ed25519":
        return ed25519.Ed25519PublicKey.from_public_bytes(decode(jwk["x"])).verify(signature, signed)
    point = ec.EllipticCurvePublicNumbers(number(decode(jwk["x"])), number(decode(jwk["y"])), ec.SECP256R1())
    # JWS has r ‖ s, 32 bytes each (RFC 7518 §3.4); this library takes DER.
    need(len(signature) == 64, "signature: not 64 bytes")
    der = utils.encode_dss_signature(number(signature[:32]), number(signature[32:]))
    return point.public_key().verify(der, signed, ec.ECDSA(SHA256()))


def check_signatures(bundle, leaf, trust):
    at = instant(leaf["time"])
    caller = read_jws(bundle["request"])[1].get("iss")
    need(caller in trust["callers"], "signature: the trust file does not name the caller")
    asked = check_jws(bundle["request"], "assistance-request+jwt", trust["callers"][caller], at, ARRIVAL)
    said = check_jws(bundle["answer"], ANSWER_TYPES[leaf["kind"]], trust["gateway"], at)
    return asked, said


def check_binding(bundle, leaf, asked, said, trust):
    """That request, answer and entry are about one another."""
    about = said["request"]
    need(leaf["kind"] == "refusal" or "jti" in asked, "binding: the request has no jti")
    result, of = ("outcome", "outcome") if leaf["kind"] == "exchange" else ("check", "code")
    pairs = {
        "the entry's requestHash": (leaf["requestHash"], encode(sha256(bundle["request"].encode()))),
        "the entry's answerHash": (leaf["answerHash"], encode(sha256(bundle["answer"].encode()))),
        "the answer's request.hash": (about["hash"], leaf["requestHash"]),
        "the answer's request.jti": (about.get("jti"), asked.get("jti")),
        "the entry's caller": (leaf["caller"], asked["iss"]),
        "the answer's aud": (said["aud"], asked["iss"]),
        "the answer's iss": (said["iss"], trust["issuer"]),
        "the request's aud": (asked["aud"], trust["issuer"]),
        f"the entry's {result}": (leaf[result], said[of]),
    }
    if leaf["kind"] == "exchange" and "item" in leaf:
        item = said["item"]
        pairs["the answer's item"] = (f"{item['code']}@{item['version']}", leaf["item"])
    for what, (one, other) in pairs.items():
        need(one == other, f"binding: {what} does not fit")
    return leaf[result]


def count(text):
    """ASCII decimal without leading zeros: one number has one spelling."""
    need(re.fullmatch("0|[1-9][0-9]{0,15}", text), "inclusion: not a decimal number")
    return int(text)


def read_receipt(receipt):
    """A .tlog-proof: index, hashes of 32 bytes, an empty line, the checkpoint as a signed note."""
    head, note = receipt.split("\n\n", 1)
    first, index, *proof = head.split("\n")
    need(first == "c2sp.org/tlog-proof@v1" and index.startswith("index "), "inclusion: not a receipt")
    text, signatures = note.rsplit("\n\n", 1)
    need(signatures.endswith("\n"), "checkpoint: it does not end with a line feed")
    origin, size, root = text.split("\n")
    hashes = [base64.b64decode(one, validate=True) for one in proof]
    need(all(len(one) == 32 for one in hashes), "inclusion: a hash has 32 bytes")
    checkpoint = {"origin": origin, "size": count(size), "root": base64.b64decode(root, validate=True)}
    return count(index[len("index ") :]), hashes, checkpoint, (text + "\n").encode(), signatures


def check_inclusion(entry, index, proof, checkpoint):
    """From the leaf up to the root (RFC 9162 §2.1.3.2)."""
    fn, sn = index, checkpoint["size"] - 1
    need(0 <= fn <= sn, "inclusion: no such leaf")
    at = sha256(b"\x00" + entry.encode())
    for sibling in proof:
        need(sn > 0, "inclusion: the proof is too long")
        if fn % 2 == 1 or fn == sn:
            at = sha256(b"\x01" + sibling + at)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            at = sha256(b"\x01" + at + sibling)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0 and at == checkpoint["root"], "inclusion: the proof does not lead to the root")


def check_checkpoint(origin, text, signatures, trust):
    """The log's own signature: `— name base64(key id ‖ signature)` (c2sp.org/signed-note)."""
    vkey = next((log["vkey"] for log in trust["log"] if log["origin"] == origin), None)
    need(vkey is not None, "checkpoint: the trust file does not name the log")
    name, key_id, encoded = vkey.split("+", 2)
    typed = base64.b64decode(encoded, validate=True)
    need(typed[0] == 1, "checkpoint: not an Ed25519 vkey")
    public = ed25519.Ed25519PublicKey.from_public_bytes(typed[1:])
    signed = False
    for line in signatures[:-1].split("\n"):
        dash, who, signature = line.split(" ")
        data = base64.b64decode(signature, validate=True)
        if dash != "—" or who != name or data[:4].hex() != key_id:
            continue  # a witness, or a key that we do not know
        try:
            public.verify(data[4:], text)
        except InvalidSignature:
            raise Bad("checkpoint: the log's signature does not verify") from None
        signed = True
    need(signed, "checkpoint: the log did not sign it")


def verify(bundle, trust):
    """Prints what each check proves. Raises Bad at the first that does not hold."""
    members = ["answer", "entry", "receipt", "request"]
    texts = isinstance(bundle, dict) and all(isinstance(text, str) for text in bundle.values())
    # A bundle that brings its own keys proves nothing.
    need(texts and sorted(bundle) == members, "form: not a bundle of exactly four texts")
    leaf = parse(bundle["entry"])
    need(leaf.get("v") == 1 and leaf.get("kind") in ANSWER_TYPES, "form: not the entry of a request")
    asked, said = check_signatures(bundle, leaf, trust)
    print(f"✓ signature: asked by {asked['iss']}, answered by {trust['issuer']}; both keys valid at {leaf['time']}")
    print(f"✓ binding: entry, request and answer are one another's ({check_binding(bundle, leaf, asked, said, trust)})")
    index, proof, checkpoint, text, signatures = read_receipt(bundle["receipt"])
    check_inclusion(bundle["entry"], index, proof, checkpoint)
    print(f"✓ inclusion: leaf {index} of {checkpoint['size']}")
    check_checkpoint(checkpoint["origin"], text, signatures, trust)
    print(f"✓ checkpoint: signed by {checkpoint['origin']} at size {checkpoint['size']}")
    return said


# --- asking ---------------------------------------------------------------------------------------


def sign(jwk, typ, claims):
    header = {"alg": "ES256", "kid": jwk["kid"], "typ": typ}
    signed = ".".join(encode(json.dumps(part, ensure_ascii=False).encode()) for part in (header, claims))
    key = ec.derive_private_key(number(decode(jwk["d"])), ec.SECP256R1())
    r, s = utils.decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    return f"{signed}.{encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def system_of(kid, trust):
    """Which system this key is registered for stands in the trust file."""
    for system, keys in trust["callers"].items():
        if any(key["kid"] == kid for key in keys):
            return system
    raise Bad("the trust file does not name the system of this key")


def ask(gateway, trust, jwk, question):
    now = int(time.time())
    # The jti is the request's name: the same bytes sent again are the same request, not a second one.
    envelope = {"iss": system_of(jwk["kid"], trust), "aud": trust["issuer"], "iat": now, "exp": now + 120}
    jws = sign(jwk, "assistance-request+jwt", {**envelope, "jti": str(uuid.uuid4()), **question})
    headers = {"Content-Type": "application/jwt", "Accept": "application/json"}
    message = urllib.request.Request(f"{gateway}/v1/requests", jws.encode(), headers)
    try:
        with urllib.request.urlopen(message, timeout=30) as response:
            text = response.read(BODY_BYTES_MAX).decode()
    except urllib.error.HTTPError as error:
        # 429, 503 and 504 may be tried again with the same `jws`; nothing else may.
        problem = json.loads(error.read(BODY_BYTES_MAX))
        raise Bad(f"refused with {error.code}: {problem['code']}. {problem['hint']}") from None
    need(parse(text)["request"] == jws, "binding: the answer is to another request")
    return text


def read(path):
    with open(path, encoding="utf-8") as file:
        return parse(file.read())


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "verify":
        trust = read(arguments[1])
        verify(read(arguments[2]), trust)
    elif len(arguments) in (5, 6) and arguments[0] == "ask":
        trust = read(arguments[2])
        text = ask(arguments[1], trust, read(arguments[3]), read(arguments[4]))
        if len(arguments) == 6:
            with open(arguments[5], "w", encoding="utf-8") as file:
                file.write(text)
        print(json.dumps(verify(parse(text), trust), ensure_ascii=False, indent=2))
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Bad as problem:
        print(f"✗ {problem}", file=sys.stderr)
        sys.exit(1)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        # What is not of the form that the protocol gives it is no evidence.
        print(f"✗ form: {type(error).__name__}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        print(f"No answer, or no such file: {error}", file=sys.stderr)
        sys.exit(2)
