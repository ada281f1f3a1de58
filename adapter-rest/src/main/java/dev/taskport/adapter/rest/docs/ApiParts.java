package dev.taskport.adapter.rest.docs;

import static io.swagger.v3.oas.annotations.enums.ParameterIn.HEADER;
import static io.swagger.v3.oas.annotations.enums.ParameterIn.PATH;
import static java.lang.annotation.ElementType.ANNOTATION_TYPE;
import static java.lang.annotation.ElementType.METHOD;

import dev.taskport.adapter.rest.MediaTypes;
import dev.taskport.adapter.rest.RequestId;
import io.micronaut.http.MediaType;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What routes have in common in the OpenAPI document, as annotations for them. What these refer to
 * is in {@code src/main/openapi/components.yml}. Answers of status 200 are here in full, since the
 * processor adds content of its own to those that are references.
 */
public final class ApiParts {
  public static final String RESPONSE = "#/components/responses/";
  public static final String PARAMETER = "#/components/parameters/";
  public static final String SCHEMA = "#/components/schemas/";
  public static final String EXAMPLE = "#/components/examples/";

  private static final String ETAG = "The state of the task, for `If-Match` and `If-None-Match`.";
  public static final String REQUEST_ID =
      "Names the request; the client's own value if it sent a usable one.";

  private ApiParts() {}

  /** Any route. */
  @ApiResponse(
      responseCode = "406",
      ref = RESPONSE + "NotAcceptable",
      description = "`Accept` names no media type that this operation answers in")
  @ApiResponse(
      responseCode = "4XX",
      ref = RESPONSE + "OtherError",
      description = "Anything else that is wrong with the request, such as its method")
  @ApiResponse(
      responseCode = "500",
      ref = RESPONSE + "InternalServerError",
      description = "A fault of the service")
  @Retention(RetentionPolicy.SOURCE)
  @Target({METHOD, ANNOTATION_TYPE})
  public @interface Route {}

  /** A route under a user. */
  @Route
  @SecurityRequirement(name = "token")
  @Parameter(name = "user_id", in = PATH, ref = PARAMETER + "UserId")
  @ApiResponse(
      responseCode = "401",
      ref = RESPONSE + "Unauthorized",
      description = "There is no bearer token, or none that is valid")
  @ApiResponse(
      responseCode = "403",
      ref = RESPONSE + "Forbidden",
      description = "The token is another user's")
  @ApiResponse(
      responseCode = "503",
      ref = RESPONSE + "Unavailable",
      description = "The database or the keys of tokens can't be reached; try again soon")
  @Retention(RetentionPolicy.SOURCE)
  @Target({METHOD, ANNOTATION_TYPE})
  public @interface OfUser {}

  /** A route of one task. */
  @OfUser
  @Parameter(name = "task_id", in = PATH, ref = PARAMETER + "TaskId")
  @ApiResponse(
      responseCode = "404",
      ref = RESPONSE + "TaskNotFound",
      description = "The user has no such task")
  @Retention(RetentionPolicy.SOURCE)
  @Target(METHOD)
  public @interface OfTask {}

  /** A write that may depend on the state that it starts from. */
  @Parameter(name = "If-Match", in = HEADER, ref = PARAMETER + "IfMatch")
  @ApiResponse(
      responseCode = "412",
      ref = RESPONSE + "PreconditionFailed",
      description = "The task is not in the state that the request asks for; nothing was done")
  @ApiResponse(
      responseCode = "428",
      ref = RESPONSE + "PreconditionRequired",
      description = "This service is configured to demand `If-Match`")
  @Retention(RetentionPolicy.SOURCE)
  @Target(METHOD)
  public @interface Conditional {}

  /** A route that reads no body. */
  @ApiResponse(
      responseCode = "400",
      ref = RESPONSE + "Malformed",
      description = "The request can't be read")
  @ApiResponse(
      responseCode = "422",
      ref = RESPONSE + "InvalidPath",
      description = "A value in the path is not acceptable")
  @Retention(RetentionPolicy.SOURCE)
  @Target(METHOD)
  public @interface WithoutBody {}

  /** A route that reads a body. */
  @ApiResponse(
      responseCode = "400",
      ref = RESPONSE + "MalformedBody",
      description = "The request can't be read")
  @ApiResponse(
      responseCode = "413",
      ref = RESPONSE + "TooLarge",
      description = "The body is larger than 128 KiB")
  @ApiResponse(
      responseCode = "415",
      ref = RESPONSE + "UnsupportedMediaType",
      description = "The body's `Content-Type` is none that this operation reads")
  @ApiResponse(
      responseCode = "422",
      ref = RESPONSE + "Invalid",
      description = "The request can be read, but a value in it is not acceptable")
  @Retention(RetentionPolicy.SOURCE)
  @Target(ANNOTATION_TYPE)
  public @interface WithBody {}

