package org.coppice.testkit.mutate;

import java.util.List;
import java.util.Map;
import org.coppice.mls.codec.Bytes;

/**
 * Names fields by the structure of RFC 9420 that they are in, wherever in a message that stands: {@code KeyPackage/init_key}. An element
 * of a list is named by what it is, such as the type of an extension, or {@code *} where all elements are alike.
 *
 * @param ownKey the encryption_key of the receiver's own leaf in a ratchet tree that it gets, or empty
 */
record Place(Bytes ownKey) {
    private static final List<String> PROPOSALS = List.of(
            "Custom",
            "KeyPackage",
            "LeafNode of an Update",
            "Remove",
            "PreSharedKey",
            "ReInit",
            "ExternalInit",
            "GroupContextExtensions");

    private static final Map<Long, String> EXTENSIONS =
            Map.of(2L, "ratchet_tree", 3L, "required_capabilities", 4L, "external_pub", 5L, "external_senders");

    /** The name of the field at a path of a message. */
    String of(Field root, String path) {
        String name = "MLSMessage";
        Field at = root;
        Field above = root;
        for (String step : path.split("/")) {
            Field next = at.get(step);
            String structure = structure(at, step, name);
            name = !structure.isEmpty() ? structure : name + "/" + (next.isElement() ? element(above, at, next) : step);
            above = at;
            at = next;
        }
        return name;
    }

    /** The structure that begins with this step, or nothing. */
    private String structure(Field at, String step, String name) {
        return switch (step) {
            case "proposal" ->
                at.find("proposal_type").isPresent()
                        ? proposal(at.get("proposal_type").number())
                        : "";
            case "leaf_node" -> name.equals("KeyPackage") ? "LeafNode of a KeyPackage" : "LeafNode of a Commit";
            case "node" -> at.get("node_type").number() == 1 ? leafOfTree(at.get("node")) : "ParentNode";
            case "group_info" -> "GroupInfo";
            case "content" -> at.get(step).find("proposals").isPresent() ? "Commit" : "";
            case "body" -> body(at);
            default -> "";
        };
    }

    private String leafOfTree(Field leaf) {
        boolean own = leaf.get("encryption_key").bytes().equals(ownKey);
        return own ? "own LeafNode of the tree" : "LeafNode of the tree";
    }

    private static String proposal(long type) {
        return type < PROPOSALS.size() ? PROPOSALS.get((int) type) : "Custom";
    }

    private static String element(Field above, Field list, Field element) {
        if (list.name().equals("proposals") && element.find("type").isPresent()) {
            return element.find("value/proposal_type")
                    .map(type -> proposal(type.number()))
                    .orElse("reference");
        }
        if (element.find("extension_type").isPresent()) {
            return EXTENSIONS.getOrDefault(element.get("extension_type").number(), "extension");
        }
        // What a leaf supports is in the order of Cast.
        return above.name().equals("capabilities") ? element.name() : "*";
    }

    private static String body(Field message) {
        return switch ((int) message.get("wire_format").number()) {
            case 1 -> "PublicMessage";
            case 2 -> "PrivateMessage";
            case 3 -> "Welcome";
            case 4 -> "GroupInfo";
            default -> "KeyPackage";
        };
    }
}
