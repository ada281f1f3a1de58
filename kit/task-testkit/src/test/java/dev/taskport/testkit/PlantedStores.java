package dev.taskport.testkit;

import static dev.taskport.domain.TaskOrder.Direction.ASCENDING;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Description;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Revision;
import dev.taskport.domain.Search;
import dev.taskport.domain.Tag;
import dev.taskport.domain.Tags;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stores with one fault each, and the promises that each fault breaks. */
final class PlantedStores {
  private PlantedStores() {}

  /**
   * A wrong store.
   *
   * @param fault what is wrong with it
   * @param store makes one
   * @param broken by test, words of the failure
   */
  record Planted(String fault, Supplier<Faulty> store, Map<String, String> broken) {
    Planted breaking(String promise, String words) {
      Map<String, String> more = new LinkedHashMap<>(broken);
      more.put(promise, words);
      return new Planted(fault, store, more);
    }

    @Override
    public String toString() {
      return fault;
    }
  }

  static List<Planted> all() {
    return Stream.of(users(), values(), keys(), changes(), lists(), searches(), races())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Planted> users() {
    return List.of(
        user("user ids ignore case", id -> id.toLowerCase(Locale.ROOT)),
        user("user ids ignore blanks at their end", id -> id.replaceAll(" +$", "")),
        user("user ids ignore blanks at their beginning", String::stripLeading),
        user("user ids ignore accents", id -> nfd(id).replaceAll("\\p{M}", "")),
        user("user ids are normalized", id -> Normalizer.normalize(id, Normalizer.Form.NFC)),
        user("user ids ignore width", id -> Normalizer.normalize(id, Normalizer.Form.NFKC)),
        user("user ids ignore what can't be seen", id -> id.replaceAll("\\p{Cf}", "")),
        user("user ids are ASCII", id -> id.replaceAll("[^\\x00-\\x7F]", "?")),
        user("user ids are cut short", id -> id.substring(0, Math.min(128, id.length()))),
        user("user ids are hashed", id -> String.valueOf(id.hashCode())),
        planted(
                "a task is found whoever asks",
                () ->
                    new Faulty() {
                      private final Map<TaskId, Task> byId = new ConcurrentHashMap<>();

                      @Override
                      Task kept(Task task) {
                        byId.put(task.id(), task);
                        return task;
                      }

                      @Override
                      public Optional<Task> find(UserId user, TaskId id) {
                        return Optional.ofNullable(byId.get(id));
                      }
                    })
            .breaking("noOperationReachesAnotherUsersTasks", "find: another user's task"),
        planted(
                "a summary counts everybody's tasks",
                () ->
                    new Faulty() {
                      private final Set<UserId> users = ConcurrentHashMap.newKeySet();

                      @Override
                      UserId user(UserId user) {
                        users.add(user);
                        return user;
                      }

                      @Override
                      public TaskSummary summarize(UserId user) {
                        return new TaskSummary(
                            users.stream().mapToLong(u -> right.summarize(u).completed()).sum(),
                            users.stream().mapToLong(u -> right.summarize(u).pending()).sum());
                      }
                    })
            .breaking("noOperationReachesAnotherUsersTasks", "summarize: another user's")
            .breaking("aUserWithoutTasksHasEmptyListsAndCountsOfZero", "summarize: without tasks"),
        planted(
                "user and key are joined",
                () ->
                    new Faulty() {
                      private final Map<String, UserId> owners = new ConcurrentHashMap<>();

                      @Override
                      public CreateResult create(
                          UserId user, NewTask task, @Nullable IdempotencyKey key) {
                        if (key != null) {
                          UserId owner = owners.putIfAbsent(user + ":" + key, user);
                          if (owner != null && !owner.equals(user)) {
                            return new CreateResult.KeyReused();
                          }
                        }
                        return super.create(user, task, key);
                      }
                    })
            .breaking("aUserAndAKeyAreNotTakenForAnotherUserAndKey", "not joined"));
  }

  private static List<Planted> values() {
    String chars = "every character";
    return List.of(
        text("Unicode is normalized", text -> Normalizer.normalize(text, Normalizer.Form.NFC))
            .breaking("everyCharacterIsKeptAsItIs", chars),
        text("blanks at the end are lost", text -> text.replaceAll(" +$", ""))
            .breaking("everyCharacterIsKeptAsItIs", chars),
        text("line ends become one kind", text -> text.replace("\r\n", "\n"))
            .breaking("everyCharacterIsKeptAsItIs", chars),
        text("characters beyond the basic plane are lost", text -> bmp(text))
            .breaking("everyCharacterIsKeptAsItIs", chars)
            .breaking("theLongestValuesFitInCodePoints", "kept whole"),
        text("texts are cut by UTF-16", text -> text.substring(0, Math.min(300, text.length())))
            .breaking("theLongestValuesFitInCodePoints", "the longest values are kept whole"),
        text("escapes are read", text -> text.replace("\\\\", "\\").replace("\\0", ""))
            .breaking("everyCharacterIsKeptAsItIs", chars),
        content(
                "an empty description becomes none",
                content ->
                    content.description() != null && content.description().value().isEmpty()
                        ? Edit.NOTHING.withDescription(null).appliedTo(content)
                        : content)
            .breaking("aTaskMayHaveNoDescriptionOrAnEmptyOne", "an empty description stays empty")
            .breaking("anEditSetsClearsAndKeepsTheDescription", "empty one that an edit set"),
        content(
                "no description becomes an empty one",
                content ->
                    content.description() == null
                        ? Edit.NOTHING.withDescription(Description.stored("")).appliedTo(content)
                        : content)
            .breaking("aTaskMayHaveNoDescriptionOrAnEmptyOne", "no description stays none"),
        content(
                "a priority is one of three",
                content ->
                    content.priority() == Priority.URGENT
                        ? Edit.NOTHING.withPriority(Priority.HIGH).appliedTo(content)
                        : content)
            .breaking("everyPriorityIsKept", "every value of the content is kept")
            .breaking("anEditChangesTheFieldsThatItNamesAndNoOther", "the priority is the one"),
        content(
                "tags are sorted",
                content ->
                    Edit.NOTHING
                        .withTags(
                            Tags.of(
                                content.tags().values().stream()
                                    .sorted(Comparator.comparing(Tag::value))
                                    .toList()))
                        .appliedTo(content))
            .breaking("tagsAreKeptInTheirOrderAndSpelling", "every value of the content is kept"),
        content(
                "tags are small letters",
                content ->
                    Edit.NOTHING
                        .withTags(Tags.stored(content.tags().joined().toLowerCase(Locale.ROOT)))
                        .appliedTo(content))
            .breaking("tagsAreKeptInTheirOrderAndSpelling", "every value of the content is kept"),
        content(
                "a date that something is due on becomes a time",
                content ->
                    content.dueDate() == null
                        ? content
                        : Edit.NOTHING
                            .withDueDate(DueDate.stored(content.dueDate().instant(), false))
                            .appliedTo(content))
            .breaking("aDateStaysADateAndATimeATimeToTheMicrosecond", "every value"),
        time("times begin at 1970", time -> max(time, Instant.EPOCH)),
        time("times begin at 1677", time -> max(time, Instant.parse("1677-09-21T00:12:44Z"))),
        time("times end in 2038", time -> min(time, Instant.parse("2038-01-19T03:14:07Z"))),
        time("times end in 2262", time -> min(time, Instant.parse("2262-04-11T23:47:16Z"))),
        time("times are doubles", time -> micros(Math.round(seconds(time) * 1e6))),
        time("times are in milliseconds", time -> time.truncatedTo(ChronoUnit.MILLIS)),
        time("times are floats", time -> micros((long) (float) micros(time))),
        planted(
                "times of changes are rounded, not cut",
                () ->
                    new Faulty() {
                      @Override
                      public WriteResult change(
                          UserId user, TaskId id, TaskChange change, Precondition p, Instant now) {
                        return super.change(user, id, change, p, now.plusNanos(500));
                      }
                    })
            .breaking("timesAreCutToMicroseconds", "change: the time is cut to microseconds"),
        planted(
                "times are sorted as texts without leading zeros",
                () ->
                    new FaultyLists() {
                      @Override
                      Comparator<Task> comparator(TaskOrder order) {
                        return order.key() == TaskOrder.Key.CREATED_AT
                            ? Comparator.comparing(t -> String.valueOf(micros(t.createdAt())))
                            : super.comparator(order);
                      }
                    })
            .breaking("everyTimeHasItsPlaceInListsAndBounds", "list: earlier times come first"));
  }

  private static List<Planted> keys() {
    return List.of(
        key("keys ignore case", key -> key.toLowerCase(Locale.ROOT)),
        key("keys are cut short", key -> key.substring(0, Math.min(64, key.length()))),
        key("keys are hashed", key -> String.valueOf(key.hashCode())),
        key("keys are numbers if they can be", key -> key.replaceAll("^0*(\\d+)(\\.0)?$", "$1")),
        creation("an id that is taken is overwritten", PlantedStores::overwrite)
            .breaking("anIdThatIsTakenIsRefusedWithTheTaskThatHasIt", "an id that is taken"),
        creation(
                "an id that is taken is answered with the new task",
                (right, user, task, key) ->
                    right
                        .create(user, task, key)
                        .match(
                            created -> created,
                            replayed -> replayed,
                            keyReused -> keyReused,
                            exists -> new CreateResult.Exists(Task.create(user, task))))
            .breaking("anIdThatIsTakenIsRefusedWithTheTaskThatHasIt", "with the task that has it"),
        creation(
                "the id is looked at before the key",
                (right, user, task, key) -> {
                  Optional<Task> current = right.find(user, task.id());
                  return current.isPresent()
                      ? new CreateResult.Exists(current.get())
                      : right.create(user, task, key);
                })
            .breaking("aKeyTakesPrecedenceOverTheId", "a replay, not an id that is taken"),
        creation(
                "a refused creation keeps its key",
                (right, user, task, key) -> {
                  Optional<Task> current = right.find(user, task.id());
                  CreateResult result = right.create(user, task, key);
                  if (current.isPresent() && result instanceof CreateResult.Exists) {
                    right.delete(user, task.id(), Precondition.NONE);
                    right.create(user, task, key);
                    right.putStored(current.get());
                  }
                  return result;
                })
            .breaking("aRefusedCreationLeavesNoKey", "left its key free"),
        creation(
                "a replay gives the task as it is now",
                (right, user, task, key) ->
                    right
                        .create(user, task, key)
                        .match(
                            created -> created,
                            replayed ->
                                new CreateResult.Replayed(
                                    right.find(user, replayed.task().id()).orElse(replayed.task())),
                            keyReused -> keyReused,
                            exists -> exists))
            .breaking("theSameKeyAndContentGiveTheFirstTaskAgain", "as it was first created"),
        creation(
                "a replay gives the task that was sent",
                (right, user, task, key) ->
                    right
                        .create(user, task, key)
                        .match(
                            created -> created,
                            replayed -> new CreateResult.Replayed(Task.create(user, task)),
                            keyReused -> keyReused,
                            exists -> exists))
            .breaking("theSameKeyAndContentGiveTheFirstTaskAgain", "as it was first created"),
        creation(
                "a deleted task takes its key along",
                (right, user, task, key) ->
                    right
                        .create(user, task, key)
                        .match(
                            created -> created,
                            replayed ->
                                right.find(user, replayed.task().id()).isPresent()
                                    ? replayed
                                    : right.create(user, task, null),
                            keyReused -> keyReused,
                            exists -> exists))
            .breaking("aKeyOutlivesItsTask", "a key outlives its task"),
        creation(
                "whoever has the key gets its task, whatever they send",
                (right, user, task, key) ->
                    right
                        .create(user, task, key)
                        .match(
                            created -> created,
                            replayed -> replayed,
                            keyReused -> right.create(user, task, null),
                            exists -> exists))
            .breaking("theSameKeyWithAnotherContentIsRefused", "another content is refused")
            .breaking("contentsThatLookAlikeAreDifferent", "if one character is another"),
        compared(
                "contents are compared as one text",
                c -> c.title().value() + (c.description() == null ? "" : c.description().value()))
            .breaking("theSameKeyWithAnotherContentIsRefused", "another content is refused"),
        compared("contents are compared by hash", c -> c.title().value().hashCode())
            .breaking("contentsThatLookAlikeAreDifferent", "if one character is another"),
        compared("contents ignore case", c -> c.toString().toLowerCase(Locale.ROOT))
            .breaking("contentsThatLookAlikeAreDifferent", "if one character is another"),
        creation(
                "a retry is compared with the task as it is now",
                (right, user, task, key) ->
                    right
                        .create(user, task, key)
                        .match(
                            created -> created,
                            replayed ->
                                right
                                        .find(user, replayed.task().id())
                                        .filter(now -> !now.content().equals(task.content()))
                                        .isPresent()
                                    ? new CreateResult.KeyReused()
                                    : replayed,
                            keyReused -> keyReused,
                            exists -> exists))
            .breaking("theSameKeyAndContentGiveTheFirstTaskAgain", "not with the edited task"),
        planted(
                "keys age by the caller's clock",
                () ->
                    new Faulty() {
                      @Override
                      public CreateResult create(
                          UserId user, NewTask task, @Nullable IdempotencyKey key) {
                        clock.putForward(Duration.between(clock.instant(), task.createdAt()));
                        return super.create(user, task, key);
                      }
                    })
            .breaking("theCallersClockDoesNotAgeAKey", "create: a key is as old as the store's"),
        planted("keys are forgotten too early", () -> new Faulty(Duration.ofHours(23)) {})
            .breaking("aKeyIsKeptForTheRetention", "kept at least for the retention"),
        planted("keys are never forgotten", () -> new Faulty(Duration.ofDays(10_000)) {})
            .breaking("aForgottenKeyNamesANewCreation", "forgotten some time after the retention"));
  }

  private static List<Planted> changes() {
    return List.of(
        change(
                "an edit drops the description that it doesn't name",
                (right, c) ->
                    as(c, edit -> edit.changesDescription() ? edit : edit.withDescription(null))
                        .on(right))
            .breaking("anEditSetsClearsAndKeepsTheDescription", "keeps it")
            .breaking("anEditChangesWhatItNamesAndRaisesTheVersion", "and nothing else"),
        change(
                "an edit doesn't clear the description",
                (right, c) ->
                    as(
                            c,
                            edit ->
                                edit.description() == null
                                    ? right
                                        .find(c.user(), c.id())
                                        .map(task -> edit.withDescription(task.description()))
                                        .orElse(edit)
                                    : edit)
                        .on(right))
            .breaking("anEditSetsClearsAndKeepsTheDescription", "clears the description"),
        planted(
                "an edit answers that the description is cleared, and keeps it",
                () ->
                    new Faulty() {
                      private final Map<TaskId, Description> last = new ConcurrentHashMap<>();

                      @Override
                      Task kept(Task task) {
                        if (task.description() != null) {
                          last.put(task.id(), task.description());
                        }
                        return content(
                            task,
                            Edit.NOTHING
                                .withDescription(last.get(task.id()))
                                .appliedTo(task.content()));
                      }
                    })
            .breaking("anEditSetsClearsAndKeepsTheDescription", "an edit cleared is gone"),
        change(
                "an edit doesn't set the state back",
                (right, c) ->
                    as(
                            c,
                            edit ->
                                Boolean.FALSE.equals(edit.completed())
                                    ? right
                                        .find(c.user(), c.id())
                                        .map(task -> edit.withCompleted(task.completed()))
                                        .orElse(edit)
                                    : edit)
                        .on(right))
            .breaking("anEditSetsClearsAndKeepsTheDescription", "back too"),
        change(
                "an empty edit is no modification",
                (right, c) ->
                    c.change().equals(Edit.NOTHING)
                        ? right
                            .find(c.user(), c.id())
                            .<WriteResult>map(WriteResult.Done::new)
                            .orElse(new WriteResult.NotFound())
                        : c.on(right))
            .breaking("anEmptyEditIsStillAModification", "an empty edit is a modification"),
        change(
                "a toggle completes, and never reopens",
                (right, c) ->
                    c.change() instanceof TaskChange.ToggleCompleted
                        ? c.with(Edit.NOTHING.withCompleted(true)).on(right)
                        : c.on(right))
            .breaking("aToggleTurnsTheStateEachTime", "a second toggle undoes the first"),
        change(
                "setting the state that is there modifies",
                (right, c) ->
                    c.change() instanceof TaskChange.SetCompleted set
                        ? c.with(Edit.NOTHING.withCompleted(set.completed())).on(right)
                        : c.on(right))
            .breaking("settingTheStateThatIsThereChangesNothing", "changes nothing")
            .breaking("ofManySettersOfOneStateOneModifiesAndAllSeeTheResult", "one modifies"),
        change(
                "setting the state that is there asks for no precondition",
                (right, c) ->
                    c.change() instanceof TaskChange.SetCompleted set
                            && right
                                .find(c.user(), c.id())
                                .filter(task -> task.completed() == set.completed())
                                .isPresent()
                        ? c.under(Precondition.NONE).on(right)
                        : c.on(right))
            .breaking(
                "aWriteUnderAPreconditionHappensOnlyInThatState", "a precondition that fails"),
        change(
                "a change asks for no precondition",
                (right, c) -> c.under(Precondition.NONE).on(right))
            .breaking("aWriteUnderAPreconditionHappensOnlyInThatState", "a precondition that fails")
            .breaking("noStateAllowsNoWrite", "an empty precondition allows nothing")
            .breaking("ofManyWritersWithOneRevisionExactlyOneWins", "one is done"),
        deletion(
                "a deletion asks for no precondition",
                (right, user, id, precondition) -> right.delete(user, id, Precondition.NONE))
            .breaking("aWriteUnderAPreconditionHappensOnlyInThatState", "delete: a precondition"),
        deletion(
                "an empty precondition is none",
                (right, user, id, precondition) ->
                    right.delete(
                        user, id, isEmpty(precondition) ? Precondition.NONE : precondition))
            .breaking("noStateAllowsNoWrite", "delete: an empty precondition allows nothing"),
        deletion(
                "a precondition compares the version alone",
                (right, user, id, precondition) ->
                    right.delete(user, id, versionOnly(right, user, id, precondition)))
            .breaking("aTaskCreatedAgainUnderItsIdIsInAnotherState", "an earlier task"),
        deletion(
                "a precondition of many states is one of the first",
                (right, user, id, precondition) ->
                    right.delete(
                        user,
                        id,
                        precondition.match(
                            none -> none,
                            in ->
                                new Precondition.RevisionIn(
                                    in.revisions().stream()
                                        .min(Comparator.comparing(Revision::version))
                                        .map(Set::of)
                                        .orElse(Set.of())))))
            .breaking("aWriteUnderAPreconditionHappensOnlyInThatState", "states is enough"),
        deletion(
                "a missing task is stale",
                (right, user, id, precondition) ->
                    right.find(user, id).isEmpty()
                            && precondition instanceof Precondition.RevisionIn
                        ? new WriteResult.Stale(aTask().of(user).under(id).build())
                        : right.delete(user, id, precondition))
            .breaking("aMissingTaskIsNotFoundChangedOrDeleted", "delete: a missing task"),
        change(
                "a change makes a missing task",
                (right, c) -> {
                  if (right.find(c.user(), c.id()).isEmpty()) {
                    right.putStored(aTask().of(c.user()).under(c.id()).build());
                  }
                  return c.on(right);
                })
            .breaking("aMissingTaskIsNotFoundChangedOrDeleted", "change: a missing task"),
        change(
                "the answer is the task before the change",
                (right, c) -> {
                  Optional<Task> before = right.find(c.user(), c.id());
                  return c.on(right)
                      .match(
                          done -> new WriteResult.Done(before.orElse(done.task())),
                          notFound -> notFound,
                          stale -> stale);
                })
            .breaking("aToggleTurnsTheStateEachTime", "change: a toggle completes")
            .breaking("anEditChangesWhatItNamesAndRaisesTheVersion", "change: an edit changes"),
        planted(
                "a slow clock takes the last modification back",
                () ->
                    new Faulty() {
                      @Override
                      public WriteResult change(
                          UserId user, TaskId id, TaskChange change, Precondition p, Instant now) {
                        return super.change(user, id, change, p, now)
                            .match(
                                done -> new WriteResult.Done(updated(done.task(), now)),
                                notFound -> notFound,
                                stale -> stale);
                      }
                    })
            .breaking("aChangeByASlowClockDoesNotMakeATaskLookOlder", "never goes back"),
        deletion(
                "a deleted task comes back under its id",
                (right, user, id, precondition) -> {
                  Optional<Task> task = right.find(user, id);
                  return task.isPresent() && precondition.allows(task.get().revision())
                      ? new WriteResult.Done(task.get())
                      : right.delete(user, id, precondition);
                })
            .breaking("aDeletedTaskIsReturnedOnceAndGone", "can't be deleted again"),
        deletion(
                "a deletion takes the user's other tasks along",
                (right, user, id, precondition) -> {
                  WriteResult result = right.delete(user, id, precondition);
                  if (result instanceof WriteResult.Done) {
                    right
                        .list(user, TaskQuery.newest(100))
                        .forEach(task -> right.delete(user, task.id(), Precondition.NONE));
                  }
                  return result;
                })
            .breaking("aDeletedTaskIsReturnedOnceAndGone", "one task goes, and no other"),
        planted(
                "what is created is not stored",
                () ->
                    new Faulty() {
                      @Override
                      public CreateResult create(
                          UserId user, NewTask task, @Nullable IdempotencyKey key) {
                        return new CreateResult.Created(Task.create(user, task));
                      }
                    })
            .breaking("whatIsCreatedIsFound", "find: a created task is found")
            .breaking("agreesWithTheModel", "the store agrees with the model"));
  }

  private static List<Planted> lists() {
    return List.of(
        listed(
                "of one time the ids are compared as signed numbers",
                order -> {
                  Comparator<Task> bySigned = Comparator.comparing(task -> task.id().value());
                  return byKey(order)
                      .thenComparing(
                          order.direction() == TaskOrder.Direction.ASCENDING
                              ? bySigned
                              : bySigned.reversed());
                })
            .breaking("tasksAreListedNewestFirstAndTheGreaterIdFirstAmongEquals", "without a sign"),
        listed("of one title the ids go one way", order -> byKey(order).thenComparing(Task::id))
            .breaking("tasksOfTheSameTitleAreInTheOrderOfTheirIds", "the greater id comes first"),
        listed(
                "what was modified last is sorted by creation",
                order ->
                    order.key() == TaskOrder.Key.UPDATED_AT
                        ? sorted(new TaskOrder(TaskOrder.Key.CREATED_AT, order.direction()))
                        : sorted(order))
            .breaking("tasksAreListedByTheirLastModification", "modified last")
            .breaking("walkingPageByPageGivesTheWholeListInEveryOrder", "a list is in its order"),
        listed(
                "tasks without a due date come first when the latest does",
                order -> {
                  Comparator<Task> ascending = sorted(new TaskOrder(order.key(), ASCENDING));
                  return order.direction() == ASCENDING ? ascending : ascending.reversed();
                })
            .breaking(
                "tasksAreListedByDueDateAndThoseWithoutOneComeLastInBothDirections",
                "backwards, the latest due date comes first, none comes last"),
        listed(
                "priorities are sorted by their names",
                order ->
                    order.key() == TaskOrder.Key.PRIORITY
                        ? Comparator.comparing(task -> task.content().priority().name())
                        : sorted(order))
            .breaking(
                "tasksAreListedByPriorityTheMostUrgentFirst", "the most urgent task comes first"),
        filtered(
                "the bounds of due dates are inclusive",
                filter ->
                    withFields(
                        filter,
                        filter.priorities(),
                        filter.tags(),
                        moved(filter.dueAfter(), -1),
                        moved(filter.dueBefore(), 1)))
            .breaking("listsAreFilteredByDueDate", "without the bounds"),
        filtered(
                "the priority is not looked at",
                filter ->
                    withFields(
                        filter, Set.of(), filter.tags(), filter.dueAfter(), filter.dueBefore()))
            .breaking("listsAreFilteredByPriority", "tasks of these priorities"),
        filtered(
                "the tags are not looked at",
                filter ->
                    withFields(
                        filter,
                        filter.priorities(),
                        Tags.NONE,
                        filter.dueAfter(),
                        filter.dueBefore()))
            .breaking("listsAreFilteredByAllOfTheTagsInAnyCase", "all of these tags"),
        titles("titles are sorted as UTF-16", Title::sortKey),
        titles("titles are sorted with capitals first", Title::value),
        titles(
            "titles are sorted without accents",
            title -> nfd(title.sortKey()).replaceAll("\\p{M}", "")),
        limited("lists end after 50 tasks", 50),
        limited("lists end after 100 tasks", 100),
        limited("lists end after 1000 tasks", 1000),
        planted(
                "a limit has room for itself and one more",
                () ->
                    new FaultyLists() {
                      @Override
                      int limit(int limit) {
                        return limit + 1 - 1 / limit;
                      }
                    })
            .breaking("aPageHoldsAsManyTasksAsAreAskedFor", "as long as the limit allows"),
        planted(
                "a count ends at 1000",
                () ->
                    new FaultyLists() {
                      @Override
                      public long count(UserId user, TaskFilter filter) {
                        return Math.min(1000, super.count(user, filter));
                      }
                    })
            .breaking("aPageHoldsAsManyTasksAsAreAskedFor", "count: all tasks are counted"),
        planted(
                "a cursor repeats its row",
                () ->
                    new FaultyLists() {
                      @Override
                      boolean isAfter(TaskOrder order, Task task, Position position) {
                        return order.comparator().compare(order.positionOf(task), position) >= 0;
                      }
                    })
            .breaking("walkingPageByPageGivesTheWholeListInEveryOrder", "make up the list")
            .breaking("aWalkMeetsWhatStaysExactlyOnceWhileOthersWrite", "exactly once"),
        planted(
                "a cursor skips what is sorted by the same",
                () ->
                    new FaultyLists() {
                      @Override
                      boolean isAfter(TaskOrder order, Task task, Position position) {
                        return super.isAfter(order, task, position)
                            && !(position instanceof Position.ByTitle title
                                && title.sortKey().equals(task.title().sortKey()));
                      }
                    })
            .breaking("walkingPageByPageGivesTheWholeListInEveryOrder", "make up the list"),
        planted(
                "a cursor looks for the task that stands there",
                () ->
                    new FaultyLists() {
                      @Override
                      Stream<Task> rest(Stream<Task> sorted, TaskQuery query) {
                        return query
                            .start()
                            .match(
                                offset -> super.rest(sorted, query),
                                after -> {
                                  List<Task> tasks = sorted.toList();
                                  int index =
                                      tasks.stream()
                                          .map(Task::id)
                                          .toList()
                                          .indexOf(after.position().id());
                                  return index < 0
                                      ? Stream.empty()
                                      : tasks.stream().skip(index + 1L);
                                });
                      }
                    })
            .breaking("aPageBeginsAfterAPositionWhetherOrNotATaskStandsThere", "what follows"),
        planted(
                "a cursor is remembered as an offset",
                () ->
                    new FaultyLists() {
                      @Override
                      public List<Task> list(UserId user, TaskQuery query) {
                        return query
                            .start()
                            .match(
                                offset -> super.list(user, query),
                                after -> {
                                  long before =
                                      all(user).stream()
                                          .filter(
                                              task ->
                                                  !isAfter(query.order(), task, after.position()))
                                          .filter(task -> allows(query.filter(), task))
                                          .count();
                                  letOthersIn();
                                  return super.list(
                                      user, query.from(new PageStart.Offset((int) before)));
                                });
                      }
                    })
            .breaking("aWalkMeetsWhatStaysExactlyOnceWhileOthersWrite", "exactly once"),
        planted(
                "the offset comes before the filter",
                () ->
                    new FaultyLists() {
                      @Override
                      public List<Task> list(UserId user, TaskQuery query) {
                        return rest(all(user).stream().sorted(comparator(query.order())), query)
                            .filter(task -> allows(query.filter(), task))
                            .limit(query.limit())
                            .toList();
                      }
                    })
            .breaking("aPageBeginsPastTheOffset", "an offset counts the tasks"),
        planted(
                "the limit comes before the filter",
                () ->
                    new FaultyLists() {
                      @Override
                      public List<Task> list(UserId user, TaskQuery query) {
                        return right
                            .list(
                                user,
                                new TaskQuery(
                                    TaskFilter.ALL, query.order(), query.start(), query.limit()))
                            .stream()
                            .filter(task -> allows(query.filter(), task))
                            .toList();
                      }
                    })
            .breaking("theFilterLetsThroughOneStateOrBoth", "the limit counts what"),
        planted(
                "bounds of times are inclusive",
                () ->
                    new FaultyLists() {
                      @Override
                      boolean allows(TaskFilter filter, Task task) {
                        return super.allows(filter, task)
                            || task.createdAt().equals(filter.createdAfter());
                      }
                    })
            .breaking("theBoundsOfTimesAreExclusive", "not later than its creation"),
        planted(
                "a bound of modification looks at the creation",
                () ->
                    new FaultyLists() {
                      @Override
                      boolean allows(TaskFilter filter, Task task) {
                        return filter.updatedAfter() == null
                            ? super.allows(filter, task)
                            : task.createdAt().isAfter(filter.updatedAfter());
                      }
                    })
            .breaking("theBoundsOfTimesAreExclusive", "a time of modification"),
        planted(
                "a count takes no notice of the search",
                () ->
                    new FaultyLists() {
                      @Override
                      public long count(UserId user, TaskFilter filter) {
                        return super.count(user, withoutSearch(filter));
                      }
                    })
            .breaking("whatTheFilterLetsThroughIsCounted", "count: what a search finds"),
        planted(
                "a summary takes one state for the other",
                () ->
                    new Faulty() {
                      @Override
                      public TaskSummary summarize(UserId user) {
                        TaskSummary right = super.summarize(user);
                        return new TaskSummary(
                            /* completed= */ right.pending(), /* pending= */ right.completed());
                      }
                    })
            .breaking("whatTheFilterLetsThroughIsCounted", "summarize: what is done"),
        left(
                "an edit leaves the sort column behind",
                (first, task) ->
                    content(task, Edit.NOTHING.withTitle(first.title()).appliedTo(task.content())))
            .breaking("aChangeMovesATaskInListsSearchesAndCounts", "a new title moves a task"),
        planted(
                "an edit leaves the search column behind",
                () ->
                    new FaultyLists() {
                      private final Map<TaskId, Task> first = new ConcurrentHashMap<>();

                      @Override
                      Task kept(Task task) {
                        first.putIfAbsent(task.id(), task);
                        return task;
                      }

                      @Override
                      boolean found(String search, Task task) {
                        return super.found(search, first.getOrDefault(task.id(), task));
                      }
                    })
            .breaking("aChangeMovesATaskInListsSearchesAndCounts", "the old title isn't found"));
  }

  private static List<Planted> searches() {
    String cases = "aSearchFindsEveryCaseOfEachCharacterAndNothingElse";
    return List.of(
        search("a search looks at case", (search, text) -> text.contains(search))
            .breaking(cases, "list: a search finds"),
        search(
                "a search knows the cases of ASCII only",
                (search, text) -> ascii(text).contains(ascii(search)))
            .breaking(cases, "list: a search finds"),
        search(
                "a search lowers whole texts",
                (search, text) ->
                    text.toLowerCase(Locale.ROOT).contains(search.toLowerCase(Locale.ROOT)))
            .breaking(cases, "list: a search"),
        search(
                "a search ignores accents",
                (search, text) ->
                    fold(nfd(text).replaceAll("\\p{M}", ""))
                        .contains(fold(nfd(search).replaceAll("\\p{M}", ""))))
            .breaking(cases, "list: a search doesn't find"),
        search(
                "a search takes % and _ for any text",
                (search, text) ->
                    Pattern.compile(
                            Pattern.quote(fold(search))
                                .replace("%", "\\E.*\\Q")
                                .replace("_", "\\E.\\Q"),
                            Pattern.DOTALL)
                        .matcher(fold(text))
                        .find())
            .breaking("aSearchTakesEveryCharacterAsItIs", "list: a search doesn't find"),
        search(
                "a search drops backslashes",
                (search, text) -> fold(text).contains(fold(search.replace("\\", ""))))
            .breaking("aSearchTakesEveryCharacterAsItIs", "list: a search"),
        search(
                "a search finds whole words",
                (search, text) -> List.of(fold(text).split("\\W+")).contains(fold(search)))
            .breaking("aSearchLooksIntoTitleAndDescription", "parts of words"),
        search(
                "a search is cut short",
                (search, text) ->
                    fold(text).contains(fold(search.substring(0, Math.min(100, search.length())))))
            .breaking("theLongestSearchIsFound", "list: a search doesn't find"),
        searchTask("a search looks into titles only", task -> task.title().value())
            .breaking("aSearchLooksIntoTitleAndDescription", "the title and the description"),
        searchTask(
                "a search runs across title and description",
                task -> task.title() + " " + task.description())
            .breaking("aSearchIsNotFoundAcrossTheSeamOfTitleAndDescription", "not across both"),
        searchTask(
                "a search runs from line to line",
                task ->
                    task.title() + (task.description() == null ? "" : "\n" + task.description()))
            .breaking("aSearchIsNotFoundAcrossTheSeamOfTitleAndDescription", "not across both"));
  }

  private static List<Planted> races() {
    return List.of(
        change(
                "a change reads, modifies and writes back",
                (right, c) -> {
                  Optional<Task> current = right.find(c.user(), c.id());
                  if (current.isEmpty()) {
                    return new WriteResult.NotFound();
                  }
                  if (!c.precondition().allows(current.get().revision())) {
                    return new WriteResult.Stale(current.get());
                  }
                  Faulty.letOthersIn();
                  Task changed = current.get().apply(c.change(), c.now());
                  right.putStored(changed);
                  return new WriteResult.Done(changed);
                })
            .breaking("togglesOfTheSameTaskAreNeverLost", "no toggle at the same time is lost")
            .breaking("whatIsToggledWhileItIsDeletedIsGone", "Broken promise")
            .breaking("ofManyWritersWithOneRevisionExactlyOneWins", "one is done")
            .breaking(
                "aRandomHistoryRaisesTheVersionOnceForEachModification", "a version of its own"),
        deletion(
                "check and deletion are two steps",
                (right, user, id, precondition) -> {
                  Optional<Task> current = right.find(user, id);
                  if (current.isEmpty()) {
                    return new WriteResult.NotFound();
                  }
                  if (!precondition.allows(current.get().revision())) {
                    return new WriteResult.Stale(current.get());
                  }
                  Faulty.letOthersIn();
                  right.delete(user, id, Precondition.NONE);
                  return new WriteResult.Done(current.get());
                })
            .breaking("ofADeletionAndAChangeOfOneRevisionOneWins", "one is done")
            .breaking("ofManyDeletesOneFindsTheTask", "of many deletions one is done"),
        deletion(
                "a deletion answers what it read before",
                (right, user, id, precondition) -> {
                  Optional<Task> current = right.find(user, id);
                  Faulty.letOthersIn();
                  return right
                      .delete(user, id, precondition)
                      .match(
                          done -> new WriteResult.Done(current.orElse(done.task())),
                          notFound -> notFound,
                          stale -> stale);
                })
            .breaking("whatIsToggledWhileItIsDeletedIsGone", "after all toggles"),
        creation(
                "a key is looked for first and kept afterwards",
                (right, user, task, key) -> {
                  if (key == null) {
                    return right.create(user, task, null);
                  }
                  // A creation that is not carried out tells what the key holds.
                  Task probe = aTask().of(user).called("probe").build();
                  right.create(user, asNew(probe), null);
                  CreateResult held =
                      right.create(
                          user, new NewTask(probe.id(), task.content(), task.createdAt()), key);
                  right.delete(user, probe.id(), Precondition.NONE);
                  if (!(held instanceof CreateResult.Exists)) {
                    return held;
                  }
                  Faulty.letOthersIn();
                  CreateResult result = right.create(user, task, key);
                  return result instanceof CreateResult.Created
                      ? result
                      : right.create(user, task, null);
                })
            .breaking("creationsWithOneKeyAtOnceMakeOneTask", "with one key one")
            .breaking("ofManyCreationsWithOneForgottenKeyOneWins", "with one key one"),
        creation(
                "an id is looked for first and stored afterwards",
                (right, user, task, key) -> {
                  Optional<Task> current = right.find(user, task.id());
                  if (current.isPresent()) {
                    return new CreateResult.Exists(current.get());
                  }
                  Faulty.letOthersIn();
                  return overwrite(right, user, task, key);
                })
            .breaking("creationsOfOneIdAtOnceMakeOneTask", "with one id one is done"),
        planted(
                "a summary is of two moments",
                () ->
                    new Faulty() {
                      @Override
                      public TaskSummary summarize(UserId user) {
                        long completed = right.summarize(user).completed();
                        letOthersIn();
                        return new TaskSummary(completed, right.summarize(user).pending());
                      }
                    })
            .breaking("aSummaryIsOfOneMoment", "of one moment"),
        planted(
                "a list reads ids and then the tasks",
                () ->
                    new Faulty() {
                      @Override
                      public List<Task> list(UserId user, TaskQuery query) {
                        List<Task> tasks = new ArrayList<>(super.list(user, query));
                        letOthersIn();
                        tasks.removeIf(task -> right.find(user, task.id()).isEmpty());
                        return tasks;
                      }
                    })
            .breaking("aListIsOfOneMoment", "list: a page is of one moment"),
        planted("a second change never returns", StuckStore::new)
            .breaking("aToggleTurnsTheStateEachTime", "A call never returned")
            .breaking("togglesOfTheSameTaskAreNeverLost", "A call never returned"));
  }

  private static Planted planted(String fault, Supplier<Faulty> store) {
    return new Planted(fault, store, Map.of());
  }

  private static Planted user(String fault, UnaryOperator<String> takenFor) {
    return planted(
            fault,
            () ->
                new Faulty() {
                  @Override
                  UserId user(UserId user) {
                    return UserId.parse(takenFor.apply(user.value()));
                  }
                })
        .breaking("usersWhoseIdsLookAlikeAreStrangers", "a user whose id looks like another's");
  }

  private static Planted key(String fault, UnaryOperator<String> takenFor) {
    return planted(
            fault,
            () ->
                new Faulty() {
                  @Override
                  IdempotencyKey key(UserId user, IdempotencyKey key) {
                    return IdempotencyKey.parse(takenFor.apply(key.value()));
                  }
                })
        .breaking("keysThatLookAlikeAreDifferent", "a key is another one");
  }

  private static Planted kept(String fault, UnaryOperator<Task> kept) {
    return planted(
        fault,
        () ->
            new Faulty() {
              @Override
              Task kept(Task task) {
                return kept.apply(task);
              }
            });
  }

  private static Planted content(String fault, UnaryOperator<TaskContent> kept) {
    return kept(fault, task -> content(task, kept.apply(task.content())));
  }

  private static Planted text(String fault, UnaryOperator<String> kept) {
    return content(
        fault,
        content ->
            Edit.NOTHING
                .withTitle(Title.stored(kept.apply(content.title().value())))
                .withDescription(
                    content.description() == null
                        ? null
                        : Description.stored(kept.apply(content.description().value())))
                .appliedTo(content));
  }

  private static Planted time(String fault, UnaryOperator<Instant> kept) {
    return kept(
            fault,
            task ->
                Task.stored(
                    task.id(),
                    task.userId(),
                    task.content(),
                    task.completed(),
                    kept.apply(task.createdAt()),
                    kept.apply(task.updatedAt()),
                    task.version()))
        .breaking("everyMicrosecondOfTheYears1To9999IsKept", "is kept");
  }

  @FunctionalInterface
  private interface Creation {
    CreateResult create(
        InMemoryTaskRepository right, UserId user, NewTask task, @Nullable IdempotencyKey key);
  }

  private static Planted creation(String fault, Creation creation) {
    return planted(
        fault,
        () ->
            new Faulty() {
              @Override
              public CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key) {
                return creation.create(right, user, task, key);
              }
            });
  }

