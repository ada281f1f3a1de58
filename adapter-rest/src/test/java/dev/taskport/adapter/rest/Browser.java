package dev.taskport.adapter.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A real browser without a window, which knows no host but this machine. */
public final class Browser implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Set<String> OF_THE_BROWSER = Set.of("about", "chrome", "data");
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final ChromeDriver driver;
  private final List<String> console = new ArrayList<>();
  private final List<URI> requests = new ArrayList<>();

  public Browser() {
    File chromium = program("CHROMIUM", "/usr/bin/chromium");
    File chromeDriver = program("CHROMEDRIVER", "/usr/bin/chromedriver");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium);
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless",
        "--no-sandbox", // Chromium's sandbox refuses root, as whom containers often run
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,1800",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1");
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(chromeDriver).build(), options);
    driver.manage().timeouts().scriptTimeout(DEADLINE);
  }

  private static File program(String variable, String usual) {
    File file = new File(Optional.ofNullable(System.getenv(variable)).orElse(usual));
    if (!file.canExecute()) {
      throw new AssertionError(
          "There is no "
              + file
              + ": install Debian's packages chromium and chromium-driver, or name the programs in"
              + " CHROMIUM and CHROMEDRIVER");
    }
    return file;
  }

  public void open(URI page) {
    driver.get(page.toString());
  }

  /** The element, as soon as it can be seen. */
  public WebElement see(String css) {
    return new WebDriverWait(driver, DEADLINE)
        .until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(css)));
  }

  public void click(String css) {
    see(css);
    new WebDriverWait(driver, DEADLINE)
        .until(ExpectedConditions.elementToBeClickable(By.cssSelector(css)))
        .click();
  }

  public List<String> texts(String css) {
    return driver.findElements(By.cssSelector(css)).stream().map(WebElement::getText).toList();
  }

  /** Runs the body of an asynchronous function in the page and gives what it returns. */
  public JsonNode run(String script, Object... arguments) {
    String call =
        """
        const done = arguments[arguments.length - 1];
        (async (...args) => {%s})(...arguments)
          .then(value => done(JSON.stringify(value ?? null)), error => done(JSON.stringify({error: String(error)})));
        """
            .formatted(script);
    return OpenApiDocument.parse(String.valueOf(driver.executeAsyncScript(call, arguments)));
  }

  /** Keeps what the window shows as {@code target/screenshots/NAME.png}. */
  public void screenshot(String name) {
    try {
      Files.createDirectories(SCREENSHOTS);
      Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that the pages so far have written to the console: warnings, errors, refusals. */
  public List<String> console() {
    for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
      console.add(entry.getLevel() + " " + entry.getMessage());
    }
    return List.copyOf(console);
  }

  /** All that the pages so far have asked for, from whichever host. */
  public List<URI> requests() {
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      JsonNode message = OpenApiDocument.parse(entry.getMessage()).path("message");
      String url = message.at("/params/request/url").asText();
      if (message.path("method").asText().equals("Network.requestWillBeSent")
          && !OF_THE_BROWSER.contains(url.substring(0, url.indexOf(':')))) {
        requests.add(URI.create(url));
      }
    }
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
