/**
 * Searches heap dumps for secrets that should be gone (RFC 9420 §9.2, §15.3).
 *
 * <pre>
 *   child JVM                                        test
 *     HeapScene: a group's life, with dumps            Derivations: what the log's values are, and from what
 *     RecordingProvider -> SecretLog  -- a file --&gt;    Lifetimes: which of them may live at a moment
 *     dumps of live objects           -- files --&gt;     SecretSearch, HeapDump: which of them do, and who holds them
 * </pre>
 *
 * <p>The child writes what it records past its own heap, so that a dump holds no copy but those of the library, its providers and
 * the store.
 */
package org.coppice.testkit.heap;
