package dev.taskport.adapter.rest.service;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of the service, from a file that the build writes. */
@Singleton
public final class ServiceVersion {
  private final String value;

  ServiceVersion() {
    try (InputStream file = ServiceVersion.class.getResourceAsStream("version.properties")) {
      Properties properties = new Properties();
      properties.load(Objects.requireNonNull(file, "version.properties is missing"));
      value = properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String value() {
    return value;
  }
}
