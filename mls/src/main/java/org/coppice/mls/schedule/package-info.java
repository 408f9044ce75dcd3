/**
 * The key schedule and the secret tree (RFC 9420 §8, §9): from the secrets that a Commit brings to the key of each message.
 *
 * <pre>
 *                 InitSecret                 of the epoch before, or of an external Commit
 *                     |
 *   CommitSecret -&gt; JoinerSecret             sent to those who join by Welcome
 *                     |
 *   PskSecret ----&gt; MemberSecret -&gt; WelcomeSecret       key and nonce of the Welcome's GroupInfo
 *                     |
 *                   EpochSecret
 *                     |
 *                   EpochSecrets             tags, exporter, external key pair, PSK, authenticator, next InitSecret
 *                     |
 *                   SecretTree               takes encryption_secret over
 *                     |
 *                   PendingKey               key and nonce of one message, consumed when confirmed
 * </pre>
 *
 * <p>Each step takes the type before it, so a step out of order does not compile. No step closes what it was given, unless it
 * says so: the owner does, with try-with-resources, as soon as the next step is taken (§9.2).
 */
package org.coppice.mls.schedule;
