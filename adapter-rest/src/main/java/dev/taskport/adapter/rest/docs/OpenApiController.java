package dev.taskport.adapter.rest.docs;

import dev.taskport.adapter.rest.proxy.Forwarding;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Serves the OpenAPI document, with the path below which the client sees the service. */
@Secured(SecurityRule.IS_ANONYMOUS)
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
final class OpenApiController {
  /** A proxy may pass on whatever prefix a client makes up. */
  private static final int MOST_KEPT = 10;

  private final ApiDocument document;
  private final Forwarding forwarding;
  private final Map<String, StaticFile> files = new ConcurrentHashMap<>();

  OpenApiController(ApiDocument document, Forwarding forwarding) {
    this.document = document;
    this.forwarding = forwarding;
  }

  @Get("/openapi.json")
  HttpResponse<byte[]> document(HttpRequest<?> request) {
    String prefix = forwarding.prefix(request);
    StaticFile known = files.get(prefix);
    if (known != null) {
      return known.answer(request);
    }
    StaticFile file = new StaticFile(document.json(prefix), MediaType.APPLICATION_JSON_TYPE);
    if (files.size() < MOST_KEPT) {
      files.put(prefix, file);
    }
    return file.answer(request);
  }
}
