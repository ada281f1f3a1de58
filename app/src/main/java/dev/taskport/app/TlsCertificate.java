package dev.taskport.app;

import io.micronaut.core.io.ResourceResolver;
import io.micronaut.http.HttpVersion;
import io.micronaut.http.ssl.SslBuilder;
import io.micronaut.http.ssl.SslConfiguration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The certificate that the service shows, and the key that it proves it with. Both were found to be
 * usable and to belong together. The text form doesn't show the key.
 *
 * @param chain the server's certificate, then that of each issuer, in PEM
 * @param key the private key, RSA or EC, in PEM
 */
record TlsCertificate(String chain, String key) {
  static final String CERTIFICATE = "TLS_CERTIFICATE";
  static final String KEY = "TLS_KEY";

  /** NIST SP 800-131A: shorter ones are no longer safe. */
  private static final int MIN_RSA_BITS = 2048;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s.*?-----END \\1-----", Pattern.DOTALL);

  /**
   * Reads both from PEM files. What stands around the blocks is ignored, as other servers do.
   *
   * @throws SettingsException if a file can't be read or used; it names the variable
   */
  static TlsCertificate read(Path certificateFile, Path keyFile) {
    String chain =
        blocks(CERTIFICATE, certificateFile).stream()
            .filter(block -> block.group(1).equals("CERTIFICATE"))
            .map(MatchResult::group)
            .collect(Collectors.joining("\n"));
    List<X509Certificate> certificates = certificates(chain);
    TlsCertificate certificate = new TlsCertificate(chain, keyBlock(keyFile));
    if (!isPair(certificate.privateKey(), certificates.get(0))) {
      throw new SettingsException(
          KEY + ": the key is not that of the first certificate in the file of " + CERTIFICATE);
    }
    return certificate;
  }

  private static List<MatchResult> blocks(String variable, Path file) {
    try {
      return BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1)).results().toList();
    } catch (NoSuchFileException e) {
      throw new SettingsException(variable + ": there is no such file");
    } catch (IOException e) {
      throw new SettingsException(
          variable + ": the file can't be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static List<X509Certificate> certificates(String chain) {
    List<X509Certificate> certificates;
    try {
      certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(chain.getBytes(StandardCharsets.ISO_8859_1)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
    } catch (CertificateException e) {
      throw new SettingsException(CERTIFICATE + ": the file holds a broken certificate");
    }
    if (certificates.isEmpty()) {
      throw new SettingsException(
          CERTIFICATE + ": the file holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
    }
    try {
      certificates.get(0).checkValidity();
    } catch (CertificateExpiredException e) {
      throw new SettingsException(
          CERTIFICATE + ": it expired on " + certificates.get(0).getNotAfter().toInstant());
    } catch (CertificateNotYetValidException e) {
      throw new SettingsException(
          CERTIFICATE
              + ": it isn't valid before "
              + certificates.get(0).getNotBefore().toInstant());
    }
    if (!isChain(certificates)) {
      throw new SettingsException(
          CERTIFICATE + ": behind each certificate in the file must come that of its issuer");
    }
    return certificates;
  }

  private static boolean isChain(List<X509Certificate> certificates) {
    for (int i = 1; i < certificates.size(); i++) {
      try {
        certificates.get(i - 1).verify(certificates.get(i).getPublicKey());
      } catch (GeneralSecurityException e) {
        return false; // the issuer is another
      }
    }
    return new HashSet<>(certificates).size() == certificates.size();
  }

  private static String keyBlock(Path file) {
    List<MatchResult> keys =
        blocks(KEY, file).stream().filter(block -> block.group(1).endsWith("PRIVATE KEY")).toList();
    if (keys.size() != 1) {
      throw new SettingsException(
          KEY + ": the file must hold one private key in PEM (-----BEGIN PRIVATE KEY-----)");
    }
    return keys.get(0).group();
  }

  /** Read by the framework, as it will be when the server starts. */
  private PrivateKey privateKey() {
    if (key.contains("ENCRYPTED")) {
      throw new SettingsException(
          KEY + ": the key is encrypted; decrypt it: openssl pkey -in FILE -out NEWFILE");
    }
    try {
      KeyStore store = new Loader().load(this);
      if (store.getKey(store.aliases().nextElement(), null) instanceof PrivateKey privateKey) {
        return privateKey;
      }
      throw new GeneralSecurityException("There is no key");
    } catch (Exception e) { // whatever the framework's parser meets in broken bytes
      throw new SettingsException(
          KEY + ": the key can't be read; it must be an RSA or EC key, as openssl writes it");
    }
  }

  private static boolean isPair(PrivateKey key, X509Certificate certificate) {
    if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
      throw new SettingsException(
          KEY + ": the key is too short; of RSA it must have at least " + MIN_RSA_BITS + " bits");
    }
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> throw new SettingsException(KEY + ": it must be an RSA or EC key");
        };
    byte[] text = {1};
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // a key of another kind or size
    }
  }

  @Override
  public String toString() {
    return "TlsCertificate[…]";
  }

  /** Opens what is protected in the framework. */
  private static final class Loader extends SslBuilder<KeyStore> {
    Loader() {
      super(new ResourceResolver());
    }

    KeyStore load(TlsCertificate certificate) throws Exception {
      SslConfiguration configuration = new SslConfiguration();
      configuration.getKeyStore().setCertificatePath("string:" + certificate.chain());
      configuration.getKeyStore().setKeyPath("string:" + certificate.key());
      return getKeyStore(configuration).orElseThrow();
    }

    @Override
    public Optional<KeyStore> build(SslConfiguration configuration) {
      return Optional.empty();
    }

    @Override
    public Optional<KeyStore> build(SslConfiguration configuration, HttpVersion version) {
      return Optional.empty();
    }
  }
}
