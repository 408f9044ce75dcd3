package org.coppice.mls.crypto;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which provider serves each primitive, and why others do not: for start-up logs and bug reports. Immutable.
 *
 * @param notFound providers that are listed beside the library, but could not be had at all
 * @param choices one per primitive: hashes, AEADs, curves, signature algorithms
 */
public record CryptoReport(List<PassedOver> notFound, List<Choice> choices) {
    /** Copies the lists. */
    public CryptoReport {
        notFound = List.copyOf(notFound);
        choices = List.copyOf(choices);
    }

    /**
     * What serves one primitive.
     *
     * @param primitive the primitive
     * @param provider the {@link CryptoProvider#name()} that serves it, empty if none does
     * @param passedOver the providers that would have come before the one in use, or all if there is none
     */
    public record Choice(Primitive primitive, Optional<String> provider, List<PassedOver> passedOver) {
        /** Copies the list. */
        public Choice {
            passedOver = List.copyOf(passedOver);
        }

        @Override
        public String toString() {
            return primitive.label() + ": " + provider.orElse("none") + (passedOver.isEmpty() ? "" : " " + passedOver);
        }
    }

    /**
     * A provider that was tried and does not serve.
     *
     * @param provider its name
     * @param reason why, for people to read
     */
    public record PassedOver(String provider, String reason) {
        /** Checks that nothing is missing. */
        public PassedOver {
            Objects.requireNonNull(provider, "provider");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String toString() {
            return "not " + provider + ": " + reason;
        }
    }

    /** One line per provider that was not found, and one per primitive. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (PassedOver provider : notFound) {
            out.append(provider).append('\n');
        }
        for (Choice choice : choices) {
            out.append(choice).append('\n');
        }
        return out.toString();
    }
}
