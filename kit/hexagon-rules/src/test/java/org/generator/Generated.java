package org.generator;

/** As the annotation processors of frameworks have one. */
public @interface Generated {}
