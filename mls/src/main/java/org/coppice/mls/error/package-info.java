/**
 * What can go wrong, sorted by who is at fault.
 *
 * <ul>
 *   <li>Hostile or broken input: the checked {@link org.coppice.mls.error.MlsException} and its three families.
 *   <li>A caller's mistake: {@link IllegalArgumentException}, {@link IllegalStateException}, {@link NullPointerException}.
 *   <li>A bug of this library: {@link AssertionError}.
 * </ul>
 *
 * <p>No message of an exception contains plaintext, key material or an identity.
 */
package org.coppice.mls.error;
