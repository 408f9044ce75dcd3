package org.coppice.mls.group;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.Capabilities;

/**
 * The protocol version and cipher suite of a group that is about to be created (RFC 9420 §11). A creator who fetched key packages
 * asks what all their owners and itself support best, and so is not led by anyone to something weaker.
 *
 * <pre>{@code
 * SuiteChoice choice = SuiteChoice.best(preference, SuiteChoice.capabilities(own, keyPackages)).orElseThrow();
 * }</pre>
 *
 * @param version the protocol version
 * @param cipherSuite the cipher suite
 */
public record SuiteChoice(ProtocolVersion version, CipherSuite cipherSuite) {
    /** Checks that nothing is missing. */
    public SuiteChoice {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(cipherSuite, "cipherSuite");
    }

    /** A suite with MLS 1.0, the one version of this library. */
    public static SuiteChoice mls10(CipherSuite cipherSuite) {
        return new SuiteChoice(ProtocolVersion.MLS10, cipherSuite);
    }

    /** The capabilities of the creator and of all whose key packages it fetched. */
    public static List<Capabilities> capabilities(Capabilities own, List<KeyPackage> keyPackages) {
        return Stream.concat(
                        Stream.of(own),
                        keyPackages.stream()
                                .map(keyPackage -> keyPackage.leafNode().capabilities()))
                .toList();
    }

    /**
     * The first choice of {@code preference} that everybody supports; empty if there is none.
     *
     * @param preference the creator's choices, the best first
     * @param everybody the capabilities of all who are to be members, the creator included
     */
    public static Optional<SuiteChoice> best(List<SuiteChoice> preference, List<Capabilities> everybody) {
        return preference.stream()
                .filter(choice -> everybody.stream().allMatch(choice::isSupported))
                .findFirst();
    }

    /**
     * Checks that nothing better than this is supported by everybody: to be asked before the group is created.
     *
     * @param preference the creator's choices, the best first
     * @param everybody the capabilities of all who are to be members, the creator included
     * @throws ValidationException with {@link Rule#DOWNGRADE} if there is something better, or not everybody supports this
     */
    public void checkBest(List<SuiteChoice> preference, List<Capabilities> everybody) throws ValidationException {
        Optional<SuiteChoice> best = best(preference, everybody);
        if (!best.equals(Optional.of(this))) {
            throw new ValidationException(
                    Rule.DOWNGRADE, best.map(choice -> "not " + choice).orElse("no common choice"));
        }
    }

    private boolean isSupported(Capabilities capabilities) {
        return capabilities.supports(version) && capabilities.supports(cipherSuite);
    }
}
