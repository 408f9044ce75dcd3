package org.coppice.testkit.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.coppice.crypto.bc.BouncyCastleCryptoProvider;
import org.coppice.crypto.nativelib.AccpProvider;
import org.coppice.crypto.nativelib.ConscryptProvider;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Primitive;
import org.coppice.mls.crypto.Randomness;
import org.junit.jupiter.api.Named;

/** The providers under test, and inputs for them. */
final class Samples {
    private static final long SEED = seed();
    private static final List<CryptoProvider> PROVIDERS = List.of(
            CryptoProviders.jdk(), new BouncyCastleCryptoProvider(), new ConscryptProvider(), new AccpProvider());

    private Samples() {}

    static List<CryptoProvider> providers() {
        return PROVIDERS;
    }

    /**
     * Every implementation of every one of the primitives. On the platform that all libraries are built for, one that a provider
     * offers but does not bring is an error; elsewhere it is left out.
     */
    static <P extends Primitive, T> List<Implementation<T>> implementations(
            P[] primitives, Function<CryptoProvider, Function<P, Optional<T>>> of) {
        List<Implementation<T>> out = new ArrayList<>();
        for (P primitive : primitives) {
            for (CryptoProvider provider : PROVIDERS) {
                if (provider.preference(primitive) <= 0) {
                    continue;
                }
                Optional<T> made = of.apply(provider).apply(primitive);
                if (made.isEmpty() && hasAllLibraries()) {
                    throw new AssertionError(provider.name() + " lacks " + primitive.label() + ": "
                            + provider.unavailableReason(primitive));
                }
                made.ifPresent(t -> out.add(new Implementation<>(provider.name(), primitive, t)));
            }
        }
        return out;
    }

    private static boolean hasAllLibraries() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return os.contains("linux") && System.getProperty("os.arch").equals("amd64");
    }

    /** One provider's implementation of one primitive. */
    record Implementation<T>(String provider, Primitive primitive, T value) {
        @Override
        public String toString() {
            return primitive.label() + " of " + provider;
        }
    }

    static <T> Stream<Named<T>> named(List<Implementation<T>> implementations) {
        return implementations.stream().map(i -> Named.of(i.toString(), i.value()));
    }

    /** The run's seed, mixed with the name of what uses it. */
    static Random random(String test) {
        return new Random(SEED + test.hashCode());
    }

    /** Printed once, so that a failure can be repeated by setting the system property. */
    private static long seed() {
        long seed = Long.getLong("coppice.test.seed", 20_261_123);
        System.out.println("-Dcoppice.test.seed=" + seed);
        return seed;
    }

    static byte[] bytes(Random random, int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }

    static Randomness randomness(Random random) {
        return random::nextBytes;
    }

    static byte[] hex(String hex) {
        return Bytes.fromHex(hex).toByteArray();
    }

    static byte[] flip(byte[] in, int bit) {
        byte[] out = in.clone();
        out[bit / 8] ^= (byte) (1 << bit % 8);
        return out;
    }
}
