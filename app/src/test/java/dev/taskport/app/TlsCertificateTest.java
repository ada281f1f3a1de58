package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Which certificates and keys can be used, and what is said about those that can't. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsCertificateTest {
  @TempDir private static Path folder;
  private TestCertificate rsa;
  private TestCertificate ec;

  @BeforeAll
  void make() {
    rsa = TestCertificate.selfSigned(folder, "RSA");
    ec = TestCertificate.selfSigned(folder, "EC");
  }

  private static void write(String file, String text) {
    try {
      Files.writeString(folder.resolve(file), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static TlsCertificate read(String chain, String key) {
    write("chain.pem", chain);
    write("key.pem", key);
    return files().current();
  }

  private static TlsCertificateFiles files() {
    TlsCertificateFiles files =
        Settings.read(Map.of("TLS_CERTIFICATE", "chain.pem", "TLS_KEY", "key.pem"), folder).tls();
    assertNotNull(files);
    return files;
  }

  private static List<String> pem(TlsCertificate certificate) {
    return certificate.chain().stream().map(TlsCertificateTest::pem).toList();
  }

  private static String pem(X509Certificate certificate) {
    try {
      return TestCertificate.pem("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  private static String leaf(TestCertificate certificate) {
    return certificate.chain().get(0);
  }

  private void assertRefused(String message, String chain, String key) {
    String said =
        String.valueOf(assertThrows(SettingsException.class, () -> read(chain, key)).getMessage());
    assertTrue(said.startsWith(message), said);
  }

  private void assertRefused(String message, Map<String, String> environment) {
    String said =
        assertThrows(SettingsException.class, () -> Settings.read(environment, folder))
            .getMessage();
    assertEquals(message, said);
  }

  @Test
  void keysAreReadInTheFormsThatPeopleHave() {
    read(leaf(rsa), rsa.key());
    read(leaf(rsa), rsa.traditionalKey());
    read(leaf(ec), ec.key());
    read(leaf(ec), ec.traditionalKey());
    read(leaf(ec).replace("\n", "\r\n"), ec.key().replace("\n", "\r\n"));
  }

  @Test
  void whatStandsAroundTheBlocksIsIgnored() {
    TlsCertificate certificate =
        read("subject=CN = localhost\n" + leaf(ec) + "# über\n", "Key:\n" + ec.key() + ec.chain());

    assertEquals(List.of(leaf(ec)), pem(certificate));
  }

  @Test
  void aChainIsKeptInItsOrder() {
    TestCertificate issued = TestCertificate.issued(folder);
    String chain = String.join("", issued.chain());

    assertEquals(2, issued.chain().size());
    assertEquals(issued.chain(), pem(read(chain, issued.key())));
    assertRefused(
        "TLS_CERTIFICATE: behind each certificate in the file must come that of its issuer",
        issued.chain().get(1) + issued.chain().get(0),
        issued.key());
    assertRefused("TLS_CERTIFICATE: behind each", leaf(issued) + leaf(ec), issued.key());
    assertRefused("TLS_CERTIFICATE: behind each", leaf(ec) + leaf(ec), ec.key());
    // Of the issuer's name, but not the issuer.
    assertRefused("TLS_CERTIFICATE: behind each", leaf(ec) + leaf(rsa), ec.key());
  }

  @Test
  void theKeyOfAnotherCertificateIsRefused() {
    String message =
        "TLS_KEY: the key is not that of the first certificate in the file of TLS_CERTIFICATE";
    assertRefused(message, leaf(rsa), ec.key());
    assertRefused(message, leaf(ec), rsa.key());
    assertRefused(
        message, leaf(ec), TestCertificate.selfSigned(folder, "EC", "-2H").traditionalKey());
  }

  @Test
  void aCertificateOutsideItsTimeIsRefused() {
    TestCertificate expired = TestCertificate.selfSigned(folder, "EC", "-3d");
    assertRefused("TLS_CERTIFICATE: it expired on ", leaf(expired), expired.key());
    TestCertificate early = TestCertificate.selfSigned(folder, "EC", "+3d");
    assertRefused("TLS_CERTIFICATE: it isn't valid before ", leaf(early), early.key());
  }

  @Test
  void aKeyThatIsLockedIsRefusedWithTheWayToUnlockIt() {
    String way = "TLS_KEY: the key is encrypted; decrypt it: openssl pkey -in FILE -out NEWFILE";
    assertRefused(way, leaf(rsa), rsa.key().replace("PRIVATE", "ENCRYPTED PRIVATE"));
    assertRefused(
        way,
        leaf(rsa),
        rsa.traditionalKey()
            .replace(
                "KEY-----\nM",
                "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\nM"));
  }

  @Test
  void aFileThatHoldsSomethingElseIsRefused() {
    String noKey = "TLS_KEY: the file must hold one private key in PEM";
    assertRefused(noKey, leaf(ec), "");
    assertRefused(noKey, leaf(ec), leaf(ec));
    assertRefused(noKey, leaf(ec), ec.key() + rsa.key());
    assertRefused(noKey, leaf(ec), ec.key().replace("END", "AND"));
    String noCertificate = "TLS_CERTIFICATE: the file holds no certificate in PEM";
    assertRefused(noCertificate, "", ec.key());
    assertRefused(noCertificate, ec.key(), ec.key());
    assertRefused(
        "TLS_CERTIFICATE: the file holds a broken certificate",
        leaf(ec).replaceFirst("\nM.{9}", "\n"),
        ec.key());
    assertRefused(
        "TLS_KEY: the key can't be read; it must be an RSA or EC key",
        leaf(ec),
        ec.key().replaceFirst("\nM.{8}", "\n"));
    assertRefused(
        "TLS_KEY: the key can't be read",
        leaf(ec),
        ec.key().replace("PRIVATE KEY", "DSA PRIVATE KEY"));
  }

  @Test
  void aKeyThatIsTooShortIsRefused() {
    TestCertificate weak = TestCertificate.selfSigned(folder, "RSA -keysize 1024");
    assertRefused(
        "TLS_KEY: the key is too short; of RSA it must have at least 2048 bits",
        leaf(weak),
        weak.key());
  }

  @Test
  void aKeyOfAnotherKindIsRefused() {
    TestCertificate edwards = TestCertificate.selfSigned(folder, "Ed25519");
    assertRefused(
        "TLS_KEY: the key can't be read; it must be an RSA or EC key",
        leaf(edwards),
        edwards.key());
  }

  @Test
  void aFileThatIsNotThereIsRefused() throws IOException {
    Files.writeString(folder.resolve("there.pem"), leaf(ec));
    assertRefused(
        "TLS_CERTIFICATE: there is no such file",
        Map.of("TLS_CERTIFICATE", "gone.pem", "TLS_KEY", "there.pem"));
    assertRefused(
        "TLS_KEY: there is no such file",
        Map.of("TLS_CERTIFICATE", "there.pem", "TLS_KEY", "gone.pem"));
    assertRefused(
        "TLS_KEY: the file can't be read (IOException)",
        Map.of("TLS_CERTIFICATE", "there.pem", "TLS_KEY", "."));
  }

  @Test
  void oneWithoutTheOtherIsRefused() {
    assertRefused(
        "TLS_CERTIFICATE: it needs TLS_KEY beside it", Map.of("TLS_CERTIFICATE", "chain.pem"));
    assertRefused("TLS_KEY: it needs TLS_CERTIFICATE beside it", Map.of("TLS_KEY", "key.pem"));
  }

  @Test
  void aRenewedCertificateIsTakenOnceBothFilesBelongTogether() {
    read(leaf(rsa), rsa.key());
    TlsCertificateFiles files = files();
    assertNull(files.renewed());

    for (String halfWritten : new String[] {ec.key(), ec.key().substring(0, 100), ""}) {
      write("key.pem", halfWritten);
      assertNull(files.renewed());
      assertEquals(List.of(leaf(rsa)), pem(files.current()));
    }
    write("key.pem", ec.key());
    for (String halfWritten : new String[] {leaf(ec).substring(0, 100), ""}) {
      write("chain.pem", halfWritten);
      assertNull(files.renewed());
      assertEquals(List.of(leaf(rsa)), pem(files.current()));
    }
    write("chain.pem", leaf(ec));
    assertNotNull(files.renewed());
    assertEquals(List.of(leaf(ec)), pem(files.current()));
    assertNull(files.renewed());
  }

  @Test
  void theTextFormShowsNoKey() {
    TlsCertificate certificate = read(leaf(ec), ec.key());
    assertEquals("TlsCertificate[…]", certificate.toString());
  }
}
