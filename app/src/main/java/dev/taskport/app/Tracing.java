package dev.taskport.app;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a collector by OTLP over HTTP, in batches on a thread of its own. While the
 * collector is away, requests are served as ever, and the spans are lost.
 */
final class Tracing implements AutoCloseable {
  private static final long LAST_BATCH_SECONDS = 3;

  private final SdkTracerProvider provider;

  private Tracing(SdkTracerProvider provider) {
    this.provider = provider;
  }

  /** Starts to send; tries no connection yet. */
  static Tracing start(TraceSettings settings) {
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(settings.endpoint().toString());
    settings.headers().forEach(exporter::addHeader);
    return new Tracing(
        SdkTracerProvider.builder()
            .setResource(resource(settings))
            .setSampler(sampler(settings))
            .addSpanProcessor(
                BatchSpanProcessor.builder(new Reporting(exporter.build(), settings.endpoint()))
                    .build())
            .build());
  }

  private static Resource resource(TraceSettings settings) {
    AttributesBuilder attributes = Attributes.builder();
    String version = Tracing.class.getPackage().getImplementationVersion();
    if (version != null) {
      attributes.put("service.version", version);
    }
    settings.resource().forEach(attributes::put);
    return Resource.getDefault().merge(Resource.create(attributes.build()));
  }

  private static Sampler sampler(TraceSettings settings) {
    Sampler own = Sampler.traceIdRatioBased(settings.ratio());
    return settings.followsParent() ? Sampler.parentBased(own) : own;
  }

  /** Where the parts of the service begin their spans. */
  Tracer tracer() {
    return provider.get("dev.taskport");
  }

  /** Sends what is left, in three seconds at most. */
  @Override
  public void close() {
    var unused = provider.shutdown().join(LAST_BATCH_SECONDS, TimeUnit.SECONDS);
  }

  /** Says in one line that spans can't be sent, and in one that they can again. */
  private static final class Reporting implements SpanExporter {
    private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);

    private final SpanExporter exporter;
    private final String collector;
    private final AtomicLong lost = new AtomicLong();

    Reporting(SpanExporter exporter, URI endpoint) {
      this.exporter = exporter;
      this.collector = endpoint.getAuthority();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      CompletableResultCode result = exporter.export(spans);
      return result.whenComplete(() -> report(result, spans.size()));
    }

    private void report(CompletableResultCode result, int spans) {
      if (result.isSuccess()) {
        if (lost.get() > 0) {
          LOG.info("Over, {} spans were lost: Traces can't be sent", lost.getAndSet(0));
        }
      } else if (lost.getAndAdd(spans) == 0) {
        LOG.warn(
            "Traces can't be sent to {} (OTEL_EXPORTER_OTLP_ENDPOINT): {}",
            collector,
            words(result.getFailureThrowable()));
      }
    }

    private static String words(@Nullable Throwable failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof IOException) {
          String message = cause.getMessage();
          return "it can't be reached (%s)"
              .formatted(message == null ? cause.getClass().getSimpleName() : message);
        }
      }
      return "it refuses them, and may say why in its log";
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }
}
