package dev.taskport.app;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The service's TLS certificate and its private key. Both are valid now, and belong together.
 * {@code toString} hides the key.
 *
 * @param chain the server's certificate, followed by the certificate of each issuer
 * @param key the private key, RSA or EC
 */
record TlsCertificate(List<X509Certificate> chain, PrivateKey key) {
  static final String CERTIFICATE = "TLS_CERTIFICATE";
  static final String KEY = "TLS_KEY";

  /** NIST SP 800-131A: shorter keys are no longer safe. */
  private static final int MIN_RSA_BITS = 2048;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(\\s.*?)-----END \\1-----", Pattern.DOTALL);

  TlsCertificate {
    chain = List.copyOf(chain);
  }

  /**
   * Reads both from PEM files. Text around the blocks is ignored, as in other servers: easy-rsa
   * writes such text, and {@code openssl ecparam} writes a block of parameters.
   *
   * @throws SettingsException if a file can't be read or used; it names the variable
   */
  static TlsCertificate read(Path certificateFile, Path keyFile) {
    List<X509Certificate> chain = chain(certificateFile);
    PublicKey certified = chain.get(0).getPublicKey();
    PrivateKey key = key(keyFile, certified);
    if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
      throw new SettingsException(
          KEY + ": the key is too short; of RSA it must have at least " + MIN_RSA_BITS + " bits");
    }
    if (!isPair(key, certified)) {
      throw otherKey();
    }
    return new TlsCertificate(chain, key);
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

  private static List<X509Certificate> chain(Path file) {
    String blocks =
        blocks(CERTIFICATE, file).stream()
            .filter(block -> block.group(1).equals("CERTIFICATE"))
            .map(MatchResult::group)
            .collect(Collectors.joining("\n"));
    List<X509Certificate> chain;
    try {
      chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(blocks.getBytes(StandardCharsets.ISO_8859_1)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
    } catch (CertificateException e) {
      throw new SettingsException(CERTIFICATE + ": the file holds a broken certificate");
    }
    if (chain.isEmpty()) {
      throw new SettingsException(
          CERTIFICATE + ": the file holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
    }
    try {
      chain.get(0).checkValidity();
    } catch (CertificateExpiredException e) {
      throw new SettingsException(
          CERTIFICATE + ": it expired on " + chain.get(0).getNotAfter().toInstant());
    } catch (CertificateNotYetValidException e) {
      throw new SettingsException(
          CERTIFICATE + ": it isn't valid before " + chain.get(0).getNotBefore().toInstant());
    }
    if (!isChain(chain)) {
      throw new SettingsException(
          CERTIFICATE + ": behind each certificate in the file must come that of its issuer");
    }
    return chain;
  }

  private static boolean isChain(List<X509Certificate> certificates) {
    for (int i = 1; i < certificates.size(); i++) {
      try {
        certificates.get(i - 1).verify(certificates.get(i).getPublicKey());
      } catch (GeneralSecurityException e) {
        return false; // a different issuer
      }
    }
    return new HashSet<>(certificates).size() == certificates.size();
  }

  private static PrivateKey key(Path file, PublicKey certified) {
    List<MatchResult> keys =
        blocks(KEY, file).stream().filter(block -> block.group(1).endsWith("PRIVATE KEY")).toList();
    if (keys.size() != 1) {
      throw new SettingsException(
          KEY
              + ": the file must hold one private key in PEM (a block that is labelled PRIVATE KEY)");
    }
    MatchResult block = keys.get(0);
    if (block.group().contains("ENCRYPTED")) {
      throw new SettingsException(
          KEY + ": the key is encrypted; decrypt it: openssl pkey -in FILE -out NEWFILE");
    }
    byte[] bytes;
    try {
      bytes = Base64.getMimeDecoder().decode(block.group(2));
    } catch (IllegalArgumentException e) {
      throw unreadableKey();
    }
    return switch (block.group(1)) {
      case "PRIVATE KEY" -> key(bytes, "RSA", "EC");
      case "RSA PRIVATE KEY" -> traditionalKey(bytes, "RSA", certified);
      case "EC PRIVATE KEY" -> traditionalKey(bytes, "EC", certified);
      default -> throw unreadableKey();
    };
  }

  /** Reads a PKCS#8 key (RFC 5208) of any of these algorithms. */
  private static PrivateKey key(byte[] pkcs8, String... algorithms) {
    for (String algorithm : algorithms) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        // Try the next algorithm.
      }
    }
    throw unreadableKey();
  }

  /**
   * Reads PKCS#1 or SEC1, the older formats of OpenSSL. The JDK only reads PKCS#8, which is the
   * same bytes after an identifier of the algorithm and curve. That identifier is copied from the
   * certificate, which has the same one if the key belongs to it.
   */
  private static PrivateKey traditionalKey(byte[] bytes, String algorithm, PublicKey certified) {
    if (!certified.getAlgorithm().equals(algorithm)) {
      throw otherKey();
    }
    byte[] info = certified.getEncoded(); // SEQUENCE { SEQUENCE { algorithm, curve }, key }
    int start = info[1] >= 0 ? 2 : 2 + (info[1] & 0x7f);
    byte[] name = Arrays.copyOfRange(info, start, start + 2 + info[start + 1]);
    byte[] version = {2, 1, 0};
    return key(der(0x30, version, name, der(0x04, bytes)), algorithm);
  }

  /** Encodes an ASN.1 element of up to 65535 bytes in DER. */
  private static byte[] der(int tag, byte[]... contents) {
    int length = Arrays.stream(contents).mapToInt(content -> content.length).sum();
    ByteArrayOutputStream der = new ByteArrayOutputStream();
    der.write(tag);
    if (length > 0xff) {
      der.write(0x82);
      der.write(length >> 8);
    } else if (length > 0x7f) {
      der.write(0x81);
    }
    der.write(length);
    Arrays.stream(contents).forEach(der::writeBytes);
    return der.toByteArray();
  }

  private static boolean isPair(PrivateKey key, PublicKey certified) {
    byte[] text = {1};
    try {
      Signature signature =
          Signature.getInstance(
              key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // a key of a different type or size
    }
  }

  private static SettingsException unreadableKey() {
    return new SettingsException(
        KEY + ": the key can't be read; it must be an RSA or EC key, as openssl writes it");
  }

  private static SettingsException otherKey() {
    return new SettingsException(
        KEY + ": the key is not that of the first certificate in the file of " + CERTIFICATE);
  }

  /** The key and the certificate in a key store, for the framework. */
  KeyStore keyStore() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("tls", key, null, chain.toArray(X509Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("A key store in memory can't be made", e);
    }
  }

  @Override
  public String toString() {
    return "TlsCertificate[…]";
  }
}
