package dev.taskport.planted.adapter.web;

import javax.sql.DataSource;

/** An adapter that does another's work. */
record UsesAForeignLibrary(DataSource source) {}
