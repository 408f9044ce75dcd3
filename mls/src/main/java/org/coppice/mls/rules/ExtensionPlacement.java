package org.coppice.mls.rules;

import java.util.Set;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.registry.ExtensionType;

/** In which objects the registered extensions may appear (RFC 9420 §17.3); types that are not registered may appear anywhere. */
public enum ExtensionPlacement {
    GROUP_CONTEXT(ExtensionType.REQUIRED_CAPABILITIES, ExtensionType.EXTERNAL_SENDERS),
    GROUP_INFO(ExtensionType.RATCHET_TREE, ExtensionType.EXTERNAL_PUB),
    KEY_PACKAGE(ExtensionType.LAST_RESORT),
    /** For what is made here; of leaves that come, {@code LeafNodeValidator} judges the standard types. */
    LEAF_NODE(ExtensionType.APPLICATION_ID);

    private static final Set<ExtensionType> REGISTERED = Set.of(
            ExtensionType.APPLICATION_ID,
            ExtensionType.RATCHET_TREE,
            ExtensionType.REQUIRED_CAPABILITIES,
            ExtensionType.EXTERNAL_PUB,
            ExtensionType.EXTERNAL_SENDERS,
            ExtensionType.LAST_RESORT);

    private final Set<ExtensionType> allowed;

    ExtensionPlacement(ExtensionType... allowed) {
        this.allowed = Set.of(allowed);
    }

    public void check(Extensions extensions) throws ValidationException {
        for (ExtensionType type : extensions.types()) {
            if (REGISTERED.contains(type) && !allowed.contains(type)) {
                throw new ValidationException(Rule.EXTENSION_MISPLACED, type + " in " + this);
            }
        }
    }
}
