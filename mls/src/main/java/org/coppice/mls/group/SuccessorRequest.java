package org.coppice.mls.group;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.message.KeyPackage;

/**
 * What a group that continues another one begins with (RFC 9420 §11.2, §11.3). Immutable; the withers give changed copies.
 */
public final class SuccessorRequest {
    private final MlsClient client;
    private final List<KeyPackage> keyPackages;
    private final Optional<Extensions> extensions;
    private final boolean path;
    private final boolean treeInWelcome;

    private SuccessorRequest(
            MlsClient client,
            List<KeyPackage> keyPackages,
            Optional<Extensions> extensions,
            boolean path,
            boolean treeInWelcome) {
        this.client = Objects.requireNonNull(client, "client");
        this.keyPackages = List.copyOf(keyPackages);
        this.extensions = extensions;
        this.path = path;
        this.treeInWelcome = treeInWelcome;
    }

    /**
     * A request for a group whose first Commit has a path, and whose Welcome carries the ratchet tree.
     *
     * @param client this client, of the new group's cipher suite
     * @param keyPackages new key packages of the other members, in the order in which they are added
     */
    public static SuccessorRequest of(MlsClient client, List<KeyPackage> keyPackages) {
        return new SuccessorRequest(client, keyPackages, Optional.empty(), true, true);
    }

    /**
     * With extensions of the subgroup's own, in place of those of the group it branches from. §11.3 lets no joiner refuse them by a
     * rule, but speaks of "the same parameters", and there are implementations that do refuse. A reinitialized group has the
     * extensions that the ReInit names, and no others.
     */
    public SuccessorRequest withExtensions(Extensions value) {
        return new SuccessorRequest(client, keyPackages, Optional.of(value), path, treeInWelcome);
    }

    /** Without a path in the first Commit: cheaper, and the creator's keys are as new as the group either way. */
    public SuccessorRequest withoutPath() {
        return new SuccessorRequest(client, keyPackages, extensions, false, treeInWelcome);
    }

    /** Without the ratchet tree in the Welcome: the application brings it to the new members (§12.4.3.3). */
    public SuccessorRequest withoutTreeInWelcome() {
        return new SuccessorRequest(client, keyPackages, extensions, path, false);
    }

    MlsClient client() {
        return client;
    }

    List<KeyPackage> keyPackages() {
        return keyPackages;
    }

    Optional<Extensions> extensions() {
        return extensions;
    }

    /** Applies what is asked of the first Commit. */
    CommitBuilder apply(CommitBuilder commit) {
        commit.addAll(keyPackages);
        if (!path) {
            commit.withoutPath();
        }
        if (!treeInWelcome) {
            commit.withoutTreeInWelcome();
        }
        return commit;
    }
}
