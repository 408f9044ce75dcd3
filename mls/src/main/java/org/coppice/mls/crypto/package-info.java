/**
 * Cipher suites and their operations (RFC 9420 §5.1, §5.2, §8; HPKE of RFC 9180), over primitives that a
 * {@link org.coppice.mls.crypto.CryptoProvider} brings.
 *
 * <pre>
 *   SuiteCrypto        labelled operations of one suite: what the protocol calls
 *     Hpke  Hkdf       composed here
 *     Kem              DhKem over a curve, or what an application brings
 *   CryptoProvider     Hash  Aead  DiffieHellman  SignatureScheme: bare primitives, never written here
 * </pre>
 */
package org.coppice.mls.crypto;
