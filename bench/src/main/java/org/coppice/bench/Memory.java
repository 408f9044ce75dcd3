package org.coppice.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.group.Group;

/**
 * What a joined group keeps on the heap.
 *
 * @param leaves the encodings of its leaf nodes in bytes
 * @param group all that the group keeps alive in bytes, the leaves included
 * @param bouncyCastle what Bouncy Castle's group of the same size keeps alive
 */
record Memory(long leaves, long group, long bouncyCastle) {
    /** As many members together as make all else small. */
    private static final int MEMBERS_HELD = 20_000;

    static Memory of(Setting setting) throws Exception {
        int copies = Math.max(1, MEMBERS_HELD / setting.members());
        long[] leaves = new long[1];
        try (CoppiceOperations.Joins joins = new CoppiceOperations.Joins(setting, Workers.sequential())) {
            joins.prepare();
            Group group = joins.run();
            group.state()
                    .tree()
                    .forEachLeaf((index, leaf) -> leaves[0] += leaf.encoding().length());
            long own = retained(joins, copies);
            return new Memory(
                    leaves[0], own, retained(new BouncyCastleOperations.Joins(setting), Math.max(1, copies / 4)));
        }
    }

    private static long retained(Operation operation, int copies) throws Exception {
        operation.prepare();
        operation.run();
        List<Object> held = new ArrayList<>(copies);
        long before = used();
        for (int i = 0; i < copies; i++) {
            operation.prepare();
            held.add(operation.run());
        }
        long after = used();
        if (held.size() != copies) {
            throw new AssertionError("keeps the list alive until here");
        }
        return (after - before) / copies;
    }

    /** The sizes of all live objects, counted one by one: what the collectors call used holds dead ones as well. */
    private static long used() throws JMException, InterruptedException {
        long least = Long.MAX_VALUE;
        // What has a finalizer goes in the second collection, and what it kept alive with it.
        for (int i = 0; i < 4; i++) {
            least = Math.min(least, live());
            Thread.sleep(100);
        }
        return least;
    }

    private static long live() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {null},
                        new String[] {String[].class.getName()});
        String total = histogram.substring(histogram.lastIndexOf("Total")).trim();
        return Long.parseLong(total.split("\\s+")[2]);
    }

    double ratio() {
        return (double) group / leaves;
    }
}
