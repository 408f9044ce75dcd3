package org.coppice.mls.message;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.tree.LeafIndex;

/**
 * Describes an epoch of a group to those who join it (RFC 9420 §12.4.3).
 *
 * <p>The encoding is kept, because it is signed. Immutable; equal by encoding. Decoding checks nothing but the form.
 */
public final class GroupInfo implements Encodable {
    private static final String LABEL = "GroupInfoTBS";

    private final Bytes encoding;
    private final int signedLength;
    private final GroupContext groupContext;
    private final Extensions extensions;
    private final Bytes confirmationTag;
    private final LeafIndex signer;
    private final Bytes signature;

    private GroupInfo(TlsReader in) throws DecodeException {
        int start = in.mark();
        groupContext = GroupContext.decode(in);
        extensions = Extensions.decode(in);
        confirmationTag = in.vector();
        signer = LeafIndex.decode(in);
        signedLength = in.since(start).length();
        signature = in.vector();
        encoding = in.since(start);
    }

    /** Reads {@code GroupInfo}. */
    public static GroupInfo decode(TlsReader in) throws DecodeException {
        return new GroupInfo(in);
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.raw(encoding);
    }

    /**
     * Makes and signs a GroupInfo (label "GroupInfoTBS").
     *
     * @param signerLeaf the leaf whose signature key belongs to {@code signer}
     * @throws CryptoException if the signer does not perform the operation
     */
    public static GroupInfo sign(
            GroupContext groupContext,
            Extensions extensions,
            Bytes confirmationTag,
            LeafIndex signerLeaf,
            SuiteCrypto crypto,
            Signer signer)
            throws CryptoException {
        TlsWriter out = new TlsWriter();
        out.struct(groupContext).struct(extensions).vector(confirmationTag).struct(signerLeaf);
        Bytes signature = crypto.signWithLabel(signer, LABEL, out.toBytes());
        Decoder<GroupInfo> decoder = GroupInfo::decode;
        try {
            return decoder.decodeAll(
                    out.vector(signature).toBytes(), new DecodeLimits(DecodeLimits.MAX_ENCODABLE, Integer.MAX_VALUE));
        } catch (DecodeException e) {
            throw new AssertionError("just encoded", e);
        }
    }

    /** Whether the signature verifies with {@code key}, which must be that of the signer's leaf. */
    public boolean verifySignature(SignaturePublicKey key, SuiteCrypto crypto) {
        return crypto.verifyWithLabel(key, LABEL, encoding.slice(0, signedLength), signature);
    }

    /** What the members agree on in this epoch. */
    public GroupContext groupContext() {
        return groupContext;
    }

    /** The extensions of the GroupInfo, not those of the group. */
    public Extensions extensions() {
        return extensions;
    }

    /** The confirmation tag of the Commit that began the epoch. */
    public Bytes confirmationTag() {
        return confirmationTag;
    }

    /** The member that signed. */
    public LeafIndex signer() {
        return signer;
    }

    /** The signature over all the rest. */
    public Bytes signature() {
        return signature;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof GroupInfo other && encoding.equals(other.encoding);
    }

    @Override
    public int hashCode() {
        return encoding.hashCode();
    }

    @Override
    public String toString() {
        return "GroupInfo[" + groupContext.cipherSuite() + ", epoch " + Long.toUnsignedString(groupContext.epoch())
                + "]";
    }
}