  /** A body that creates a task. */
  @WithBody
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(ref = SCHEMA + "NewTask"),
              examples = {
                @ExampleObject(name = "title", ref = EXAMPLE + "NewTask"),
                @ExampleObject(name = "all", ref = EXAMPLE + "NewTaskWithAllFields")
              }))
  @Retention(RetentionPolicy.SOURCE)
  @Target(METHOD)
  public @interface NewTaskBody {}

  /** A body that edits a task, as JSON only. */
  @WithBody
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(ref = SCHEMA + "TaskEdit"),
              examples = {
                @ExampleObject(name = "rename", ref = EXAMPLE + "Rename"),
                @ExampleObject(name = "clear", ref = EXAMPLE + "ClearDescription"),
                @ExampleObject(name = "replace", ref = EXAMPLE + "Replace")
              }))
  @Retention(RetentionPolicy.SOURCE)
  @Target(METHOD)
  public @interface TaskEditBody {}

  /** A body that edits a task, as a merge patch or as JSON. */
  @WithBody
  @RequestBody(
      required = true,
      content = {
        @Content(
            mediaType = MediaTypes.MERGE_PATCH,
            schema = @Schema(ref = SCHEMA + "TaskEdit"),
            examples = {
              @ExampleObject(name = "rename", ref = EXAMPLE + "Rename"),
              @ExampleObject(name = "clear", ref = EXAMPLE + "ClearDescription")
            }),
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(ref = SCHEMA + "TaskEdit"),
            examples = {
              @ExampleObject(name = "rename", ref = EXAMPLE + "Rename"),
              @ExampleObject(name = "clear", ref = EXAMPLE + "ClearDescription")
            })
      })
  @Retention(RetentionPolicy.SOURCE)
  @Target(METHOD)
  public @interface TaskPatchBody {}

  /** A body that sets whether a task is completed. */
  @WithBody
  @RequestBody(
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(ref = SCHEMA + "Completion"),
            examples = {
              @ExampleObject(name = "complete", ref = EXAMPLE + "Complete"),
              @ExampleObject(name = "reopen", ref = EXAMPLE + "Reopen"),
              @ExampleObject(name = "toggle", ref = EXAMPLE + "Toggle")
            }),
        @Content(
            mediaType = MediaTypes.MERGE_PATCH,
            schema = @Schema(ref = SCHEMA + "Completion"),
            examples = @ExampleObject(name = "complete", ref = EXAMPLE + "Complete"))
      })
  @Retention(RetentionPolicy.SOURCE)
  @Target(METHOD)
  public @interface CompletionBody {}

  /** The answer is a task. */
  @ApiResponse(
      responseCode = "200",
      description = "The task as it is now",
      headers = {
        @Header(name = "ETag", description = ETAG, schema = @Schema(implementation = String.class)),
        @Header(
            name = RequestId.HEADER,
            description = REQUEST_ID,
            schema = @Schema(implementation = String.class))
      },
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(ref = SCHEMA + "Task"),
              examples = {
                @ExampleObject(name = "open", ref = EXAMPLE + "Task"),
                @ExampleObject(name = "completed", ref = EXAMPLE + "CompletedTask")
              }))
  @Retention(RetentionPolicy.SOURCE)
  @Target(METHOD)
  public @interface AnswersTask {}

  /** The answer says what was done. */
  @ApiResponse(
      responseCode = "200",
      description = "The task was deleted",
      headers =
          @Header(
              name = RequestId.HEADER,
              description = REQUEST_ID,
              schema = @Schema(implementation = String.class)),
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(ref = SCHEMA + "Message"),
              examples = @ExampleObject(name = "deleted", ref = EXAMPLE + "Deleted")))
  @Retention(RetentionPolicy.SOURCE)
  @Target(METHOD)
  public @interface AnswersMessage {}

  /** The answer is about the service. */
  @ApiResponse(
      responseCode = "200",
      description = "The service and its version",
      headers =
          @Header(
              name = RequestId.HEADER,
              description = REQUEST_ID,
              schema = @Schema(implementation = String.class)),
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(ref = SCHEMA + "Service"),
              examples = @ExampleObject(name = "service", ref = EXAMPLE + "Service")))
  @Retention(RetentionPolicy.SOURCE)
  @Target(METHOD)
  public @interface AnswersService {}

  /** The answer is about health. */
  @ApiResponse(
      responseCode = "200",
      description = "The service can do its work",
      headers =
          @Header(
              name = RequestId.HEADER,
              description = REQUEST_ID,
              schema = @Schema(implementation = String.class)),
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(ref = SCHEMA + "Health"),
              examples = @ExampleObject(name = "healthy", ref = EXAMPLE + "Healthy")))
  @Retention(RetentionPolicy.SOURCE)
  @Target(METHOD)
  public @interface AnswersHealth {}
}
