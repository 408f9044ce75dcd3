package org.coppice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.coppice.crypto.bc.BouncyCastleCryptoProvider;
import org.coppice.mls.crypto.CompositeCryptoProvider;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.jdk.JdkCryptoProvider;
import picocli.CommandLine.Option;

/** The option that chooses cryptographic primitives. */
public final class Providers {
    /** Where primitives come from. */
    public enum Choice {
        /** The Java platform alone. */
        jdk,
        /** Bouncy Castle alone. */
        bc,
        /** Native libraries, and the Java platform for what they lack. */
        nativelib,
        /** The fastest of all for each primitive. */
        best;

        /** The name on the command line: "native" is a keyword of Java. */
        @Override
        public String toString() {
            return this == nativelib ? "native" : name();
        }
    }

    @Option(
            names = "--provider",
            paramLabel = "NAME",
            defaultValue = "best",
            converter = ChoiceConverter.class,
            description = "cryptographic primitives: jdk, bc, native, best (default: ${DEFAULT-VALUE})")
    private Choice choice;

    Providers() {}

    /** The provider that was chosen. */
    public CompositeCryptoProvider load() {
        return load(choice);
    }

    /** The name that was chosen. */
    public Choice choice() {
        return choice;
    }

    /** The primitives that {@code choice} stands for. */
    public static CompositeCryptoProvider load(Choice choice) {
        return switch (choice) {
            case jdk -> CryptoProviders.jdk();
            case bc -> CryptoProviders.of(new BouncyCastleCryptoProvider());
            case nativelib -> CryptoProviders.of(nativeThenJdk().toArray(CryptoProvider[]::new));
            case best -> CryptoProviders.best();
        };
    }

    private static List<CryptoProvider> nativeThenJdk() {
        List<CryptoProvider> out = new ArrayList<>();
        for (CryptoProvider provider : ServiceLoader.load(CryptoProvider.class)) {
            if (!(provider instanceof BouncyCastleCryptoProvider)) {
                out.add(provider);
            }
        }
        out.add(new JdkCryptoProvider());
        return out;
    }

    /** Reads a {@link Choice}. */
    static final class ChoiceConverter implements picocli.CommandLine.ITypeConverter<Choice> {
        @Override
        public Choice convert(String value) {
            for (Choice choice : Choice.values()) {
                if (choice.toString().equals(value)) {
                    return choice;
                }
            }
            throw new picocli.CommandLine.TypeConversionException(
                    "expected one of jdk, bc, native, best, not " + value);
        }
    }
}
