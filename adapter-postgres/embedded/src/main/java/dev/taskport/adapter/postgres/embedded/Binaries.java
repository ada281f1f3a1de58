package dev.taskport.adapter.postgres.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's programs. They come as one archive on the class path, and are unpacked into the data
 * folder, because it is writable and closed to other users; a shared cache may be neither. Each
 * archive has a folder of its own, named by its checksum, which appears only when complete.
 */
final class Binaries {

  private static final String SIZES = "sizes.txt";

  private Binaries() {}

  /** Returns the folder that holds {@code bin}, {@code lib} and {@code share}. */
  static Path unpack(DataFolder folder) throws IOException {
    URL archive = archive();
    String file = archive.getPath();
    String name = file.substring(file.lastIndexOf('/') + 1).replace(".txz", "");
    Path home = folder.binaries().resolve(name + "-" + checksum(archive));
    if (isComplete(home)) {
      return home;
    }
    PrivateFiles.deleteTree(home);
    if (!Files.isDirectory(folder.binaries())) {
      PrivateFiles.createDirectory(folder.binaries());
    }
    Path work = folder.newWorkFolder();
    try {
      unpack(archive, work);
      PrivateFiles.writeAtomically(work.resolve(SIZES), sizes(work));
      PrivateFiles.publish(work, home);
    } finally {
      PrivateFiles.deleteTree(work);
    }
    return home;
  }

  /**
   * A power cut may truncate files that were not yet on the disk. Comparing a thousand sizes at
   * each start costs less than syncing a thousand files at the first start, and also finds deleted
   * files.
   */
  private static boolean isComplete(Path home) throws IOException {
    Path list = home.resolve(SIZES);
    return Files.exists(list) && Files.readString(list).equals(sizes(home));
  }

  private static String sizes(Path home) throws IOException {
    List<String> sizes = new ArrayList<>();
    Files.walkFileTree(
        home,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!file.endsWith(SIZES)) {
              sizes.add(attributes.size() + " " + home.relativize(file) + "\n");
            }
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(sizes);
    return String.join("", sizes);
  }

  /** Deletes the programs that other versions unpacked. None of them may still be running. */
  static void deleteAllBut(Path home) throws IOException {
    List<Path> others;
    Path binaries = home.resolveSibling(".").normalize();
    try (Stream<Path> entries = Files.list(binaries)) {
      others = entries.filter(entry -> !entry.equals(home)).toList();
    }
    for (Path other : others) {
      PrivateFiles.deleteTree(other);
    }
  }

  private static URL archive() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String cpu = arch.equals("aarch64") || arch.equals("arm64") ? "arm_64" : "x86_64";
    List<String> names;
    if (os.startsWith("mac")) {
      names = List.of("darwin-" + cpu);
    } else if (os.startsWith("windows")) {
      names = List.of("windows-" + cpu);
    } else if (Files.exists(Path.of("/lib/ld-musl-x86_64.so.1")) && cpu.equals("x86_64")) {
      // The build includes one of the two; the loader of the other may be installed as well.
      names = List.of("linux-x86_64-alpine_linux", "linux-x86_64");
    } else {
      names = List.of("linux-" + cpu);
    }
    for (String name : names) {
      URL url = Binaries.class.getResource("/postgres-" + name + ".txz");
      if (url != null) {
        return url;
      }
    }
    throw new EmbeddedPostgresException(
        "This Taskport includes no PostgreSQL for "
            + os
            + " on "
            + arch
            + ": build it on such a machine, or set DATABASE_URL");
  }

  /**
   * The archive's checksum from its jar's directory, because reading 15 MB at each start costs
   * more.
   */
  private static String checksum(URL archive) throws IOException {
    URLConnection connection = archive.openConnection();
    connection.setUseCaches(false);
    if (connection instanceof JarURLConnection inJar) {
      try (JarFile jar = inJar.getJarFile()) {
        return Long.toHexString(jar.getJarEntry(inJar.getEntryName()).getCrc());
      }
    }
    return Long.toHexString(connection.getContentLengthLong());
  }

  private static void unpack(URL archive, Path target) throws IOException {
    try (InputStream raw = archive.openStream();
        TarArchiveInputStream tar =
            new TarArchiveInputStream(
                new XZCompressorInputStream(new BufferedInputStream(raw, 1 << 16)))) {
      for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
        Path path = entry.resolveIn(target);
        Files.createDirectories(path.resolveSibling("."));
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, path);
          if ((entry.getMode() & 0100) != 0 && PrivateFiles.isPosix(path)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
          }
        }
      }
    }
  }

  private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar) throws IOException {
    return tar.getNextEntry();
  }
}
