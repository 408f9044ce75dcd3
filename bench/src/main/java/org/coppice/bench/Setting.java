package org.coppice.bench;

import java.util.HashMap;
import java.util.Map;
import org.coppice.mls.error.MlsException;

/**
 * What a line is measured with.
 *
 * @param source where primitives come from
 * @param members how many members the group has
 * @param trees full trees by size, made when first needed
 */
record Setting(Source source, int members, Map<Integer, FullTree> trees) {
    Setting(Source source, int members) {
        this(source, members, new HashMap<>());
    }

    /** A full tree of this size. */
    FullTree tree(int size) throws MlsException {
        FullTree known = trees.get(size);
        if (known == null) {
            known = new FullTree(size);
            trees.put(size, known);
        }
        return known;
    }
}
