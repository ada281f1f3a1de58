package dev.taskport.adapter.rest.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequentialCodecTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 500, AnswerFlow.PIECE})
  void headAndBodyLeaveInOneWrite(int size) {
    EmbeddedChannel connection =
        new EmbeddedChannel(
            new SequentialCodec(
                new HttpDecoderConfig(), Duration.ofMinutes(1), new BytesInFlight(0)));
    connection.writeInbound(
        Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
    String body = "b".repeat(size);
    DefaultFullHttpResponse answer =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.OK,
            Unpooled.copiedBuffer(body, StandardCharsets.US_ASCII));
    answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, size);

    connection.writeOutbound(answer);

    assertEquals(1, connection.outboundMessages().size());
    ByteBuf bytes = connection.readOutbound();
    assertTrue(bytes.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n" + body));
    bytes.release();
    connection.finishAndReleaseAll();
  }
}
