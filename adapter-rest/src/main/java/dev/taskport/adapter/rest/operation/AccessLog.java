package dev.taskport.adapter.rest.operation;

import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs a line for each request, as key-value pairs of the logger {@code dev.taskport.access}. There
 * is nothing in it that belongs to a user. A request that belongs to no route, or whose connection
 * ended before the answer, has {@code -} in that place.
 */
@Singleton
final class AccessLog implements RequestObserver {
  private static final Logger LOG = LoggerFactory.getLogger("dev.taskport.access");
  private static final String NONE = "-";

  @Override
  public void served(ServedRequest request) {
    if (!LOG.isInfoEnabled()) {
      return;
    }
    String route = request.route();
    LoggingEventBuilder line =
        LOG.atInfo()
            .addKeyValue("method", request.method())
            .addKeyValue("route", route == null ? NONE : route)
            .addKeyValue("status", request.status() == 0 ? NONE : request.status())
            .addKeyValue("microseconds", request.nanos() / 1000)
            .addKeyValue("bytes", request.bytes());
    String id = request.requestId();
    if (id != null) {
      line = line.addKeyValue(RequestContext.LOG_KEY, id);
    }
    String trace = request.traceId();
    if (trace != null) {
      line = line.addKeyValue(TraceContext.LOG_KEY, trace);
    }
    line.log("");
  }
}
