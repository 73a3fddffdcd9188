// 免证客户端：只用 Go 标准库。A Mianzheng client of Go's standard library alone.
//
//	go run client.go ask <gateway-url> <trust.json> <key.jwk.json> <question.json> [evidence.json]
//	go run client.go verify <trust.json> <evidence.json>
//
// Exit 0: all of it holds. 1: something does not. 2: it could not be judged here.
package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	// The gateway judges a caller's key when the request arrives, at most this long before the entry.
	arrival      = time.Minute
	bodyBytesMax = 1 << 20
	requestType  = "assistance-request+jwt"
)

var (
	answerTypes = map[string]string{"exchange": "assistance-answer+jwt", "refusal": "assistance-refusal+jwt"}
	// One value has one spelling: Strict refuses set spare bits.
	base64url = base64.RawURLEncoding.Strict()
	base64std = base64.StdEncoding.Strict()
	decimal   = regexp.MustCompile(`^(0|[1-9][0-9]{0,15})$`)
)

// Bundle is the evidence of one request: all that was signed, and its place in the log.
type Bundle struct {
	Request, Answer string
	// Entry is the leaf's exact text; Receipt a .tlog-proof.
	Entry, Receipt string
}

// Trust is what is known beforehand. Nothing in a bundle adds to it.
type Trust struct {
	Issuer  string
	Gateway []Key
	Log     []struct{ Origin, Vkey string }
	Callers map[string][]Key
}

// Key is a public key with the time in which its signatures count.
type Key struct {
	Kid, Alg           string
	Jwk                struct{ X, Y string }
	ValidFrom          time.Time
	ValidTo, RevokedAt *time.Time
}

// Leaf is the entry of an exchange or a refusal.
type Leaf struct {
	V                             int
	Kind, Caller, Item            string
	Outcome, Check                string
	RequestHash, AnswerHash, Time string
}

// Request holds what binds a request; the rest is between caller and gateway.
type Request struct{ Iss, Aud, Jti string }

// Answer is a signed answer or refusal.
type Answer struct {
	Iss, Aud      string
	Request       struct{ Jti, Hash string }
	Outcome, Code string
	Item          struct {
		Code    string
		Version int
	}
}

type checkpoint struct {
	origin     string
	size       int64
	root       []byte
	text       []byte
	signatures []string
}

func bad(format string, values ...any) error { return fmt.Errorf(format, values...) }

