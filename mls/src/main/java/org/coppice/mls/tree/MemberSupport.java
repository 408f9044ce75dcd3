package org.coppice.mls.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;

/**
 * What all members of a tree support together, by the capabilities in their leaves, and which credential types they use
 * (RFC 9420 §7.2, §7.3). Default extension and proposal types count as supported. Without members, everything is supported.
 *
 * <p>Immutable; equal by content.
 */
public final class MemberSupport {
    static final MemberSupport OF_NOBODY = new MemberSupport(null, new char[0]);

    private static final int VERSIONS = 0;
    private static final int SUITES = 1;
    private static final int EXTENSIONS = 2;
    private static final int PROPOSALS = 3;
    private static final int CREDENTIALS = 4;

    /** What every member lists, in the order of Capabilities, each list increasing; null if there is no member. */
    private final char[][] common;
    /** The credential types of the members, increasing. */
    private final char[] used;

    private MemberSupport(char[][] common, char[] used) {
        this.common = common;
        this.used = used;
    }

    static MemberSupport of(LeafNode leaf) {
        char[][] lists = new char[5][];
        for (int i = 0; i < lists.length; i++) {
            lists[i] = sorted(leaf.capabilityList(i));
        }
        return new MemberSupport(lists, new char[] {(char) leaf.credentialType().value()});
    }

    /** Of a subtree. Large ones keep it; equal ones share one object, for most subtrees of a group support the same. */
    static MemberSupport of(Subtree tree) {
        if (tree instanceof LeafNode leaf) {
            return of(leaf);
        }
        if (!(tree instanceof Subtree.Inner inner)) {
            return OF_NOBODY;
        }
        if (inner instanceof Subtree.Hub hub && hub.support() != null) {
            return hub.support();
        }
        MemberSupport left = of(inner.left());
        MemberSupport right = of(inner.right());
        MemberSupport out = left.and(right);
        share(inner.left(), out);
        share(inner.right(), out);
        if (inner instanceof Subtree.Hub hub) {
            hub.support(out);
        }
        return out;
    }

    private static void share(Subtree tree, MemberSupport support) {
        if (tree instanceof Subtree.Hub hub && support.equals(hub.support())) {
            hub.support(support);
        }
    }

    /** Of the members of both. */
    MemberSupport and(MemberSupport other) {
        if (common == null || equals(other)) {
            return other;
        }
        if (other.common == null) {
            return this;
        }
        char[][] lists = new char[common.length][];
        for (int i = 0; i < lists.length; i++) {
            lists[i] = intersection(common[i], other.common[i]);
        }
        MemberSupport out = new MemberSupport(lists, union(used, other.used));
        return out.equals(this) ? this : out.equals(other) ? other : out;
    }

    /** Whether every member lists the version. */
    public boolean supportsAll(ProtocolVersion version) {
        return lists(VERSIONS, version.value());
    }

    /** Whether every member lists the suite. */
    public boolean supportsAll(CipherSuite suite) {
        return lists(SUITES, suite.value());
    }

    /** Whether the extension type is a default, or every member lists it. */
    public boolean supportsAll(ExtensionType type) {
        return type.isDefault() || lists(EXTENSIONS, type.value());
    }

    /** Whether the proposal type is a default, or every member lists it. */
    public boolean supportsAll(ProposalType type) {
        return type.isDefault() || lists(PROPOSALS, type.value());
    }

    /** Whether every member lists the credential type. */
    public boolean supportsAll(CredentialType type) {
        return lists(CREDENTIALS, type.value());
    }

    /** Whether every member supports everything in {@code required} (RFC 9420 §11.1). */
    public boolean supportsAll(RequiredCapabilities required) {
        return required.extensionTypes().stream().allMatch(this::supportsAll)
                && required.proposalTypes().stream().allMatch(this::supportsAll)
                && required.credentialTypes().stream().allMatch(this::supportsAll);
    }

    /** The credential types that members present, in the order of their numbers. */
    public Set<CredentialType> usedCredentialTypes() {
        Set<CredentialType> out = new TreeSet<>();
        for (char type : used) {
            out.add(new CredentialType(type));
        }
        return Collections.unmodifiableSet(out);
    }

    /** Whether every member lists every credential type that some member presents (RFC 9420 §7.3). */
    public boolean coversUsedCredentialTypes() {
        for (char type : used) {
            if (!lists(CREDENTIALS, type)) {
                return false;
            }
        }
        return true;
    }

    /** The cipher suites that every member lists, in the order of their numbers; empty if there is no member. */
    public List<CipherSuite> commonCipherSuites() {
        List<CipherSuite> out = new ArrayList<>();
        if (common != null) {
            for (char suite : common[SUITES]) {
                out.add(new CipherSuite(suite));
            }
        }
        return List.copyOf(out);
    }

    private boolean lists(int list, int value) {
        return common == null || Arrays.binarySearch(common[list], (char) value) >= 0;
    }

    private static char[] sorted(Bytes list) {
        char[] out = new char[list.length() / 2];
        for (int i = 0; i < out.length; i++) {
            out[i] = (char) ((list.at(2 * i) & 0xff) << 8 | list.at(2 * i + 1) & 0xff);
        }
        Arrays.sort(out);
        return out;
    }

    private static char[] intersection(char[] a, char[] b) {
        char[] out = new char[Math.min(a.length, b.length)];
        int count = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length; ) {
            if (a[i] < b[j]) {
                i++;
            } else if (a[i] > b[j]) {
                j++;
            } else {
                out[count++] = a[i];
                i++;
                j++;
            }
        }
        return Arrays.copyOf(out, count);
    }

    private static char[] union(char[] a, char[] b) {
        if (Arrays.equals(a, b)) {
            return a;
        }
        char[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        Arrays.sort(all);
        int count = 0;
        for (int i = 0; i < all.length; i++) {
            if (i == 0 || all[i] != all[i - 1]) {
                all[count++] = all[i];
            }
        }
        return Arrays.copyOf(all, count);
    }

    @Override
    public boolean equals(Object o) {
        return this == o
                || o instanceof MemberSupport other
                        && Arrays.deepEquals(common, other.common)
                        && Arrays.equals(used, other.used);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.deepHashCode(common) + Arrays.hashCode(used);
    }

    @Override
    public String toString() {
        return common == null ? "MemberSupport[of nobody]" : "MemberSupport[" + commonCipherSuites() + "]";
    }
}
