package dev.taskport.adapter.rest.list;

import static dev.taskport.adapter.rest.docs.ApiParts.EXAMPLE;
import static dev.taskport.adapter.rest.docs.ApiParts.PARAMETER;
import static dev.taskport.adapter.rest.docs.ApiParts.REQUEST_ID;
import static dev.taskport.adapter.rest.docs.ApiParts.RESPONSE;
import static dev.taskport.adapter.rest.docs.ApiParts.SCHEMA;
import static io.swagger.v3.oas.annotations.enums.ParameterIn.HEADER;
import static io.swagger.v3.oas.annotations.enums.ParameterIn.QUERY;

import dev.taskport.adapter.rest.RequestId;
import dev.taskport.adapter.rest.docs.ApiParts;
import dev.taskport.adapter.rest.http.Preferences;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.MediaType;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What {@link ApiParts} is to all routes, for those of lists. */
final class ListApiParts {
  private ListApiParts() {}

  /** The parameters of a list, and how they are refused. */
  @Parameter(name = "limit", in = QUERY, ref = PARAMETER + "Limit")
  @Parameter(name = "cursor", in = QUERY, ref = PARAMETER + "Cursor")
  @Parameter(name = "offset", in = QUERY, ref = PARAMETER + "Offset")
  @Parameter(name = "status", in = QUERY, ref = PARAMETER + "Status")
  @Parameter(name = "completed", in = QUERY, ref = PARAMETER + "Completed")
  @Parameter(name = "search", in = QUERY, ref = PARAMETER + "Search")
  @Parameter(name = "created_after", in = QUERY, ref = PARAMETER + "CreatedAfter")
  @Parameter(name = "created_before", in = QUERY, ref = PARAMETER + "CreatedBefore")
  @Parameter(name = "updated_after", in = QUERY, ref = PARAMETER + "UpdatedAfter")
  @Parameter(name = "updated_before", in = QUERY, ref = PARAMETER + "UpdatedBefore")
  @Parameter(name = "sort", in = QUERY, ref = PARAMETER + "Sort")
  @Parameter(name = "order", in = QUERY, ref = PARAMETER + "Order")
  @Parameter(name = Preferences.HEADER, in = HEADER, ref = PARAMETER + "Prefer")
  @ApiResponse(
      responseCode = "400",
      ref = RESPONSE + "Malformed",
      description = "The request can't be read")
  @ApiResponse(
      responseCode = "422",
      ref = RESPONSE + "InvalidQuery",
      description = "A value in the path or the query is not acceptable")
  @Retention(RetentionPolicy.SOURCE)
  @Target(ElementType.METHOD)
  @interface Query {}

  /** The answer is a list of tasks. */
  @ApiResponse(
      responseCode = "200",
      description = "The user's tasks",
      headers = {
        @Header(
            name = HttpHeaders.LINK,
            description =
                "With `limit`, the way to the first page and, if there are more tasks, to the"
                    + " `next` one (RFC 8288).",
            schema = @Schema(implementation = String.class)),
        @Header(
            name = "X-Total-Count",
            description =
                "With `Prefer: count=exact`, how many tasks the filter lets through, on all pages"
                    + " together.",
            schema = @Schema(implementation = Long.class)),
        @Header(
            name = Preferences.APPLIED,
            description = "`count=exact` when the tasks were counted (RFC 7240).",
            schema = @Schema(implementation = String.class)),
        @Header(
            name = RequestId.HEADER,
            description = REQUEST_ID,
            schema = @Schema(implementation = String.class))
      },
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(ref = SCHEMA + "Tasks"),
              examples = {
                @ExampleObject(name = "one", ref = EXAMPLE + "OneTask"),
                @ExampleObject(name = "none", ref = EXAMPLE + "NoTask")
              }))
  @Retention(RetentionPolicy.SOURCE)
  @Target(ElementType.METHOD)
  @interface AnswersTasks {}

  /** The answer says how many tasks there are. */
  @ApiResponse(
      responseCode = "200",
      description = "How many tasks the user has",
      headers =
          @Header(
              name = RequestId.HEADER,
              description = REQUEST_ID,
              schema = @Schema(implementation = String.class)),
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(ref = SCHEMA + "Summary"),
              examples = @ExampleObject(name = "summary", ref = EXAMPLE + "Summary")))
  @Retention(RetentionPolicy.SOURCE)
  @Target(ElementType.METHOD)
  @interface AnswersSummary {}
}
