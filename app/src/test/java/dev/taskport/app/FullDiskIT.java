package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service on a disk of its own that somebody else fills. */
@Tag("full")
class FullDiskIT {
  private static final String TASKS = "/api/user123/tasks";
  private static final String BODY =
      "{\"title\":\"Buy milk\",\"description\":\"" + "x".repeat(1000) + "\"}";

  @TempDir private Path folder;

  @Test
  void aFullDiskIsSaidWhileReadsGoOnAndItRecoversByItself() throws Exception {
    assumeTrue(canMount(), "no mounts here");
    Path data = Files.createDirectory(folder.resolve("data"));
    List<String> onSmallDisk =
        List.of(
            "unshare",
            "-Urm",
            "sh",
            "-c",
            "mount -t tmpfs -o size=250m,mode=700 tmpfs \"$0\" && exec \"$@\"",
            data.toString());
    try (TaskportProcess service = TaskportProcess.start(onSmallDisk, folder, Map.of())) {
      assertEquals(201, create(service).statusCode());
      service.awaitHealth(200);

      // The mount is the service's alone, but there is a way to it.
      Path filler = Path.of("/proc/" + service.handle().pid() + "/root" + data + "/filler");
      fill(filler);
      HttpResponse<String> refused = create(service);
      // Some room is left inside of the tables.
      for (int i = 0; i < 5_000 && refused.statusCode() == 201; i++) {
        refused = create(service);
      }
      assertEquals(503, refused.statusCode(), refused.body());
      assertTrue(refused.body().contains("The database's disk is full"), refused.body());
      String list = service.send("GET", TASKS + "?limit=5", null).body();
      for (int poll = 0; poll < 50; poll++) {
        HttpResponse<String> health = service.send("GET", "/health", null);
        assertEquals(503, health.statusCode());
        assertEquals(
            "{\"status\":\"unhealthy\",\"detail\":\"The database's disk is full\"}", health.body());
        HttpResponse<String> read = service.send("GET", TASKS + "?limit=5", null);
        assertEquals(200, read.statusCode());
        assertEquals(list, read.body());
      }

      Files.delete(filler);
      service.awaitHealth(200);
      assertEquals(201, create(service).statusCode());
    }
  }

  private static HttpResponse<String> create(TaskportProcess service) {
    return service.send("POST", TASKS, BODY);
  }

  private static void fill(Path file) {
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("No space left"), e.toString());
    }
  }

  private static boolean canMount() throws InterruptedException {
    try {
      return new ProcessBuilder("unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
