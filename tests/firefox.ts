import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where systems keep a Firefox. */
const usualPlaces = [
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/snap/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
  "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
];

/** The path of a Firefox to test with: `FIREFOX_PATH`, or the system's. Null where there is none. */
export function findFirefox(): string | null {
  const { FIREFOX_PATH: named } = process.env;
  if (named !== undefined && named !== "") {
    if (!existsSync(named)) throw new Error(`FIREFOX_PATH: there is no file ${named}`);
    return named;
  }
  return usualPlaces.find((path) => existsSync(path)) ?? null;
}

/** Nothing is asked for over the network but by the pages it is sent to, and those are on this machine. */
const settings = {
  "app.update.disabledForTesting": true,
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.disable_beforeunload": false,
  "intl.accept_languages": "en-US",
  "marionette.port": 0,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.proxy.http": "127.0.0.1",
  "network.proxy.http_port": 9,
  "network.proxy.ssl": "127.0.0.1",
  "network.proxy.ssl_port": 9,
  "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
  "network.proxy.type": 1,
  "remote.prefs.recommended": true,
  "ui.prefersReducedMotion": 1,
};

/**
 * A Firefox as it is installed, driven by the protocol that it has itself: Marionette, which geckodriver speaks to it too.
 * @see https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
 */
export class Firefox {
  readonly #child: ChildProcess;
  readonly #socket: Socket;
  readonly #profile: string;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #last = 0;
  #unread = Buffer.alloc(0);

  private constructor(child: ChildProcess, socket: Socket, profile: string) {
    this.#child = child;
    this.#socket = socket;
    this.#profile = profile;
    socket.on("data", (bytes) => this.#read(bytes));
    socket.on("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("Firefox has gone"));
      this.#waiting.clear();
    });
  }

  static async start(path: string): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), "assay-firefox-"));
    const lines = Object.entries(settings).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
    await writeFile(join(profile, "user.js"), lines.join("\n"));
    const child = spawn(path, ["--marionette", "--headless", "--no-remote", "--profile", profile], {
      // A home of its own: Firefox refuses one that belongs to somebody else.
      env: { ...process.env, HOME: profile, MOZ_HEADLESS: "1" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr?.on("data", (text) => {
      said += String(text);
    });
    for (;;) {
      if (child.exitCode !== null) throw new Error(`Firefox ended with ${child.exitCode}: ${said}`);
      const port = Number(await readFile(join(profile, "MarionetteActivePort"), "utf8").catch(() => ""));
      if (port > 0) {
        const socket = connect(port, "127.0.0.1");
        const firefox = new Firefox(child, socket, profile);
        await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
        await firefox.#ask("WebDriver:NewSession", { unhandledPromptBehavior: "ignore" });
        return firefox;
      }
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }

  async open(url: string): Promise<void> {
    await this.#ask("WebDriver:Navigate", { url });
  }

  /** What a function's body, which may `return` a promise, gives in the page. */
  async run(script: string, ...args: readonly unknown[]): Promise<unknown> {
    const answer = await this.#ask("WebDriver:ExecuteAsyncScript", {
      script: `const done = arguments[arguments.length - 1];
        (async (...args) => { ${script} })(...arguments).then(done, (error) => done({ failed: String(error) }));`,
      args,
      sandbox: null,
      newSandbox: false,
      scriptTimeout: 120_000,
    });
    const { value } = answer as { value: unknown };
    if (typeof value === "object" && value !== null && "failed" in value) throw new Error(String(value.failed));
    return value;
  }

  /** Waits until a text stands in the page, or in the one that comes after it. */
  async sees(text: string, timeoutMs = 90_000): Promise<void> {
    let shown: unknown = "";
    for (const until = Date.now() + timeoutMs; Date.now() < until; ) {
      shown = await this.run("return document.body?.innerText ?? ''").catch(unloaded);
      if (typeof shown === "string" && shown.includes(text)) return;
      await new Promise((wake) => setTimeout(wake, 200));
    }
    throw new Error(`Firefox does not show “${text}” but: ${String(shown).slice(0, 2000)}`);
  }

  /** Clicks on the first thing of a kind whose words are these, once it can be clicked on. */
  async click(kind: string, words: string): Promise<void> {
    const element = await this.run(
      `const [kind, words] = args;
       const until = Date.now() + 90_000;
       while (Date.now() < until) {
         for (const one of document.querySelectorAll(kind)) {
           if ((one.getAttribute("aria-label") ?? one.innerText).trim() === words && !one.disabled) return one;
         }
         await new Promise((wake) => setTimeout(wake, 50));
       }
       throw new Error("there is no " + kind + " " + words);`,
      kind,
      words,
    );
    await this.#ask("WebDriver:ElementClick", { id: idOf(element) });
  }

  /** Types, or gives a file's path to what takes files. */
  async type(selector: string, text: string): Promise<void> {
    const found = await this.#ask("WebDriver:FindElement", { using: "css selector", value: selector });
    const id = idOf((found as { value: unknown }).value);
    await this.#ask("WebDriver:ElementSendKeys", { id, text });
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    if (this.#child.exitCode === null && this.#child.signalCode === null) await ended;
    this.#socket.destroy();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  #ask(command: string, parameters: object): Promise<unknown> {
    const id = ++this.#last;
    const text = JSON.stringify([0, id, command, parameters]);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  }

  /** Messages are `length:json`; the first of all is a greeting. */
  #read(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    for (;;) {
      const colon = this.#unread.indexOf(":");
      if (colon < 0) return;
      const end = colon + 1 + Number(this.#unread.subarray(0, colon).toString());
      if (this.#unread.length < end) return;
      const message: unknown = JSON.parse(this.#unread.subarray(colon + 1, end).toString());
      this.#unread = this.#unread.subarray(end);
      if (!Array.isArray(message)) continue;
      const [, id, error, value] = message;
      const asked = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === null) asked?.resolve(value);
      else asked?.reject(new Error(`${error.error}: ${error.message}`));
    }
  }
}

/** A script whose page goes away under it has no answer. */
function unloaded(error: Error): null {
  if (/unloaded|no such window|aborted/i.test(error.message)) return null;
  throw error;
}

/** By the name that WebDriver gives to references of elements. */
function idOf(element: unknown): string {
  const id = (element as Record<string, unknown> | null)?.["element-6066-11e4-a52e-4f735466cecf"];
  if (typeof id !== "string") throw new Error(`no element: ${JSON.stringify(element)}`);
  return id;
}
