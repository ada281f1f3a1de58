package dev.taskport.planted.adapter.web;

/** Public, and generated only by its name. */
public final class $NamedAsIfGenerated {}
