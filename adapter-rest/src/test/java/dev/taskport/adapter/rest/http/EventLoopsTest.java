package dev.taskport.adapter.rest.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.taskport.adapter.rest.TestService;
import io.micronaut.http.netty.channel.EventLoopGroupRegistry;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandler;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import org.junit.jupiter.api.Test;

class EventLoopsTest {
  @Test
  void eachProcessorHasOneThreadForConnections() {
    try (TestService service = new TestService()) {
      assertEquals(
          Runtime.getRuntime().availableProcessors(), group(service, "default").executorCount());
      assertEquals(1, group(service, "parent").executorCount());
    }
  }

  @Test
  void onLinuxTheyUseItsEpoll() throws ClassNotFoundException {
    assumeTrue(System.getProperty("os.name").equals("Linux"));
    Class<? extends IoHandler> epoll =
        Class.forName("io.netty.channel.epoll.EpollIoHandler").asSubclass(IoHandler.class);
    try (TestService service = new TestService()) {
      assertTrue(((IoEventLoopGroup) group(service, "default")).isIoType(epoll));
      assertTrue(((IoEventLoopGroup) group(service, "parent")).isIoType(epoll));
      assertEquals(200, service.get("/health").statusCode());
    }
  }

  private static MultiThreadIoEventLoopGroup group(TestService service, String name) {
    return (MultiThreadIoEventLoopGroup)
        service.bean(EventLoopGroupRegistry.class).getEventLoopGroup(name).orElseThrow();
  }
}
