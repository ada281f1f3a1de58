package dev.taskport.testkit;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskContent;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of {@link TaskContent}, to check that a test has tried each of them. */
final class ContentFields {
  private ContentFields() {}

  static Set<String> names() {
    return names(field -> true);
  }

  /** The fields in which one of the other tasks differs from this one, and in no other field. */
  static Set<String> inWhichOneAloneDiffers(Task task, List<Task> others) {
    Set<String> names = new TreeSet<>();
    for (Task other : others) {
      Set<String> different =
          names(field -> !Objects.equals(value(field, task), value(field, other)));
      if (different.size() == 1) {
        names.addAll(different);
      }
    }
    return names;
  }

  private static Set<String> names(Predicate<RecordComponent> which) {
    return Arrays.stream(TaskContent.class.getRecordComponents())
        .filter(which)
        .map(RecordComponent::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static @Nullable Object value(RecordComponent field, Task task) {
    try {
      return field.getAccessor().invoke(task.content());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("A field of a record can't be read", e);
    }
  }
}
