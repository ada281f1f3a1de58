package dev.taskport.domain;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A modification of a task, as data. {@link Task#apply} carries it out in memory. A store carries
 * it out in one atomic step, for example in SQL, so that no concurrent change is lost.
 */
public sealed interface TaskChange {

  /** Applies the function for this kind of change, and returns its result. */
  <R> R match(
      Function<Edit, R> edit,
      Function<SetCompleted, R> setCompleted,
      Function<ToggleCompleted, R> toggleCompleted);

  /**
   * New values for some fields. An edit always counts as a modification, even if it names no field
   * or the values are unchanged.
   *
   * @param title the new title; {@code null} keeps the old one
   * @param changesDescription whether to set {@code description}
   * @param description the new description; {@code null} removes it
   * @param priority the new priority; {@code null} keeps the old one
   * @param tags the new tags, all of them; {@code null} keeps the old ones
   * @param changesDueDate whether to set {@code dueDate}
   * @param dueDate the new due date; {@code null} removes it
   * @param completed the new state; {@code null} keeps the old one
   */
  record Edit(
      @Nullable Title title,
      boolean changesDescription,
      @Nullable Description description,
      @Nullable Priority priority,
      @Nullable Tags tags,
      boolean changesDueDate,
      @Nullable DueDate dueDate,
      @Nullable Boolean completed)
      implements TaskChange {

    /** Keeps every field. */
    public static final Edit NOTHING = new Edit(null, false, null, null, null, false, null, null);

    /** The content with the new values. */
    public TaskContent appliedTo(TaskContent content) {
      return new TaskContent(
          title != null ? title : content.title(),
          changesDescription ? description : content.description(),
          priority != null ? priority : content.priority(),
          tags != null ? tags : content.tags(),
          changesDueDate ? dueDate : content.dueDate());
    }

    /** This edit, and a new title. */
    public Edit withTitle(Title newTitle) {
      return new Edit(
          newTitle,
          changesDescription,
          description,
          priority,
          tags,
          changesDueDate,
          dueDate,
          completed);
    }

    /** This edit, and a new description; {@code null} removes the old one. */
    public Edit withDescription(@Nullable Description newDescription) {
      return new Edit(
          title, true, newDescription, priority, tags, changesDueDate, dueDate, completed);
    }

    /** This edit, and a new priority. */
    public Edit withPriority(Priority newPriority) {
      return new Edit(
          title,
          changesDescription,
          description,
          newPriority,
          tags,
          changesDueDate,
          dueDate,
          completed);
    }

    /** This edit, and new tags in place of the old ones. */
    public Edit withTags(Tags newTags) {
      return new Edit(
          title,
          changesDescription,
          description,
          priority,
          newTags,
          changesDueDate,
          dueDate,
          completed);
    }

    /** This edit, and a new due date; {@code null} removes the old one. */
    public Edit withDueDate(@Nullable DueDate newDueDate) {
      return new Edit(
          title, changesDescription, description, priority, tags, true, newDueDate, completed);
    }

    /** This edit, and a new state. */
    public Edit withCompleted(boolean newCompleted) {
      return new Edit(
          title,
          changesDescription,
          description,
          priority,
          tags,
          changesDueDate,
          dueDate,
          newCompleted);
    }

    @Override
    public <R> R match(
        Function<Edit, R> edit,
        Function<SetCompleted, R> setCompleted,
        Function<ToggleCompleted, R> toggleCompleted) {
      return edit.apply(this);
    }
  }

  /** A change of {@code completed} alone. */
  sealed interface Completion extends TaskChange {}

  /** Sets {@code completed}. For a task that is in this state already, it modifies nothing. */
  record SetCompleted(boolean completed) implements Completion {
    @Override
    public <R> R match(
        Function<Edit, R> edit,
        Function<SetCompleted, R> setCompleted,
        Function<ToggleCompleted, R> toggleCompleted) {
      return setCompleted.apply(this);
    }
  }

  /** Turns {@code completed} into its opposite. */
  record ToggleCompleted() implements Completion {
    @Override
    public <R> R match(
        Function<Edit, R> edit,
        Function<SetCompleted, R> setCompleted,
        Function<ToggleCompleted, R> toggleCompleted) {
      return toggleCompleted.apply(this);
    }
  }
}
