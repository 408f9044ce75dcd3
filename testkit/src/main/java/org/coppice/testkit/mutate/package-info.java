/**
 * Valid messages with one thing changed in them, and everything that depends on it made right again.
 *
 * <pre>
 *   Specimen.open() -> Field --Mutation--> Field -> Specimen.seal() -> bytes -> Trial -> Outcome
 *     (a genuine message,     (one field,             (signatures, hashes,       (refused by a rule, nothing changed;
 *      decrypted)              one length)             tags, encryption)          or accepted, and the others agree)
 * </pre>
 *
 * <p>{@link org.coppice.testkit.mutate.MutationDriver} chooses all of it by the bytes of an input, for fuzzers.
 */
package org.coppice.testkit.mutate;
