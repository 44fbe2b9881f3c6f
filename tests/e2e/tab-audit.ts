import { readFile } from "node:fs/promises";
import type { Report } from "@assay/schema";
import type { Page, Worker } from "playwright-core";

export interface GivenFile {
  readonly name: string;
  readonly bytes: string | Uint8Array;
}

/** What people do on the page of an audit that stays in its tab. */
export class TabAuditPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  static payload({ name, bytes }: GivenFile) {
    return { name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) };
  }

  /** Opens the page and waits until it needs no network any more. */
  async open(url: string, slug: string): Promise<void> {
    await this.page.goto(`${url}/projects/${slug}/new?place=browser`);
    await this.ready();
  }

  ready(): Promise<void> {
    return this.page.getByText("no network is needed from here on").waitFor();
  }

  hasWebgpu(): Promise<boolean> {
    return this.page.evaluate(async () => (await navigator.gpu?.requestAdapter()) != null);
  }

  async chooseData(file: GivenFile): Promise<void> {
    await this.page.locator("input[type=file]").first().setInputFiles(TabAuditPage.payload(file));
    await this.page.getByRole("heading", { name: "Check the roles, then start." }).waitFor();
  }

  async chooseModel(...files: readonly GivenFile[]): Promise<void> {
    const { page } = this;
    await page.getByRole("button", { name: "Choose a model" }).click();
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("dialog").getByRole("button", { name: "Choose files" }).click();
    await (await chooser).setFiles(files.map(TabAuditPage.payload));
    if (files.length > 1) await page.getByRole("button", { name: "Open the model" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }

  async takeModelOut(): Promise<void> {
    await this.page.getByRole("button", { name: "Take it out" }).click();
    await this.page.getByRole("button", { name: "Choose a model" }).waitFor();
  }

  /** Writes the plan as text. */
  async writePlan(yaml: string): Promise<void> {
    await this.page.getByRole("radio", { name: "YAML" }).click();
    await this.page.getByRole("textbox", { name: "audit.yaml" }).fill(yaml);
  }

  device(name: "auto" | "cpu" | "webgpu"): Promise<unknown> {
    return this.page.getByLabel("Device").selectOption(name);
  }

  /** Waits until the plan was checked and found good. */
  startable(name = "Start the audit"): Promise<void> {
    return this.page.locator("button:enabled", { hasText: name }).waitFor();
  }

  start(): Promise<void> {
    return this.page.getByRole("button", { name: "Start the audit" }).click();
  }

  cancel(): Promise<void> {
    return this.page.getByRole("button", { name: "Cancel" }).click();
  }

  change(): Promise<void> {
    return this.page.getByRole("button", { name: "Change and run" }).click();
  }

  finished(): Promise<void> {
    return this.page.getByRole("heading", { name: "Evidence", exact: true }).waitFor();
  }

  async report(): Promise<Report> {
    return JSON.parse(await this.download(/^JSON/));
  }

  async download(item: RegExp): Promise<string> {
    const { page } = this;
    await page.getByRole("button", { name: "Download" }).click();
    const saved = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: item }).click();
    return readFile(await (await saved).path(), "utf8");
  }

  /** The workers that hold the data; others of the page draw. */
  async auditWorkers(): Promise<Worker[]> {
    const found: Worker[] = [];
    for (const worker of this.page.workers()) {
      // One that has just ended answers nothing.
      const name = await worker.evaluate(() => self.name).catch(() => "");
      if (name.startsWith("audit")) found.push(worker);
    }
    return found;
  }
}
