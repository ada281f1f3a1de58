package dev.taskport.testkit;

import static dev.taskport.testkit.DeletionExpiryContract.CHANGES_RETENTION;
import static dev.taskport.testkit.DeletionExpiryContract.DELETED_RETENTION;
import static dev.taskport.testkit.TaskRepositoryContract.KEY_RETENTION;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Description;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Tags;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.changelog.DeletedTask;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.domain.changelog.TaskTrash;
import dev.taskport.testkit.PlantedStores.Planted;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stores whose change log or trash has one fault each, and the promises that each breaks. */
final class PlantedLogs {
  private PlantedLogs() {}

  static List<Planted> all() {
    return Stream.of(marks(), readings(), restorations(), trashes(), races(), expiries())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Planted> marks() {
    String number = "a change gets a higher number than all before";
    return List.of(
        unraised("a creation doesn't raise the mark", "create"::equals)
            .breaking("everyChangeGetsAHigherNumberThanAllBefore", "create: " + number),
        unraised("a completion doesn't raise the mark", "SetCompleted"::equals)
            .breaking(
                "everyChangeGetsAHigherNumberThanAllBefore", "change, SetCompleted: " + number),
        unraised("a toggle doesn't raise the mark", "ToggleCompleted"::equals)
            .breaking(
                "everyChangeGetsAHigherNumberThanAllBefore", "change, ToggleCompleted: " + number),
        unraised("an edit doesn't raise the mark", "Edit"::equals)
            .breaking("everyChangeGetsAHigherNumberThanAllBefore", "change, Edit: " + number),
        unraised("a deletion doesn't raise the mark", "delete"::equals)
            .breaking("everyChangeGetsAHigherNumberThanAllBefore", "delete: " + number)
            .breaking("restorationsAndPermanentDeletionsAreInTheLog", "delete: " + number),
        unraised("a restoration doesn't raise the mark", "restore"::equals)
            .breaking("restorationsAndPermanentDeletionsAreInTheLog", "restore: " + number),
        unraised("a permanent deletion doesn't raise the mark", "deletePermanently"::equals)
            .breaking(
                "restorationsAndPermanentDeletionsAreInTheLog", "deletePermanently: " + number),
        raised("a set of the state that a task is in raises the mark", "SetCompleted")
            .breaking("whatModifiesNothingLeavesTheMark", "a set of the state that the task is in"),
        raised("a refused creation raises the mark", "create")
            .breaking("whatModifiesNothingLeavesTheMark", "mark: a replay leaves it"),
        raised("a refused deletion raises the mark", "delete")
            .breaking("whatModifiesNothingLeavesTheMark", "a deletion whose precondition fails"),
        raised("a restoration that finds nothing raises the mark", "restore")
            .breaking(
                "restorationsAndPermanentDeletionsAreInTheLog",
                "mark: a restoration of a task that is there"),
        planted(
                "a mark is everybody's",
                () ->
                    new Faulty() {
                      private final Set<UserId> users = ConcurrentHashMap.newKeySet();

                      @Override
                      public LogMark mark(UserId user) {
                        users.add(user);
                        LogMark own = right.mark(user);
                        return new LogMark(
                            own.started(),
                            users.stream().mapToLong(u -> right.mark(u).number()).sum());
                      }
                    })
            .breaking("everyUserHasALogOfTheirOwn", "leave the marks of all others"),
        planted(
                "who reads a log is taken for whom reads it in small letters",
                () ->
                    new Faulty() {
                      @Override
                      public LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
                        return right.read(small(user), since, limit);
                      }
                    })
            .breaking("everyUserHasALogOfTheirOwn", "read: the tasks are the user's own"),
        planted(
                "tasks that are older than the log raise the mark",
                () ->
                    new Faulty() {
                      @Override
                      public LogMark mark(UserId user) {
                        LogMark mark = right.mark(user);
                        return mark.number() == 0 && right.summarize(user).total() > 0
                            ? new LogMark(clock.instant(), 1)
                            : mark;
                      }
                    })
            .breaking("aUserWithoutChangesHasNoMark", "older than the log doesn't raise it"),
        planted(
                "a log is started by every change",
                () ->
                    new Faulty() {
                      @Override
                      public LogMark mark(UserId user) {
                        LogMark mark = right.mark(user);
                        return mark.number() == 0
                            ? mark
                            : new LogMark(mark.started().plusSeconds(mark.number()), mark.number());
                      }
                    })
            .breaking("everyChangeGetsAHigherNumberThanAllBefore", "keeps the time of its start"),
        planted(
                "users without changes have no place among the marks",
                () ->
                    new Faulty() {
                      @Override
                      public Map<UserId, LogMark> marks(Set<UserId> users) {
                        Map<UserId, LogMark> marks = new HashMap<>(super.marks(users));
                        marks.values().removeIf(LogMark.NONE::equals);
                        return marks;
                      }
                    })
            .breaking("manyMarksAreReadAtOnce", "a mark for each of the users"),
        planted(
                "many marks are remembered",
                () ->
                    new Faulty() {
                      private final Map<UserId, LogMark> first = new ConcurrentHashMap<>();

                      @Override
                      public Map<UserId, LogMark> marks(Set<UserId> users) {
                        users.forEach(user -> first.putIfAbsent(user, mark(user)));
                        Map<UserId, LogMark> marks = new HashMap<>(first);
                        marks.keySet().retainAll(users);
                        return marks;
                      }
                    })
            .breaking("everyChangeGetsAHigherNumberThanAllBefore", "marks tells the same"),
        planted(
                "a marked list ignores the filter",
                () ->
                    new Faulty() {
                      @Override
                      public MarkedTasks listMarked(UserId user, TaskQuery query) {
                        return super.listMarked(
                            user,
                            new TaskQuery(
                                TaskFilter.ALL, query.order(), query.start(), query.limit()));
                      }
                    })
            .breaking("aMarkedListIsTheListAndTheMark", "listMarked: it is the page of list"),
        planted(
                "a marked list is read before its mark",
                () ->
                    new Faulty() {
                      @Override
                      public MarkedTasks listMarked(UserId user, TaskQuery query) {
                        List<Task> tasks = list(user, query);
                        letOthersIn();
                        return new MarkedTasks(tasks, mark(user));
                      }
                    })
            .breaking("aMarkIsNeverAheadOfWhatIsListedWithIt", "every change up to the mark"));
  }

