package dev.taskport.adapter.postgres.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement for some operations.
 *
 * @param sql with a question mark for each parameter and nowhere else
 * @param types of the parameters: text, uuid, timestamptz, boolean, bigint or bytea, or an array of
 *     one of these, such as {@code text[]}
 * @param arguments of these types; an array is an {@link
 *     dev.taskport.adapter.postgres.database.Statements.ArrayOf}
 * @param answer takes the rows
 */
public record PipelinedStatement<R>(
    String sql, List<String> types, List<? extends @Nullable Object> arguments, Answer<R> answer) {

  /** Takes the rows of a statement. Need not be thread-safe. */
  public interface Answer<R> {
    /** Takes the next row. */
    void add(WireRow row);

    /**
     * The result of each operation, in their order, when all rows have come; null for one that was
     * left alone.
     */
    List<? extends @Nullable R> results();
  }
}
