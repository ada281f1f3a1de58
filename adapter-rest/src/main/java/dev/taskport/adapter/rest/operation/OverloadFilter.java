package dev.taskport.adapter.rest.operation;

import dev.taskport.adapter.rest.problem.Problems;
import dev.taskport.adapter.rest.task.UserTasks;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a request for tasks at once when too many are carried out: before its body is read, and
 * after the access filter (order 39,000), so that it is not a way around that.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class OverloadFilter {
  /** Of a connection, or an HTTP/2 stream: the request that was accepted and isn't answered yet. */
  static final AttributeKey<HttpRequest<?>> ACCEPTED = AttributeKey.valueOf("taskport.accepted");

  private static final int AFTER_SECURITY = 39_200;

  private final RequestLimit limit;
  private final Problems problems;

  OverloadFilter(RequestLimit limit, Problems problems) {
    this.limit = limit;
    this.problems = problems;
  }

  @RequestFilter
  @Order(AFTER_SECURITY)
  @Nullable HttpResponse<?> refuse(HttpRequest<?> request) {
    if (!UserTasks.isApi(request)) {
      return null;
    }
    if (limit.refuses(request)) {
      return problems.unavailable(
          request, "overload", "The service is too busy now; try again soon");
    }
    if (request instanceof NettyHttpRequest<?> netty) {
      netty.getChannelHandlerContext().channel().attr(ACCEPTED).set(request);
    }
    return null;
  }
}
