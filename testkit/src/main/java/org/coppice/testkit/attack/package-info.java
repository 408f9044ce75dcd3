/**
 * An attacker who comes into possession of everything that one member had stored at some moment, and lives to which that happens:
 * what the stolen state reads shows forward secrecy and post-compromise security (RFC 9420 §16.4, §16.6), or their lack.
 */
package org.coppice.testkit.attack;
