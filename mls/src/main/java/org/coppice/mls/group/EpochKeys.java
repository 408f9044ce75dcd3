package org.coppice.mls.group;

import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.SecretTree;
import org.coppice.mls.tree.TreePrivateKeys;

/** The secrets of the present epoch. Only a Group holds one; {@link #close()} wipes them all. */
final class EpochKeys implements AutoCloseable {
    private final EpochSecrets secrets;
    private final SecretTree messageKeys;
    private final TreePrivateKeys treeKeys;

    /** Takes over all three. */
    EpochKeys(EpochSecrets secrets, SecretTree messageKeys, TreePrivateKeys treeKeys) {
        this.secrets = secrets;
        this.messageKeys = messageKeys;
        this.treeKeys = treeKeys;
    }

    EpochSecrets secrets() {
        return secrets;
    }

    SecretTree messageKeys() {
        return messageKeys;
    }

    TreePrivateKeys treeKeys() {
        return treeKeys;
    }

    @Override
    public void close() {
        secrets.close();
        messageKeys.close();
        treeKeys.close();
    }
}
