package org.coppice.cli.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.inspect.InputBytes;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.registry.ExtensionType;

/**
 * An encoded ratchet tree with what the file around it tells.
 *
 * @param tree the encoding of the ratchet_tree extension's content
 * @param suite the cipher suite, if the file says it
 * @param groupInfo the GroupInfo that the tree came in, if it did
 * @param groupId the group, if the file says it
 */
record TreeSource(Bytes tree, Optional<CipherSuite> suite, Optional<GroupInfo> groupInfo, Optional<Bytes> groupId) {
    private static final List<String> TREE_FIELDS = List.of("tree", "ratchet_tree", "tree_after");

    /**
     * Finds the tree in a file: a GroupInfo, alone or as MLSMessage, a ratchet_tree, the stored state of a group, or a test vector
     * that holds a tree.
     *
     * @param number which case of a file of test vectors, or which state of a file that holds several
     */
    static TreeSource read(byte[] content, int number) {
        if (content.length > 0 && (content[0] == '[' || content[0] == '{')) {
            try {
                return ofJson(new ObjectMapper().readTree(content), number);
            } catch (IOException e) {
                // Not JSON after all: an encoding may begin with this byte as well.
            }
        }
        Bytes bytes = InputBytes.decode(content, null);
        if (bytes.isEmpty()) {
            throw CommandFailure.input("no bytes to draw", "give a file, or pipe a tree into standard input");
        }
        Optional<GroupInfo> groupInfo = groupInfo(bytes);
        if (groupInfo.isPresent()) {
            return ofGroupInfo(groupInfo.get());
        }
        return new TreeSource(bytes, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Optional<GroupInfo> groupInfo(Bytes bytes) {
        try {
            MlsMessage message = MlsMessage.decode(bytes, DecodeLimits.DEFAULT);
            if (message.body() instanceof MlsMessage.GroupInfo body) {
                return Optional.of(body.groupInfo());
            }
            throw CommandFailure.input(
                    "a message of the kind mls_"
                            + message.wireFormat().name().toLowerCase(Locale.ROOT)
                            + " shows no ratchet tree",
                    "give a GroupInfo with its ratchet_tree, or the tree itself");
        } catch (DecodeException e) {
            // Perhaps without the message around it.
        }
        try {
            Decoder<GroupInfo> decoder = GroupInfo::decode;
            return Optional.of(decoder.decodeAll(bytes, DecodeLimits.DEFAULT));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    private static TreeSource ofGroupInfo(GroupInfo info) {
        Bytes tree = info.extensions()
                .find(ExtensionType.RATCHET_TREE)
                .orElseThrow(() -> CommandFailure.input(
                        "the GroupInfo has no ratchet_tree extension", "give the file that holds the tree itself"));
        return new TreeSource(
                tree,
                Optional.of(info.groupContext().cipherSuite()),
                Optional.of(info),
                Optional.of(info.groupContext().groupId()));
    }

    private static TreeSource ofJson(JsonNode json, int number) {
        List<StoredTree> stored = StoredTree.in(json);
        if (!stored.isEmpty()) {
            if (number < 0 || number >= stored.size()) {
                throw CommandFailure.usage(
                        "the file has no state " + number,
                        "it has states 0 to " + (stored.size() - 1) + ": give --case");
            }
            return stored.get(number).source();
        }
        if (json.isArray() && json.isEmpty()) {
            throw CommandFailure.input(
                    "the file holds an empty list", "give a GroupInfo, a ratchet_tree or test vectors");
        }
        JsonNode vector = json.isArray() ? json.path(number) : json;
        if (vector.isMissingNode()) {
            throw CommandFailure.usage(
                    "the file has no case " + number, "it has cases 0 to " + (json.size() - 1) + ": give --case");
        }
        for (String field : TREE_FIELDS) {
            if (vector.path(field).isTextual()) {
                Optional<CipherSuite> suite = vector.path("cipher_suite").canConvertToInt()
                        ? Optional.of(
                                new CipherSuite(vector.path("cipher_suite").intValue()))
                        : Optional.empty();
                Optional<Bytes> groupId = vector.path("group_id").isTextual()
                        ? Optional.of(hex(vector.path("group_id").textValue()))
                        : Optional.empty();
                return new TreeSource(hex(vector.path(field).textValue()), suite, Optional.empty(), groupId);
            }
        }
        throw CommandFailure.input(
                "no tree in the test vector: none of its fields is " + String.join(", ", TREE_FIELDS),
                "tree-validation.json and treekem.json hold trees, and so does the stored state of a group as JSON");
    }

    private static Bytes hex(String text) {
        return InputBytes.decode(text.getBytes(StandardCharsets.US_ASCII), InputBytes.Form.hex);
    }
}
