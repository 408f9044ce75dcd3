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
 *
 * <p>How the classes hang together:
 *
 * <pre>
 *   RatchetTree                         the public side of one epoch, an immutable value; few classes below are public
 *     TreeRoot  Subtree                 the persistent tree in it
 *     TreeEdits  Differences  TreeCodec change it, compare versions, write and read it
 *     TreeHasher  KeyLookup  MemberSupport   what is derived from it and kept: hashes, who has a key, what all support
 *   TreeValidator  LeafNodeValidator    judge a tree and a leaf
 *   PathBuilder   -&gt; PreparedPath       a committer's new keys: made, then encrypted
 *   PathProcessor -&gt; MergedPath         the same at the receivers: checked by everybody, then decrypted by members
 *   TreePrivateKeys                     the only lasting secrets here, with one owner
 * </pre>
 */
package org.coppice.mls.tree;
