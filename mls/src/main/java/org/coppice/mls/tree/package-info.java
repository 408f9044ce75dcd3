/**
 * The ratchet tree (RFC 9420 §4, §7): leaf and parent nodes, the persistent tree over them, hashes, paths, and TreeKEM.
 *
 * <pre>
 *              7               parent nodes hold a key that the members below share
 *        3           11
 *     1     5     9      13    a blank node holds nothing; a commit fills its path again
 *    0 2   4 6   8 10   12 14
 *    A B   C D   E F    G  H   leaves, at even node indices
 * </pre>
 */
package org.coppice.mls.tree;
