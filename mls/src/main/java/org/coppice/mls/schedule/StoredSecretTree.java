package org.coppice.mls.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.RecordKind;

/** The parts of a secret tree as read from storage, checked for completeness. */
record StoredSecretTree(Map<Long, Secret> nodes, Map<Long, SenderRatchets> senders, List<SkippedKey> skippedByAge) {

    static StoredSecretTree read(long leafCount, long epoch, Map<Bytes, byte[]> records, SuiteCrypto crypto)
            throws DecodeException {
        Map<Long, Secret> nodes = new HashMap<>();
        Map<Long, Ratchet> handshake = new HashMap<>();
        Map<Long, Ratchet> application = new HashMap<>();
        List<RecordKey.MessageKey> skippedKeys = new ArrayList<>();
        for (Map.Entry<Bytes, byte[]> entry : records.entrySet()) {
            Bytes name = entry.getKey();
            if (!isOfTree(name)) {
                continue;
            }
            RecordKey key = RecordKey.parse(name);
            TlsReader value = reader(entry.getValue());
            if (key instanceof RecordKey.SecretNode node && node.epoch() == epoch) {
                Secret secret = Secret.decode(value);
                check(secret.length() == crypto.hashLength(), "a node of the secret tree of another suite");
                nodes.put(node.node(), secret);
                value.expectEnd();
            } else if (key instanceof RecordKey.Ratchet ratchet && ratchet.epoch() == epoch) {
                RatchetType type = type(ratchet.type());
                (type == RatchetType.HANDSHAKE ? handshake : application)
                        .put(ratchet.leaf(), Ratchet.restore(ratchet.leaf(), type, value, crypto));
                value.expectEnd();
            } else if (key instanceof RecordKey.MessageKey skipped && skipped.epoch() == epoch) {
                skippedKeys.add(skipped);
            }
        }
        check(handshake.keySet().equals(application.keySet()), "a sender with one ratchet");
        Map<Long, SenderRatchets> senders = new HashMap<>();
        handshake.forEach((leaf, ratchet) -> senders.put(leaf, new SenderRatchets(ratchet, application.get(leaf))));
        checkCover(leafCount, nodes, senders);

        List<SkippedKey> skipped = new ArrayList<>();
        for (RecordKey.MessageKey key : skippedKeys) {
            SenderRatchets ratchets = senders.get(key.leaf());
            check(ratchets != null, "a skipped key of a sender without ratchets");
            TlsReader value = reader(records.get(key.toBytes()));
            skipped.add(SkippedKey.restore(ratchets.of(type(key.type())), key.generation(), value, crypto));
            value.expectEnd();
        }
        skipped.sort(Comparator.comparingLong(entry -> entry.order));
        return new StoredSecretTree(nodes, senders, skipped);
    }

    private static boolean isOfTree(Bytes key) {
        return RecordKind.SECRET_NODE.matches(key)
                || RecordKind.RATCHET.matches(key)
                || RecordKind.MESSAGE_KEY.matches(key);
    }

    private static TlsReader reader(byte[] value) {
        return new TlsReader(Bytes.wrap(value), DecodeLimits.DEFAULT);
    }

    private static RatchetType type(int code) throws DecodeException {
        check(code < RatchetType.values().length, "a ratchet of unknown type");
        return RatchetType.values()[code];
    }

    /** Every leaf is below exactly one node, or has its ratchets: so nothing is missing and nothing consumed came back. */
    private static void checkCover(long leafCount, Map<Long, Secret> nodes, Map<Long, SenderRatchets> senders)
            throws DecodeException {
        List<Long> parts = new ArrayList<>(nodes.keySet());
        senders.keySet().forEach(leaf -> parts.add(2 * leaf));
        // Two subtrees overlap only if one contains the other; in order of first leaf the overlap shows.
        parts.sort(Comparator.comparingLong(StoredSecretTree::firstLeaf));
        long covered = 0;
        for (long node : parts) {
            check(node >= 0 && node < 2 * leafCount - 1, "a node outside the secret tree");
            check(firstLeaf(node) == covered, "a secret tree with gaps or overlaps");
            covered += 1L << LeafPath.level(node);
        }
        check(covered == leafCount, "a secret tree of another size");
    }

    private static long firstLeaf(long node) {
        return (node - ((1L << LeafPath.level(node)) - 1)) / 2;
    }

    private static void check(boolean holds, String otherwise) throws DecodeException {
        if (!holds) {
            throw new DecodeException(Rule.STORED_STATE, 0, otherwise);
        }
    }
}
