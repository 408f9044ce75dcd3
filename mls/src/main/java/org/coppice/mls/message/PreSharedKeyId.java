package org.coppice.mls.message;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** Names a pre-shared key without revealing it (RFC 9420 §8.4). */
public sealed interface PreSharedKeyId extends Encodable {
    /** Fresh random bytes for each use of the key, as long as the suite's hash. */
    Bytes pskNonce();

    /** Whether this is a resumption PSK of the given usage. */
    default boolean isResumption(ResumptionPskUsage usage) {
        return this instanceof Resumption resumption && resumption.usage() == usage;
    }

    /** Reads {@code PreSharedKeyID}. */
    static PreSharedKeyId decode(TlsReader in) throws DecodeException {
        int type = in.uint8();
        return switch (type) {
            case 1 -> new External(in.vector(), in.vector());
            case 2 -> new Resumption(ResumptionPskUsage.decode(in), in.vector(), in.uint64(), in.vector());
            default -> throw in.error(Rule.UNKNOWN_DISCRIMINATOR, "PSK type " + type);
        };
    }

    /**
     * A key that the application distributed.
     *
     * @param pskId the application's name for it
     * @param pskNonce see {@link PreSharedKeyId#pskNonce()}
     */
    record External(Bytes pskId, Bytes pskNonce) implements PreSharedKeyId {
        /** Checks that nothing is missing. */
        public External {
            Objects.requireNonNull(pskId, "pskId");
            Objects.requireNonNull(pskNonce, "pskNonce");
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(1).vector(pskId).vector(pskNonce);
        }
    }

    /**
     * The resumption_psk of an epoch of a group.
     *
     * @param usage what it is used for
     * @param pskGroupId the group
     * @param pskEpoch its epoch, an unsigned 64-bit number
     * @param pskNonce see {@link PreSharedKeyId#pskNonce()}
     */
    record Resumption(ResumptionPskUsage usage, Bytes pskGroupId, long pskEpoch, Bytes pskNonce)
            implements PreSharedKeyId {
        /** Checks that nothing is missing. */
        public Resumption {
            Objects.requireNonNull(usage, "usage");
            Objects.requireNonNull(pskGroupId, "pskGroupId");
            Objects.requireNonNull(pskNonce, "pskNonce");
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(2).uint8(usage.code()).vector(pskGroupId).uint64(pskEpoch).vector(pskNonce);
        }
    }
}
