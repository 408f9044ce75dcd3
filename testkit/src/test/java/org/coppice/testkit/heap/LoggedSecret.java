package org.coppice.testkit.heap;

import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.codec.Bytes;

/** A value of the log: where it came from, when it first came up, and what was made from it. */
final class LoggedSecret {
    /** One use as the key of a derivation, and how many dumps were taken before. */
    record Use(Derivation derivation, Phase phase, int dumpsBefore) {}

    private final Bytes value;
    private final Phase phase;
    private final int dumpsBefore;
    private final List<Use> uses = new ArrayList<>();

    private Derivation origin;
    private LoggedSecret source;
    private SecretKind kind;
    private String name = "";

    /** @param dumpsBefore how many dumps were taken before it came up */
    LoggedSecret(Bytes value, Phase phase, int dumpsBefore) {
        this.value = value;
        this.phase = phase;
        this.dumpsBefore = dumpsBefore;
    }

    Bytes value() {
        return value;
    }

    Phase phase() {
        return phase;
    }

    int dumpsBefore() {
        return dumpsBefore;
    }

    List<Use> uses() {
        return uses;
    }

    boolean hasUse(String label) {
        return uses.stream().anyMatch(use -> use.derivation().label().equals(label));
    }

    /** The first derivation that gave it is what it is; a member's is as good as another's. */
    void derived(Derivation derivation, LoggedSecret from) {
        if (origin == null) {
            origin = derivation;
            source = from;
        }
    }

    /** The label it was derived with; empty for what was not derived. */
    String label() {
        return origin == null ? "" : origin.label();
    }

    boolean isFrom(Derivation.Family family) {
        return origin != null && origin.family() == family;
    }

    LoggedSecret source() {
        return source;
    }

    void is(SecretKind value, String called) {
        if (kind == null) {
            kind = value;
            name = called;
        }
    }

    /** Null for what is public. */
    SecretKind kind() {
        return kind;
    }

    String name() {
        return name;
    }

    @Override
    public String toString() {
        return kind + " \"" + (name.isEmpty() ? label() : name) + "\" of " + phase;
    }
}