  private static CreateResult overwrite(
      InMemoryTaskRepository right, UserId user, NewTask task, @Nullable IdempotencyKey key) {
    return right
        .create(user, task, key)
        .match(
            created -> created,
            replayed -> replayed,
            keyReused -> keyReused,
            exists -> {
              right.putStored(Task.create(user, task));
              return new CreateResult.Created(Task.create(user, task));
            });
  }

  /** Retries are compared by this instead of by their content. */
  private static Planted compared(String fault, Function<TaskContent, Object> by) {
    return planted(
        fault,
        () ->
            new Faulty() {
              private final Map<List<Object>, Task> first = new HashMap<>();

              @Override
              public CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key) {
                CreateResult result = super.create(user, task, key);
                if (key == null) {
                  return result;
                }
                Task held = first.computeIfAbsent(List.of(user, key), k -> Task.create(user, task));
                return result instanceof CreateResult.KeyReused
                        && by.apply(held.content()).equals(by.apply(task.content()))
                    ? new CreateResult.Replayed(held)
                    : result;
              }
            });
  }

  private record Call(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
    WriteResult on(InMemoryTaskRepository right) {
      return right.change(user, id, change, precondition, now);
    }

    Call with(TaskChange other) {
      return new Call(user, id, other, precondition, now);
    }

    Call under(Precondition other) {
      return new Call(user, id, change, other, now);
    }
  }

  /** A call whose edit is another one. */
  private static Call as(Call call, UnaryOperator<Edit> edit) {
    return call.with(call.change().match(edit::apply, set -> set, toggle -> toggle));
  }

  @FunctionalInterface
  private interface Changing {
    WriteResult change(InMemoryTaskRepository right, Call call);
  }

  private static Planted change(String fault, Changing changing) {
    return planted(
        fault,
        () ->
            new Faulty() {
              @Override
              public WriteResult change(
                  UserId user, TaskId id, TaskChange change, Precondition p, Instant now) {
                return changing.change(right, new Call(user, id, change, p, now));
              }
            });
  }

  @FunctionalInterface
  private interface Deletion {
    WriteResult delete(
        InMemoryTaskRepository right, UserId user, TaskId id, Precondition precondition);
  }

  private static Planted deletion(String fault, Deletion deletion) {
    return planted(
        fault,
        () ->
            new Faulty() {
              @Override
              public WriteResult delete(UserId user, TaskId id, Precondition precondition) {
                return deletion.delete(right, user, id, precondition);
              }
            });
  }

  private static Planted listed(String fault, Function<TaskOrder, Comparator<Task>> comparator) {
    return planted(
        fault,
        () ->
            new FaultyLists() {
              @Override
              Comparator<Task> comparator(TaskOrder order) {
                return comparator.apply(order);
              }
            });
  }

  private static Planted filtered(String fault, UnaryOperator<TaskFilter> changed) {
    return planted(
        fault,
        () ->
            new FaultyLists() {
              @Override
              boolean allows(TaskFilter filter, Task task) {
                return super.allows(changed.apply(filter), task);
              }
            });
  }

  private static TaskFilter withFields(
      TaskFilter filter,
      Set<Priority> priorities,
      Tags tags,
      @Nullable Instant dueAfter,
      @Nullable Instant dueBefore) {
    return new TaskFilter(
        filter.completed(),
        filter.search(),
        filter.createdAfter(),
        filter.createdBefore(),
        filter.updatedAfter(),
        filter.updatedBefore(),
        priorities,
        tags,
        dueAfter,
        dueBefore,
        filter.withoutDueDate());
  }

  private static @Nullable Instant moved(@Nullable Instant time, int microseconds) {
    return time == null ? null : time.plusNanos(1000L * microseconds);
  }

  /** By what the order sorts by, without a word on what is sorted by the same. */
  private static Comparator<Task> byKey(TaskOrder order) {
    Comparator<Task> ascending =
        switch (order.key()) {
          case CREATED_AT -> Comparator.comparing(Task::createdAt);
          case UPDATED_AT -> Comparator.comparing(Task::updatedAt);
          case TITLE -> Comparator.comparing(task -> task.title().sortKey());
          case DUE_DATE, PRIORITY -> Comparator.comparing(order::positionOf);
        };
    return order.direction() == TaskOrder.Direction.ASCENDING ? ascending : ascending.reversed();
  }

  private static Comparator<Task> sorted(TaskOrder order) {
    return Comparator.comparing(order::positionOf, order.comparator());
  }

  private static Planted titles(String fault, Function<Title, String> by) {
    return listed(
            fault,
            order -> {
              if (order.key() != TaskOrder.Key.TITLE) {
                return sorted(order);
              }
              Comparator<Task> ascending =
                  Comparator.<Task, String>comparing(task -> by.apply(task.title()))
                      .thenComparing(Task::id);
              return order.direction() == TaskOrder.Direction.ASCENDING
                  ? ascending
                  : ascending.reversed();
            })
        .breaking("titlesAreSortedByCodePointsWithAToZAsSmallLetters", "their code points");
  }

  private static Planted limited(String fault, int most) {
    return planted(
            fault,
            () ->
                new FaultyLists() {
                  @Override
                  int limit(int limit) {
                    return Math.min(most, limit);
                  }
                })
        .breaking("aPageHoldsAsManyTasksAsAreAskedFor", "as long as the limit allows");
  }

  /** Lists are sorted by a task that is made of how it began and how it is. */
  private static Planted left(String fault, BinaryOperator<Task> column) {
    return planted(
        fault,
        () ->
            new FaultyLists() {
              private final Map<TaskId, Task> first = new ConcurrentHashMap<>();

              @Override
              Task kept(Task task) {
                first.putIfAbsent(task.id(), task);
                return task;
              }

              @Override
              Comparator<Task> comparator(TaskOrder order) {
                return Comparator.comparing(
                    task -> column.apply(first.getOrDefault(task.id(), task), task),
                    super.comparator(order));
              }
            });
  }

  private static Planted search(String fault, BiPredicate<String, String> foundIn) {
    return planted(
        fault,
        () ->
            new FaultyLists() {
              @Override
              boolean foundIn(String search, String text) {
                return foundIn.test(search, text);
              }
            });
  }

  private static Planted searchTask(String fault, Function<Task, String> text) {
    return planted(
        fault,
        () ->
            new FaultyLists() {
              @Override
              boolean found(String search, Task task) {
                return foundIn(search, text.apply(task));
              }
            });
  }

  private static boolean isEmpty(Precondition precondition) {
    return precondition.match(none -> false, in -> in.revisions().isEmpty());
  }

  private static Precondition versionOnly(
      InMemoryTaskRepository right, UserId user, TaskId id, Precondition precondition) {
    return right
        .find(user, id)
        .map(
            task ->
                precondition.<Precondition>match(
                    none -> none,
                    in ->
                        in.revisions().stream().anyMatch(r -> r.version() == task.version())
                            ? Precondition.NONE
                            : in))
        .orElse(precondition);
  }

  private static Task content(Task task, TaskContent content) {
    return Task.stored(
        task.id(),
        task.userId(),
        content,
        task.completed(),
        task.createdAt(),
        task.updatedAt(),
        task.version());
  }

  private static Task updated(Task task, Instant updated) {
    return Task.stored(
        task.id(),
        task.userId(),
        task.content(),
        task.completed(),
        task.createdAt(),
        updated,
        task.version());
  }

  private static String nfd(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFD);
  }

  private static String fold(String text) {
    return Search.fold(text);
  }

  private static String ascii(String text) {
    return text.chars()
        .map(c -> c < 128 ? Character.toLowerCase(c) : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String bmp(String text) {
    return text.replaceAll("[^\\x{0}-\\x{FFFF}]", "");
  }

  private static Instant max(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant min(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
  }

  private static Instant micros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static double seconds(Instant time) {
    return micros(time) / 1e6;
  }
}
