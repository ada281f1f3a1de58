/** The task repository on PostgreSQL, its migrations, and the embedded server. */
@NullMarked
package dev.taskport.adapter.postgres;

import org.jspecify.annotations.NullMarked;
