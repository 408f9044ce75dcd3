/**
 * How content travels: framed, signed, and protected as PublicMessage or PrivateMessage (RFC 9420 §6).
 *
 * <pre>
 *   Content  ->  FramedContent  ->  AuthenticatedContent (signed, not yet verified)  ->  VerifiedContent
 *                                     |                                    ^
 *                                     v                                    |
 *                          PublicMessage / PrivateMessage  ->  MlsMessage on the wire
 * </pre>
 */
package org.coppice.mls.framing;
