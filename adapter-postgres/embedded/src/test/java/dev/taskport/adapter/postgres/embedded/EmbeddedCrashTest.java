package dev.taskport.adapter.postgres.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Services, servers and machines that die, and the start after that. */
@Tag("full")
class EmbeddedCrashTest {

  /** For tests that leave it as they find it: a copy of a database is 47 MB. */
  @TempDir static Path used;

  @TempDir static Path programs;

  @TempDir Path folder;

  @BeforeAll
  static void fill() throws Exception {
    EmbeddedFixture.usedFolder(used);
  }

  @Test
  void noServerOutlivesItsServiceOnLinux() throws Exception {
    assumeTrue(works("setpriv", "--pdeathsig", "INT", "true"), "no setpriv here");
    ProcessHandle server;
    try (EmbeddedService service = EmbeddedService.start(used)) {
      assertTrue(String.valueOf(service.says()).startsWith("ready"));
      server = server();
      service.kill();
    }
    server.onExit().get(30, TimeUnit.SECONDS);
  }

  @Test
  void aServerThatOutlivedItsServiceIsStoppedByTheNext() throws Exception {
    ProcessHandle server;
    try (EmbeddedService service = withoutSetpriv(used)) {
      assertTrue(String.valueOf(service.says()).startsWith("ready"));
      server = server();
      service.kill();
    }
    assertTrue(server.isAlive());
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(used)) {
      assertFalse(server.isAlive() && server.info().command().isPresent());
      assertEquals("42", EmbeddedFixture.query(postgres, "SELECT n FROM kept"));
    }
  }

  @Test
  void aServerThatDiesIsReportedAndStartedAgainOnTheSamePort() throws Exception {
    try (Reports reports = new Reports();
        EmbeddedPostgres postgres = EmbeddedPostgres.start(used)) {
      EmbeddedFixture.execute(postgres, "CREATE TABLE fresh AS VALUES (1), (2)");
      ProcessHandle first = server();
      first.destroyForcibly();
      String death = reports.next();
      assertTrue(death.startsWith("ERROR PostgreSQL ended by itself (exit code 137)"), death);
      assertTrue(death.contains("log/postgres.log"), death);
      assertTrue(death.endsWith("it is started again now"), death);
      String ready = reports.next();
      assertTrue(ready.startsWith("INFO PostgreSQL is ready again on 127.0.0.1:"), ready);
      assertEquals("2", EmbeddedFixture.query(postgres, "SELECT count(*) FROM fresh"));
      assertTrue(Files.readString(used.resolve("log/postgres.log")).contains("recovery"));
      EmbeddedFixture.execute(postgres, "DROP TABLE fresh");

      ProcessHandle second = server();
      assertFalse(second.equals(first));
      second.destroyForcibly();
      death = reports.next();
      assertTrue(death.endsWith("it is started again in 1 s"), death);
      assertTrue(reports.next().startsWith("INFO PostgreSQL is ready again"));
    }
  }

  @Test
  void aServerWhosePortIsTakenIsTriedAgainUntilItIsFree() throws Exception {
    try (Reports reports = new Reports();
        EmbeddedPostgres postgres = EmbeddedPostgres.start(used)) {
      server().destroyForcibly();
      reports.next();
      reports.next();
      server().destroyForcibly();
      assertTrue(reports.next().endsWith("it is started again in 1 s"));
      int port = URI.create(postgres.jdbcUrl().substring("jdbc:".length())).getPort();
      try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        String refusal = reports.next();
        assertTrue(
            refusal.startsWith(
                "ERROR PostgreSQL could not be started again, the next attempt is in 2 s: "),
            refusal);
        assertTrue(refusal.contains("could not bind"), refusal);
        assertEquals(port, taken.getLocalPort());
      }
      assertTrue(reports.next().startsWith("INFO PostgreSQL is ready again"));
      assertEquals("42", EmbeddedFixture.query(postgres, "SELECT n FROM kept"));
    }
  }

  @Test
  void aServiceThatStopsWhileItsServerIsDownLeavesNothingBehind() throws Exception {
    EmbeddedPostgres postgres = EmbeddedPostgres.start(used);
    try (Reports reports = new Reports()) {
      server().destroyForcibly();
      reports.next();
      reports.next();
      server().destroyForcibly();
      assertTrue(reports.next().endsWith("it is started again in 1 s"));
      postgres.close();
      assertTrue(reports.isEmpty());
    } finally {
      postgres.close();
    }
    EmbeddedPostgres.start(used).close();
  }

  @Test
  void aProcessIdLeftInTheServersFileIsNotBelieved() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Process other = new ProcessBuilder("sh", "-c", "sleep 0 & echo $!; exec sleep 600").start();
    try {
      String zombie = String.valueOf(other.inputReader(StandardCharsets.UTF_8).readLine());
      // What a server leaves that was killed: all its lines, among them its shared memory.
      String rest = used + "/cluster\n1700000000\n5432\n\n127.0.0.1\n  1 2\nready\n";
      Map<String, String> leftBehind =
          Map.of(
              "nobody's", gone.pid() + "\n" + rest,
              "somebody else's", other.pid() + "\n" + rest,
              "init's", "1\n" + rest,
              "a zombie's", zombie + "\n" + rest,
              "this service's", ProcessHandle.current().pid() + "\n" + rest,
              "no number", "nonsense\n" + rest,
              "no text", "");
      for (Map.Entry<String, String> whose : leftBehind.entrySet()) {
        Files.writeString(used.resolve("cluster/postmaster.pid"), whose.getValue());
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(used)) {
          assertEquals("42", EmbeddedFixture.query(postgres, "SELECT n FROM kept"), whose.getKey());
        }
        assertTrue(other.isAlive(), whose.getKey());
      }
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void aServiceMayBeKilledAtAnyMoment() throws Exception {
    killAtRandomMoments(new Random().nextLong(), folder, 5);
  }

  @Test
  void manyServicesMayBeKilledAtAnyMoment() throws Exception {
    Random seeds = new Random();
    for (int round = 0; round < 20; round++) {
      killAtRandomMoments(seeds.nextLong(), folder.resolve("round" + round), 5);
    }
  }

  /** Kills in initdb, at the start, while rows are written, and in the recovery from that. */
  private void killAtRandomMoments(long seed, Path dataDir, int kills) throws Exception {
    System.out.println("Seed of the moments: " + seed);
    Random random = new Random(seed);
    EmbeddedFixture.unpackedFolder(dataDir);
    List<String> acknowledged = new ArrayList<>();
    for (int kill = 0; kill < kills; kill++) {
      boolean leavesServer = random.nextInt(4) == 0;
      try (EmbeddedService service =
          leavesServer ? withoutSetpriv(dataDir, "write") : withAll(dataDir, "write")) {
        if (random.nextBoolean()) {
          String said = String.valueOf(service.says());
          assertTrue(said.startsWith("ready"), said);
        }
        service.leaveAlone(random.nextInt(1_500));
        service.kill();
        for (String said : service.saysUntilItEnds()) {
          assertFalse(said.startsWith("refused"), said);
          if (said.startsWith("row ")) {
            acknowledged.add(said.substring("row ".length()));
          }
        }
      }
    }
    System.out.println("Rows acknowledged: " + acknowledged.size());
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir)) {
      EmbeddedFixture.execute(postgres, "CREATE TABLE IF NOT EXISTS kept (n bigint PRIMARY KEY)");
      assertEquals(
          Integer.toString(acknowledged.size()),
          EmbeddedFixture.query(
              postgres,
              "SELECT count(*) FROM kept WHERE n = ANY ('{%s}')"
                  .formatted(String.join(",", acknowledged))));
    }
    awaitEndOfAll(dataDir);
    EmbeddedPostgres.start(dataDir).close();
    try (Stream<Path> left = Files.list(dataDir)) {
      assertFalse(
          left.anyMatch(path -> String.valueOf(path.getFileName()).startsWith("taskport-new-")));
    }
  }

  /** An initdb that lost its service may go on for a while, in a folder that nobody looks at. */
  private static void awaitEndOfAll(Path dataDir) throws Exception {
    String programs = dataDir.toRealPath().resolve("binaries") + "/";
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      if (process.info().command().orElse("").startsWith(programs)) {
        process.onExit().get(60, TimeUnit.SECONDS);
      }
    }
  }

  private static ProcessHandle server() throws IOException {
    String pid = Files.readAllLines(used.resolve("cluster/postmaster.pid")).get(0);
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  private static EmbeddedService withAll(Path dataDir, String... mode) throws IOException {
    return EmbeddedService.start(List.of(), Map.of(), dataDir, mode);
  }

  /** A service on a machine that can't tie the server's life to it. */
  private static EmbeddedService withoutSetpriv(Path dataDir, String... mode) throws IOException {
    for (String program : List.of("unshare", "setsid", "test", "true")) {
      Path script = programs.resolve(program);
      Files.writeString(script, "#!/bin/sh\nexec /usr/bin/" + program + " \"$@\"\n");
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
    return EmbeddedService.start(List.of(), Map.of("PATH", programs.toString()), dataDir, mode);
  }

  private static boolean works(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** What is logged about the server's life. */
  private static final class Reports extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(KeptServer.class);

    Reports() {
      start();
      logger.setLevel(Level.INFO);
      logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
      reports.add(event.getLevel() + " " + event.getFormattedMessage());
    }

    String next() throws InterruptedException {
      return String.valueOf(reports.poll(60, TimeUnit.SECONDS));
    }

    boolean isEmpty() {
      return reports.isEmpty();
    }

    @Override
    public void close() {
      logger.detachAppender(this);
      logger.setLevel(null); // that of its parent
    }
  }
}
