/**
 * What a group writes to the application's store, one transaction for each operation.
 *
 * <p>A {@link org.coppice.mls.state.StateStore} is a map from a group and a key to a value. Every operation of a group that
 * changes what must survive a crash hands it one {@link org.coppice.mls.state.StateChange} before the operation returns or
 * changes memory. Loading all records of a group gives the group back as it was.
 *
 * <p>Keys are written by {@link org.coppice.mls.state.RecordKey}: one byte for the kind, then big-endian numbers of fixed
 * width, then, for some kinds, an identifier that reaches to the end. So the records of one kind, and within it those of one
 * epoch, are neighbours in any store that sorts keys as unsigned bytes. This is version 1 of the format; the version begins
 * the value of the GROUP or OBSERVER record, and a change of any key or value raises it.
 *
 * <pre>
 *   kind                key after the kind                                value
 *   01 GROUP            -                                                 u16 version, then the header of the group
 *   02 EPOCH            u64 epoch                                         context and secrets of the epoch
 *   03 TREE_NODE        u64 node                                          a node of the ratchet tree that is not blank
 *   04 TREE_KEY         u64 node                                          private key of a node on the own direct path
 *   05 SECRET_NODE      u64 epoch, u64 node                               secret of a node of the secret tree
 *   06 RATCHET          u64 epoch, u32 leaf, u8 type                      u64 next generation, V(secret)
 *   07 MESSAGE_KEY      u64 epoch, u32 leaf, u8 type, u32 generation      u64 order, V(key), V(nonce): a skipped generation
 *   08 PROPOSAL         u64 epoch, reference                              a proposal that waits for a Commit
 *   09 PENDING_COMMIT   id                                                an own Commit that waits for the server's order
 *   0a UNDO             u64 epoch                                         how the ratchet tree of a past epoch differs from the next
 *   0b RESUMPTION_PSK   u64 epoch                                         resumption_psk of a past epoch
 *   0c UPDATE_KEY       id                                                private key of an own Update that waits
 *   0d OBSERVER         -                                                 u16 version, then header and epoch of an observed group
 * </pre>
 *
 * <p>Node indices are those of RFC 9420 appendix C. The type of a ratchet is 0 for handshake, 1 for application messages.
 * V(x) is a vector with the length of RFC 9420 §2.1.2.
 *
 * <p>A member has the kinds 01 to 0c. A value holds secrets unless said otherwise: a store seals it or keeps it where only this
 * client reads, and forgets it when told to delete it (RFC 9420 §9.2 speaks of all copies). An observer has 03, 08 and 0d alone,
 * and no secrets.
 */
package org.coppice.mls.state;