// parse refuses what encoding/json alone would pass: text after the value, and a member that is named
// twice, also in another case, since encoding/json takes those for the same member.
func parse(text []byte, into any) error {
	if err := namesOnce(json.NewDecoder(bytes.NewReader(text))); err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

func namesOnce(decoder *json.Decoder) error {
	token, err := decoder.Token()
	delim, nested := token.(json.Delim)
	if err != nil || !nested {
		return err
	}
	names := map[string]bool{}
	for decoder.More() {
		if delim == '{' {
			name, err := decoder.Token()
			if err != nil {
				return err
			}
			folded := strings.ToLower(fmt.Sprint(name))
			if names[folded] {
				return bad("form: a member is named twice")
			}
			names[folded] = true
		}
		if err := namesOnce(decoder); err != nil {
			return err
		}
	}
	_, err = decoder.Token()
	return err
}

func readJWS(jws string, header, payload any) error {
	parts := strings.Split(jws, ".")
	if len(parts) != 3 {
		return bad("form: not a compact JWS")
	}
	for i, into := range []any{header, payload} {
		text, err := base64url.DecodeString(parts[i])
		if err != nil {
			return bad("form: not canonical base64url")
		}
		if err := parse(text, into); err != nil {
			return err
		}
	}
	return nil
}

// --- verification ----------------------------------------------------------------------------------

// keyAt finds the key of that id that was valid then: a later revocation leaves earlier evidence whole.
func keyAt(keys []Key, kid string, at time.Time, before time.Duration) (Key, error) {
	lasted := func(end *time.Time) bool { return end == nil || at.Add(-before).Before(*end) }
	for _, key := range keys {
		if key.Kid == kid && !at.Before(key.ValidFrom) && lasted(key.ValidTo) && lasted(key.RevokedAt) {
			return key, nil
		}
	}
	return Key{}, bad("signature: the trust file has no key %q that was valid at %s", kid, at.Format(time.RFC3339))
}

func checkJWS(jws, typ string, keys []Key, at time.Time, before time.Duration, payload any) error {
	header := map[string]string{}
	if err := readJWS(jws, &header, payload); err != nil {
		return err
	}
	if len(header) != 3 || header["typ"] != typ {
		return bad("signature: not an %s with exactly alg, kid and typ", typ)
	}
	key, err := keyAt(keys, header["kid"], at, before)
	if err != nil {
		return err
	}
	// The algorithm is the key's, never the message's choice (RFC 8725 §3.1).
	if header["alg"] != key.Alg {
		return bad("signature: the header's alg is not the key's")
	}
	dot := strings.LastIndexByte(jws, '.')
	signature, err := base64url.DecodeString(jws[dot+1:])
	if err != nil || !verifies(key, []byte(jws[:dot]), signature) {
		return bad("signature: the %s does not verify", typ)
	}
	return nil
}

func verifies(key Key, signed, signature []byte) bool {
	x, errX := base64url.DecodeString(key.Jwk.X)
	y, errY := base64url.DecodeString(key.Jwk.Y)
	if errX != nil || errY != nil || len(signature) != 64 {
		return false
	}
	if key.Alg == "Ed25519" {
		return len(x) == ed25519.PublicKeySize && ed25519.Verify(x, signed, signature)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
	if err != nil || key.Alg != "ES256" {
		return false
	}
	// JWS has r ‖ s, 32 bytes each (RFC 7518 §3.4).
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	hash := sha256.Sum256(signed)
	return ecdsa.Verify(public, hash[:], r, s)
}

func checkSignatures(bundle Bundle, leaf Leaf, trust Trust) (request Request, answer Answer, err error) {
	at, err := time.Parse(time.RFC3339, leaf.Time)
	if err != nil {
		return request, answer, bad("form: the entry's time is not an instant")
	}
	var header map[string]string
	if err = readJWS(bundle.Request, &header, &request); err != nil {
		return
	}
	if err = checkJWS(bundle.Request, requestType, trust.Callers[request.Iss], at, arrival, &request); err != nil {
		return
	}
	err = checkJWS(bundle.Answer, answerTypes[leaf.Kind], trust.Gateway, at, 0, &answer)
	return
}

// checkBinding: that request, answer and entry are about one another.
func checkBinding(bundle Bundle, leaf Leaf, request Request, answer Answer, issuer string) (string, error) {
	result, said := leaf.Outcome, answer.Outcome
	if leaf.Kind == "refusal" {
		result, said = leaf.Check, answer.Code
	} else if request.Jti == "" {
		return "", bad("binding: the request has no jti")
	}
	for _, pair := range [][3]string{
		{"the entry's requestHash", leaf.RequestHash, hashOf(bundle.Request)},
		{"the entry's answerHash", leaf.AnswerHash, hashOf(bundle.Answer)},
		{"the answer's request.hash", answer.Request.Hash, leaf.RequestHash},
		{"the answer's request.jti", answer.Request.Jti, request.Jti},
		{"the entry's caller", leaf.Caller, request.Iss},
		{"the answer's aud", answer.Aud, request.Iss},
		{"the answer's iss", answer.Iss, issuer},
		{"the request's aud", request.Aud, issuer},
		{"the entry's result", result, said},
	} {
		if pair[1] != pair[2] {
			return "", bad("binding: %s does not fit", pair[0])
		}
	}
	item := fmt.Sprintf("%s@%d", answer.Item.Code, answer.Item.Version)
	if leaf.Kind == "exchange" && leaf.Item != "" && leaf.Item != item {
		return "", bad("binding: the answer's item does not fit")
	}
	return result, nil
}

func hashOf(text string) string {
	hash := sha256.Sum256([]byte(text))
	return base64url.EncodeToString(hash[:])
}

// readReceipt takes a .tlog-proof apart: index, hashes of 32 bytes, an empty line, the checkpoint.
func readReceipt(receipt string) (index int64, proof [][]byte, head checkpoint, err error) {
	top, note, found := strings.Cut(receipt, "\n\n")
	lines := strings.Split(top, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return 0, nil, head, bad("inclusion: not a receipt")
	}
	if index, err = count(strings.TrimPrefix(lines[1], "index ")); err != nil {
		return
	}
	for _, line := range lines[2:] {
		hash, err := base64std.DecodeString(line)
		if err != nil || len(hash) != sha256.Size {
			return 0, nil, head, bad("inclusion: a hash has 32 bytes")
		}
		proof = append(proof, hash)
	}
	head, err = readCheckpoint(note)
	return
}

// readCheckpoint: origin, size, root; an empty line; signatures (c2sp.org/tlog-checkpoint).
func readCheckpoint(note string) (head checkpoint, err error) {
	cut := strings.LastIndex(note, "\n\n")
	if cut < 0 || !strings.HasSuffix(note, "\n") {
		return head, bad("checkpoint: it has no signatures")
	}
	head.text = []byte(note[:cut+1])
	head.signatures = strings.Split(strings.TrimSuffix(note[cut+2:], "\n"), "\n")
	lines := strings.Split(note[:cut], "\n")
	if len(lines) != 3 {
		return head, bad("checkpoint: it has not exactly three lines")
	}
	head.origin = lines[0]
	if head.size, err = count(lines[1]); err != nil {
		return
	}
	head.root, err = base64std.DecodeString(lines[2])
	return
}

// count reads ASCII decimal without leading zeros: one number has one spelling.
func count(text string) (int64, error) {
	if !decimal.MatchString(text) {
		return 0, bad("inclusion: not a decimal number")
	}
	return strconv.ParseInt(text, 10, 64)
}

// checkInclusion goes from the leaf up to the root (RFC 9162 §2.1.3.2).
func checkInclusion(entry string, index int64, proof [][]byte, head checkpoint) error {
	fn, sn := index, head.size-1
	if fn > sn {
		return bad("inclusion: no such leaf")
	}
	at := sha256.Sum256(append([]byte{0}, entry...))
	node := func(left, right []byte) [32]byte {
		return sha256.Sum256(append(append([]byte{1}, left...), right...))
	}
	for _, sibling := range proof {
		if sn == 0 {
			return bad("inclusion: the proof is too long")
		}
		if fn%2 == 1 || fn == sn {
			at = node(sibling, at[:])
			for fn%2 == 0 && fn != 0 {
				fn, sn = fn>>1, sn>>1
			}
		} else {
			at = node(at[:], sibling)
		}
		fn, sn = fn>>1, sn>>1
	}
	if sn != 0 || !bytes.Equal(at[:], head.root) {
		return bad("inclusion: the proof does not lead from the entry to the root")
	}
	return nil
}

// checkCheckpoint judges the log's own signature: "— name base64(key id ‖ signature)" (c2sp.org/signed-note).
func checkCheckpoint(head checkpoint, trust Trust) error {
	var vkey []string
	for _, log := range trust.Log {
		if log.Origin == head.origin {
			vkey = strings.SplitN(log.Vkey, "+", 3)
		}
	}
	if len(vkey) != 3 {
		return bad("checkpoint: the trust file does not name the log")
	}
	public, err := base64std.DecodeString(vkey[2])
	if err != nil || len(public) != 33 || public[0] != 1 {
		return bad("checkpoint: not an Ed25519 vkey")
	}
	signed := false
	for _, line := range head.signatures {
		words := strings.Split(line, " ")
		if len(words) != 3 || words[0] != "—" {
			return bad("checkpoint: not a signature line")
		}
		data, err := base64std.DecodeString(words[2])
		if err != nil || len(data) < 5 {
			return bad("checkpoint: not a signature line")
		}
		if words[1] != vkey[0] || hex.EncodeToString(data[:4]) != vkey[1] {
			continue // a witness, or a key that we do not know
		}
		if !ed25519.Verify(public[1:], head.text, data[4:]) {
			return bad("checkpoint: the log's signature does not verify")
		}
		signed = true
	}
	if !signed {
		return bad("checkpoint: the log did not sign it")
	}
	return nil
}

// verify prints what each check proves and returns the answer's payload.
func verify(text []byte, trust Trust) error {
	bundle, err := readBundle(text)
	if err != nil {
		return err
	}
	var leaf Leaf
	if err := parse([]byte(bundle.Entry), &leaf); err != nil {
		return err
	}
	if leaf.V != 1 || answerTypes[leaf.Kind] == "" {
		return bad("form: not the entry of a request")
	}
	request, answer, err := checkSignatures(bundle, leaf, trust)
	if err != nil {
		return err
	}
	fmt.Printf("✓ signature: asked by %s, answered by %s; both keys valid at %s\n", request.Iss, trust.Issuer, leaf.Time)
	result, err := checkBinding(bundle, leaf, request, answer, trust.Issuer)
	if err != nil {
		return err
	}
	fmt.Printf("✓ binding: entry, request and answer are one another's (%s)\n", result)
	index, proof, head, err := readReceipt(bundle.Receipt)
	if err != nil {
		return err
	}
	if err := checkInclusion(bundle.Entry, index, proof, head); err != nil {
		return err
	}
	fmt.Printf("✓ inclusion: leaf %d of %d\n", index, head.size)
	if err := checkCheckpoint(head, trust); err != nil {
		return err
	}
	fmt.Printf("✓ checkpoint: signed by %s at size %d\n", head.origin, head.size)
	return nil
}

// readBundle: exactly four texts. A bundle that brings its own keys proves nothing.
func readBundle(text []byte) (bundle Bundle, err error) {
	members := map[string]string{}
	if parse(text, &members) != nil || len(members) != 4 {
		return bundle, bad("form: not a bundle of exactly four texts")
	}
	for name, into := range map[string]*string{
		"request": &bundle.Request, "answer": &bundle.Answer, "entry": &bundle.Entry, "receipt": &bundle.Receipt,
	} {
		value, found := members[name]
		if !found {
			return bundle, bad("form: the bundle has no %s", name)
		}
		*into = value
	}
	return bundle, nil
}

// --- asking ----------------------------------------------------------------------------------------

type privateKey struct{ Kid, D string }

func sign(key privateKey, typ string, claims any) (string, error) {
	d, err := base64url.DecodeString(key.D)
	if err != nil {
		return "", err
	}
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d)
	if err != nil {
		return "", err
	}
	header, _ := json.Marshal(map[string]string{"alg": "ES256", "kid": key.Kid, "typ": typ})
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed := base64url.EncodeToString(header) + "." + base64url.EncodeToString(payload)
	hash := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, private, hash[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signed + "." + base64url.EncodeToString(signature), nil
}

// systemOf: which system this key is registered for stands in the trust file.
func systemOf(kid string, trust Trust) (string, error) {
	for system, keys := range trust.Callers {
		for _, key := range keys {
			if key.Kid == kid {
				return system, nil
			}
		}
	}
	return "", bad("the trust file does not name the system of this key")
}

func uuid4() string {
	b := make([]byte, 16)
	rand.Read(b) // it never fails (crypto/rand)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func ask(gateway string, trust Trust, key privateKey, question map[string]any) ([]byte, error) {
	system, err := systemOf(key.Kid, trust)
	if err != nil {
		return nil, err
	}
	now := time.Now().Unix()
	question["iss"], question["aud"] = system, trust.Issuer
	question["iat"], question["exp"] = now, now+120
	// The request's name: the same bytes sent again are the same request, not a second one.
	question["jti"] = uuid4()
	jws, err := sign(key, requestType, question)
	if err != nil {
		return nil, err
	}
	status, body, err := send(gateway, jws)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		// 429, 503 and 504 may be tried again with the same jws; nothing else may.
		var problem struct{ Code, Hint string }
		_ = json.Unmarshal(body, &problem)
		return nil, bad("refused with %d: %s. %s", status, problem.Code, problem.Hint)
	}
	bundle, err := readBundle(body)
	if err == nil && bundle.Request != jws {
		err = bad("binding: the answer is to another request")
	}
	return body, err
}

func send(gateway, jws string) (int, []byte, error) {
	message, err := http.NewRequest(http.MethodPost, gateway+"/v1/requests", strings.NewReader(jws))
	if err != nil {
		return 0, nil, err
	}
	message.Header.Set("Content-Type", "application/jwt")
	message.Header.Set("Accept", "application/json")
	client := http.Client{Timeout: 30 * time.Second}
	response, err := client.Do(message)
	if err != nil {
		return 0, nil, errNoAnswer{err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, bodyBytesMax))
	return response.StatusCode, body, err
}

type errNoAnswer struct{ error }

func readFile(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return parse(text, into)
}

func run(arguments []string) error {
	var trust Trust
	switch {
	case len(arguments) == 3 && arguments[0] == "verify":
		if err := readFile(arguments[1], &trust); err != nil {
			return err
		}
		text, err := os.ReadFile(arguments[2])
		if err != nil {
			return err
		}
		return verify(text, trust)
	case (len(arguments) == 5 || len(arguments) == 6) && arguments[0] == "ask":
		var key privateKey
		question := map[string]any{}
		for i, into := range []any{&trust, &key, &question} {
			if err := readFile(arguments[2+i], into); err != nil {
				return err
			}
		}
		text, err := ask(arguments[1], trust, key, question)
		if err != nil {
			return err
		}
		if len(arguments) == 6 {
			if err := os.WriteFile(arguments[5], text, 0o600); err != nil {
				return err
			}
		}
		if err := verify(text, trust); err != nil {
			return err
		}
		return printAnswer(text)
	}
	fmt.Fprintln(os.Stderr, "usage: client ask <gateway-url> <trust.json> <key.jwk.json> <question.json> [evidence.json]")
	fmt.Fprintln(os.Stderr, "       client verify <trust.json> <evidence.json>")
	os.Exit(2)
	return nil
}

func printAnswer(text []byte) error {
	bundle, err := readBundle(text)
	if err != nil {
		return err
	}
	var header map[string]string
	var said map[string]any
	if err := readJWS(bundle.Answer, &header, &said); err != nil {
		return err
	}
	pretty, err := json.MarshalIndent(said, "", "  ")
	fmt.Println(string(pretty))
	return err
}

func main() {
	err := run(os.Args[1:])
	var path *os.PathError
	var network errNoAnswer
	switch {
	case err == nil:
	case errors.As(err, &path), errors.As(err, &network):
		fmt.Fprintln(os.Stderr, "No answer, or no such file:", err)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "✗", err)
		os.Exit(1)
	}
}
