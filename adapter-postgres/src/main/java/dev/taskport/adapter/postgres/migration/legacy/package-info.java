/**
 * Takes over the table of the FastAPI backend. {@code LegacyTableMigration} compares what the
 * catalog says ({@code LegacyTable}) with what is needed ({@code TargetShape}), refuses what it
 * can't bring there ({@code LegacyTableRefusals}), and runs the steps that are left. What becomes a
 * task's priority, tags and due date, also later, is the business of {@code FieldColumns}.
 */
@NullMarked
package dev.taskport.adapter.postgres.migration.legacy;

import org.jspecify.annotations.NullMarked;
