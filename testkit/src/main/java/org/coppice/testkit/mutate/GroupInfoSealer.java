package org.coppice.testkit.mutate;

import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.tree.RatchetTree;

/** Makes a changed GroupInfo right again: the tree in it, its hash, the confirmation tag, the signature of whoever it names. */
final class GroupInfoSealer {
    private final SuiteCrypto crypto;
    private final KeyRing ring;
    private final Signer otherwise;
    private final TreeSealer tree;

    /** Computes a confirmation tag; empty where a change leaves none. */
    @FunctionalInterface
    interface Tagger {
        Optional<Bytes> tag(Bytes encodedContext, Bytes confirmedTranscriptHash);
    }

    /**
     * @param genuine the tree of the epoch
     * @param otherwise signs where a leaf's key is nobody's
     */
    GroupInfoSealer(RatchetTree genuine, Bytes groupId, KeyRing ring, SuiteCrypto crypto, Signer otherwise) {
        this.crypto = crypto;
        this.ring = ring;
        this.otherwise = otherwise;
        this.tree = new TreeSealer(genuine, groupId, ring, crypto, otherwise);
    }

    /** The nodes, as positions in the tree, whose parent hashes count. */
    Set<String> tied() {
        return tree.tied();
    }

    void seal(Field info, Tagger tagger) throws CryptoException {
        Field context = info.get("group_context");
        Optional<Field> carried = carriedTree(info);
        if (carried.isPresent()) {
            tree.seal(carried.get(), context.get("group_id").bytes());
            decode(carried.get()).ifPresent(decoded -> context.get("tree_hash").derive(decoded.treeHash()));
        }
        Optional<Bytes> tag = tagger.tag(
                context.encoded(), context.get("confirmed_transcript_hash").bytes());
        tag.ifPresent(value -> info.get("confirmation_tag").derive(value));
        Signer signer = signer(info, carried);
        info.get("signature").derive(crypto.signWithLabel(signer, "GroupInfoTBS", info.before("signature")));
    }

    private static Optional<Field> carriedTree(Field info) {
        return info.get("extensions").parts().stream()
                .filter(extension -> extension.get("extension_type").number() == 2)
                .flatMap(extension -> extension.find("extension_data/data").stream())
                .findFirst();
    }

    private Optional<RatchetTree> decode(Field list) {
        Decoder<RatchetTree> decoder = in -> RatchetTree.decode(in, crypto);
        try {
            return Optional.of(decoder.decodeAll(list.encoded(), DecodeLimits.DEFAULT));
        } catch (DecodeException e) {
            return Optional.empty(); // the receiver's decoder will say so
        }
    }

    private Signer signer(Field info, Optional<Field> carried) {
        long node = 2 * info.get("signer").number();
        return carried.flatMap(list -> list.find(node + "/value/node"))
                .flatMap(ring::of)
                .orElse(otherwise);
    }
}
