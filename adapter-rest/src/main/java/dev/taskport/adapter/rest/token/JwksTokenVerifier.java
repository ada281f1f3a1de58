package dev.taskport.adapter.rest.token;

import com.nimbusds.jwt.SignedJWT;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import io.micronaut.security.token.jwt.signature.ReactiveSignatureConfiguration;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Verifies tokens of RS256, ES256 and EdDSA by the keys of the key set, and by nothing else. The
 * set is read at the start, regularly, and when a token names a key that is not known, though not
 * more often than every {@code taskport.tokens.key-pause}. When it can't be read, the keys that are
 * known go on working.
 */
@Singleton
@Requires(beans = TokenSettings.class)
final class JwksTokenVerifier
    implements ReactiveSignatureConfiguration<SignedJWT>,
        ApplicationEventListener<ServerStartupEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(JwksTokenVerifier.class);

  private final @Nullable JwksSource source;
  private final Duration pause;
  private final Duration refresh;
  private final TaskScheduler scheduler;
  private final Executor executor;

  private volatile List<JwksKey> known = List.of();

  /** Whether the last attempt to read the set failed, so that a key may be missing. */
  private volatile boolean outdated = true;

  // Of the latest attempt, under this object's lock.
  private CompletableFuture<Void> reading = CompletableFuture.completedFuture(null);
  private long startedAt;
  private boolean complained;

  JwksTokenVerifier(
      TokenSettings settings,
      @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler,
      @Named(TaskExecutors.BLOCKING) ExecutorService executor,
      @Value("${taskport.tokens.key-refresh:5m}") Duration refresh,
      @Value("${taskport.tokens.key-pause:5s}") Duration pause,
      @Value("${taskport.tokens.key-deadline:5s}") Duration deadline) {
    URI address = settings.keySet();
    this.source = address == null ? null : new JwksSource(address, deadline);
    this.scheduler = scheduler;
    this.executor = executor;
    this.refresh = refresh;
    this.pause = pause;
    this.startedAt = System.nanoTime() - pause.toNanos();
  }

  @Override
  public Publisher<Boolean> verify(SignedJWT token) {
    if (source == null || !JwksKey.isSupported(token.getHeader().getAlgorithm())) {
      return Mono.just(false);
    }
    if (known.stream().anyMatch(key -> key.hasSigned(token))) {
      return Mono.just(true);
    }
    if (token.getHeader().getKeyID() != null && isKeyKnown(token)) {
      return Mono.just(false);
    }
    // A copy can be cancelled, by a client that leaves, without harm to the others who wait.
    PropagatedContext context = PropagatedContext.getOrEmpty();
    return Mono.fromFuture(read().copy())
        .publishOn(Schedulers.fromExecutor(task -> executor.execute(context.wrap(task))))
        .then(Mono.defer(() -> verifyAfresh(token)));
  }

  private Mono<Boolean> verifyAfresh(SignedJWT token) {
    if (known.stream().anyMatch(key -> key.hasSigned(token))) {
      return Mono.just(true);
    }
    return outdated && !(token.getHeader().getKeyID() != null && isKeyKnown(token))
        ? Mono.error(new JwksUnavailableException())
        : Mono.just(false);
  }

  private boolean isKeyKnown(SignedJWT token) {
    return known.stream().anyMatch(key -> key.mayHaveSigned(token));
  }

  /** Reads the set from now on regularly, so that a key which was withdrawn is soon refused. */
  @Override
  public void onApplicationEvent(ServerStartupEvent event) {
    if (source != null) {
      var unused = scheduler.scheduleWithFixedDelay(Duration.ZERO, refresh, this::begin);
    }
  }

  private void begin() {
    var unused = read(); // which tells by itself how it went
  }

  /**
   * Reads the set, unless that is under way or was only just done; never completes with failure.
   */
  private synchronized CompletableFuture<Void> read() {
    boolean tooSoon = System.nanoTime() - startedAt < pause.toNanos();
    if (source != null && reading.isDone() && !tooSoon) {
      startedAt = System.nanoTime();
      reading = source.read().handle(this::take);
    }
    return reading;
  }

  private synchronized @Nullable Void take(
      @Nullable List<JwksKey> keys, @Nullable Throwable failure) {
    if (keys != null) {
      known = keys;
      outdated = false;
      if (complained) {
        LOG.info("The keys of tokens can be read again from {}", source);
      } else {
        LOG.debug("Keys of tokens: {}", keys.size());
      }
      complained = false;
    } else {
      outdated = true;
      if (!complained) {
        LOG.warn(
            "The keys of tokens can't be read from {} ({}); {} known go on working",
            source,
            reason(failure),
            known.size());
      }
      complained = true;
    }
    return null;
  }

  private static String reason(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof TimeoutException) {
      return "it takes too long";
    }
    return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
  }
}
