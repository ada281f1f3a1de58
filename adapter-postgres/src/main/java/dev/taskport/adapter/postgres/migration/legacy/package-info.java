/**
 * Takes over the table of the FastAPI backend. {@code LegacyTableMigration} compares the table as
 * the catalog describes it ({@code LegacyTable}) with what is needed ({@code TargetShape}). It
 * refuses a table that it can't change ({@code LegacyTableRefusals}), and runs the remaining steps.
 * {@code FieldColumns} brings columns for priority, tags and due date into the new form.
 */
@NullMarked
package dev.taskport.adapter.postgres.migration.legacy;

import org.jspecify.annotations.NullMarked;
