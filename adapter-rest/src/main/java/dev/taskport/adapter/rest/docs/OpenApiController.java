package dev.taskport.adapter.rest.docs;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;

/** Serves the OpenAPI document. */
@Secured(SecurityRule.IS_ANONYMOUS)
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
final class OpenApiController {
  private final StaticFile document;

  OpenApiController(ApiDocument document) {
    this.document = new StaticFile(document.json(), MediaType.APPLICATION_JSON_TYPE);
  }

  @Get("/openapi.json")
  HttpResponse<byte[]> document(HttpRequest<?> request) {
    return document.answer(request);
  }
}
