package dev.taskport.app;

import io.micronaut.http.ssl.CertificateProvider;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Provides the framework with the certificate from two PEM files, and again after each renewal.
 * While the files contain no usable certificate, for example in the middle of a renewal, the
 * previous one stays in use, and the log says why.
 *
 * <p>The framework's own provider, {@code micronaut.certificate.file} (4.10), is not sufficient. It
 * accepts a key that doesn't belong to the certificate. It only watches the key's folder, and
 * misses the change of a mounted Kubernetes secret. It refuses text around the blocks. And a bad
 * file would stop the start only after the database was migrated.
 */
final class TlsCertificateFiles implements CertificateProvider {
  private static final Logger LOG = LoggerFactory.getLogger(TlsCertificateFiles.class);

  /** The files are polled, because no notification of changes works for all file systems. */
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Path certificateFile;
  private final Path keyFile;
  private TlsCertificate current;
  private @Nullable String complaint;

  /**
   * @throws SettingsException if a file can't be read or used; it names the variable
   */
  TlsCertificateFiles(Path certificateFile, Path keyFile) {
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
    this.current = TlsCertificate.read(certificateFile, keyFile);
  }

  /** The name of this provider for {@code micronaut.server.ssl.key-name}. */
  @Override
  public String getName() {
    return "tls";
  }

  /** Emits the current certificate at once, then each renewed one. */
  @Override
  public Publisher<KeyStore> getKeyStore() {
    return Flux.defer(
        () ->
            Flux.interval(INTERVAL, Schedulers.boundedElastic())
                .mapNotNull(tick -> renewed())
                .startWith(current())
                .map(TlsCertificate::keyStore));
  }

  synchronized TlsCertificate current() {
    return current;
  }

  /** Reads the files again; null if there is no new usable certificate. */
  synchronized @Nullable TlsCertificate renewed() {
    try {
      TlsCertificate found = TlsCertificate.read(certificateFile, keyFile);
      complaint = null;
      if (found.equals(current)) {
        return null;
      }
      current = found;
      LOG.info(
          "The renewed TLS certificate is in use; it expires on {}",
          found.chain().get(0).getNotAfter().toInstant());
      return found;
    } catch (SettingsException e) {
      if (!String.valueOf(e.getMessage()).equals(complaint)) {
        complaint = e.getMessage();
        LOG.warn("The TLS certificate is not renewed: {}", complaint);
      }
      return null;
    }
  }
}
