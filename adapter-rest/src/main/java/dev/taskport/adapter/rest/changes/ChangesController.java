package dev.taskport.adapter.rest.changes;

import com.nimbusds.jwt.JWTClaimNames;
import dev.taskport.adapter.rest.json.JsonBytes;
import dev.taskport.adapter.rest.problem.InvalidInputException;
import dev.taskport.adapter.rest.problem.StartOverException;
import dev.taskport.adapter.rest.query.QueryInput;
import dev.taskport.adapter.rest.task.UserTasks;
import dev.taskport.application.ReadChanges;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.SyncPoint;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.authentication.Authentication;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The routes that tell what changed in a user's tasks. */
@Controller(UserTasks.ROUTE)
final class ChangesController {
  /** What a browser's {@code EventSource} sends when it reconnects. */
  private static final String LAST_EVENT_ID = "Last-Event-ID";

  private final ReadChanges readChanges;
  private final EventStreams streams;
  private final EventSettings settings;
  private final Clock clock;

  ChangesController(
      ReadChanges readChanges, EventStreams streams, EventSettings settings, Clock clock) {
    this.readChanges = readChanges;
    this.streams = streams;
    this.settings = settings;
    this.clock = clock;
  }

  @Get("/changes")
  @ExecuteOn(TaskExecutors.BLOCKING)
  HttpResponse<JsonBytes> changes(UserTasks tasks, HttpRequest<?> request) {
    UserId user = tasks.user();
    QueryInput query = new QueryInput(request);
    SyncPoint since = query.one((name, value) -> SyncToken.parse(name, value, user), "since");
    Integer limit = query.one(QueryInput.limit(), "limit");
    query.rejectIfInvalid();
    return readChanges
        .read(user, since, limit == null ? QueryInput.DEFAULT_LIMIT : limit)
        .match(
            page -> HttpResponse.ok(ChangesJson.of(page, user)),
            startOver -> {
              throw new StartOverException();
            });
  }

  /** Waits for nothing, so that a stream can be opened while the store is down. */
  @Get("/events")
  @Produces(MediaType.TEXT_EVENT_STREAM)
  HttpResponse<EventStream> events(UserTasks tasks, HttpRequest<?> request) {
    EventStream stream = stream(tasks.user(), request);
    streams.requireRoom(tasks.user());
    return HttpResponse.ok(stream)
        // A proxy that compresses or buffers would hold the events back.
        .header(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
        .header("X-Accel-Buffering", "no");
  }

  /**
   * The stream that the client asks for.
   *
   * @throws InvalidInputException when the client itself sends a token that is none. One that the
   *     browser sends again by itself is answered with a reset instead: a browser gives up after an
   *     error.
   */
  private EventStream stream(UserId user, HttpRequest<?> request) {
    QueryInput query = new QueryInput(request);
    SyncPoint since = query.one((name, value) -> SyncToken.parse(name, value, user), "since");
    String lastEventId = request.getHeaders().get(LAST_EVENT_ID);
    if (lastEventId == null || lastEventId.isEmpty()) {
      lastEventId = query.one((name, value) -> value, "lastEventId");
    }
    query.rejectIfInvalid();
    if (lastEventId == null) {
      return new EventStream(user, since, /* reset= */ false, lifetime(request));
    }
    SyncPoint last = SyncToken.parse(lastEventId, user);
    return new EventStream(user, last, /* reset= */ last == null, lifetime(request));
  }

  /** Until the token expires, if there is one. */
  private Duration lifetime(HttpRequest<?> request) {
    Instant now = clock.instant();
    Instant longest = now.plus(settings.lifetime());
    Instant expiry = expiry(request);
    Duration left =
        Duration.between(now, expiry == null || expiry.isAfter(longest) ? longest : expiry);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static @Nullable Instant expiry(HttpRequest<?> request) {
    return request
        .getUserPrincipal(Authentication.class)
        .map(caller -> caller.getAttributes().get(JWTClaimNames.EXPIRATION_TIME))
        .filter(Instant.class::isInstance)
        .map(Instant.class::cast)
        .orElse(null);
  }
}
