package org.coppice.mls.message;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.registry.ProtocolVersion;

/**
 * What all members of a group agree on in one epoch (RFC 9420 §8.1).
 *
 * @param version the protocol version
 * @param cipherSuite the cipher suite
 * @param groupId the group, the same in all epochs
 * @param epoch the number of the epoch, an unsigned 64-bit number
 * @param treeHash the tree hash of the ratchet tree
 * @param confirmedTranscriptHash a digest of all commits up to the one that began the epoch; empty in epoch 0
 * @param extensions the extensions of the group, in their order
 */
public record GroupContext(
        ProtocolVersion version,
        CipherSuite cipherSuite,
        Bytes groupId,
        long epoch,
        Bytes treeHash,
        Bytes confirmedTranscriptHash,
        Extensions extensions)
        implements Encodable {
    /** Checks that nothing is missing. */
    public GroupContext {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(cipherSuite, "cipherSuite");
        Objects.requireNonNull(groupId, "groupId");
        Objects.requireNonNull(treeHash, "treeHash");
        Objects.requireNonNull(confirmedTranscriptHash, "confirmedTranscriptHash");
        Objects.requireNonNull(extensions, "extensions");
    }

    /** Reads {@code GroupContext}. */
    public static GroupContext decode(TlsReader in) throws DecodeException {
        return new GroupContext(
                ProtocolVersion.decode(in),
                CipherSuite.decode(in),
                in.vector(),
                in.uint64(),
                in.vector(),
                in.vector(),
                Extensions.decode(in));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(version)
                .struct(cipherSuite)
                .vector(groupId)
                .uint64(epoch)
                .vector(treeHash)
                .vector(confirmedTranscriptHash)
                .struct(extensions);
    }

    /** The same in an array of its own, so that a message around it need not be kept. */
    public GroupContext compact() {
        Decoder<GroupContext> decoder = GroupContext::decode;
        try {
            return decoder.decodeAll(
                    Bytes.wrap(encoded()), new DecodeLimits(DecodeLimits.MAX_ENCODABLE, Integer.MAX_VALUE));
        } catch (DecodeException e) {
            throw new AssertionError("just encoded", e);
        }
    }

    /** The context of the next epoch as far as it is known before the commit is signed (RFC 9420 §12.4.1). */
    public GroupContext provisional(Bytes nextTreeHash, Extensions nextExtensions) {
        return new GroupContext(
                version, cipherSuite, groupId, epoch + 1, nextTreeHash, confirmedTranscriptHash, nextExtensions);
    }

    /** This context with another confirmed transcript hash. */
    public GroupContext withConfirmedTranscriptHash(Bytes hash) {
        return new GroupContext(version, cipherSuite, groupId, epoch, treeHash, hash, extensions);
    }
}
