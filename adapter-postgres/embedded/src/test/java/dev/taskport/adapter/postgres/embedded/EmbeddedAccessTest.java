package dev.taskport.adapter.postgres.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the running server promises, and who gets in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddedAccessTest {

  private final Path folder;
  private final EmbeddedPostgres postgres;

  EmbeddedAccessTest(@TempDir Path folder) throws IOException, SQLException {
    this.folder = folder;
    this.postgres = EmbeddedPostgres.start(EmbeddedFixture.usedFolder(folder));
  }

  @AfterAll
  void stop() {
    postgres.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fsync", "full_page_writes", "synchronous_commit", "data_checksums"})
  void whatIsCommittedIsOnTheDisk(String safety) throws SQLException {
    assertEquals("on", EmbeddedFixture.query(postgres, "SHOW " + safety));
  }

  @Test
  void textIsUnicodeAndTimesAreUtc() throws SQLException {
    assertEquals("UTF8", EmbeddedFixture.query(postgres, "SHOW server_encoding"));
    assertEquals("UTC", EmbeddedFixture.query(postgres, "SHOW log_timezone"));
    assertEquals("é", EmbeddedFixture.query(postgres, "SELECT lower('É')"));
    assertEquals(
        "b C.UTF-8",
        EmbeddedFixture.query(
            postgres,
            "SELECT concat_ws(' ', datlocprovider, datlocale) FROM pg_database"
                + " WHERE datname = current_database()"));
  }

  @Test
  void theVersionIsTheOneThatOtherVersionsFoldersAreMeasuredAgainst() throws SQLException {
    String version = EmbeddedFixture.query(postgres, "SHOW server_version");
    assertTrue(version.startsWith(Cluster.MAJOR_VERSION + "."), version);
  }

  @Test
  void theServicesRoleOwnsItsDatabaseAndNothingMore() throws SQLException {
    assertEquals(
        "f f f f f",
        EmbeddedFixture.query(
            postgres,
            "SELECT concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolreplication,"
                + " rolbypassrls) FROM pg_roles WHERE rolname = current_user"));
    assertEquals(
        "taskport",
        EmbeddedFixture.query(
            postgres,
            "SELECT pg_get_userbyid(datdba) FROM pg_database"
                + " WHERE datname = current_database()"));
    assertThrows(
        SQLException.class,
        () -> EmbeddedFixture.execute(postgres, "COPY (SELECT 1) TO PROGRAM 'true'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"taskport", "postgres"})
  void nobodyGetsInWithoutThePassword(String role) {
    for (String wrong : List.of("", "wrong", role)) {
      SQLException refused =
          assertThrows(
              SQLException.class,
              () -> DriverManager.getConnection(postgres.jdbcUrl(), role, wrong).close());
      assertTrue(
          List.of("28P01", "08004").contains(String.valueOf(refused.getSQLState())),
          refused.toString());
    }
  }

  /** What an imposter on the server's port may ask for: nothing, the password, a hash of it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5})
  void whoeverElseHoldsThePortGetsNeitherPasswordNorQueries(int request) throws Exception {
    String url = postgres.jdbcUrl().replaceFirst(":[0-9]+/", ":%d/");
    try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> listen(port, request));
      SQLException refused =
          assertThrows(
              SQLException.class,
              () ->
                  DriverManager.getConnection(
                          url.formatted(port.getLocalPort()),
                          postgres.username(),
                          postgres.password())
                      .close());
      assertTrue(String.valueOf(refused.getMessage()).contains("require"), refused.getMessage());
      assertEquals("", heard.get(30, TimeUnit.SECONDS));
    }
  }

  /**
   * Asks for that authentication, and gives what is said to that: nothing if the client hangs up.
   */
  private static String listen(ServerSocket port, int request) {
    try (Socket client = port.accept();
        DataInputStream in = new DataInputStream(client.getInputStream());
        DataOutputStream out = new DataOutputStream(client.getOutputStream())) {
      for (int length = in.readInt(); in.readInt() != 3 << 16; length = in.readInt()) {
        in.skipNBytes(length - 8L);
        out.write('N'); // no encryption
      }
      byte[] startup = new byte[4096];
      assertTrue(in.read(startup) > 0);
      out.write('R');
      out.writeInt(request == 5 ? 12 : 8);
      out.writeInt(request);
      if (request == 5) {
        out.writeInt(0x5a17);
      }
      if (request == 0) {
        out.write(new byte[] {'Z', 0, 0, 0, 5, 'I'});
      }
      byte[] answer = new byte[4096];
      int size = in.read(answer); // no more: who has said something waits for an answer
      return new String(answer, 0, Math.max(0, size), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void onlyTheLoopbackReachesIt() throws IOException {
    int port = URI.create(postgres.jdbcUrl().substring("jdbc:".length())).getPort();
    for (InetAddress other : ownAddresses()) {
      assertThrows(ConnectException.class, () -> new Socket(other, port).close(), other::toString);
    }
    String arguments = Files.readString(folder.resolve("cluster/postmaster.opts"));
    assertTrue(arguments.contains("\"listen_addresses=127.0.0.1\""), arguments);
    assertTrue(arguments.contains("\"unix_socket_directories=\""), arguments);
  }

  private static List<InetAddress> ownAddresses() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .toList();
  }

  @Test
  void otherUsersCanOpenNothingInTheFolder() throws IOException {
    Set<PosixFilePermission> others = PosixFilePermissions.fromString("---rwxrwx");
    List<Path> open = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.filter(path -> !path.startsWith(folder.resolve("binaries"))).toList()) {
        if (Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).stream()
            .anyMatch(others::contains)) {
          open.add(path);
        }
      }
    }
    assertEquals(List.of(), open);
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("binaries"))));
  }

  @Test
  void noTextOfOursHoldsThePassword() throws IOException {
    assertTrue(postgres.password().length() >= 40);
    for (String text :
        List.of(
            postgres.toString(),
            postgres.jdbcUrl(),
            String.valueOf(Credentials.read(folder.resolve("cluster"))),
            Files.readString(folder.resolve("pg_service.conf")))) {
      assertTrue(!text.contains(postgres.password()), text);
    }
  }
}
