package org.coppice.testkit.vectors;

import java.util.Objects;
import java.util.OptionalInt;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;

/** Verifies cases of all kinds with the primitives of one provider. Thread safe if the randomness is. */
public final class VectorVerifier {
    private final CryptoProvider provider;
    private final Randomness randomness;

    /** A verifier that draws what it generates itself from the system. */
    public VectorVerifier(CryptoProvider provider) {
        this(provider, Randomness.system());
    }

    /**
     * @param provider the primitives
     * @param randomness for what is generated and then processed: signatures, ciphertexts, update paths
     */
    public VectorVerifier(CryptoProvider provider, Randomness randomness) {
        this.provider = Objects.requireNonNull(provider, "provider");
        this.randomness = Objects.requireNonNull(randomness, "randomness");
    }

    /** What a kind states about its cases. */
    @FunctionalInterface
    interface Check {
        /** Returns if all that the case states holds; the most telling exceptions are those of {@link Expect}. */
        void verify(Fields vector, Setting setting) throws Exception;
    }

    /**
     * With what a case is verified.
     *
     * @param crypto of the case's suite; suite 1 for the kinds that have none
     * @param provider where that came from
     */
    record Setting(SuiteCrypto crypto, CryptoProvider provider) {}

    /** Verifies a case. Nothing escapes: what goes wrong is the reason of a failed result. */
    public VectorResult verify(VectorCase vector) {
        OptionalInt number = vector.suite();
        if (vector.kind().hasSuite() && number.isEmpty()) {
            return VectorResult.failed(
                    vector,
                    vector.json().has("cipher_suite")
                            ? "cipher_suite is no whole number from 0 to 65535"
                            : "the vector has no field cipher_suite");
        }
        CipherSuite suite = number.isPresent()
                ? new CipherSuite(number.getAsInt())
                : CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
        SuiteCrypto crypto;
        try {
            crypto = SuiteCrypto.of(suite, provider, randomness);
        } catch (CryptoException e) {
            return VectorResult.skipped(vector, e.getMessage());
        }
        try {
            check(vector.kind()).verify(new Fields(vector.json()), new Setting(crypto, provider));
            return VectorResult.passed(vector);
        } catch (VectorMismatch e) {
            return VectorResult.failed(vector, e.getMessage());
        } catch (MlsException e) {
            // Its text says what was refused; where it was made is one factory for all of them.
            return VectorResult.failed(vector, e.getClass().getSimpleName() + ": " + e.getMessage());
        } catch (Exception | AssertionError | StackOverflowError e) {
            return VectorResult.failed(vector, e.getClass().getSimpleName() + ": " + e.getMessage() + place(e));
        }
    }

    /** Where the exception came from: a failure in a file of strangers' transcripts is hard to repeat without it. */
    private static String place(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length == 0 ? "" : " (" + trace[0].getFileName() + ":" + trace[0].getLineNumber() + ")";
    }

    private static Check check(VectorKind kind) {
        return switch (kind) {
            case TREE_MATH -> TreeMathCheck::verify;
            case TREE_OPERATIONS -> TreeChecks::operations;
            case TREE_VALIDATION -> TreeChecks::validation;
            case DESERIALIZATION -> SyntaxChecks::deserialization;
            case MESSAGES -> SyntaxChecks::messages;
            case CRYPTO_BASICS -> CryptoBasicsCheck::verify;
            case PSK_SECRET -> ScheduleChecks::pskSecret;
            case KEY_SCHEDULE -> ScheduleChecks::keySchedule;
            case TRANSCRIPT_HASHES -> ScheduleChecks::transcriptHashes;
            case SECRET_TREE -> SecretTreeCheck::verify;
            case WELCOME -> WelcomeCheck::verify;
            case TREEKEM -> TreeKemCheck::verify;
            case MESSAGE_PROTECTION -> MessageProtectionCheck::verify;
            case PASSIVE_CLIENT_WELCOME, PASSIVE_CLIENT_HANDLING_COMMIT, PASSIVE_CLIENT_RANDOM ->
                PassiveClientCheck::verify;
        };
    }
}
