package dev.taskport.adapter.rest.docs;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Contact;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;

/**
 * Serves the OpenAPI document. The build makes it from the controllers, their Javadoc and
 * annotations, and from {@code src/main/openapi}.
 */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Taskport",
            version = "${api.version}",
            description =
                """
                Tasks by user.

                Every error is a problem (RFC 9457) in `application/problem+json`; its `detail` is \
                a sentence for people. Every answer names its request in `X-Request-ID`, which \
                takes the client's value if there is a usable one. Times are UTC with \
                microseconds. A trailing slash changes nothing, `HEAD` works wherever `GET` does, \
                and unknown query parameters and body keys are ignored.\
                """,
            contact = @Contact(name = "Taskport"),
            license =
                @License(name = "Apache-2.0", url = "https://www.apache.org/licenses/LICENSE-2.0")),
    servers = @Server(url = "/", description = "The service that this document comes from"),
    tags = {
      @Tag(name = "Tasks", description = "The tasks of a user"),
      @Tag(name = "Service", description = "What the service says about itself")
    })
@Hidden
@Secured(SecurityRule.IS_ANONYMOUS)
@Controller
final class OpenApiController {
  private static final String DOCUMENT = "/META-INF/swagger/openapi.json";

  private final StaticFile document =
      new StaticFile(
          StaticFile.read(DOCUMENT)
              .orElseThrow(() -> new IllegalStateException("The build made no " + DOCUMENT)),
          MediaType.APPLICATION_JSON_TYPE);

  @Get("/openapi.json")
  HttpResponse<byte[]> document(HttpRequest<?> request) {
    return document.answer(request);
  }
}