  private static List<Planted> readings() {
    return List.of(
        planted("a number is drawn before its change can be seen", EarlyNumbers::new)
            .breaking("followersHoldTheTasksWhateverIsWrittenMeanwhile", "nothing is missed")
            .breaking("followersHoldTheTasksWhileTheyAreRestored", "nothing is missed"),
        planted(
                "a page ends at a mark that is read after its entries",
                () ->
                    new Faulty() {
                      @Override
                      public LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
                        LogReading reading = super.read(user, since, limit);
                        letOthersIn();
                        LogMark mark = mark(user);
                        return changed(
                            reading,
                            page -> page.more() ? page : page(page, page.next().at(mark), false));
                      }
                    })
            .breaking("followersHoldTheTasksWhateverIsWrittenMeanwhile", "nothing is missed"),
        reading(
                "the largest limit is one too many",
                (store, call) -> call.limited(Math.max(2, call.limit() + 1) - 1).on(store))
            .breaking("pagesOfEverySizeTellEachChangeOnce", "the largest limit"),
        planted(
                "a restored task keeps the number of before",
                () ->
                    new Faulty() {
                      private final Set<TaskId> quiet = ConcurrentHashMap.newKeySet();

                      @Override
                      public Optional<Task> restore(UserId user, TaskId id, Instant now) {
                        quiet.add(id);
                        return super.restore(user, id, now);
                      }

                      @Override
                      public WriteResult delete(UserId user, TaskId id, Precondition p) {
                        quiet.remove(id);
                        return super.delete(user, id, p);
                      }

                      @Override
                      public LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
                        return without(super.read(user, since, limit), e -> quiet.contains(e.id()));
                      }
                    })
            .breaking("followersHoldTheTasksWhileTheyAreRestored", "read: nothing is missed")
            .breaking("restorationsAndPermanentDeletionsAreInTheLog", "restore: the log tells"),
        reading(
                "deletions are forgotten",
                (store, call) ->
                    without(call.on(store), entry -> entry instanceof LogEntry.Deleted))
            .breaking("readingOnTellsWhatWasChangedAndDeleted", "each task that was changed")
            .breaking("everyChangeGetsAHigherNumberThanAllBefore", "delete: the log tells"),
        planted(
                "a permanent deletion is not told",
                () ->
                    new Faulty() {
                      private final Set<TaskId> gone = ConcurrentHashMap.newKeySet();

                      @Override
                      public WriteResult deletePermanently(UserId user, TaskId id, Precondition p) {
                        gone.add(id);
                        return super.deletePermanently(user, id, p);
                      }

                      @Override
                      public LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
                        return without(
                            super.read(user, since, limit),
                            e -> e instanceof LogEntry.Deleted && gone.contains(e.id()));
                      }
                    })
            .breaking(
                "restorationsAndPermanentDeletionsAreInTheLog",
                "deletePermanently: the log tells the change"),
        planted(
                "the log tells a task as it was when it was created",
                () ->
                    new Faulty() {
                      private final Map<TaskId, Task> first = new ConcurrentHashMap<>();

                      @Override
                      Task kept(Task task) {
                        first.putIfAbsent(task.id(), task);
                        return task;
                      }

                      @Override
                      public LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
                        return changed(
                            super.read(user, since, limit),
                            page ->
                                new LogReading.Page(
                                    page.entries().stream()
                                        .map(
                                            entry ->
                                                entry.<LogEntry>match(
                                                    stored ->
                                                        new LogEntry.Stored(
                                                            first.getOrDefault(
                                                                stored.id(), stored.task()),
                                                            stored.point()),
                                                    deleted -> deleted))
                                        .toList(),
                                    page.next(),
                                    page.more()));
                      }
                    })
            .breaking(
                "everyChangeGetsAHigherNumberThanAllBefore", "the log tells the task as it is now")
            .breaking("readingOnTellsWhatWasChangedAndDeleted", "as it is now or as deleted"),
        reading(
                "reading from the beginning tells old deletions",
                (store, call) ->
                    call.since() == null
                        ? call.from(new SyncPoint(store.mark(call.user()).started(), -1, null, 0))
                            .on(store)
                        : call.on(store))
            .breaking("readingFromTheBeginningTellsAllTasksAndNoDeletions", "and no deletions"),
        reading(
                "a page skips what comes behind it",
                (store, call) ->
                    changed(
                        call.limited(call.limit() + 1).on(store),
                        page ->
                            page.entries().size() <= call.limit()
                                ? page
                                : new LogReading.Page(
                                    page.entries().subList(0, call.limit()), page.next(), true)))
            .breaking("pagesOfEverySizeTellEachChangeOnce", "leave out and repeat nothing"),
        reading(
                "a page repeats the last entry of the page before",
                (store, call) ->
                    changed(
                        call.on(store),
                        page -> page.more() ? page(page, before(page, call), true) : page))
            .breaking(
                "pagesOfEverySizeTellEachChangeOnce", "the next page begins after the last entry"),
        reading(
                "there is more if a page is full",
                (store, call) ->
                    changed(
                        call.on(store),
                        page -> page(page, page.next(), page.entries().size() == call.limit())))
            .breaking("pagesOfEverySizeTellEachChangeOnce", "a page says whether there is more"),
        reading(
                "there is never more",
                (store, call) -> changed(call.on(store), page -> page(page, page.next(), false)))
            .breaking("pagesOfEverySizeTellEachChangeOnce", "a page says whether there is more"),
        reading(
                "a page has one entry more",
                (store, call) -> call.limited(call.limit() + 1).on(store))
            .breaking("pagesOfEverySizeTellEachChangeOnce", "at most as many entries"),
        reading(
                "the newest change comes first",
                (store, call) ->
                    changed(
                        call.on(store),
                        page -> {
                          List<LogEntry> entries = new ArrayList<>(page.entries());
                          entries.sort(Comparator.comparing((LogEntry e) -> -e.point().number()));
                          return new LogReading.Page(entries, page.next(), page.more());
                        }))
            .breaking(
                "readingFromTheBeginningTellsAllTasksAndNoDeletions", "in the order of their"),
        reading(
                "a point among old tasks stands for all of them",
                (store, call) ->
                    call.since() != null && call.since().number() == 0
                        ? call.from(
                                new SyncPoint(call.since().started(), 0, null, call.since().base()))
                            .on(store)
                        : call.on(store))
            .breaking(
                "tasksThatAreOlderThanTheLogAreReadInPages", "a page says whether there is more"),
        reading(
                "a point among old tasks is the beginning",
                (store, call) ->
                    call.since() != null && call.since().number() == 0
                        ? call.from(
                                new SyncPoint(
                                    call.since().started(), -1, null, call.since().base()))
                            .on(store)
                        : call.on(store))
            .breaking("tasksThatAreOlderThanTheLogAreReadInPages", "entries come after the point"),
        reading(
                "deletions don't concern who has not read to the end",
                (store, call) -> {
                  SyncPoint since = call.since();
                  return since != null && since.base() > since.number()
                      ? call.from(
                              new SyncPoint(
                                  since.started(),
                                  since.number(),
                                  since.id(),
                                  store.mark(call.user()).number()))
                          .on(store)
                      : call.on(store);
                })
            .breaking("whatChangesBetweenTwoPagesIsTold", "whatever changed meanwhile"),
        reading(
                "any point is read on",
                (store, call) ->
                    call.on(store)
                        .match(
                            page -> page,
                            startOver -> call.from(atEnd(store.mark(call.user()))).on(store)))
            .breaking("aPointThatTheLogNeverReachedStartsOver", "a point ahead of the log")
            .breaking("whoMissedAForgottenDeletionStartsOver", "is told to start over"),
        reading(
                "a point ahead of the log is read on",
                (store, call) -> {
                  SyncPoint since = call.since();
                  LogMark mark = store.mark(call.user());
                  return since != null && since.base() > mark.number()
                      ? call.from(
                              new SyncPoint(
                                  since.started(),
                                  Math.min(since.number(), mark.number()),
                                  null,
                                  mark.number()))
                          .on(store)
                      : call.on(store);
                })
            .breaking("aPointThatTheLogNeverReachedStartsOver", "a point ahead of the log"),
        reading(
                "a point of another log is read on",
                (store, call) -> {
                  SyncPoint since = call.since();
                  Instant started = store.mark(call.user()).started();
                  return since == null
                      ? call.on(store)
                      : call.from(new SyncPoint(started, since.number(), since.id(), since.base()))
                          .on(store);
                })
            .breaking("aPointThatTheLogNeverReachedStartsOver", "a point of another log"),
        reading(
                "who began before the log was started starts over",
                (store, call) ->
                    call.since() == null
                            || call.since().started().equals(store.mark(call.user()).started())
                        ? call.on(store)
                        : new LogReading.StartOver())
            .breaking("whoBeganBeforeTheFirstChangeReadsOn", "is read on, not refused"));
  }

  private static List<Planted> restorations() {
    String whole = "as it was when it was deleted, with the next version";
    return Stream.of(
            restored("a restoration keeps the version", (task, now) -> versioned(task, -1))
                .breaking(
                    "aRestoredTaskCanBeChangedAndDeletedAgain",
                    "the state before the deletion is not the state after"),
            restored(
                "a restoration starts at version 1", (t, now) -> versioned(t, 1 - t.version())),
            restored(
                "a restored task is open",
                (task, now) -> with(task, task.content(), false, task.createdAt(), now)),
            restored(
                "a restored task is created anew",
                (task, now) -> with(task, task.content(), task.completed(), now, now)),
            restored(
                "a restored task has the time of its last change",
                (task, now) ->
                    with(
                        task,
                        task.content(),
                        task.completed(),
                        task.createdAt(),
                        task.createdAt())),
            lost("title", Edit.NOTHING.withTitle(Title.parse("Restored"))),
            lost("description", Edit.NOTHING.withDescription(null)),
            lost("priority", Edit.NOTHING.withPriority(Priority.MEDIUM)),
            lost("tags", Edit.NOTHING.withTags(Tags.NONE)),
            lost("due date", Edit.NOTHING.withDueDate(DueDate.parse("2026-01-01"))))
        .map(planted -> planted.breaking("aDeletedTaskIsRestoredAsItWas", whole))
        .toList();
  }

  private static List<Planted> trashes() {
    return List.of(
        restored(
                "a restoration lets the time of the last change go back",
                (task, now) ->
                    with(
                        task,
                        task.content(),
                        task.completed(),
                        task.createdAt(),
                        now.truncatedTo(ChronoUnit.MICROS)))
            .breaking("aRestoredTasksTimeIsCutAndDoesNotGoBack", "doesn't go back"),
        restored(
                "a restoration keeps nanoseconds",
                (task, now) ->
                    with(
                        task,
                        task.content(),
                        task.completed(),
                        task.createdAt(),
                        now.isAfter(task.updatedAt()) ? now : task.updatedAt()))
            .breaking("aRestoredTasksTimeIsCutAndDoesNotGoBack", "cut to microseconds"),
        listed(
                "the trash is sorted by creation",
                Comparator.comparing((DeletedTask deleted) -> deleted.task().createdAt())
                    .reversed())
            .breaking("theNewestDeletionComesFirstInPagesOfEverySize", "newest deletion first"),
        listed("the oldest deletion comes first", Comparator.comparingLong(DeletedTask::number))
            .breaking("theNewestDeletionComesFirstInPagesOfEverySize", "newest deletion first"),
        planted(
                "a page of the trash repeats the last task of the page before",
                () ->
                    new Faulty() {
                      @Override
                      public List<DeletedTask> listDeleted(UserId user, long before, int limit) {
                        return super.listDeleted(
                            user, before == NEWEST ? before : before + 1, limit);
                      }
                    })
            .breaking("theNewestDeletionComesFirstInPagesOfEverySize", "tell each task once"),
        planted(
                "a page of the trash has one task less",
                () ->
                    new Faulty() {
                      @Override
                      public List<DeletedTask> listDeleted(UserId user, long before, int limit) {
                        return super.listDeleted(user, before, Math.max(1, limit - 1));
                      }
                    })
            .breaking("theNewestDeletionComesFirstInPagesOfEverySize", "as long as the limit"),
        planted(
                "the trash lists its own times",
                () ->
                    new Faulty() {
                      @Override
                      public List<DeletedTask> listDeleted(UserId user, long before, int limit) {
                        return super.listDeleted(user, before, limit).stream()
                            .map(d -> new DeletedTask(d.task(), d.task().updatedAt(), d.number()))
                            .toList();
                      }
                    })
            .breaking("theNewestDeletionComesFirstInPagesOfEverySize", "that the log tells"),
        restored(
                "the trash cuts times",
                (task, now) ->
                    with(
                        task,
                        task.content(),
                        task.completed(),
                        task.createdAt().truncatedTo(ChronoUnit.MILLIS),
                        task.updatedAt()))
            .breaking("everyValueIsKeptInTheTrash", "restore: every value"),
        restored(
                "the trash cuts descriptions",
                (task, now) ->
                    with(
                        task,
                        task.description() == null
                            ? task.content()
                            : Edit.NOTHING
                                .withDescription(Description.stored(cut(task.description())))
                                .appliedTo(task.content()),
                        task.completed(),
                        task.createdAt(),
                        task.updatedAt()))
            .breaking("everyValueIsKeptInTheTrash", "restore: every value"),
        planted(
                "every creation empties its place in the trash",
                () ->
                    new Faulty() {
                      @Override
                      public CreateResult create(
                          UserId user, NewTask task, @Nullable IdempotencyKey key) {
                        if (right.find(user, task.id()).isEmpty()) {
                          right.deletePermanently(user, task.id(), Precondition.NONE);
                        }
                        return super.create(user, task, key);
                      }
                    })
            .breaking("aRefusedCreationLeavesTheTrash", "what is refused takes no"),
        planted("a creation leaves the deleted task in the trash", TwoOfOneId::new)
            .breaking("aNewTaskTakesThePlaceOfADeletedOne", "takes the deleted one's place"),
        planted(
                "a permanent deletion keeps the content",
                () ->
                    new Faulty() {
                      @Override
                      public WriteResult deletePermanently(UserId user, TaskId id, Precondition p) {
                        return right.find(user, id).isPresent()
                            ? right.delete(user, id, p)
                            : right.deletePermanently(user, id, p);
                      }
                    })
            .breaking("whatIsDeletedPermanentlyLeavesNoContent", "not kept in the trash"),
        planted(
                "a permanent deletion leaves the trash alone",
                () ->
                    new Faulty() {
                      @Override
                      public WriteResult deletePermanently(UserId user, TaskId id, Precondition p) {
                        return right.find(user, id).isPresent()
                            ? right.deletePermanently(user, id, p)
                            : new WriteResult.NotFound();
                      }
                    })
            .breaking("whatIsDeletedPermanentlyLeavesNoContent", "refuses it for a deleted task"),
        planted(
                "a permanent deletion has no precondition",
                () ->
                    new Faulty() {
                      @Override
                      public WriteResult deletePermanently(UserId user, TaskId id, Precondition p) {
                        return super.deletePermanently(user, id, Precondition.NONE);
                      }
                    })
            .breaking("whatIsDeletedPermanentlyLeavesNoContent", "a precondition that fails"),
        planted(
                "a restoration of a task that is there modifies it",
                () ->
                    new Faulty() {
                      @Override
                      public Optional<Task> restore(UserId user, TaskId id, Instant now) {
                        return super.restore(user, id, now)
                            .or(
                                () ->
                                    right
                                        .change(user, id, Edit.NOTHING, Precondition.NONE, now)
                                        .match(
                                            done -> Optional.of(done.task()),
                                            notFound -> Optional.empty(),
                                            stale -> Optional.empty()));
                      }
                    })
            .breaking(
                "aMissingTaskIsNeitherRestoredNorDeletedPermanently",
                "not deleted is not restored"),
        planted(
                "deleted tasks are counted",
                () ->
                    new Faulty() {
                      @Override
                      public long count(UserId user, TaskFilter filter) {
                        return super.count(user, filter)
                            + listDeleted(user, NEWEST, 100).stream()
                                .filter(deleted -> filter.allows(deleted.task()))
                                .count();
                      }
                    })
            .breaking("noOperationOfTheRepositorySeesADeletedTask", "count: a deleted task"),
        planted(
                "deleted tasks are summarized",
                () ->
                    new Faulty() {
                      @Override
                      public TaskSummary summarize(UserId user) {
                        TaskSummary summary = super.summarize(user);
                        return new TaskSummary(
                            summary.completed(),
                            summary.pending() + listDeleted(user, NEWEST, 100).size());
                      }
                    })
            .breaking("noOperationOfTheRepositorySeesADeletedTask", "summarize: a deleted task"),
        planted(
                "deleted tasks are found",
                () ->
                    new Faulty() {
                      @Override
                      public Optional<Task> find(UserId user, TaskId id) {
                        return super.find(user, id).or(() -> inTrash(right, user, id));
                      }
                    })
            .breaking("noOperationOfTheRepositorySeesADeletedTask", "find: a deleted task"),
        planted(
                "the id of a deleted task is taken",
                () ->
                    new Faulty() {
                      @Override
                      public CreateResult create(
                          UserId user, NewTask task, @Nullable IdempotencyKey key) {
                        return inTrash(right, user, task.id())
                            .<CreateResult>map(CreateResult.Exists::new)
                            .orElseGet(() -> super.create(user, task, key));
                      }
                    })
            .breaking("noOperationOfTheRepositorySeesADeletedTask", "create: a deleted task's id"),
        planted(
                "the trash shows everybody's tasks",
                () ->
                    new Faulty() {
                      private final Set<UserId> users = ConcurrentHashMap.newKeySet();

                      @Override
                      UserId user(UserId user) {
                        users.add(user);
                        return user;
                      }

                      @Override
                      public List<DeletedTask> listDeleted(UserId user, long before, int limit) {
                        return users.stream()
                            .flatMap(u -> right.listDeleted(u, before, limit).stream())
                            .toList();
                      }
                    })
            .breaking("noOperationReachesAnotherUsersTrash", "listDeleted: nobody sees another"),
        planted(
                "a deleted task is restored whoever asks",
                () ->
                    new Faulty() {
                      private final Set<UserId> users = ConcurrentHashMap.newKeySet();

                      @Override
                      UserId user(UserId user) {
                        users.add(user);
                        return user;
                      }

                      @Override
                      public Optional<Task> restore(UserId user, TaskId id, Instant now) {
                        return users.stream()
                            .flatMap(u -> right.restore(u, id, now).stream())
                            .findFirst();
                      }
                    })
            .breaking("noOperationReachesAnotherUsersTrash", "restore: nobody restores another"),
        planted(
                "owners of deleted tasks ignore case",
                () ->
                    new Faulty() {
                      @Override
                      public List<DeletedTask> listDeleted(UserId user, long before, int limit) {
                        return right.listDeleted(small(user), before, limit);
                      }
                    })
            .breaking("noOperationReachesAnotherUsersTrash", "sees their own deleted tasks"),
        planted(
                "a completed task is deleted for good",
                () ->
                    new Faulty() {
                      @Override
                      public WriteResult delete(UserId user, TaskId id, Precondition p) {
                        return right.find(user, id).filter(Task::completed).isPresent()
                            ? right.deletePermanently(user, id, p)
                            : super.delete(user, id, p);
                      }
                    })
            .breaking("randomSequencesAgreeWithTheModel", "the store agrees with the model"));
  }

  private static List<Planted> races() {
    return List.of(
        planted(
                "a restoration looks into the trash first and answers what it saw",
                () ->
                    new Faulty() {
                      @Override
                      public Optional<Task> restore(UserId user, TaskId id, Instant now) {
                        Optional<Task> seen = inTrash(right, user, id);
                        letOthersIn();
                        super.restore(user, id, now);
                        return seen.map(task -> task.restored(now));
                      }
                    })
            .breaking("ofManyRestorationsOneFindsTheTask", "of many restorations one finds"),
        planted(
                "a restoration overwrites what was created meanwhile",
                () ->
                    new Faulty() {
                      @Override
                      public Optional<Task> restore(UserId user, TaskId id, Instant now) {
                        Optional<Task> seen = inTrash(right, user, id);
                        letOthersIn();
                        super.restore(user, id, now);
                        seen.ifPresent(task -> right.putStored(task.restored(now)));
                        return seen.map(task -> task.restored(now));
                      }
                    })
            .breaking("ofARestorationAndACreationOneMakesTheTask", "of one id one is done"),
        planted(
                "a permanent deletion looks into the trash first",
                () ->
                    new Faulty() {
                      @Override
                      public WriteResult deletePermanently(UserId user, TaskId id, Precondition p) {
                        Optional<Task> seen = inTrash(right, user, id);
                        letOthersIn();
                        if (seen.isEmpty()) {
                          return super.deletePermanently(user, id, p);
                        }
                        if (inTrash(right, user, id).isPresent()) {
                          super.deletePermanently(user, id, p);
                        }
                        return new WriteResult.Done(seen.get());
                      }
                    })
            .breaking(
                "whatIsDeletedPermanentlyWhileItIsRestoredIsGone",
                "deletePermanently: one call finds the task"),
        planted(
                "a change brings a task back that was deleted meanwhile",
                () ->
                    new Faulty() {
                      @Override
                      public WriteResult change(
                          UserId user, TaskId id, TaskChange change, Precondition p, Instant now) {
                        Optional<Task> seen = right.find(user, id);
                        letOthersIn();
                        WriteResult result = super.change(user, id, change, p, now);
                        if (seen.isPresent() && result instanceof WriteResult.NotFound) {
                          Task changed = seen.get().apply(change, now);
                          right.putStored(changed);
                          return new WriteResult.Done(changed);
                        }
                        return result;
                      }
                    })
            .breaking("whatIsDeletedRestoredAndToggledAtOnceIsInOnePlace", "after the race"));
  }

  private static List<Planted> expiries() {
    return List.of(
        kept("deleted tasks are kept too short", DELETED_RETENTION.dividedBy(2), CHANGES_RETENTION)
            .breaking("aDeletedTaskIsKeptForTheRetention", "kept at least for the retention"),
        kept("deleted tasks are kept for ever", Duration.ofDays(10_000), CHANGES_RETENTION)
            .breaking(
                "someTimeAfterTheRetentionNothingOfADeletedTaskIsLeft",
                "listDeleted: an expired task is not listed"),
        kept("a deletion is forgotten with its content", DELETED_RETENTION, DELETED_RETENTION)
            .breaking("aDeletionIsToldForItsRetention", "is read on, not refused"),
        planted(
                "who read on from before a forgotten deletion starts over",
                () ->
                    new Faulty() {
                      private final Map<UserId, Instant> deleted = new ConcurrentHashMap<>();
                      private final Map<UserId, Long> numbers = new ConcurrentHashMap<>();

                      @Override
                      public WriteResult delete(UserId user, TaskId id, Precondition p) {
                        WriteResult result = super.delete(user, id, p);
                        deleted.put(user, clock.instant());
                        numbers.put(user, right.mark(user).number());
                        return result;
                      }

                      @Override
                      public LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
                        Instant forgotten = clock.instant().minus(CHANGES_RETENTION);
                        return since != null
                                && since.number() < numbers.getOrDefault(user, 0L)
                                && deleted.getOrDefault(user, Instant.MAX).isBefore(forgotten)
                            ? new LogReading.StartOver()
                            : super.read(user, since, limit);
                      }
                    })
            .breaking("whoIsUpToDateIsNotRefusedForForgottenDeletions", "is read on, not refused"));
  }

  private static Planted planted(String fault, Supplier<Faulty> store) {
    return new Planted(fault, store, Map.of());
  }

  private static Planted kept(String fault, Duration deleted, Duration changes) {
    return planted(fault, () -> new Faulty(KEY_RETENTION, deleted, changes) {});
  }

  /** A store that tells each operation, by its name or the kind of change, and what it did. */
  private abstract static class Counting extends Faulty {
    private final Map<UserId, AtomicInteger> counted = new ConcurrentHashMap<>();

    abstract boolean counts(String operation, boolean marked);

    int counted(UserId user) {
      return counted.computeIfAbsent(user, added -> new AtomicInteger()).get();
    }

    private <T> T count(UserId user, String operation, Supplier<T> run) {
      LogMark before = right.mark(user);
      T result = run.get();
      if (counts(operation, !before.equals(right.mark(user)))) {
        counted.computeIfAbsent(user, added -> new AtomicInteger()).incrementAndGet();
      }
      return result;
    }

    @Override
    public CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key) {
      return count(user, "create", () -> super.create(user, task, key));
    }

    @Override
    public WriteResult change(
        UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
      return count(
          user,
          change.getClass().getSimpleName(),
          () -> super.change(user, id, change, precondition, now));
    }

    @Override
    public WriteResult delete(UserId user, TaskId id, Precondition precondition) {
      return count(user, "delete", () -> super.delete(user, id, precondition));
    }

    @Override
    public Optional<Task> restore(UserId user, TaskId id, Instant now) {
      return count(user, "restore", () -> super.restore(user, id, now));
    }

    @Override
    public WriteResult deletePermanently(UserId user, TaskId id, Precondition precondition) {
      return count(
          user, "deletePermanently", () -> super.deletePermanently(user, id, precondition));
    }
  }

  /** Changes of this kind leave the mark where it is. */
  private static Planted unraised(String fault, Predicate<String> operations) {
    return planted(
        fault,
        () ->
            new Counting() {
              @Override
              boolean counts(String operation, boolean marked) {
                return marked && operations.test(operation);
              }

              @Override
              public LogMark mark(UserId user) {
                LogMark mark = right.mark(user);
                return new LogMark(mark.started(), mark.number() - counted(user));
              }
            });
  }

  /** Operations of this kind raise the mark, even if they modify nothing. */
  private static Planted raised(String fault, String raising) {
    return planted(
        fault,
        () ->
            new Counting() {
              @Override
              boolean counts(String operation, boolean marked) {
                return !marked && operation.equals(raising);
              }

              @Override
              public LogMark mark(UserId user) {
                LogMark mark = right.mark(user);
                return new LogMark(mark.started(), mark.number() + counted(user));
              }
            });
  }

  private record Call(UserId user, @Nullable SyncPoint since, int limit) {
    LogReading on(InMemoryTaskRepository store) {
      return store.read(user, since, limit);
    }

    Call from(SyncPoint other) {
      return new Call(user, other, limit);
    }

    Call limited(int other) {
      return new Call(user, since, other);
    }
  }

  private static Planted reading(
      String fault, BiFunction<InMemoryTaskRepository, Call, LogReading> read) {
    return planted(
        fault,
        () ->
            new Faulty() {
              @Override
              public LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
                return read.apply(right, new Call(user, since, limit));
              }
            });
  }

  private static LogReading changed(LogReading reading, UnaryOperator<LogReading.Page> change) {
    return reading.match(change::apply, startOver -> startOver);
  }

  private static LogReading.Page page(LogReading.Page page, SyncPoint next, boolean more) {
    return new LogReading.Page(page.entries(), next, more);
  }

  /** The point before the last entry of the page. */
  private static SyncPoint before(LogReading.Page page, Call call) {
    int size = page.entries().size();
    if (size > 1) {
      return page.entries().get(size - 2).point();
    }
    return call.since() == null
        ? new SyncPoint(page.next().started(), -1, null, page.next().base())
        : call.since();
  }

  /** Leaves entries of the last page out, as if they were not there. */
  private static LogReading without(LogReading reading, Predicate<LogEntry> which) {
    return changed(
        reading,
        page ->
            page.more()
                ? page
                : new LogReading.Page(
                    page.entries().stream().filter(which.negate()).toList(), page.next(), false));
  }

  private static SyncPoint atEnd(LogMark mark) {
    return SyncPoint.beginningAt(mark).at(mark);
  }

  /** What is restored is changed, by the time of the restoration. */
  private static Planted restored(String fault, BiFunction<Task, Instant, Task> restored) {
    return planted(
        fault,
        () ->
            new Faulty() {
              @Override
              public Optional<Task> restore(UserId user, TaskId id, Instant now) {
                Optional<Task> task =
                    super.restore(user, id, now).map(right -> restored.apply(right, now));
                task.ifPresent(right::putStored);
                return task;
              }
            });
  }

  private static Planted lost(String field, Edit loss) {
    return restored(
        "a restored task has lost its " + field,
        (task, now) ->
            with(
                task,
                loss.appliedTo(task.content()),
                task.completed(),
                task.createdAt(),
                task.updatedAt()));
  }

  private static Planted listed(String fault, Comparator<DeletedTask> order) {
    return planted(
        fault,
        () ->
            new Faulty() {
              @Override
              public List<DeletedTask> listDeleted(UserId user, long before, int limit) {
                return right.listDeleted(user, before, 1000).stream()
                    .sorted(order)
                    .limit(limit)
                    .toList();
              }
            });
  }

  private static Optional<Task> inTrash(InMemoryTaskRepository right, UserId user, TaskId id) {
    return right.listDeleted(user, TaskTrash.NEWEST, 1000).stream()
        .map(DeletedTask::task)
        .filter(task -> task.id().equals(id))
        .findAny();
  }

  private static Task versioned(Task task, long raise) {
    return Task.stored(
        task.id(),
        task.userId(),
        task.content(),
        task.completed(),
        task.createdAt(),
        task.updatedAt(),
        task.version() + raise);
  }

  private static Task with(
      Task task, TaskContent content, boolean completed, Instant created, Instant updated) {
    return Task.stored(
        task.id(), task.userId(), content, completed, created, updated, task.version());
  }

  private static String cut(Description description) {
    return description.value().substring(0, Math.min(1000, description.value().length()));
  }

  private static UserId small(UserId user) {
    return UserId.parse(user.value().toLowerCase(Locale.ROOT));
  }

  /** A change has its number before it can be read: a page in between passes it by. */
  private static final class EarlyNumbers extends Faulty {
    private final Set<TaskId> writing = ConcurrentHashMap.newKeySet();

    private <T> T write(TaskId id, Supplier<T> write) {
      writing.add(id);
      try {
        T result = write.get();
        letOthersIn();
        return result;
      } finally {
        writing.remove(id);
      }
    }

    @Override
    public CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key) {
      return write(task.id(), () -> super.create(user, task, key));
    }

    @Override
    public WriteResult change(
        UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
      return write(id, () -> super.change(user, id, change, precondition, now));
    }

    @Override
    public LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
      return without(super.read(user, since, limit), entry -> writing.contains(entry.id()));
    }
  }

  /** Keeps a deleted task beside the new one with its id. */
  private static final class TwoOfOneId extends Faulty {
    private final Map<TaskId, DeletedTask> left = new ConcurrentHashMap<>();

    @Override
    public CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key) {
      right.listDeleted(user, NEWEST, 1000).stream()
          .filter(deleted -> deleted.task().id().equals(task.id()))
          .forEach(deleted -> left.put(task.id(), deleted));
      return super.create(user, task, key);
    }

    @Override
    public List<DeletedTask> listDeleted(UserId user, long before, int limit) {
      return Stream.concat(
              super.listDeleted(user, before, limit).stream(),
              left.values().stream()
                  .filter(deleted -> deleted.task().userId().equals(user))
                  .filter(deleted -> deleted.number() < before))
          .sorted(Comparator.comparingLong(DeletedTask::number).reversed())
          .limit(limit)
          .toList();
    }
  }
}
