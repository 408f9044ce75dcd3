package org.coppice.mls.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafIndex;

/** A secret tree with a store, used as a group uses it; after each use storage and memory are compared byte for byte. */
final class TreeUser implements AutoCloseable {
    static final long EPOCH = 7;
    static final RatchetType APP = RatchetType.APPLICATION;
    static final RatchetType HS = RatchetType.HANDSHAKE;

    final SuiteCrypto crypto;
    final long leafCount;
    final byte[] root;
    final InMemoryStateStore store = new InMemoryStateStore();
    RatchetLimits limits = RatchetLimits.DEFAULT;
    SecretTree tree;

    TreeUser(SuiteCrypto crypto, long leafCount, long seed) {
        this.crypto = crypto;
        this.leafCount = leafCount;
        try (Secret secret = ScheduleFixture.seeded(crypto, seed)) {
            this.root = secret.exposeCopy();
        }
        this.tree = SecretTree.of(Secret.wrap(root.clone()), leafCount, crypto);
        try (StateChange all = ScheduleFixture.changeOfAll(tree, EPOCH)) {
            store.apply(all);
        }
    }

    PendingKey receiving(long leaf, RatchetType type, long generation) throws ValidationException {
        return tree.receivingKey(new LeafIndex(leaf), type, generation, limits);
    }

    /** Opens a message; its key, then its nonce. */
    Bytes receive(long leaf, RatchetType type, long generation) throws ValidationException {
        try (PendingKey key = receiving(leaf, type, generation)) {
            assertThat(key.generation()).isEqualTo(generation);
            return use(key);
        }
    }

    /** Sends a message; its key, then its nonce. */
    Bytes send(long leaf, RatchetType type) {
        try (PendingKey key = tree.nextSendingKey(new LeafIndex(leaf), type)) {
            return use(key);
        }
    }

    private Bytes use(PendingKey key) {
        Bytes out = keyAndNonce(key);
        write(key);
        key.confirm();
        checkStored();
        return out;
    }

    void write(PendingKey key) {
        StateChange.Builder builder = StateChange.builder(ScheduleFixture.GROUP);
        key.record(builder, EPOCH);
        try (StateChange change = builder.build()) {
            store.apply(change);
        }
    }

    static Bytes keyAndNonce(PendingKey key) {
        byte[] out = new byte[key.key().length() + key.nonce().length()];
        System.arraycopy(key.key().exposeCopy(), 0, out, 0, key.key().length());
        System.arraycopy(
                key.nonce().exposeCopy(),
                0,
                out,
                key.key().length(),
                key.nonce().length());
        return Bytes.wrap(out);
    }

    /** What the formulas of the RFC give. */
    Bytes expected(long leaf, RatchetType type, long generation) {
        return new ReferenceTree(crypto).keyAndNonce(root, leafCount, leaf, type, generation);
    }

    /** All that the tree holds. */
    Map<Bytes, Bytes> dump() {
        return ScheduleFixture.dump(tree, EPOCH);
    }

    Map<Bytes, Bytes> stored() {
        return store.snapshot(ScheduleFixture.GROUP);
    }

    /** The records that single uses wrote add up to all that the tree holds. */
    void checkStored() {
        assertThat(stored()).isEqualTo(dump());
    }

    SecretTree restored() throws DecodeException {
        return SecretTree.restore(leafCount, EPOCH, store.load(ScheduleFixture.GROUP), crypto);
    }

    /** Ends the process and starts it again. */
    void restart() throws DecodeException {
        SecretTree again = restored();
        tree.close();
        tree = again;
        checkStored();
    }

    @Override
    public void close() {
        tree.close();
    }
}
