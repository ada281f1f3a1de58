package dev.taskport.adapter.postgres.address;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Each URL goes through pgjdbc's own parser: what counts is what the driver understands. */
class DatabaseUrlTest {
  private static final String NEON =
      "ep-cool-darkness-a1b2c3d4-pooler.us-east-2.aws.neon.tech/neondb";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://ann:secret@db.example:6543/tasks",
        "postgres://ann:secret@db.example:6543/tasks",
        "POSTGRESQL://ann:secret@db.example:6543/tasks",
        "postgresql+asyncpg://ann:secret@db.example:6543/tasks",
        "postgresql+psycopg://ann:secret@db.example:6543/tasks",
        "postgresql+psycopg2://ann:secret@db.example:6543/tasks",
        "postgresql+pg8000://ann:secret@db.example:6543/tasks",
        "jdbc:postgresql://db.example:6543/tasks?user=ann&password=secret",
        "jdbc:postgresql://ann:secret@db.example:6543/tasks",
        "postgresql://db.example:6543/tasks?user=ann&password=secret",
        "postgresql://ann:secret@/tasks?host=db.example&port=6543",
        "postgresql://ann:secret@/?host=db.example:6543&dbname=tasks",
        "jdbc:postgresql:?PGHOST=db.example&PGPORT=6543&PGDBNAME=tasks&user=ann&password=secret",
        "postgresql://%61nn:s%65cret@db%2eexample:%36543/t%61sks",
        "  postgresql://ann:secret@db.example:6543/tasks\n",
        "'postgresql://ann:secret@db.example:6543/tasks'",
        " \" postgresql://ann:secret@db.example:6543/tasks \" ",
        "psql 'postgresql://ann:secret@db.example:6543/tasks'",
        "psql \"postgresql://ann:secret@db.example:6543/tasks\"",
        "psql postgresql://ann:secret@db.example:6543/tasks?",
      })
  void everyFormMeansTheSameAddress(String url) {
    assertEquals(
        new DatabaseAddress("jdbc:postgresql://db.example:6543/tasks", "ann", "secret"),
        DatabaseUrl.parse(url));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      textBlock =
          """
          # URL                                         | hosts         | ports     | database  | user
          postgresql://                                 | localhost     | 5432      | -         | -
          postgresql:///tasks                           | localhost     | 5432      | tasks     | -
          postgresql://db                               | db            | 5432      | -         | -
          postgresql://db:/                             | db            | 5432      | -         | -
          postgresql://ann@db                           | db            | 5432      | ann       | ann
          postgresql://ann@                             | localhost     | 5432      | ann       | ann
          postgresql://ann@db?sslmode=require           | db            | 5432      | ann       | ann
          postgresql://ann%40corp@db                    | db            | 5432      | ann@corp  | ann@corp
          postgresql://ann@corp:x@db/tasks              | db            | 5432      | tasks     | ann@corp
          postgresql://db/tasks?user=ann@corp           | db            | 5432      | tasks     | ann@corp
          postgresql://db:5433/tasks?user=ann@corp      | db            | 5433      | tasks     | ann@corp
          postgresql://one:5433,two:5434/tasks          | one,two       | 5433,5434 | tasks     | -
          postgresql://ann:x@one,two:5434/tasks         | one,two       | 5432,5434 | tasks     | ann
          postgresql:///tasks?host=one,two&port=5433    | one,two       | 5433,5433 | tasks     | -
          postgresql:///tasks?host=one,two&port=1,2     | one,two       | 1,2       | tasks     | -
          postgresql:///tasks?host=one:1&host=two:2     | one,two       | 1,2       | tasks     | -
          postgresql://[::1]/tasks                      | [::1]         | 5432      | tasks     | -
          postgresql://ann:x@[2001:db8::1]:5433/tasks   | [2001:db8::1] | 5433      | tasks     | ann
          postgresql://[::1]:1,[::2],10.0.0.1:3/tasks   | [::1],[::2],10.0.0.1 | 1,5432,3 | tasks | -
          postgresql://[fe80::1%25eth0]/tasks           | [fe80::1%eth0] | 5432     | tasks     | -
          postgresql://db/t%C3%A4sks%2F%26%3F%23%25     | db            | 5432      | täsks/&?#% | -
          postgresql://db/a+b                           | db            | 5432      | a+b       | -
          jdbc:postgresql://db/a+b                      | db            | 5432      | a b       | -
          jdbc:postgresql://db/                         | db            | 5432      | -         | -
          jdbc:postgresql:///tasks                      | localhost     | 5432      | tasks     | -
          jdbc:postgresql:tasks                         | localhost     | 5432      | tasks     | -
          jdbc:postgresql:/                             | localhost     | 5432      | -         | -
          jdbc:postgresql://one:1,two/tasks?user=ann    | one,two       | 1,5432    | tasks     | ann
          """)
  void hostsPortsDatabaseAndUserReachTheDriver(
      String url, String hosts, String ports, String database, String user) {
    DatabaseAddress address = DatabaseUrl.parse(url);

    Properties driver = driver(address);
    assertEquals(hosts, driver.getProperty("PGHOST"));
    assertEquals(ports, driver.getProperty("PGPORT"));
    assertEquals(database, driver.getProperty("PGDBNAME"));
    assertEquals(user, address.username());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      textBlock =
          """
          # in the URL                                  | what pgjdbc understands
          -                                             | {}
          sslmode=require                               | {sslmode=require}
          sslmode=REQUIRE                               | {sslmode=require}
          SSLMODE=verify-full                           | {sslmode=verify-full}
          sslmode=disable                               | {sslmode=disable}
          ssl=require                                   | {sslmode=require}
          ssl=true                                      | {sslmode=require}
          ssl=false                                     | {sslmode=disable}
          ssl=true&sslmode=verify-full                  | {sslmode=verify-full}
          sslmode=require&channel_binding=require       | {channelBinding=require, sslmode=require}
          sslmode=require&channelBinding=prefer         | {channelBinding=prefer, sslmode=require}
          channel_binding=Disable                       | {channelBinding=disable}
          sslmode=verify-ca&sslrootcert=/etc/a%20b.crt  | {sslmode=verify-ca, sslrootcert=/etc/a b.crt}
          sslrootcert=ca.crt&sslmode=require            | {sslmode=verify-ca, sslrootcert=ca.crt}
          sslrootcert=ca.crt&ssl=true                   | {sslmode=verify-ca, sslrootcert=ca.crt}
          sslrootcert=system                            | {sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory, sslmode=verify-full}
          sslmode=verify-full&sslrootcert=system        | {sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory, sslmode=verify-full}
          sslcert=c.crt&sslkey=c.key&sslmode=require    | {sslcert=c.crt, sslkey=c.key, sslmode=require}
          sslnegotiation=direct&sslmode=require         | {sslNegotiation=direct, sslmode=require}
          gssencmode=disable                            | {gssEncMode=disable}
          require_auth=scram-sha-256                    | {requireAuth=scram-sha-256}
          require_auth=%21password,%21md5               | {requireAuth=!password,!md5}
          krbsrvname=pg                                 | {kerberosServerName=pg}
          options=endpoint%3Dep-cool-a1                 | {options=endpoint=ep-cool-a1}
          options=-c%20search_path%3Da%2Cb%20-c%20x%3D+ | {options=-c search_path=a,b -c x=+}
          options=a=b@c                                 | {options=a=b@c}
          application_name=my%26app                     | {ApplicationName=my&app}
          ApplicationName=app                           | {ApplicationName=app}
          connect_timeout=15                            | {connectTimeout=15}
          keepalives=1&keepalives_idle=30               | {tcpKeepAlive=true}
          keepalives=0                                  | {tcpKeepAlive=false}
          target_session_attrs=read-write               | {targetServerType=primary}
          target_session_attrs=any                      | {targetServerType=any}
          target_session_attrs=prefer-standby           | {targetServerType=preferSecondary}
          load_balance_hosts=random                     | {loadBalanceHosts=true}
          load_balance_hosts=disable                    | {loadBalanceHosts=false}
          schema=app                                    | {currentSchema=app}
          pgbouncer=true&connection_limit=1             | {prepareThreshold=0}
          statement_cache_size=0&prepared_statement_cache_size=0 | {prepareThreshold=0}
          prepared_statement_cache_size=100             | {}
          sockettimeout=30&tcpKeepAlive=true            | {socketTimeout=30, tcpKeepAlive=true}
          &sslmode=require&                             | {sslmode=require}
          """)
  void parametersReachTheDriverTranslated(String parameters, String expected) {
    String url =
        "postgresql+asyncpg://ann:pw@" + NEON + (parameters == null ? "" : "?" + parameters);

    assertEquals(expected, properties(DatabaseUrl.parse(url)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ssl=true                                      | {sslmode=verify-full}
          ssl                                           | {sslmode=verify-full}
          ssl=false                                     | {}
          ssl=true&sslmode=require                      | {sslmode=require}
          ssl=require                                   | {sslmode=require}
          channelBinding=require&sslmode=require        | {channelBinding=require, sslmode=require}
          channel_binding=require&sslmode=require       | {channelBinding=require, sslmode=require}
          targetServerType=preferSlave                  | {targetServerType=preferSlave}
          options=-c+statement_timeout=90000            | {options=-c statement_timeout=90000}
          loginTimeout=5&reWriteBatchedInserts=true     | {loginTimeout=5, reWriteBatchedInserts=true}
          """)
  void jdbcUrlsKeepTheirMeaning(String parameters, String expected) {
    assertEquals(
        expected, properties(DatabaseUrl.parse("jdbc:postgresql://db/tasks?" + parameters)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          postgresql://ann:a+b@db/tasks?sslmode=require               | a+b
          jdbc:postgresql://db/tasks?user=ann&password=a+b            | a+b
          jdbc:postgresql://db/tasks?user=ann&password=a%2Bb%20c%26d  | a+b c&d
          postgresql://ann:p@ss@db/tasks                              | p@ss
          postgresql://ann:p@ss@db/tasks?options=a@b                  | p@ss
          postgresql://ann:p:s:s@db/tasks                             | p:s:s
          postgresql://ann:p/ss@db/tasks                              | p/ss
          postgresql://ann:12/ss@db/tasks                             | 12/ss
          postgresql://ann:p?ss@db/tasks?sslmode=require              | p?ss
          postgresql://ann:p#ss@db/tasks                              | p#ss
          postgresql://ann:p&s=s@db/tasks                             | p&s=s
          postgresql://ann:%C3%A4%F0%9F%94%91é@db/tasks               | ä🔑é
          postgresql://ann:%70%25%40@db/tasks                         | p%@
          """)
  void passwordsAreFoundAsPeopleWriteThem(String url, String password) {
    DatabaseAddress address = DatabaseUrl.parse(url);

    assertEquals(password, address.password());
    assertEquals("ann", address.username());
    assertEquals("db", driver(address).getProperty("PGHOST"));
    assertEquals("tasks", driver(address).getProperty("PGDBNAME"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                        | must start with postgresql://
          s3cret                                    | must start with postgresql://
          mysql://zoe:s3cret@db/tasks               | must start with postgresql://
          host=db user=zoe password=s3cret          | must start with postgresql://
          psql -h db                                | must start with postgresql://
          postgresql://zoe:s3cret @db/tasks         | white space
          postgresql://zoe:s3cret@d b/tasks         | white space
          postgresql://zoe:s3cret@d!b/tasks         | a host must be
          postgresql://zoe:s3cret@::1/tasks         | a host must be
          postgresql://zoe:s3cret@[::1/tasks        | a host must be
          postgresql://zoe:s3cret@a,,b/tasks        | a host must be
          postgresql://zoe:s3cret@db:0/tasks        | a port must be a number from 1 to 65535
          postgresql://zoe:s3cret@db:65536/tasks    | a port must be
          postgresql://zoe:s3cret@db:99999999999/tasks | a port must be
          postgresql://zoe:s3cret@db:-1/tasks       | a port must be
          postgresql://zoe:s3cret                   | a port must be
          postgresql://zoe:s3cret@a,b/t?port=1,2,3  | 3 ports for 2 hosts
          postgresql://zoe:s3cret@a:1/t?port=2      | gives the port twice
          postgresql://zoe:s3cret@a/t?host=b        | gives the host twice
          postgresql://zoe:s3cret@a/t?user=bob      | gives the user twice
          postgresql://zoe:s3cret@a/t?password=x    | gives the password twice
          postgresql://zoe:s3cret@/t?host=/var/run  | Unix socket
          postgresql://zoe:s3cret@%2Fvar%2Frun/t    | Unix socket
          postgresql://zoe:s3cret@/t?host=@abstract | Unix socket
          postgresql://zoe:s3c%ret@db/tasks         | the password holds a '%' without two hexadecimal digits
          postgresql://zoe:s3cret%@db/tasks         | the password holds a '%'
          postgresql://zoe:s3cret%2@db/tasks        | the password holds a '%'
          postgresql://zoe:s3cret%E4@db/tasks       | not as UTF-8
          postgresql://zoe:s3cret%00@db/tasks       | NUL
          postgresql://zoe:s3@c/ret@db/tasks        | not clear where the host begins
          postgresql://zoe:s3@c?ret@db/tasks        | not clear where the host begins
          postgresql://z/oe:s3cret@db/tasks         | not clear where the host begins
          postgresql://db/tasks@s3cret              | not clear where the host begins
          postgresql://zoe:s3cret@db/tasks/x        | write it as %2F
          postgresql://zoe:s3cret@db/t?sslmode=on   | sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full
          postgresql://zoe:s3cret@db/t?ssl=on       | ssl must be one of disable
          postgresql://zoe:s3cret@db/t?sslmode=     | sslmode has no value
          postgresql://zoe:s3cret@db/t?sslmode      | sslmode has no value
          postgresql://zoe:s3cret@db/t?sslmode=require&sslmode=disable | sslmode twice
          postgresql://zoe:s3cret@db/t?ssl=disable&sslmode=require | sslmode twice
          postgresql://zoe:s3cret@db/t?channel_binding=yes | channel_binding must be one of disable, prefer, require
          postgresql://zoe:s3cret@db/t?channel_binding=require&channelBinding=disable | channelbinding twice
          postgresql://zoe:s3cret@db/t?sslrootcert=ca.crt  | sslrootcert needs sslmode=verify-full
          postgresql://zoe:s3cret@db/t?sslrootcert=ca.crt&sslmode=prefer  | sslrootcert needs
          postgresql://zoe:s3cret@db/t?sslrootcert=system&sslmode=require | sslrootcert=system needs
          postgresql://zoe:s3cret@db/t?sslcrl=x     | sslcrl is not supported
          postgresql://zoe:s3cret@db/t?sslpassword=s3cret  | sslpassword is not supported
          postgresql://zoe:s3cret@db/t?service=x    | service is not supported
          postgresql://zoe:s3cret@db/t?hostaddr=::1 | hostaddr is not supported
          postgresql://zoe:s3cret@db/t?target_session_attrs=x | target_session_attrs must be one of any, primary
          postgresql://zoe:s3cret@db/t?connect_timeout=-1     | connect_timeout must be a number of seconds
          postgresql://zoe:s3cret@db/t?keepalives=2           | keepalives must be true or false
          postgresql://zoe:s3cret@db/t?load_balance_hosts=yes | load_balance_hosts must be true or false
          postgresql://zoe:s3cret@db/t?ssl_mode=require       | parameter ssl_mode is not known
          postgresql://zoe:s3cret@db/t?a=1&sslmode=require    | parameter a is not known
          postgresql://db/t?user=zoe&password=s3&cret=1       | parameter number 3 is not known
          postgresql://zoe:s3cret@db/t?cret=1@db2/t           | not clear where the host begins
          postgresql://zoe:x@db/t?sslmode=require&cret=1@db/t | parameter number 2 is not known
          postgresql://zoe:x@db/t?cret%20s3                   | parameter number 1 is not known
          """)
  void aWrongUrlIsRefusedWithoutShowingIt(String url, String fault) {
    DatabaseAddressException refused =
        assertThrows(DatabaseAddressException.class, () -> DatabaseUrl.parse(url));

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(fault), message);
    assertFalse(message.contains("s3"), message);
    assertFalse(message.contains("cret"), message);
    assertFalse(message.contains("zoe"), message);
    assertFalse(message.contains("\n"), message);
    assertNull(refused.getCause());
  }

  @Test
  void percentEncodedCredentialsComeBackWhateverTheyAre() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      String user = text(random);
      String password = text(random);
      String database = text(random);
      String message = "seed " + seed + ", round " + round;
      String path = "/" + encode(database) + "?sslmode=require";
      for (String url :
          new String[] {
            "postgresql://" + encode(user) + ":" + encode(password) + "@db:1,[::1]" + path,
            "jdbc:postgresql://db:1,[::1]"
                + path
                + ("&user=" + encode(user) + "&password=" + encode(password))
          }) {
        DatabaseAddress address = DatabaseUrl.parse(url);

        assertEquals(user, address.username(), message);
        assertEquals(password, address.password(), message);
        String withCredentials =
            address.jdbcUrl() + "&user=" + encode(user) + "&password=" + encode(password);
        Properties driver = Driver.parseURL(withCredentials, null);
        assertNotNull(driver, message);
        assertEquals(user, driver.getProperty("user"), message);
        assertEquals(password, driver.getProperty("password"), message);
        assertEquals(database, driver.getProperty("PGDBNAME"), message);
        assertEquals("db,[::1]", driver.getProperty("PGHOST"), message);
        assertEquals("1,5432", driver.getProperty("PGPORT"), message);
      }
    }
  }

  @Test
  void whateverComesInNothingButAnAddressOrARefusalComesOut() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String pieces = "@:/?#%&=+,[]%41ab1 'sslmode=require&host=é🔑";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder url =
          new StringBuilder(random.nextBoolean() ? "postgres://" : "jdbc:postgresql:");
      for (int length = random.nextInt(25); length > 0; length--) {
        int at = random.nextInt(pieces.length());
        url.append(pieces, at, Math.min(pieces.length(), at + 1 + random.nextInt(8)));
      }
      try {
        assertNotNull(driver(DatabaseUrl.parse(url.toString())), () -> url + ", seed " + seed);
      } catch (DatabaseAddressException expected) {
        assertFalse(String.valueOf(expected.getMessage()).isEmpty());
      } catch (RuntimeException e) {
        throw new AssertionError(url + ", seed " + seed, e);
      }
    }
  }

  @Test
  void thePasswordIsNowhereButInItsPlace() {
    DatabaseAddress address = DatabaseUrl.parse("postgresql://ann:s3cret@db/tasks");

    assertEquals("jdbc:postgresql://db:5432/tasks as ann", address.toString());
    assertFalse(address.jdbcUrl().contains("s3cret"));
  }

  private static Properties driver(DatabaseAddress address) {
    Properties properties = Driver.parseURL(address.jdbcUrl(), null);
    assertNotNull(properties, () -> "pgjdbc refuses " + address.jdbcUrl());
    return properties;
  }

  /** What the driver knows besides hosts, ports and database, sorted by name. */
  private static String properties(DatabaseAddress address) {
    TreeMap<String, String> properties = new TreeMap<>();
    Properties driver = driver(address);
    for (String name : driver.stringPropertyNames()) {
      assertNotNull(PGProperty.forName(name), () -> "pgjdbc has no " + name);
      properties.put(name, driver.getProperty(name));
    }
    properties.keySet().removeAll(List.of("PGHOST", "PGPORT", "PGDBNAME"));
    return properties.toString();
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int length = 1 + random.nextInt(20); length > 0; ) {
      int c = random.nextBoolean() ? 33 + random.nextInt(94) : random.nextInt(0x110000);
      if (Character.isDefined(c)
          && !Character.isISOControl(c)
          && Character.getType(c) != Character.SURROGATE) {
        text.appendCodePoint(c);
        length--;
      }
    }
    return text.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
