package dev.taskport.domain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tags of a task, in the order that its user chose. Immutable. */
public final class Tags {
  /** The most tags that a task may have. */
  public static final int MAX_COUNT = 20;

  /** No tags. */
  public static final Tags NONE = new Tags(List.of());

  private final List<Tag> values;

  private Tags(List<Tag> values) {
    this.values = values;
  }

  /**
   * Drops each tag that equals an earlier one or differs from it only in case, then accepts up to
   * {@value #MAX_COUNT}.
   *
   * @throws InvalidValueException for more
   */
  public static Tags of(List<Tag> tags) {
    Set<String> folded = new HashSet<>();
    List<Tag> values = tags.stream().filter(tag -> folded.add(tag.folded())).toList();
    if (values.size() > MAX_COUNT) {
      throw new InvalidValueException(
          "There are " + values.size() + " tags; at most " + MAX_COUNT + " are allowed");
    }
    return new Tags(values);
  }

  /**
   * Accepts tags separated by commas. Empty and blank parts are skipped.
   *
   * @throws InvalidValueException for a tag that {@link Tag#parse} refuses, and for too many
   */
  public static Tags parse(String text) {
    return of(parts(text, Tag::parse));
  }

  /**
   * Tags that a store holds, separated by commas. White space around them is stripped; they are not
   * checked otherwise.
   */
  public static Tags stored(String joined) {
    return joined.isEmpty() ? NONE : new Tags(parts(joined, Tag::stored));
  }

  private static List<Tag> parts(String text, Function<String, Tag> tag) {
    List<Tag> parts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String stripped = Text.strip(part);
      if (!stripped.isEmpty()) {
        parts.add(tag.apply(stripped));
      }
    }
    return List.copyOf(parts);
  }

  /** The tags, as an unmodifiable list. */
  public List<Tag> values() {
    return values;
  }

  /** Whether it has each of the others, written alike or in another case. */
  public boolean hasAll(Tags others) {
    return others.values.isEmpty() || folded().containsAll(others.folded());
  }

  private Set<String> folded() {
    return values.stream().map(Tag::folded).collect(Collectors.toSet());
  }

  /** The tags separated by commas, for {@link #stored}. */
  public String joined() {
    return values.stream().map(Tag::value).collect(Collectors.joining(","));
  }

  /** Whether the other holds the same tags, written alike, in the same order. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tags tags && values.equals(tags.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
