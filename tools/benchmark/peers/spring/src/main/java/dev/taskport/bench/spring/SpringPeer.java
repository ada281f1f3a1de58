package dev.taskport.bench.spring;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Starts it on virtual threads if the JDK has them. The environment says where the database is
 * ({@code DATABASE_HOST}, {@code _PORT}, {@code _NAME}, {@code _USER}, {@code _PASSWORD}, {@code
 * _SCHEMA}), and the {@code PORT} to listen on.
 */
@SpringBootApplication(proxyBeanMethods = false)
class SpringPeer {
  public static void main(String[] args) {
    Map<String, String> environment = System.getenv();
    Map<String, Object> settings = new HashMap<>();
    settings.put("server.port", environment.get("PORT"));
    settings.put("server.address", "127.0.0.1");
    settings.put("spring.threads.virtual.enabled", true);
    settings.put("spring.main.banner-mode", "off");
    settings.put(
        "spring.datasource.url",
        "jdbc:postgresql://%s:%s/%s?currentSchema=%s"
            .formatted(
                environment.get("DATABASE_HOST"),
                environment.get("DATABASE_PORT"),
                environment.get("DATABASE_NAME"),
                environment.get("DATABASE_SCHEMA")));
    settings.put("spring.datasource.username", environment.get("DATABASE_USER"));
    settings.put("spring.datasource.password", environment.get("DATABASE_PASSWORD"));
    settings.put("spring.datasource.hikari.maximum-pool-size", 10);
    settings.put("spring.jackson.property-naming-strategy", "SNAKE_CASE");
    SpringApplication application = new SpringApplication(SpringPeer.class);
    application.setDefaultProperties(settings);
    application.run(args);
  }
}
