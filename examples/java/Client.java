import java.io.IOException;
import java.io.PrintStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A Mianzheng client of Java 17's standard library alone. This file is ASCII, so that it compiles under any
 * locale.
 *
 * <pre>
 *   java Client.java ask &lt;gateway-url&gt; &lt;trust.json&gt; &lt;key.jwk.json&gt; &lt;question.json&gt; [evidence.json]
 *   java Client.java verify &lt;trust.json&gt; &lt;evidence.json&gt;
 * </pre>
 *
 * Exit 0: all of it holds. 1: something does not. 2: it could not be judged here.
 */
public final class Client {
    /** The gateway judges a caller's key when the request arrives, at most this long before the entry. */
    private static final Duration ARRIVAL = Duration.ofMinutes(1);
    private static final String REQUEST_TYPE = "assistance-request+jwt";
    private static final Map<String, String> ANSWER_TYPES =
        Map.of("exchange", "assistance-answer+jwt", "refusal", "assistance-refusal+jwt");

    /** The fixed heads of a SubjectPublicKeyInfo (RFC 5480, RFC 8410); the key's bytes follow. */
    private static final byte[] P256_HEAD =
        HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
    private static final byte[] ED25519_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

    /** Something does not hold: which check, and what. */
    private static final class Bad extends RuntimeException {
        Bad(String what) {
            super(what);
        }
    }

    private static void need(boolean holds, String what) {
        if (!holds) throw new Bad(what);
    }

