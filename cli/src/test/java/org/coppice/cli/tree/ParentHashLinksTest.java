package org.coppice.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.ParentNode;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeNode;
import org.junit.jupiter.api.Test;

/** What a hostile tree costs whoever draws it, counted in looks at unmerged leaves. */
class ParentHashLinksTest {
    private static final int DEPTH = 17;
    private static final long LEAVES = 1L << DEPTH;
    /** So many levels from the root down have parents, each of which lists all leaves below it. */
    private static final int LEVELS = 3;

    private final MlsClient client = client();

    private static MlsClient client() {
        try {
            Environment environment = Environment.builder()
                    .provider(CryptoProviders.jdk())
                    .validator(CredentialValidator.acceptAll())
                    .build();
            return MlsClient.create(environment, CipherSuite.STANDARD.get(0), Credential.basic(Bytes.EMPTY));
        } catch (MlsException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void longListsOfUnmergedLeavesCostALookForEachAndEachLevel() throws MlsException {
        long listed = LEVELS * LEAVES;
        long most = 8 * listed * DEPTH;
        LongAdder looks = new LongAdder();
        Runnable look = () -> {
            looks.increment();
            // At once, because what is quadratic would take minutes.
            if (looks.sum() > most) {
                throw new AssertionError("more than " + most + " looks");
            }
        };
        ParentHashLinks.of(hostile(), client.crypto(), leaves -> new CountingSet(leaves, look));
        assertThat(looks.sum()).isGreaterThan(listed);
    }

    private RatchetTree hostile() throws MlsException {
        LeafNode leaf = client.generateKeyPackage().keyPackage().leafNode();
        TreeMap<NodeIndex, TreeNode> nodes = new TreeMap<>();
        nodes.put(new NodeIndex(0), new TreeNode.Leaf(leaf));
        nodes.put(new NodeIndex(2 * LEAVES - 2), new TreeNode.Leaf(leaf));
        for (int level = DEPTH; level > DEPTH - LEVELS; level--) {
            long width = 1L << level;
            for (long first = 0; first < LEAVES; first += width) {
                List<LeafIndex> below = LongStream.range(first, first + width)
                        .mapToObj(LeafIndex::new)
                        .toList();
                nodes.put(
                        new NodeIndex(2 * first + width - 1),
                        new TreeNode.Parent(new ParentNode(leaf.encryptionKey(), Bytes.EMPTY, below)));
            }
        }
        return RatchetTree.fromNodes(LEAVES, nodes, client.crypto());
    }

    /** Tells of each element that is compared with another, or handed out. */
    private static final class CountingSet extends TreeSet<LeafIndex> {
        private static final long serialVersionUID = 1L;

        private final transient Runnable look;

        CountingSet(List<LeafIndex> leaves, Runnable look) {
            super((a, b) -> {
                look.run();
                return a.compareTo(b);
            });
            this.look = look;
            addAll(leaves);
        }

        @Override
        public Iterator<LeafIndex> iterator() {
            Iterator<LeafIndex> all = super.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return all.hasNext();
                }

                @Override
                public LeafIndex next() {
                    look.run();
                    return all.next();
                }
            };
        }

        @Override
        public Spliterator<LeafIndex> spliterator() {
            return Spliterators.spliterator(iterator(), size(), Spliterator.DISTINCT);
        }
    }
}
