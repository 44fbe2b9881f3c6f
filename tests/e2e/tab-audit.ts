import { readFile } from "node:fs/promises";
import type { Report } from "@assay/schema";
import type { Page } from "playwright-core";

export interface GivenFile {
  readonly name: string;
  readonly bytes: string | Uint8Array;
}

const asPayload = ({ name, bytes }: GivenFile) => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from(bytes),
});

/** What people do on the page of an audit that stays in its tab. */
export class TabAuditPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page and waits until it needs no network any more. */
  async open(url: string, slug: string): Promise<void> {
    await this.page.goto(`${url}/projects/${slug}/new?place=browser`);
    await this.ready();
  }

  ready(): Promise<void> {
    return this.page.getByText("All that audits need is loaded.").waitFor();
  }

  async chooseData(file: GivenFile): Promise<void> {
    await this.page.locator("input[type=file]").first().setInputFiles(asPayload(file));
    await this.page.getByRole("heading", { name: "Check the roles, then start." }).waitFor();
  }

  async chooseModel(...files: readonly GivenFile[]): Promise<void> {
    const { page } = this;
    await page.getByRole("button", { name: "Choose a model" }).click();
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("dialog").getByRole("button", { name: "Choose files" }).click();
    await (await chooser).setFiles(files.map(asPayload));
    if (files.length > 1) await page.getByRole("button", { name: "Open the model" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }

  /** Writes the plan as text. */
  async writePlan(yaml: string): Promise<void> {
    await this.page.getByRole("radio", { name: "YAML" }).click();
    await this.page.getByRole("textbox", { name: "audit.yaml" }).fill(yaml);
  }

  device(name: "auto" | "cpu" | "webgpu"): Promise<unknown> {
    return this.page.getByLabel("Device").selectOption(name);
  }

  start(): Promise<void> {
    return this.page.getByRole("button", { name: "Start", exact: false }).last().click();
  }

  finished(): Promise<void> {
    return this.page.getByRole("heading", { name: "Evidence" }).waitFor();
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
}
