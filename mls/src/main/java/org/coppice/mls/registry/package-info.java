/**
 * The open registries of RFC 9420 §17: numbers with names. Unknown and GREASE values are ordinary values and survive a round
 * trip (§13.5).
 */
package org.coppice.mls.registry;
