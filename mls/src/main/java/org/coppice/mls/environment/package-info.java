/**
 * Everything ambient: what groups depend on, and what the application decides for them. Chosen once, handed to clients and
 * observers ({@link org.coppice.mls.environment.Environment}).
 */
package org.coppice.mls.environment;
