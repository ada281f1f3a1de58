package dev.taskport.adapter.postgres.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data folder, locked for this service. The lock is a file lock of the operating system, so it
 * ends with the process in any case.
 *
 * <pre>
 *   taskport.lock     locked while a service runs; contains its process id
 *   cluster/          the database; all that a backup needs
 *   binaries/         PostgreSQL's programs, unpacked; unpacked again if missing
 *   log/              the server's log
 *   pg_service.conf   how to reach the running server with psql or pg_dump
 *   taskport-new-…/   work in progress; leftovers are deleted at the next start
 * </pre>
 */
final class DataFolder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);

  private static final String LOCK_FILE = "taskport.lock";
  private static final String NEW = "taskport-new-";
  private static final Pattern OUR_WORK = Pattern.compile(NEW + "[0-9a-f]{32}");

  /**
   * The lock files that this process holds. Closing any descriptor of such a file, even one opened
   * for reading, would release the process's lock. So these files must not be opened a second time.
   */
  private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final int ownUid;
  private final Lock lock;
  private final ServerLog log;

  private DataFolder(Path path, int ownUid, Lock lock) {
    this.path = path;
    this.ownUid = ownUid;
    this.lock = lock;
    this.log = new ServerLog(path.resolve("log"));
  }

  static DataFolder open(Path dataDir) {
    Path given = dataDir.toAbsolutePath().normalize();
    try {
      Path path = create(given);
      refuseForeign(path);
      int uid = probe(path);
      Lock lock = Lock.take(path);
      try {
        DataFolder folder = new DataFolder(path, uid, lock);
        folder.closeToOthers();
        folder.deleteLeftOvers();
        return folder;
      } catch (IOException | RuntimeException | Error e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw unusable(given, e);
    }
  }

  private static Path create(Path dir) throws IOException {
    if (Files.exists(dir) && !Files.isDirectory(dir)) {
      throw new EmbeddedPostgresException(
          "The data folder " + dir + " is a file: set DATA_DIR to a folder");
    }
    if (!Files.exists(dir)) {
      Path parent = dir.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      PrivateFiles.createDirectory(dir);
    }
    return dir.toRealPath();
  }

  /**
   * Refuses a folder that isn't empty and has no data of Taskport: it belongs to something else.
   */
  private static void refuseForeign(Path dir) throws IOException {
    if (Files.exists(dir.resolve(LOCK_FILE)) || Files.exists(dir.resolve("cluster/PG_VERSION"))) {
      return;
    }
    try (Stream<Path> entries = Files.list(dir)) {
      Optional<String> foreign =
          entries
              .map(entry -> String.valueOf(entry.getFileName()))
              // Ignore the folder that a volume has, and hidden files of desktops and git.
              .filter(name -> !name.equals("lost+found") && !name.startsWith("."))
              .findFirst();
      if (foreign.isPresent()) {
        throw new EmbeddedPostgresException(
            "The data folder "
                + dir
                + " holds something else ("
                + foreign.get()
                + "): set DATA_DIR to a new or empty folder");
      }
    }
  }

  /** Creates a file to check that the folder is writable, and which user id new files get. */
  private static int probe(Path dir) throws IOException {
    Path probe = Files.createTempFile(dir, ".probe-", "");
    try {
      return PrivateFiles.owner(probe);
    } finally {
      Files.delete(probe);
    }
  }

  /** The lock on a folder, held until closed or until this process ends. */
  private record Lock(Object file, FileChannel channel) implements AutoCloseable {

    static Lock take(Path dir) throws IOException {
      Path path = dir.resolve(LOCK_FILE);
      PrivateFiles.createIfAbsent(path);
      Object file = identity(path);
      if (!HELD.add(file)) {
        throw inUse(dir, Long.toString(ProcessHandle.current().pid()));
      }
      try {
        return take(dir, path, file);
      } catch (IOException | RuntimeException | Error e) {
        HELD.remove(file);
        throw e;
      }
    }

    private static Lock take(Path dir, Path path, Object file) throws IOException {
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() == null) {
          throw inUse(dir, Files.readString(path).strip());
        }
        channel.truncate(0);
        long pid = ProcessHandle.current().pid();
        channel.write(ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
        return new Lock(file, channel);
      } catch (IOException | RuntimeException | Error e) {
        channel.close();
        throw e;
      }
    }

    private static EmbeddedPostgresException inUse(Path dir, String holder) {
      return new EmbeddedPostgresException(
          "The data folder "
              + dir
              + " is in use by another Taskport"
              + (holder.isEmpty() ? "" : " (process " + holder + ")")
              + ": stop that one, or set DATA_DIR to another folder");
    }

    /** The file's identity, independent of its path, if the system provides one. */
    private static Object identity(Path path) throws IOException {
      Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      return key == null ? path : key;
    }

    @Override
    public void close() throws IOException {
      if (channel.isOpen()) {
        channel.close();
        HELD.remove(file);
      }
    }
  }

  /** A copy may have lost the permissions: restore those that exclude other users. */
  private void closeToOthers() throws IOException {
    if (PrivateFiles.owner(path) == ownUid) {
      PrivateFiles.setPrivate(path);
    }
    PrivateFiles.setPrivate(path.resolve(LOCK_FILE));
    if (Files.exists(cluster())) {
      int owner = PrivateFiles.owner(cluster());
      if (owner != ownUid) {
        throw new EmbeddedPostgresException(
            "The database in "
                + path
                + " belongs to user id "
                + owner
                + " and Taskport runs as "
                + ownUid
                + ": start it as that user, or run `chown -R "
                + ownUid
                + "` on the folder");
      }
      PrivateFiles.setPrivate(cluster());
    }
  }

  private void deleteLeftOvers() throws IOException {
    List<Path> leftOvers;
    try (Stream<Path> entries = Files.list(path)) {
      leftOvers =
          entries
              .filter(entry -> OUR_WORK.matcher(String.valueOf(entry.getFileName())).matches())
              .toList();
    }
    for (Path leftOver : leftOvers) {
      try {
        PrivateFiles.deleteTree(leftOver);
      } catch (IOException e) {
        // An orphaned process may still be writing to it. Keeping it does no harm.
        LOG.warn("{} can't be deleted now, the next start tries again: {}", leftOver, e.toString());
      }
    }
  }

  Path path() {
    return path;
  }

  /** The user id that new files here get; 0 is root, -1 if the system has no user ids. */
  int ownUid() {
    return ownUid;
  }

  Path cluster() {
    return path.resolve("cluster");
  }

  Path binaries() {
    return path.resolve("binaries");
  }

  ServerLog log() {
    return log;
  }

  /** A new folder on the same file system, which the next start deletes if this one doesn't. */
  Path newWorkFolder() throws IOException {
    Path dir = path.resolve(NEW + UUID.randomUUID().toString().replace("-", ""));
    PrivateFiles.createDirectory(dir);
    return dir;
  }

  EmbeddedPostgresException unusable(IOException cause) {
    return unusable(path, cause);
  }

  private static EmbeddedPostgresException unusable(Path dir, IOException cause) {
    String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    if (cause instanceof FileSystemException file) {
      String reason = file.getReason();
      if (reason != null) {
        why = reason;
      } else if (file instanceof AccessDeniedException) {
        why = "Permission denied";
      } else if (file instanceof NoSuchFileException) {
        why = "No such file";
      }
      if (file.getFile() != null && !file.getFile().equals(dir.toString())) {
        why += " (" + file.getFile() + ")";
      }
    }
    return new EmbeddedPostgresException(
        "The data folder "
            + dir
            + " can't be used: "
            + why
            + "; free some space and let this user write there, or set DATA_DIR to another folder",
        cause);
  }

  @Override
  public void close() {
    log.close();
    try {
      lock.close();
    } catch (IOException e) {
      throw unusable(e);
    }
  }
}
