package dev.taskport.adapter.rest;

import io.micronaut.http.ssl.CertificateProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A certificate for this machine, fresh from the JDK's keytool, and clients that trust it. */
public final class TestTls implements CertificateProvider {
  private static final String PASSWORD = "s3cret";

  private final KeyStore store;

  public TestTls(Path folder) {
    Path file = folder.resolve("tls.p12");
    keytool(
        List.of("-genkeypair", "-alias", "it", "-keyalg", "EC", "-dname", "CN=localhost"),
        List.of("-ext", "san=dns:localhost,ip:127.0.0.1"),
        List.of("-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
    try (InputStream in = Files.newInputStream(file)) {
      store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      // The framework reads the key with no password.
      store.setKeyEntry(
          "it", store.getKey("it", PASSWORD.toCharArray()), null, store.getCertificateChain("it"));
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @SafeVarargs
  private static void keytool(List<String>... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    for (List<String> some : arguments) {
      command.addAll(some);
    }
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError("keytool failed: " + output);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  @Override
  public String getName() {
    return "test";
  }

  @Override
  public Publisher<KeyStore> getKeyStore() {
    return Flux.just(store);
  }

  /** What a client needs that trusts this certificate alone. */
  public SSLContext client() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("it", store.getCertificate("it"));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
