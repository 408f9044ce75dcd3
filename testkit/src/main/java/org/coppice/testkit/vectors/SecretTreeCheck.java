package org.coppice.testkit.vectors;

import java.util.List;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.schedule.PendingKey;
import org.coppice.mls.schedule.RatchetLimits;
import org.coppice.mls.schedule.RatchetType;
import org.coppice.mls.schedule.SecretTree;
import org.coppice.mls.schedule.SenderDataKeys;
import org.coppice.mls.tree.LeafIndex;

/** Keys of messages and of sender data (RFC 9420 §6.3.2, §9). */
final class SecretTreeCheck {
    private static final RatchetLimits LIMITS = new RatchetLimits(1 << 20, 1 << 10, 1 << 10);

    private SecretTreeCheck() {}

    static void verify(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch, MlsException {
        SuiteCrypto crypto = setting.crypto();
        senderData(vector.object("sender_data"), crypto);
        List<List<Fields>> leaves = vector.objectLists("leaves");
        long leafCount = leaves.size() <= 1 ? 1 : Long.highestOneBit(leaves.size() - 1L) << 1;
        // A second tree gives the keys in the other order, in which most are skipped first.
        SecretTree forward = SecretTree.of(vector.secret("encryption_secret"), leafCount, crypto);
        SecretTree backward = SecretTree.of(vector.secret("encryption_secret"), leafCount, crypto);
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            List<Fields> generations = leaves.get(leaf);
            for (int i = 0; i < generations.size(); i++) {
                generation(forward, leaf, generations.get(i));
                generation(backward, leaf, generations.get(generations.size() - 1 - i));
            }
        }
    }

    private static void senderData(Fields vector, SuiteCrypto crypto) throws VectorMismatch, MlsException {
        Bytes secret = vector.bytes("sender_data_secret");
        SenderDataKeys keys = StoredSecrets.toEpochSecrets(Map.of(StoredSecrets.Name.SENDER_DATA, secret), crypto)
                .senderDataKeys(vector.bytes("ciphertext"));
        Expect.equal("sender_data.key", vector.bytes("key"), keys.key());
        Expect.equal("sender_data.nonce", vector.bytes("nonce"), keys.nonce());
    }

    private static void generation(SecretTree tree, int leaf, Fields vector) throws VectorMismatch, MlsException {
        key(tree, leaf, RatchetType.HANDSHAKE, "handshake", vector);
        key(tree, leaf, RatchetType.APPLICATION, "application", vector);
    }

    private static void key(SecretTree tree, int leaf, RatchetType type, String prefix, Fields vector)
            throws VectorMismatch, MlsException {
        long generation = vector.number("generation");
        String what = "leaf " + leaf + ", generation " + generation + ", " + prefix;
        try (PendingKey key = tree.receivingKey(new LeafIndex(leaf), type, generation, LIMITS)) {
            Expect.equal(what + "_key", vector.bytes(prefix + "_key"), key.key());
            Expect.equal(what + "_nonce", vector.bytes(prefix + "_nonce"), key.nonce());
            key.confirm();
        }
    }
}
