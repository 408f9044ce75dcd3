package org.coppice.testkit.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;

/**
 * One file of recorded state: clients with their signature keys, the records of their groups and of observers, and messages that
 * have to be understood after loading. A JSON object whose leaves are hexadecimal bytes; {@link GoldenStateMaker} writes it.
 */
public final class GoldenState {
    private final ObjectNode json;

    private GoldenState(ObjectNode json) {
        this.json = json;
    }

    /** Reads a file. */
    public static GoldenState read(InputStream in) throws IOException {
        return new GoldenState((ObjectNode) new ObjectMapper().readTree(in));
    }

    /** An empty one. */
    static GoldenState of(CipherSuite suite, Instant time) {
        GoldenState out = new GoldenState(JsonNodeFactory.instance.objectNode());
        out.json.put("format_version", RecordKey.FORMAT_VERSION);
        out.json.put("cipher_suite", suite.value());
        out.json.put("time", time.toString());
        return out;
    }

    /** The file's text, one field in a line. */
    String text() throws IOException {
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }

    /** The version of the format that the records have. */
    public int formatVersion() {
        return at("format_version").asInt();
    }

    /** The suite of all groups. */
    public CipherSuite suite() {
        return new CipherSuite(at("cipher_suite").asInt());
    }

    /** When the state was written: what the clock has to show. */
    public Instant time() {
        return Instant.parse(at("time").asText());
    }

    // ---- bytes and messages

    /** Bytes; {@code path} names fields from the outside in, with slashes between. */
    public Bytes bytes(String path) {
        return Bytes.fromHex(at(path).asText());
    }

    /** The text that bytes are. */
    public String string(String path) {
        return new String(bytes(path).toByteArray(), StandardCharsets.UTF_8);
    }

    /** A message. */
    public MlsMessage message(String path) throws MlsException {
        return MlsMessage.decode(bytes(path).toByteArray());
    }

    private JsonNode at(String path) {
        JsonNode out = json.at("/" + path);
        if (out.isMissingNode()) {
            throw new IllegalArgumentException("the file has no " + path);
        }
        return out;
    }

    GoldenState put(String path, Bytes value) {
        int slash = path.lastIndexOf('/');
        ObjectNode parent = json;
        if (slash > 0) {
            for (String name : path.substring(0, slash).split("/")) {
                parent = parent.withObjectProperty(name);
            }
        }
        parent.put(path.substring(slash + 1), value.toHex());
        return this;
    }

    // ---- records

    /** The records of a group at one place. */
    public Map<Bytes, Bytes> records(String path) {
        Map<Bytes, Bytes> out = new TreeMap<>();
        at(path).properties()
                .forEach(field -> out.put(
                        Bytes.fromHex(field.getKey()),
                        Bytes.fromHex(field.getValue().asText())));
        return out;
    }

    void putRecords(String path, Map<Bytes, Bytes> records) {
        records.forEach((key, value) -> put(path + "/" + key.toHex(), value));
    }

    // ---- clients

    void putClient(String name, SignatureKeyPair keys) {
        put("clients/" + name + "/private_key", Bytes.wrap(keys.privateKey().exposeCopy()));
        put("clients/" + name + "/public_key", keys.publicKey().data());
    }

    /** A client as it was, with an own store that holds what was recorded of it in both groups. */
    public MlsClient client(String name, CryptoProvider provider) throws MlsException {
        InMemoryStateStore store = new InMemoryStateStore();
        Environment environment =
                environment(provider, Randomness.system(), time()).store(store).build();
        for (String group : new String[] {"group", "ended"}) {
            StateChange.Builder changes = StateChange.builder(bytes(group + "/id"));
            records(group + "/" + name).forEach((key, value) -> changes.put(key, value.toByteArray()));
            store.apply(changes.build());
        }
        return client(
                name,
                environment,
                suite(),
                new SignatureKeyPair(
                        Secret.wrap(bytes("clients/" + name + "/private_key").toByteArray()),
                        new SignaturePublicKey(bytes("clients/" + name + "/public_key"))));
    }

    static MlsClient client(String name, Environment environment, CipherSuite suite, SignatureKeyPair keys)
            throws MlsException {
        SuiteCrypto crypto = environment.crypto(suite);
        Credential credential = Credential.basic(Bytes.wrap(name.getBytes(StandardCharsets.UTF_8)));
        return MlsClient.of(environment, suite, credential, crypto.signer(keys));
    }

    /** Everything ambient but the store. Handshakes travel as PublicMessage, so that an observer can follow. */
    public static Environment.Builder environment(CryptoProvider provider, Randomness randomness, Instant time) {
        return Environment.builder()
                .provider(provider)
                .randomness(randomness)
                .clock(Clock.fixed(time, ZoneOffset.UTC))
                .validator(CredentialValidator.acceptAll())
                .policy(GroupPolicy.builder()
                        .handshakeWireFormat(WireFormat.PUBLIC_MESSAGE)
                        .build());
    }
}
