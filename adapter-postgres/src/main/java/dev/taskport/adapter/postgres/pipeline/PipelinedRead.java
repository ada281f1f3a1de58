package dev.taskport.adapter.postgres.pipeline;

import java.util.List;
import java.util.function.Function;

/** Reads of one kind. They change nothing, and may be repeated. */
public final class PipelinedRead<O, R> {
  private final String alone;
  private final String together;
  private final List<String> types;
  private final int most;
  private final Function<O, List<Object>> arguments;
  private final Function<List<O>, Answer<R>> answers;

  /**
   * @param alone the statement for one, with a question mark for each parameter and nowhere else
   * @param together the statement for several; its parameters are arrays of the other's, and the
   *     last column is the operation's place among them, from 1 on
   * @param types of the parameters of one: text, uuid, timestamptz, boolean or bigint
   * @param most how many operations one statement carries out at most
   * @param arguments of an operation, none of them null
   * @param answers begins to take the rows of a statement for these operations
   */
  public PipelinedRead(
      String alone,
      String together,
      List<String> types,
      int most,
      Function<O, List<Object>> arguments,
      Function<List<O>, Answer<R>> answers) {
    this.alone = alone;
    this.together = together;
    this.types = types;
    this.most = most;
    this.arguments = arguments;
    this.answers = answers;
  }

  /** Takes the rows of a statement. Need not be thread-safe. */
  public interface Answer<R> {
    /** Takes the next row; the place of its operation counts from 0. */
    void add(int place, WireRow row);

    /** The result of each operation, in their order, when all rows have come. */
    List<R> results();
  }

  String sql(boolean isAlone) {
    return isAlone ? alone : together;
  }

  List<String> types() {
    return types;
  }

  int most() {
    return most;
  }

  List<Object> arguments(O operation) {
    return arguments.apply(operation);
  }

  Answer<R> answer(List<O> operations) {
    return answers.apply(operations);
  }
}
