package dev.taskport.planted.adapter.web;

/** Public, and not named so. */
public final class PublicByAccident {}
