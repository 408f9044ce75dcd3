package org.coppice.mls.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.DecodedSecrets;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.RecordKind;

/** Reads the records of one secret tree and checks that they fit together. */
final class StoredSecretTree {
    private final long epoch;
    private final SuiteCrypto crypto;
    private final Map<Long, Secret> nodes = new HashMap<>();
    private final Map<Long, Ratchet> handshake = new HashMap<>();
    private final Map<Long, Ratchet> application = new HashMap<>();
    private final Map<Long, SenderRatchets> senders = new HashMap<>();
    private final List<SkippedKey> skipped = new ArrayList<>();
    private final DecodedSecrets decoded;

    StoredSecretTree(long epoch, SuiteCrypto crypto, DecodedSecrets decoded) {
        this.epoch = epoch;
        this.crypto = crypto;
        this.decoded = decoded;
    }

    static StoredSecretTree read(long leafCount, long epoch, Map<Bytes, byte[]> records, SuiteCrypto crypto)
            throws DecodeException {
        try (DecodedSecrets decoded = new DecodedSecrets()) {
            StoredSecretTree out = new StoredSecretTree(epoch, crypto, decoded);
            out.read(leafCount, records);
            decoded.handOver();
            return out;
        }
    }

    void read(long leafCount, Map<Bytes, byte[]> records) throws DecodeException {
        readNodesAndRatchets(records);
        checkCover(leafCount);
        readSkippedKeys(records);
    }

    Map<Long, Secret> nodes() {
        return nodes;
    }

    Map<Long, SenderRatchets> senders() {
        return senders;
    }

    /** The oldest first. */
    List<SkippedKey> skipped() {
        return skipped;
    }

    private void readNodesAndRatchets(Map<Bytes, byte[]> records) throws DecodeException {
        for (Map.Entry<Bytes, byte[]> entry : records.entrySet()) {
            Bytes key = entry.getKey();
            if (RecordKind.SECRET_NODE.matches(key)) {
                RecordKey.SecretNode name = (RecordKey.SecretNode) RecordKey.parse(key);
                if (name.epoch() == epoch) {
                    readNode(name.node(), reader(entry.getValue()));
                }
            } else if (RecordKind.RATCHET.matches(key)) {
                RecordKey.Ratchet name = (RecordKey.Ratchet) RecordKey.parse(key);
                if (name.epoch() == epoch) {
                    readRatchet(name, reader(entry.getValue()));
                }
            }
        }
        check(handshake.keySet().equals(application.keySet()), "a sender with one ratchet");
        handshake.forEach((leaf, ratchet) -> senders.put(leaf, new SenderRatchets(ratchet, application.get(leaf))));
    }

    private void readNode(long node, TlsReader in) throws DecodeException {
        Secret secret = Secret.decode(in);
        nodes.put(node, secret);
        check(secret.length() == crypto.hashLength(), "a node of a secret tree of another suite");
        in.expectEnd();
    }

    private void readRatchet(RecordKey.Ratchet name, TlsReader in) throws DecodeException {
        RatchetType type = type(name.type());
        Ratchet ratchet = Ratchet.restore(name.leaf(), type, in, crypto);
        (type == RatchetType.HANDSHAKE ? handshake : application).put(name.leaf(), ratchet);
        in.expectEnd();
    }

    private void readSkippedKeys(Map<Bytes, byte[]> records) throws DecodeException {
        for (Map.Entry<Bytes, byte[]> entry : records.entrySet()) {
            if (RecordKind.MESSAGE_KEY.matches(entry.getKey())) {
                RecordKey.MessageKey name = (RecordKey.MessageKey) RecordKey.parse(entry.getKey());
                if (name.epoch() == epoch) {
                    SenderRatchets ratchets = senders.get(name.leaf());
                    check(ratchets != null, "a skipped key of a sender without ratchets");
                    TlsReader in = reader(entry.getValue());
                    skipped.add(SkippedKey.restore(ratchets.of(type(name.type())), name.generation(), in, crypto));
                    in.expectEnd();
                }
            }
        }
        skipped.sort(Comparator.comparingLong(entry -> entry.order));
    }

    /** Every leaf is below exactly one node, or has its ratchets: so nothing is missing and nothing consumed came back. */
    private void checkCover(long leafCount) throws DecodeException {
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

    private static RatchetType type(int code) throws DecodeException {
        check(code < RatchetType.values().length, "a ratchet of unknown type");
        return RatchetType.values()[code];
    }

    private TlsReader reader(byte[] value) {
        return decoded.reader(Bytes.wrap(value), DecodeLimits.DEFAULT);
    }

    private static void check(boolean holds, String otherwise) throws DecodeException {
        if (!holds) {
            throw new DecodeException(Rule.STORED_STATE, 0, otherwise);
        }
    }
}
