package org.coppice.cli.tree;

import java.io.PrintStream;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.tree.RatchetTree;

/** Draws a ratchet tree for other commands. */
public final class TreeDrawing {
    private TreeDrawing() {}

    /** Prints the tree as {@code coppice tree} does, without what stands around it. */
    public static void print(RatchetTree tree, SuiteCrypto crypto, PrintStream out, boolean colours) {
        new TerminalTree(new TreeView(tree, crypto, ""), out, colours).print();
    }
}
