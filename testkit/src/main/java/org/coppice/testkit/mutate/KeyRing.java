package org.coppice.testkit.mutate;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;

/** All private signature keys of a test, by their public keys: whatever key a changed leaf names, the signature is made with it. */
final class KeyRing {
    private final SuiteCrypto crypto;
    private final Map<Bytes, Signer> signers = new HashMap<>();

    KeyRing(SuiteCrypto crypto) {
        this.crypto = crypto;
    }

    void add(Signer signer) {
        signers.put(signer.publicKey().data(), signer);
    }

    void addAll(KeyRing other) {
        signers.putAll(other.signers);
    }

    /** The signer of the key that a leaf names, if it is anybody's. */
    Optional<Signer> of(Field leafNode) {
        return leafNode.find("signature_key").map(key -> signers.get(key.bytes()));
    }

    /** Where a leaf stands, as its signature covers it. */
    record Position(Bytes groupId, long leafIndex) {}

    /**
     * Signs a leaf with the key that it names (RFC 9420 §7.2).
     *
     * @param position where it goes; not used for the leaf of a KeyPackage, and may then be null
     * @param otherwise signs if the key is nobody's
     */
    void signLeaf(Field leaf, Position position, Signer otherwise) throws CryptoException {
        Optional<Field> signature = leaf.find("signature");
        if (signature.isEmpty()) {
            return;
        }
        TlsWriter signed = new TlsWriter().raw(leaf.before("signature"));
        if (position != null && leaf.get("leaf_node_source").number() != 1) {
            signed.vector(position.groupId()).uint32(position.leafIndex());
        }
        signature.get().derive(sign(of(leaf).orElse(otherwise), "LeafNodeTBS", signed));
    }

    /** Signs a KeyPackage and the leaf in it (RFC 9420 §10), if they were changed: not all signatures are the same when made again. */
    void signKeyPackage(Field keyPackage, Signer otherwise) throws CryptoException {
        if (!keyPackage.isTouched()) {
            return;
        }
        Field leaf = keyPackage.get("leaf_node");
        signLeaf(leaf, null, otherwise);
        Bytes signed = keyPackage.before("signature");
        keyPackage.get("signature").derive(crypto.signWithLabel(of(leaf).orElse(otherwise), "KeyPackageTBS", signed));
    }

    /** Signs the leaves and KeyPackages in a proposal. */
    void signProposal(Field proposal, Position position, Signer otherwise) throws CryptoException {
        Optional<Field> body = proposal.find("proposal");
        if (body.isEmpty()) {
            return;
        }
        if (body.get().find("leaf_node").isPresent()) {
            signKeyPackage(body.get(), otherwise);
        } else if (body.get().find("leaf_node_source").isPresent()) {
            signLeaf(body.get(), position, otherwise);
        }
    }

    private Bytes sign(Signer signer, String label, TlsWriter content) throws CryptoException {
        return crypto.signWithLabel(signer, label, content.toBytes());
    }
}
