package dev.taskport.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for this machine, fresh from the JDK's keytool, in the forms that people have. */
final class TestCertificate {
  private static final String PASSWORD = "s3cret";
  private static final byte[] VERSION_ONE = {2, 1, 1};

  private final KeyStore store;

  private TestCertificate(KeyStore store) {
    this.store = store;
  }

  /** Signed by itself, valid for a day from {@code start} on, as keytool has it. */
  static TestCertificate selfSigned(Path folder, String algorithm, String start) {
    Path file = folder.resolve(algorithm + start + ".p12");
    keytool(
        file,
        "-genkeypair -alias it -validity 1 -dname CN=localhost -ext san=dns:localhost,ip:127.0.0.1"
            + (" -keyalg " + algorithm + " -startdate " + start));
    return load(file);
  }

  static TestCertificate selfSigned(Path folder, String algorithm) {
    return selfSigned(folder, algorithm, "-1H");
  }

  /** Signed by an authority, whose certificate comes with it. */
  static TestCertificate issued(Path folder) {
    Path file = folder.resolve("issued.p12");
    Path request = folder.resolve("request");
    Path answer = folder.resolve("answer");
    keytool(file, "-genkeypair -alias ca -keyalg EC -dname CN=Authority -ext bc:c");
    keytool(file, "-genkeypair -alias it -keyalg EC -dname CN=localhost");
    keytool(file, "-certreq -alias it -file " + request);
    keytool(
        file,
        "-gencert -alias ca -ext san=dns:localhost,ip:127.0.0.1 -infile %s -outfile %s"
            .formatted(request, answer));
    keytool(file, "-importcert -noprompt -alias it -file " + answer);
    return load(file);
  }

  private static void keytool(Path store, String arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(arguments.split(" ", -1)));
    command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError("keytool failed: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  private static TestCertificate load(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return new TestCertificate(store);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The certificates, the server's first. */
  List<String> chain() {
    try {
      List<String> chain = new ArrayList<>();
      for (Certificate certificate : store.getCertificateChain("it")) {
        chain.add(pem("CERTIFICATE", certificate.getEncoded()));
      }
      return chain;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] encodedKey() {
    try {
      return store.getKey("it", PASSWORD.toCharArray()).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** PKCS#8, the usual form today. */
  String key() {
    return pem("PRIVATE KEY", encodedKey());
  }

  /** The older forms: PKCS#1 of an RSA key, SEC1 of an EC key with its parameters ahead. */
  String traditionalKey() {
    ByteBuffer info = ByteBuffer.wrap(content(ByteBuffer.wrap(encodedKey())));
    content(info); // the version
    ByteBuffer algorithm = ByteBuffer.wrap(content(info));
    byte[] key = content(info);
    content(algorithm); // which it is
    byte[] parameters = new byte[algorithm.remaining()];
    algorithm.get(parameters);
    if (parameters.length == 2) { // ASN.1's NULL
      return pem("RSA PRIVATE KEY", key);
    }
    ByteBuffer inner = ByteBuffer.wrap(content(ByteBuffer.wrap(key)));
    content(inner); // the version
    byte[] secret = content(inner);
    byte[] sec1 = element(0x30, VERSION_ONE, element(0x04, secret), element(0xa0, parameters));
    return pem("EC PARAMETERS", parameters) + pem("EC PRIVATE KEY", sec1);
  }

  /** What the next element of DER holds. */
  private static byte[] content(ByteBuffer der) {
    der.get(); // its kind
    int length = der.get();
    if (length < 0) {
      int bytes = length & 0x7f;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = (length << 8) | (der.get() & 0xff);
      }
    }
    byte[] content = new byte[length];
    der.get(content);
    return content;
  }

  /** An element of DER, shorter than 128 bytes. */
  private static byte[] element(int kind, byte[]... contents) {
    int length = Arrays.stream(contents).mapToInt(content -> content.length).sum();
    ByteBuffer der = ByteBuffer.allocate(length + 2).put((byte) kind).put((byte) length);
    Arrays.stream(contents).forEach(der::put);
    return der.array();
  }

  static String pem(String label, byte[] der) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, lines, label);
  }

  /** An option that makes another Java trust this certificate, or its authority, alone. */
  String trustOption(Path folder) {
    Path file = folder.resolve("trusted.jks");
    try (OutputStream out = Files.newOutputStream(file)) {
      trusted("JKS").store(out, "changeit".toCharArray()); // which readers needn't know
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    return "-Djavax.net.ssl.trustStore=" + file;
  }

  private KeyStore trusted(String type) throws GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(type);
    try {
      trusted.load(null, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Certificate[] chain = store.getCertificateChain("it");
    trusted.setCertificateEntry("it", chain[chain.length - 1]);
    return trusted;
  }

  /** A client that trusts this certificate, or its authority, alone. */
  SSLContext client() {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted("PKCS12"));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
