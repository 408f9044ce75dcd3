/**
 * What members tell each other: key packages, proposals, commits, and what a newcomer receives (RFC 9420 §8.1, §8.4, §10,
 * §12). Structures only; {@code framing} carries them and {@code group} acts on them.
 */
package org.coppice.mls.message;
