package org.coppice.mls.crypto.jdk;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks classes that name API which Android 26 lacks. They are touched only after a check, or by a caller that catches
 * {@link LinkageError}; the build's check of the Android API passes them over.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RequiresJdk {}
