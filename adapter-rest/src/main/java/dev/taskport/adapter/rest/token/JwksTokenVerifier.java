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
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Verifies tokens of RS256, ES256 and EdDSA by the keys of the key set. The set is fetched at the
 * start, at regular intervals, and when a token names an unknown key, but at most once in {@code
 * taskport.tokens.jwks-min-interval}. While the set can't be fetched, the known keys stay in use.
 *
 * <p>Nimbus' {@code JWKSourceBuilder} differs in three points. It blocks the thread of each request
 * that waits for a fetch. With its outage tolerance, it doesn't distinguish a key that is not in
 * the set (here 401) from a set that can't be fetched (here 503). And it refuses the whole set for
 * one malformed key. Code to change that would be longer than this class.
 */
@Singleton
@Requires(beans = TokenSettings.class)
final class JwksTokenVerifier
    implements ReactiveSignatureConfiguration<SignedJWT>,
        ApplicationEventListener<ServerStartupEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(JwksTokenVerifier.class);

  private final @Nullable JwksSource source;
  private final Duration minInterval;
  private final Duration refreshInterval;
  private final TaskScheduler scheduler;
  private final Executor executor;

  private final SignatureChecks checks;

  private final VerifiedTokens verified;

  private volatile KnownKeys known;

  /** Whether no fetch has succeeded yet or the last one failed, so that a key may be missing. */
  private volatile boolean outdated = true;

  // State of the latest fetch; guarded by this object's lock.
  private CompletableFuture<Void> fetch = CompletableFuture.completedFuture(null);
  private long startedAt;
  private boolean failureLogged;

  JwksTokenVerifier(
      TokenSettings settings,
      @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler,
      @Named(TaskExecutors.BLOCKING) ExecutorService executor,
      SignatureChecks checks,
      VerifiedTokens verified,
      @Value("${taskport.tokens.jwks-refresh-interval:5m}") Duration refreshInterval,
      @Value("${taskport.tokens.jwks-min-interval:5s}") Duration minInterval,
      @Value("${taskport.tokens.jwks-timeout:5s}") Duration timeout) {
    URI address = settings.keySet();
    this.source = address == null ? null : new JwksSource(address, timeout);
    this.scheduler = scheduler;
    this.executor = executor;
    this.checks = checks;
    this.verified = verified;
    this.known = new KnownKeys(List.of());
    this.refreshInterval = refreshInterval;
    this.minInterval = minInterval;
    this.startedAt = System.nanoTime() - minInterval.toNanos();
  }

  @Override
  public Publisher<Boolean> verify(SignedJWT token) {
    if (source == null || !JwksKey.isSupported(token.getHeader().getAlgorithm())) {
      return Mono.just(false);
    }
    KnownKeys tried = known;
    PropagatedContext context = PropagatedContext.getOrEmpty();
    Scheduler onwards = Schedulers.fromExecutor(task -> executor.execute(context.wrap(task)));
    List<JwksKey> candidates = tried.thatMayHaveSigned(token);
    if (candidates.isEmpty()) {
      return afterFetch(token, tried, onwards);
    }
    return checked(token, tried, candidates, onwards)
        .flatMap(
            signed ->
                signed || token.getHeader().getKeyID() != null
                    ? Mono.just(signed)
                    : afterFetch(token, tried, onwards));
  }

  private Mono<Boolean> checked(
      SignedJWT token, KnownKeys keys, List<JwksKey> candidates, Scheduler onwards) {
    return checks.submit(() -> keys.verify(token, candidates)).publishOn(onwards);
  }

  /** The key may be a new one: fetches the set, and tries the keys that weren't tried. */
  private Mono<Boolean> afterFetch(SignedJWT token, KnownKeys tried, Scheduler onwards) {
    // A copy, because a client that disconnects cancels it, while others wait for the same fetch.
    return Mono.fromFuture(fetch().copy())
        .publishOn(onwards)
        .then(
            Mono.defer(
                () -> {
                  KnownKeys fetched = known;
                  List<JwksKey> candidates = fetched.thatMayHaveSigned(token, tried);
                  if (!candidates.isEmpty()) {
                    return checked(token, fetched, candidates, onwards)
                        .flatMap(signed -> signed ? Mono.just(true) : refused(token, fetched));
                  }
                  return refused(token, fetched);
                }));
  }

  private Mono<Boolean> refused(SignedJWT token, KnownKeys keys) {
    boolean isKeyKnown =
        token.getHeader().getKeyID() != null && !keys.thatMayHaveSigned(token).isEmpty();
    return outdated && !isKeyKnown ? Mono.error(new JwksUnavailableException()) : Mono.just(false);
  }

  /** Fetches the set at regular intervals, so that a withdrawn key is soon refused. */
  @Override
  public void onApplicationEvent(ServerStartupEvent event) {
    if (source != null) {
      var unused = scheduler.scheduleWithFixedDelay(Duration.ZERO, refreshInterval, this::refresh);
    }
  }

  private void refresh() {
    var unused = fetch(); // fetch() logs its own failure
  }

  /**
   * Fetches the set, unless a fetch is under way or the last one is too recent. The result never
   * completes exceptionally.
   */
  private synchronized CompletableFuture<Void> fetch() {
    boolean tooSoon = System.nanoTime() - startedAt < minInterval.toNanos();
    if (source != null && fetch.isDone() && !tooSoon) {
      startedAt = System.nanoTime();
      fetch = source.read().handle(this::accept);
    }
    return fetch;
  }

  private synchronized @Nullable Void accept(
      @Nullable List<JwksKey> fetched, @Nullable Throwable failure) {
    if (fetched != null) {
      if (!known.are(fetched)) {
        boolean first = known.size() == 0;
        known = new KnownKeys(fetched);
        if (!first) {
          verified.keysChanged();
        }
      }
      outdated = false;
      if (failureLogged) {
        LOG.info("The keys of tokens can be read again from {}", source);
      } else {
        LOG.debug("Keys of tokens: {}", fetched.size());
      }
      failureLogged = false;
    } else {
      outdated = true;
      if (!failureLogged) {
        LOG.warn(
            "The keys of tokens can't be read from {} ({}); {} known go on working",
            source,
            reason(failure),
            known.size());
      }
      failureLogged = true;
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
