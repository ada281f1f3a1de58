package dev.taskport.adapter.rest;

import dev.taskport.fuzz.ApiDescription;

/** The OpenAPI document as a client gets it. */
public final class OpenApiDocument extends ApiDescription {
  public OpenApiDocument(TestService service) {
    super(service.get("/openapi.json").body());
  }
}
