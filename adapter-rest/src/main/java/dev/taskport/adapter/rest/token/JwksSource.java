package dev.taskport.adapter.rest.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the key set over HTTP. No thread is blocked. The total time and size are limited, and
 * redirects are not followed. Nimbus' {@code DefaultResourceRetriever} follows redirects, blocks,
 * and limits only the time of each read, so a server that sends a byte now and then could block it
 * forever.
 */
final class JwksSource {
  private static final int MAX_BYTES = 256 * 1024;

  private final URI address;
  private final HttpRequest request;
  private final Duration timeout;
  private final HttpClient client;

  JwksSource(URI address, Duration timeout) {
    this.address = address;
    this.request =
        HttpRequest.newBuilder(address)
            .header("Accept", "application/jwk-set+json, application/json")
            .build();
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * The usable keys of the set. Fails with an {@code IOException} if there is no set, and with a
   * {@code TimeoutException} after the timeout.
   */
  CompletableFuture<List<JwksKey>> read() {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request, answer -> new LimitedBody());
    return exchange
        .copy()
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((answer, failure) -> exchange.cancel(true))
        .thenApply(JwksSource::keys);
  }

  private static List<JwksKey> keys(HttpResponse<byte[]> answer) {
    if (answer.statusCode() != 200) {
      throw new CompletionException(
          new IOException("the answer is of status " + answer.statusCode()));
    }
    try {
      Map<String, Object> set = JSONObjectUtils.parse(new String(answer.body(), UTF_8));
      Map<String, Object>[] members = JSONObjectUtils.getJSONObjectArray(set, "keys");
      if (members == null) {
        throw new CompletionException(new IOException("the answer is no key set"));
      }
      List<JwksKey> keys = new ArrayList<>();
      for (Map<String, Object> member : members) {
        key(member, keys);
      }
      return List.copyOf(keys);
    } catch (ParseException e) {
      throw new CompletionException(new IOException("the answer is no key set", e));
    }
  }

  /** Skips keys that can't be read. {@code JWKSet.parse} would refuse the whole set. */
  private static void key(Map<String, Object> member, List<JwksKey> keys) {
    try {
      JwksKey.of(JWK.parse(member)).ifPresent(keys::add);
    } catch (ParseException e) {
      // Of an unknown type, or malformed.
    }
  }

  @Override
  public String toString() {
    return address.getScheme() + "://" + address.getRawAuthority() + address.getRawPath();
  }

  /** A body of {@link #MAX_BYTES} at most. */
  private static final class LimitedBody implements HttpResponse.BodySubscriber<byte[]> {
    private final HttpResponse.BodySubscriber<byte[]> whole =
        HttpResponse.BodySubscribers.ofByteArray();
    private Flow.@Nullable Subscription subscription;
    private long size;

    @Override
    public CompletionStage<byte[]> getBody() {
      return whole.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      subscription = newSubscription;
      whole.onSubscribe(newSubscription);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      size += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
      if (size > MAX_BYTES && subscription != null) {
        subscription.cancel();
        whole.onError(new IOException("the answer is larger than " + MAX_BYTES + " bytes"));
      } else {
        whole.onNext(buffers);
      }
    }

    @Override
    public void onError(Throwable failure) {
      whole.onError(failure);
    }

    @Override
    public void onComplete() {
      whole.onComplete();
    }
  }
}
