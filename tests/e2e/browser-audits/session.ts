import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { quietArguments } from "../../browser.ts";
import { ownerEmail, ownerPassword, ServerProcess } from "../../server-process.ts";
import { NetworkWatch } from "../network-watch.ts";
import { TabAuditPage } from "../tab-audit.ts";

/** One server, and one browser that reaches it through a watched wire alone; its user is signed in. */
export class TabSession {
  readonly server: ServerProcess;
  readonly watch: NetworkWatch;
  readonly context: BrowserContext;
  /** The folder in which the browser keeps what it keeps. */
  readonly profile: string;
  readonly #executablePath: string;
  readonly #more: BrowserContext[] = [];
  /** Every line of the consoles, those of workers included. */
  readonly said: string[] = [];
  /** Errors that no page should have. */
  readonly troubles: string[] = [];

  private constructor(parts: Pick<TabSession, "server" | "watch" | "context" | "profile">, executablePath: string) {
    this.server = parts.server;
    this.watch = parts.watch;
    this.context = parts.context;
    this.profile = parts.profile;
    this.#executablePath = executablePath;
  }

  static async start(executablePath: string): Promise<TabSession> {
    const server = await ServerProcess.start();
    await server.call("POST", "/projects", { name: "Credit" });
    const watch = await NetworkWatch.start(Number(new URL(server.url).port));
    const profile = await mkdtemp(join(tmpdir(), "assay-browser-"));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      ...settings,
      args: [
        ...quietArguments,
        "--enable-unsafe-webgpu",
        "--use-webgpu-adapter=swiftshader",
        // All that the browser sends goes through the watch, and nothing goes anywhere else.
        `--host-resolver-rules=MAP ${new URL(server.url).host} 127.0.0.1:${watch.port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
      ],
    });
    const session = new TabSession({ server, watch, context, profile }, executablePath);
    const page = await session.newPage();
    await page.goto(`${server.url}/sign-in`);
    await page.getByLabel("E-mail").fill(ownerEmail);
    await page.getByLabel("Password").fill(ownerPassword);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    await page.close();
    return session;
  }

  async newPage(context: BrowserContext = this.context): Promise<Page> {
    const page = await context.newPage();
    page.setDefaultTimeout(150_000);
    page.on("pageerror", (error) => this.troubles.push(error.message));
    page.on("console", (message) => {
      this.said.push(message.text());
      if (message.type() === "error") this.troubles.push(`${message.text()} ${message.location().url}`);
    });
    return page;
  }

  /** A new page that is ready for an audit in it. */
  async newTab(): Promise<TabAuditPage> {
    const tab = new TabAuditPage(await this.newPage());
    await tab.open(this.server.url, "credit");
    return tab;
  }

  /** A browser of its own, unwatched, that knows this machine as `host`; the same user is signed in there. */
  async otherBrowser(host: string): Promise<BrowserContext> {
    const browser = await chromium.launch({
      executablePath: this.#executablePath,
      args: [...quietArguments, `--host-resolver-rules=MAP ${host} 127.0.0.1`],
    });
    const { cookies } = await this.context.storageState();
    const there = cookies.map((cookie) => ({ ...cookie, domain: host }));
    const context = await browser.newContext({ ...settings, storageState: { cookies: there, origins: [] } });
    context.on("close", () => void browser.close());
    this.#more.push(context);
    return context;
  }

  /** Takes troubles of a kind off the list: those that a test brought about itself. */
  forgive(kind: RegExp): void {
    this.troubles.splice(0, this.troubles.length, ...this.troubles.filter((text) => !kind.test(text)));
  }

  async stop(): Promise<void> {
    for (const context of this.#more) await context.close();
    await this.context.close();
    await this.watch.stop();
    await this.server.stop();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

const settings = {
  acceptDownloads: true,
  viewport: { width: 1280, height: 900 },
  locale: "en-US",
  // A colour on its way from one state to the next is no colour of the page.
  reducedMotion: "reduce",
} as const;
