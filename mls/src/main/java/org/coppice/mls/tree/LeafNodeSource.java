package org.coppice.mls.tree;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** Where a leaf node was made for, and what it carries because of that (RFC 9420 §7.2). */
public sealed interface LeafNodeSource extends Encodable {
    /** The three places that a leaf node is made for, without what it carries. */
    enum Kind {
        /** A KeyPackage. */
        KEY_PACKAGE,
        /** An Update proposal. */
        UPDATE,
        /** The path of a Commit. */
        COMMIT
    }

    /** Which of the three arms this is. */
    Kind kind();

    /** Reads {@code leaf_node_source} and the field that depends on it. */
    static LeafNodeSource decode(TlsReader in) throws DecodeException {
        int tag = in.uint8();
        return switch (tag) {
            case 1 -> new KeyPackage(Lifetime.decode(in));
            case 2 -> new Update();
            case 3 -> new Commit(in.vector());
            default -> throw in.error(Rule.UNKNOWN_DISCRIMINATOR, "leaf_node_source " + tag);
        };
    }

    /** Whether the signature covers group and leaf index too, so that the leaf fits one place only. */
    default boolean bindsPosition() {
        return kind() != Kind.KEY_PACKAGE;
    }

    /**
     * The leaf came in a KeyPackage.
     *
     * @param lifetime when it is valid
     */
    record KeyPackage(Lifetime lifetime) implements LeafNodeSource {
        /** Checks that nothing is missing. */
        public KeyPackage {
            Objects.requireNonNull(lifetime, "lifetime");
        }

        @Override
        public Kind kind() {
            return Kind.KEY_PACKAGE;
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(1).struct(lifetime);
        }
    }

    /** The leaf came in an Update proposal. */
    record Update() implements LeafNodeSource {
        @Override
        public Kind kind() {
            return Kind.UPDATE;
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(2);
        }
    }

    /**
     * The leaf came in the path of a Commit.
     *
     * @param parentHash binds it to the nodes above it (RFC 9420 §7.9)
     */
    record Commit(Bytes parentHash) implements LeafNodeSource {
        /** Checks that nothing is missing. */
        public Commit {
            Objects.requireNonNull(parentHash, "parentHash");
        }

        @Override
        public Kind kind() {
            return Kind.COMMIT;
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(3).vector(parentHash);
        }
    }
}
