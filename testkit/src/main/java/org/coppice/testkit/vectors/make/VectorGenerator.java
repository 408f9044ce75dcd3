package org.coppice.testkit.vectors.make;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.SeededRandomness;
import org.coppice.testkit.vectors.VectorKind;

/**
 * Makes test vectors of every kind. The same seed gives the same vectors, whatever else is made, with providers whose ECDSA takes
 * its nonces from the given randomness or from the message, as those of the JDK and Bouncy Castle do. Immutable and thread safe.
 */
public final class VectorGenerator {
    private final CryptoProvider provider;
    private final String seed;

    /**
     * @param provider the primitives
     * @param seed any text
     */
    public VectorGenerator(CryptoProvider provider, String seed) {
        this.provider = Objects.requireNonNull(provider, "provider");
        this.seed = Objects.requireNonNull(seed, "seed");
    }

    /** Makes one case. */
    @FunctionalInterface
    private interface Maker {
        void make(ObjectNode out, Recipe recipe) throws MlsException;
    }

    /** Whether cases of a kind are made for each cipher suite. */
    public static boolean hasSuites(VectorKind kind) {
        return kind != VectorKind.TREE_MATH && kind != VectorKind.DESERIALIZATION && kind != VectorKind.MESSAGES;
    }

    /**
     * Makes one case.
     *
     * @param suite ignored for kinds without suites
     * @param index the case's number among those of its kind and suite; low ones cover the special cases
     * @throws MlsException if the provider lacks the suite
     */
    public ObjectNode make(VectorKind kind, CipherSuite suite, int index) throws MlsException {
        CipherSuite used = hasSuites(kind) ? suite : CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
        String name = kind.label() + " " + used.value() + " " + index;
        SeededRandomness random = new SeededRandomness(seed).fork(name);
        SuiteCrypto crypto = SuiteCrypto.of(used, provider, random);
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        if (hasSuites(kind)) {
            out.put("cipher_suite", used.value());
        }
        maker(kind).make(out, new Recipe(crypto, provider, random, index));
        return out;
    }

    /**
     * Writes a file of cases, one after the other.
     *
     * @param count how many for each suite
     * @param out stays open
     * @return how many cases were written
     * @throws MlsException if the provider lacks a suite
     */
    public int write(VectorKind kind, List<CipherSuite> suites, int count, OutputStream out)
            throws IOException, MlsException {
        List<CipherSuite> used = hasSuites(kind) ? suites : suites.subList(0, 1);
        int written = 0;
        try (JsonGenerator json = new ObjectMapper().getFactory().createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.useDefaultPrettyPrinter();
            json.writeStartArray();
            for (CipherSuite suite : used) {
                for (int i = 0; i < count; i++) {
                    json.writeTree(make(kind, suite, i));
                    written++;
                }
            }
            json.writeEndArray();
        }
        return written;
    }

    private static Maker maker(VectorKind kind) {
        return switch (kind) {
            case TREE_MATH -> BasicMaker::treeMath;
            case DESERIALIZATION -> BasicMaker::deserialization;
            case CRYPTO_BASICS -> BasicMaker::cryptoBasics;
            case SECRET_TREE -> SecretTreeMaker::make;
            case MESSAGE_PROTECTION -> MessageMaker::make;
            case KEY_SCHEDULE -> ScheduleMaker::keySchedule;
            case PSK_SECRET -> ScheduleMaker::pskSecret;
            case TRANSCRIPT_HASHES -> ScheduleMaker::transcriptHashes;
            case WELCOME -> WelcomeMaker::make;
            case TREE_OPERATIONS -> TreeMaker::operations;
            case TREE_VALIDATION -> TreeMaker::validation;
            case TREEKEM -> TreeMaker::treeKem;
            case MESSAGES -> StructureMaker::make;
            case PASSIVE_CLIENT_WELCOME -> PassiveMaker::welcome;
            case PASSIVE_CLIENT_HANDLING_COMMIT -> PassiveMaker::handlingCommit;
            case PASSIVE_CLIENT_RANDOM -> PassiveMaker::random;
        };
    }
}
