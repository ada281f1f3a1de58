package dev.taskport.bench.vertx;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/**
 * Starts an event loop for each processor, on the native transport. The environment says where the
 * database is ({@code DATABASE_HOST}, {@code _PORT}, {@code _NAME}, {@code _USER}, {@code
 * _PASSWORD}, {@code _SCHEMA}), and the {@code PORT} to listen on.
 */
final class VertxPeer {
  private VertxPeer() {}

  public static void main(String[] args) {
    int eventLoops = Runtime.getRuntime().availableProcessors();
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(eventLoops));
    if (!vertx.isNativeTransportEnabled()) {
      throw new IllegalStateException(
          "The native transport does not start", vertx.unavailableNativeTransportCause());
    }
    vertx
        .deployVerticle(TaskVerticle::new, new DeploymentOptions().setInstances(eventLoops))
        .onFailure(
            e -> {
              e.printStackTrace();
              System.exit(1);
            });
  }
}
