package org.coppice.mls.group;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.tree.Capabilities;

/** Puts random reserved values where RFC 9420 §13.5 allows them, so that peers stay tolerant of the unknown. */
final class Grease {
    private final Randomness randomness;
    private final boolean enabled;

    Grease(Randomness randomness, boolean enabled) {
        this.randomness = randomness;
        this.enabled = enabled;
    }

    /**
     * Capabilities with one reserved value in each list that may have one.
     */
    Capabilities capabilities(Capabilities plain) {
        if (!enabled) {
            return plain;
        }
        return new Capabilities(
                plain.versions(),
                with(plain.cipherSuites(), CipherSuite::new),
                with(plain.extensions(), ExtensionType::new),
                with(plain.proposals(), ProposalType::new),
                with(plain.credentials(), CredentialType::new));
    }

    /** Extensions with one of a reserved type and random content. */
    Extensions extensions(Extensions plain) {
        if (!enabled) {
            return plain;
        }
        ExtensionType type = new ExtensionType(value());
        if (plain.contains(type)) {
            return plain;
        }
        int length = randomness.bytes(1)[0] & 0x0f;
        return plain.with(new Extension(type, Bytes.wrap(randomness.bytes(length))));
    }

    /** Capabilities that list the extension types in use, as they have to (§7.2, §10). */
    static Capabilities listing(Capabilities plain, List<ExtensionType> used) {
        List<ExtensionType> extensions = new ArrayList<>(plain.extensions());
        used.stream().filter(type -> !extensions.contains(type)).forEach(extensions::add);
        return new Capabilities(
                plain.versions(), plain.cipherSuites(), extensions, plain.proposals(), plain.credentials());
    }

    private <T> List<T> with(List<T> plain, IntFunction<T> make) {
        List<T> out = new ArrayList<>(plain);
        T value = make.apply(value());
        if (!out.contains(value)) {
            out.add((randomness.bytes(1)[0] & 0xff) % (out.size() + 1), value);
        }
        return out;
    }

    private int value() {
        return CodePoints.grease((randomness.bytes(1)[0] & 0xff) % 15);
    }
}
