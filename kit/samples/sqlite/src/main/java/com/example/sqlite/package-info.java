/** A store for tasks on SQLite, as a project of its own would write it. */
@NullMarked
package com.example.sqlite;

import org.jspecify.annotations.NullMarked;
