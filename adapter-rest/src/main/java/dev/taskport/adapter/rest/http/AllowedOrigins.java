package dev.taskport.adapter.rest.http;

import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/** The origins (RFC 6454) whose pages may call the service. Thread-safe. */
@Singleton
public final class AllowedOrigins {
  private final Set<String> origins;

  AllowedOrigins(
      @Property(name = "taskport.cors.origins", defaultValue = "") List<String> origins) {
    this.origins = Set.copyOf(origins);
  }

  /**
   * Whether pages of this origin may call the service.
   *
   * @param origin as browsers send it in {@code Origin}
   */
  public boolean contain(String origin) {
    return origins.contains(origin);
  }
}