    // --- bytes ----------------------------------------------------------------------------------

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encode(byte[] data) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
    }

    /** base64url. One value has one spelling: what does not encode to the same again is refused. */
    private static byte[] decode(String text) {
        byte[] data = Base64.getUrlDecoder().decode(text);
        need(encode(data).equals(text), "form: not canonical base64url");
        return data;
    }

    private static byte[] concat(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static byte[] sha256(byte[]... parts) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(concat(parts));
    }

    // --- verification ---------------------------------------------------------------------------

    private record Jws(String signed, Map<String, Object> header, Map<String, Object> payload, byte[] signature) {
        static Jws read(String text) {
            String[] parts = text.split("\\.", -1);
            need(parts.length == 3, "form: not a compact JWS");
            return new Jws(
                parts[0] + "." + parts[1],
                object(Json.parse(new String(decode(parts[0]), StandardCharsets.UTF_8))),
                object(Json.parse(new String(decode(parts[1]), StandardCharsets.UTF_8))),
                decode(parts[2]));
        }
    }

    /** The key of that id that was valid then: a later revocation leaves earlier evidence whole. */
    private static Map<String, Object> keyAt(Object keys, Object kid, Instant at, Duration before) {
        for (Object one : array(keys)) {
            Map<String, Object> key = object(one);
            boolean lasted = true;
            for (String end : List.of("validTo", "revokedAt")) {
                if (key.containsKey(end)) lasted &= at.minus(before).isBefore(Instant.parse(string(key, end)));
            }
            boolean begun = !at.isBefore(Instant.parse(string(key, "validFrom")));
            if (key.get("kid").equals(kid) && begun && lasted) return key;
        }
        throw new Bad("signature: the trust file has no key " + kid + " that was valid at " + at);
    }

    private static void checkJws(Jws jws, String type, Map<String, Object> key) throws GeneralSecurityException {
        need(jws.header.keySet().equals(Set.of("alg", "kid", "typ")), "signature: the header is not exactly alg, kid, typ");
        need(type.equals(jws.header.get("typ")), "signature: not an " + type);
        // The algorithm is the key's, never the message's choice (RFC 8725 section 3.1).
        need(key.get("alg").equals(jws.header.get("alg")), "signature: the header's alg is not the key's");
        Map<String, Object> jwk = object(key.get("jwk"));
        boolean isEd25519 = "Ed25519".equals(key.get("alg"));
        need(isEd25519 || "ES256".equals(key.get("alg")), "signature: an unknown algorithm");
        byte[] point = isEd25519 ? decode(string(jwk, "x")) : concat(decode(string(jwk, "x")), decode(string(jwk, "y")));
        need(verifies(isEd25519, point, utf8(jws.signed), jws.signature), "signature: the " + type + " does not verify");
    }

    private static boolean verifies(boolean isEd25519, byte[] point, byte[] message, byte[] signature)
            throws GeneralSecurityException {
        byte[] encoded = concat(isEd25519 ? ED25519_HEAD : P256_HEAD, point);
        PublicKey key = KeyFactory.getInstance(isEd25519 ? "Ed25519" : "EC").generatePublic(new X509EncodedKeySpec(encoded));
        // JWS has r || s, 32 bytes each (RFC 7518 section 3.4): Java calls that the P1363 format.
        Signature verifier = Signature.getInstance(isEd25519 ? "Ed25519" : "SHA256withECDSAinP1363Format");
        verifier.initVerify(key);
        verifier.update(message);
        return signature.length == 64 && verifier.verify(signature);
    }

    /** That request, answer and entry are about one another. Returns the outcome, or the refusal's code. */
    private static String checkBinding(Map<String, Object> bundle, Map<String, Object> leaf, Jws request, Jws answer, String issuer)
            throws GeneralSecurityException {
        Map<String, Object> asked = request.payload;
        Map<String, Object> said = answer.payload;
        Map<String, Object> about = object(said.get("request"));
        boolean isRefusal = "refusal".equals(leaf.get("kind"));
        String result = string(leaf, isRefusal ? "check" : "outcome");
        need(isRefusal || asked.containsKey("jti"), "binding: the request has no jti");
        same(leaf.get("requestHash"), encode(sha256(utf8(string(bundle, "request")))), "the entry's requestHash");
        same(leaf.get("answerHash"), encode(sha256(utf8(string(bundle, "answer")))), "the entry's answerHash");
        same(about.get("hash"), leaf.get("requestHash"), "the answer's request.hash");
        same(about.getOrDefault("jti", ""), asked.getOrDefault("jti", ""), "the answer's request.jti");
        same(leaf.get("caller"), asked.get("iss"), "the entry's caller");
        same(said.get("aud"), asked.get("iss"), "the answer's aud");
        same(said.get("iss"), issuer, "the answer's iss");
        same(asked.get("aud"), issuer, "the request's aud");
        same(result, said.get(isRefusal ? "code" : "outcome"), "the entry's result");
        if (!isRefusal && leaf.containsKey("item")) {
            Map<String, Object> item = object(said.get("item"));
            same(leaf.get("item"), item.get("code") + "@" + item.get("version"), "the answer's item");
        }
        return result;
    }

    private static void same(Object one, Object other, String what) {
        need(one != null && one.equals(other), "binding: " + what + " does not fit");
    }

    private record Checkpoint(String origin, long size, byte[] root, String text, List<String> signatures) {
        /** Origin, size, root; an empty line; signatures (c2sp.org/tlog-checkpoint, c2sp.org/signed-note). */
        static Checkpoint read(String note) {
            int cut = note.lastIndexOf("\n\n");
            need(cut >= 0 && note.endsWith("\n"), "checkpoint: it has no signatures");
            String[] lines = note.substring(0, cut).split("\n", -1);
            need(lines.length == 3, "checkpoint: it has not exactly three lines");
            List<String> signatures = note.substring(cut + 2).lines().toList();
            return new Checkpoint(lines[0], count(lines[1]), Base64.getDecoder().decode(lines[2]), note.substring(0, cut + 1), signatures);
        }
    }

    /** A .tlog-proof: index, hashes of 32 bytes, an empty line, the checkpoint (c2sp.org/tlog-proof). */
    private record Receipt(long index, List<byte[]> proof, Checkpoint checkpoint) {
        static Receipt read(String text) {
            int cut = text.indexOf("\n\n");
            need(cut >= 0, "inclusion: not a receipt");
            List<String> lines = text.substring(0, cut).lines().toList();
            boolean fits = lines.size() >= 2 && lines.get(0).equals("c2sp.org/tlog-proof@v1") && lines.get(1).startsWith("index ");
            need(fits, "inclusion: not a receipt");
            List<byte[]> proof = new ArrayList<>();
            for (String line : lines.subList(2, lines.size())) {
                byte[] hash = Base64.getDecoder().decode(line);
                need(hash.length == 32, "inclusion: a hash has 32 bytes");
                proof.add(hash);
            }
            return new Receipt(count(lines.get(1).substring("index ".length())), proof, Checkpoint.read(text.substring(cut + 2)));
        }
    }

    /** ASCII decimal without leading zeros: one number has one spelling. */
    private static long count(String text) {
        need(text.matches("0|[1-9][0-9]{0,15}"), "inclusion: not a decimal number");
        return Long.parseLong(text);
    }

    /** From the leaf up to the root (RFC 9162 section 2.1.3.2). */
    private static void checkInclusion(String entry, Receipt receipt) throws GeneralSecurityException {
        long fn = receipt.index;
        long sn = receipt.checkpoint.size - 1;
        need(fn <= sn, "inclusion: no such leaf");
        byte[] leafPrefix = {0};
        byte[] nodePrefix = {1};
        byte[] at = sha256(leafPrefix, utf8(entry));
        for (byte[] sibling : receipt.proof) {
            need(sn > 0, "inclusion: the proof is too long");
            if (fn % 2 == 1 || fn == sn) {
                at = sha256(nodePrefix, sibling, at);
                while (fn % 2 == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                at = sha256(nodePrefix, at, sibling);
            }
            fn >>= 1;
            sn >>= 1;
        }
        boolean leads = sn == 0 && Arrays.equals(at, receipt.checkpoint.root);
        need(leads, "inclusion: the proof does not lead from the entry to the root");
    }

    /** The log's own signature: "\u2014 name base64(key id || signature)". */
    private static void checkCheckpoint(Checkpoint checkpoint, Map<String, Object> trust) throws GeneralSecurityException {
        String[] vkey = {};
        for (Object log : array(trust.get("log"))) {
            if (checkpoint.origin.equals(object(log).get("origin"))) vkey = string(object(log), "vkey").split("\\+", 3);
        }
        need(vkey.length == 3, "checkpoint: the trust file does not name the log");
        byte[] typed = Base64.getDecoder().decode(vkey[2]);
        need(typed.length == 33 && typed[0] == 1, "checkpoint: not an Ed25519 vkey");
        byte[] publicKey = Arrays.copyOfRange(typed, 1, typed.length);
        boolean signed = false;
        for (String line : checkpoint.signatures) {
            String[] words = line.split(" ", -1);
            need(words.length == 3 && words[0].equals("\u2014"), "checkpoint: not a signature line");
            byte[] data = Base64.getDecoder().decode(words[2]);
            need(data.length > 4, "checkpoint: not a signature line");
            boolean ours = words[1].equals(vkey[0]) && HexFormat.of().formatHex(data, 0, 4).equals(vkey[1]);
            if (!ours) continue; // a witness, or a key that we do not know
            byte[] signature = Arrays.copyOfRange(data, 4, data.length);
            need(verifies(true, publicKey, utf8(checkpoint.text), signature), "checkpoint: the log's signature does not verify");
            signed = true;
        }
        need(signed, "checkpoint: the log did not sign it");
    }

    /** Prints what each check proves, and returns the answer. Throws Bad at the first that does not hold. */
    private static String verify(Map<String, Object> bundle, Map<String, Object> trust) throws GeneralSecurityException {
        // A bundle that brings its own keys proves nothing.
        need(bundle.keySet().equals(Set.of("request", "answer", "entry", "receipt")), "form: not a bundle of exactly four texts");
        Map<String, Object> leaf = object(Json.parse(string(bundle, "entry")));
        String answerType = ANSWER_TYPES.get(string(leaf, "kind"));
        need("1".equals(String.valueOf(leaf.get("v"))) && answerType != null, "form: not the entry of a request");
        Instant at = Instant.parse(string(leaf, "time"));
        Jws request = Jws.read(string(bundle, "request"));
        Jws answer = Jws.read(string(bundle, "answer"));
        String caller = string(request.payload, "iss");
        Map<String, Object> callers = object(trust.get("callers"));
        need(callers.containsKey(caller), "signature: the trust file does not name the caller");
        checkJws(request, REQUEST_TYPE, keyAt(callers.get(caller), request.header.get("kid"), at, ARRIVAL));
        checkJws(answer, answerType, keyAt(trust.get("gateway"), answer.header.get("kid"), at, Duration.ZERO));
        String issuer = string(trust, "issuer");
        good("signature: asked by " + caller + ", answered by " + issuer + "; both keys valid at " + leaf.get("time"));
        String result = checkBinding(bundle, leaf, request, answer, issuer);
        good("binding: entry, request and answer are one another's (" + result + ")");
        Receipt receipt = Receipt.read(string(bundle, "receipt"));
        checkInclusion(string(bundle, "entry"), receipt);
        good("inclusion: leaf " + receipt.index + " of " + receipt.checkpoint.size);
        checkCheckpoint(receipt.checkpoint, trust);
        good("checkpoint: signed by " + receipt.checkpoint.origin + " at size " + receipt.checkpoint.size);
        return new String(decode(string(bundle, "answer").split("\\.")[1]), StandardCharsets.UTF_8);
    }

    private static void good(String what) {
        print(System.out, "\u2713 " + what);
    }

    private static void complain(String what) {
        print(System.err, "\u2717 " + what);
    }

    /** In UTF-8, whatever this machine's locale says. */
    private static void print(PrintStream to, String line) {
        byte[] bytes = utf8(line + "\n");
        to.write(bytes, 0, bytes.length);
        to.flush();
    }

    // --- asking ---------------------------------------------------------------------------------

    private static String sign(Map<String, Object> jwk, String type, String payload) throws GeneralSecurityException {
        AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
        p256.init(new ECGenParameterSpec("secp256r1"));
        BigInteger d = new BigInteger(1, decode(string(jwk, "d")));
        PrivateKey key = KeyFactory.getInstance("EC")
            .generatePrivate(new ECPrivateKeySpec(d, p256.getParameterSpec(ECParameterSpec.class)));
        String header = "{\"alg\":\"ES256\",\"kid\":\"%s\",\"typ\":\"%s\"}".formatted(string(jwk, "kid"), type);
        String signed = encode(utf8(header)) + "." + encode(utf8(payload));
        Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
        signer.initSign(key);
        signer.update(utf8(signed));
        return signed + "." + encode(signer.sign());
    }

    /** Which system this key is registered for stands in the trust file. */
    private static String systemOf(Object kid, Map<String, Object> trust) {
        for (Map.Entry<String, Object> caller : object(trust.get("callers")).entrySet()) {
            for (Object key : array(caller.getValue())) {
                if (object(key).get("kid").equals(kid)) return caller.getKey();
            }
        }
        throw new Bad("the trust file does not name the system of this key");
    }

    /** @return the evidence bundle's text */
    private static String ask(String gateway, Map<String, Object> trust, Map<String, Object> jwk, String question)
            throws GeneralSecurityException, IOException, InterruptedException {
        long now = Instant.now().getEpochSecond();
        // The jti is the request's name: the same bytes sent again are the same request, not a second one.
        String envelope = "{\"iss\":\"%s\",\"aud\":\"%s\",\"iat\":%d,\"exp\":%d,\"jti\":\"%s\","
            .formatted(systemOf(jwk.get("kid"), trust), string(trust, "issuer"), now, now + 120, UUID.randomUUID());
        String jws = sign(jwk, REQUEST_TYPE, envelope + question.strip().substring(1));
        HttpRequest message = HttpRequest.newBuilder(URI.create(gateway + "/v1/requests"))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/jwt")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(jws))
            .build();
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpResponse<String> response = client.send(message, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        Map<String, Object> body = object(Json.parse(response.body()));
        // 429, 503 and 504 may be tried again with the same `jws`; nothing else may.
        need(response.statusCode() == 200, "refused with " + response.statusCode() + ": " + body.get("code") + ". " + body.get("hint"));
        need(jws.equals(body.get("request")), "binding: the answer is to another request");
        return response.body();
    }

    public static void main(String[] arguments) throws Exception {
        try {
            System.exit(run(arguments));
        } catch (Bad problem) {
            complain(problem.getMessage());
            System.exit(1);
        } catch (GeneralSecurityException | RuntimeException error) {
            // What is not of the form that the protocol gives it is no evidence.
            complain("form: " + error.getClass().getSimpleName());
            System.exit(1);
        } catch (IOException error) {
            System.err.println("No answer, or no such file: " + error);
            System.exit(2);
        }
    }

    private static int run(String[] arguments) throws Exception {
        if (arguments.length == 3 && arguments[0].equals("verify")) {
            verify(readObject(arguments[2]), readObject(arguments[1]));
            return 0;
        }
        if ((arguments.length == 5 || arguments.length == 6) && arguments[0].equals("ask")) {
            Map<String, Object> trust = readObject(arguments[2]);
            String text = ask(arguments[1], trust, readObject(arguments[3]), Files.readString(Path.of(arguments[4])));
            if (arguments.length == 6) Files.writeString(Path.of(arguments[5]), text);
            print(System.out, verify(object(Json.parse(text)), trust));
            return 0;
        }
        System.err.println("usage: java Client.java ask <gateway-url> <trust.json> <key.jwk.json> <question.json> [evidence.json]");
        System.err.println("       java Client.java verify <trust.json> <evidence.json>");
        return 2;
    }

    private static Map<String, Object> readObject(String path) throws IOException {
        return object(Json.parse(Files.readString(Path.of(path))));
    }

    // --- JSON -----------------------------------------------------------------------------------

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        need(value instanceof Map, "form: not a JSON object");
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> array(Object value) {
        need(value instanceof List, "form: not a JSON array");
        return (List<Object>) value;
    }

    private static String string(Map<String, Object> of, String name) {
        need(of.get(name) instanceof String, "form: no text " + name);
        return (String) of.get(name);
    }

    /**
     * RFC 8259, strictly: no member twice (RFC 8725 section 2.4), nothing after the value. It stands here only
     * because Java's standard library has no JSON; in a program of yours, take the library you have.
     * Numbers keep their spelling: nothing here calculates with one.
     */
    private static final class Json {
        private static final int DEPTH_MAX = 32;

        /** Not a String: a number is no text. */
        private record Number(String spelling) {
            @Override
            public String toString() {
                return spelling;
            }
        }

        private final String text;
        private int at;

        private Json(String text) {
            this.text = text;
        }

        static Object parse(String text) {
            Json json = new Json(text);
            Object value = json.value(0);
            json.space();
            need(json.at == text.length(), "form: text after the JSON value");
            return value;
        }

        private Object value(int depth) {
            need(depth < DEPTH_MAX, "form: JSON too deep");
            space();
            char first = text.charAt(at);
            if (first == '{') return members(depth);
            if (first == '[') return elements(depth);
            if (first == '"') return quoted();
            int start = at;
            while (at < text.length() && "+-.0123456789Eaeflnrstu".indexOf(text.charAt(at)) >= 0) at++;
            String word = text.substring(start, at);
            if (word.equals("true") || word.equals("false")) return Boolean.valueOf(word);
            if (word.equals("null")) return null;
            need(word.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?"), "form: not JSON");
            return new Number(word);
        }

        private Map<String, Object> members(int depth) {
            Map<String, Object> members = new LinkedHashMap<>();
            at++;
            if (ends('}')) return members;
            do {
                space();
                String name = quoted();
                need(ends(':'), "form: no colon");
                need(!members.containsKey(name), "form: a member is named twice");
                members.put(name, value(depth + 1));
            } while (ends(','));
            need(ends('}'), "form: the object does not end");
            return members;
        }

        private List<Object> elements(int depth) {
            List<Object> elements = new ArrayList<>();
            at++;
            if (ends(']')) return elements;
            do {
                elements.add(value(depth + 1));
            } while (ends(','));
            need(ends(']'), "form: the array does not end");
            return elements;
        }

        private String quoted() {
            need(text.charAt(at++) == '"', "form: no name");
            StringBuilder said = new StringBuilder();
            for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
                need(c >= ' ', "form: a control character");
                said.append(c == '\\' ? escaped() : c);
            }
            return said.toString();
        }

        private char escaped() {
            char c = text.charAt(at++);
            if (c == 'u') {
                at += 4;
                return (char) HexFormat.fromHexDigits(text, at - 4, at);
            }
            int known = "\"\\/bfnrt".indexOf(c);
            need(known >= 0, "form: an unknown escape");
            return "\"\\/\b\f\n\r\t".charAt(known);
        }

        private boolean ends(char wanted) {
            space();
            boolean found = at < text.length() && text.charAt(at) == wanted;
            if (found) at++;
            return found;
        }

        private void space() {
            while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) at++;
        }
    }
}
