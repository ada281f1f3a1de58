package dev.taskport.adapter.rest.service;

import dev.taskport.adapter.rest.operation.Draining;
import dev.taskport.domain.StoreHealth;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Whether the service can do its work, and whether it should be sent requests. Thread-safe. */
@Singleton
public final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  /** Shorter than the usual timeout of load balancers and orchestrators. */
  private static final Duration DEADLINE = Duration.ofSeconds(3);

  private static final Duration READINESS_LIFETIME = Duration.ofSeconds(1);

  private final @Nullable StoreHealth store;
  private final Draining draining;
  private final Mono<State> recentState;

  Health(@Nullable StoreHealth store, Draining draining) {
    this.store = store;
    this.draining = draining;
    this.recentState = state().cache(READINESS_LIFETIME);
  }

  /** How the service is. */
  public enum State {
    /** It can do its work. */
    HEALTHY(null),
    STORE_FULL("The database's disk is full"),
    STORE_DOWN(null),
    STOPPING("The service is about to stop");

    private final @Nullable String reason;

    State(@Nullable String reason) {
      this.reason = reason;
    }

    /** What an operator needs to know, in a sentence; null if the state's name says it all. */
    public @Nullable String reason() {
      return reason;
    }
  }

  /** Asks the store. Takes at most three seconds, and never ends with an error. */
  public Mono<State> state() {
    if (store == null) {
      return Mono.just(State.HEALTHY);
    }
    return Mono.defer(() -> Mono.fromCompletionStage(store.check()))
        // It may block, even for ever, or throw.
        .subscribeOn(Schedulers.boundedElastic())
        .map(
            state ->
                switch (state) {
                  case UP -> State.HEALTHY;
                  case FULL -> State.STORE_FULL;
                  case DOWN -> State.STORE_DOWN;
                })
        .timeout(DEADLINE)
        .doOnError(e -> LOG.warn("The check of the store failed: {}", String.valueOf(e)))
        .onErrorReturn(State.STORE_DOWN);
  }

  /**
   * Whether a load balancer should send requests here: {@link #state}, asked at most once a second,
   * and {@link State#STOPPING} as soon as the service is about to stop.
   */
  public Mono<State> readiness() {
    return draining.begun() ? Mono.just(State.STOPPING) : recentState;
  }
}
