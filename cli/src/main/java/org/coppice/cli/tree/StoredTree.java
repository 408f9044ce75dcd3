package org.coppice.cli.tree;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.coppice.cli.CommandFailure;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.message.GroupContext;

/**
 * The tree in the stored state of a group (docs/STATE.md): a member's or an observer's records, written as JSON from key to value,
 * both in hexadecimal digits. Only public records are read.
 */
final class StoredTree {
    private static final String GROUP = "01";
    private static final String EPOCH = "02";
    private static final String TREE_NODE = "03";
    private static final String OBSERVER = "0d";
    private static final int VERSION = 1;
    /** No longer tree would be decoded; and a short key can say that its node stands anywhere. */
    private static final int MAX_NODES = DecodeLimits.DEFAULT.maxListEntries();

    private final JsonNode records;

    private StoredTree(JsonNode records) {
        this.records = records;
    }

    /** All sets of records in a file, as they come: the file may be one, or hold several. */
    static List<StoredTree> in(JsonNode json) {
        List<StoredTree> out = new ArrayList<>();
        collect(json, out);
        return out;
    }

    private static void collect(JsonNode json, List<StoredTree> out) {
        if (json.path(GROUP).isTextual() || json.path(OBSERVER).isTextual()) {
            out.add(new StoredTree(json));
        } else {
            json.forEach(child -> collect(child, out));
        }
    }

    /** The tree, as the ratchet_tree extension holds it, and what the records tell of its group. */
    TreeSource source() {
        try {
            GroupContext context = context();
            return new TreeSource(
                    encoded(), Optional.of(context.cipherSuite()), Optional.empty(), Optional.of(context.groupId()));
        } catch (DecodeException | IllegalArgumentException e) {
            throw CommandFailure.input(
                    "the stored state is damaged: " + e.getMessage(), "its format is described in docs/STATE.md");
        }
    }

    private GroupContext context() throws DecodeException {
        boolean observed = records.has(OBSERVER);
        TlsReader header = reader(value(observed ? OBSERVER : GROUP));
        int version = header.uint16();
        if (version != VERSION) {
            throw CommandFailure.input(
                    "the stored state has version " + version, "this command reads version " + VERSION);
        }
        if (observed) {
            header.uint8(); // status
            return GroupContext.decode(header);
        }
        header.uint16(); // cipher suite
        header.uint8(); // status
        header.uint32(); // own leaf
        return GroupContext.decode(reader(value(EPOCH + String.format("%016x", header.uint64()))));
    }

    private Bytes encoded() {
        TreeMap<Long, byte[]> nodes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : records.properties()) {
            if (field.getKey().startsWith(TREE_NODE)) {
                nodes.put(
                        Long.parseUnsignedLong(field.getKey().substring(TREE_NODE.length()), 16),
                        HexFormat.of().parseHex(field.getValue().asText()));
            }
        }
        if (nodes.isEmpty() || nodes.firstKey() < 0 || nodes.lastKey() >= MAX_NODES) {
            throw new IllegalArgumentException("no nodes, or a node too far to the right");
        }
        TlsWriter out = new TlsWriter();
        int mark = out.open();
        for (long i = 0; i <= nodes.lastKey(); i++) {
            byte[] node = nodes.get(i);
            out.uint8(node == null ? 0 : 1);
            if (node != null) {
                out.raw(node);
            }
        }
        return out.close(mark).toBytes();
    }

    private byte[] value(String key) {
        if (!records.path(key).isTextual()) {
            throw new IllegalArgumentException("no record " + key);
        }
        return HexFormat.of().parseHex(records.path(key).textValue());
    }

    private static TlsReader reader(byte[] value) {
        return new TlsReader(Bytes.wrap(value), DecodeLimits.DEFAULT);
    }
}
