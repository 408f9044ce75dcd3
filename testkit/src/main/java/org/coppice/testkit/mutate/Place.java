package org.coppice.testkit.mutate;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coppice.mls.codec.Bytes;

/**
 * Names fields by the structure of RFC 9420 that they are in, wherever in a message that stands: {@code KeyPackage/init_key}. An element
 * of a list is named by what it is, such as the type of an extension, or {@code *} where all elements are alike.
 *
 * @param ownKey the encryption_key of the receiver's own leaf in a ratchet tree that it gets, or empty
 * @param tied the nodes of that tree, as positions in it, by whose parent hashes their parents are known to be right
 */
record Place(Bytes ownKey, Set<String> tied) {
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
        String node = "";
        Field tree = root;
        for (String step : path.split("/")) {
            Field next = at.get(step);
            String structure = structure(at, step, name);
            if (next.isElement() && isTree(above, at)) {
                node = step;
                tree = at;
            }
            String own = next.isElement() ? element(above, at, next) : role(step, node, tree) + step;
            name = structure.isEmpty() ? name + "/" + own : structure;
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
        if (isTree(above, list) && list.parts().indexOf(element) == list.parts().size() - 1) {
            return "last";
        }
        // What a leaf supports is in the order of Cast.
        return above.name().equals("capabilities") ? element.name() : "*";
    }

    /** What else than its name says what becomes of a field of a tree's node. */
    private String role(String step, String node, Field tree) {
        if (step.equals("source") || step.equals("parent_hash")) {
            return tied.contains(node) ? "tied " : "";
        }
        return step.equals("unmerged_leaves") && isBelowALike(node, tree) ? "lower " : "";
    }

    /** Whether the last of a node's unmerged leaves is one also of a node above: of a node of a higher level, for it is below both. */
    private static boolean isBelowALike(String node, Field tree) {
        List<Field> own = unmerged(tree.get(node));
        return !own.isEmpty()
                && tree.parts().stream()
                        .filter(other -> level(other.name()) > level(node))
                        .anyMatch(other -> unmerged(other).contains(own.get(own.size() - 1)));
    }

    private static List<Field> unmerged(Field node) {
        return node.find("value/node/unmerged_leaves").map(Field::parts).orElse(List.of());
    }

    private static int level(String node) {
        return Integer.numberOfTrailingZeros(~Integer.parseInt(node));
    }

    /** Whether a list is what an extension holds, and has nodes in it. */
    private static boolean isTree(Field above, Field list) {
        return above.name().equals("extension_data")
                && list.find("0").flatMap(first -> first.find("present")).isPresent();
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
