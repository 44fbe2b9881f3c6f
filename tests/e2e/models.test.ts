import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smallPipeline, smallTree } from "../../packages/models/src/onnx/small-models.testing.ts";
import { findBrowser, openBrowser } from "../browser.ts";
import { linearOfFiles } from "../models-of-files.ts";
import { hasDashboard, ServerProcess } from "../server-process.ts";
import { seriousFaults } from "./accessibility.ts";
import { signIn } from "./desk.ts";

const browser = await findBrowser();

/** People that the pipeline of the tests can score; `granted` was decided before there was a model. */
const csv = [
  "age,town,sex,granted,label",
  ...Array.from({ length: 400 }, (_, row) => {
    const town = ["Bern", "Oslo", "Rom"][row % 3];
    return `${20 + ((row * 7) % 50)},${town},${row % 2 ? "f" : "m"},${row % 5 < 2 ? 1 : 0},${row % 4 < 2 ? "yes" : "no"}`;
  }),
].join("\n");

describe.skipIf(browser === null || !hasDashboard)("a model in the dashboard", { timeout: 180_000 }, () => {
  let server: ServerProcess;
  let context: BrowserContext;
  let close: () => Promise<void>;
  let page: Page;
  const troubles: string[] = [];

  beforeAll(async () => {
    server = await ServerProcess.start();
    await server.call("POST", "/projects", { name: "Credit" });
    ({ context, close } = await openBrowser(browser ?? "", {
      viewport: { width: 1280, height: 900 },
      acceptDownloads: true,
      colorScheme: "light",
      locale: "en-US",
      reducedMotion: "reduce",
    }));
    page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") troubles.push(message.text());
    });
    await signIn(page, server);
  }, 180_000);

  afterAll(async () => {
    await close?.();
    await server?.stop();
  });

  /** Gives a file to the chooser that a button opens. */
  async function choose(name: string, bytes: Uint8Array): Promise<void> {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("dialog").getByRole("button", { name: "Choose files" }).click();
    await (await chooser).setFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });
  }

  test("is pushed from the project's page; a file that is none is refused in its place", async () => {
    await page.goto(`${server.url}/projects/credit`);
    await page.getByText("Model files that you push are kept here").waitFor();
    await page.getByRole("button", { name: "Push a model" }).click();
    await page.getByLabel("Name").fill("scorecard");
    expect(await seriousFaults(page)).toEqual([]);
    await choose("broken.onnx", smallPipeline().subarray(0, 150));
    await page
      .getByRole("alert")
      .getByText(/broken\.onnx/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Choose another file" }).click();
    expect(await page.getByLabel("Name").inputValue()).toBe("scorecard");
    await choose("pipeline.onnx", smallPipeline());
    await page.getByRole("heading", { name: "scorecard, version 1" }).waitFor();
    expect(
      await page
        .getByText(/2 inputs/)
        .first()
        .isVisible(),
    ).toBe(true);
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("has a card that is kept, and comes back byte for byte", async () => {
    await page.getByLabel("Purpose").fill("Grants credit to people");
    await page.getByLabel("Owner").fill("Risk");
    await page.getByRole("button", { name: "Save the card" }).click();
    await page.getByText("The card was saved.").waitFor();
    await page.reload();
    expect(await page.getByLabel("Owner").inputValue()).toBe("Risk");
    const downloading = page.waitForEvent("download");
    await page.getByRole("link", { name: "pipeline.onnx" }).click();
    const path = await (await downloading).path();
    expect((await readFile(path)).equals(smallPipeline())).toBe(true);
  });

  test("gets a second version, and both are shown", async () => {
    await page.getByRole("button", { name: "New version" }).click();
    await choose("tree.onnx", smallTree());
    await page.getByRole("heading", { name: "scorecard, version 2" }).waitFor();
    await page
      .getByText(/tree ensemble, 2 inputs/)
      .first()
      .waitFor();
    expect(await page.getByLabel("Owner").inputValue()).toBe("Risk");
    await page.getByRole("link", { name: "Show version 1" }).click();
    await page.getByRole("heading", { name: "scorecard, version 1" }).waitFor();
  });

  test("of several files is chosen by its folder; a missing file is named, and all are shown", async () => {
    const model = linearOfFiles(2);
    const folder = await mkdtemp(join(tmpdir(), "assay-e2e-model-"));
    const chooseFolder = async () => {
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("dialog").getByRole("button", { name: "Choose a folder" }).click();
      await (await chooser).setFiles(folder);
    };
    await writeFile(join(folder, "README.md"), "not read");
    await page.goto(`${server.url}/projects/credit`);
    await page.getByRole("button", { name: "Push a model" }).click();
    await page.getByLabel("Name").fill("set");
    await writeFile(join(folder, "b.txt"), "no model either");
    await chooseFolder();
    await page.getByText(/None of these 2 files can be a model’s own/).waitFor();
    await page.getByRole("button", { name: "Choose other files" }).click();

    await writeFile(join(folder, "model.onnx"), model.main);
    await chooseFolder();
    expect(await page.getByRole("radio", { name: /^model\.onnx/ }).isChecked()).toBe(true);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole("button", { name: /^Push 3 files/ }).click();
    await page
      .getByRole("alert")
      .getByText(/model\.onnx_data.*is not there/)
      .waitFor();
    // The browser tells the refusal too.
    troubles.splice(0, troubles.length, ...troubles.filter((text) => !/status of 404/.test(text)));
    await page.getByText("Choose that file together with the model’s own, or the folder that holds both.").waitFor();
    await page.getByRole("button", { name: "Choose other files" }).click();

    await mkdir(join(folder, "weights"));
    for (const [name, bytes] of Object.entries(model.beside)) await writeFile(join(folder, name), bytes);
    await chooseFolder();
    await page.getByRole("button", { name: /^Push 5 files/ }).click();
    await page.getByRole("heading", { name: "set, version 1" }).waitFor();
    await page.getByText("2 files that it does not read were left out.").waitFor();
    const downloading = page.waitForEvent("download");
    await page.getByRole("link", { name: "weights/b.bin" }).click();
    const bytes = await readFile(await (await downloading).path());
    expect(bytes.equals(Buffer.from(model.beside["weights/b.bin"] ?? []))).toBe(true);
    expect(await seriousFaults(page)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  test("loses its last version, and itself, only after a question", async () => {
    await page.getByRole("button", { name: /^Delete….*1$/ }).click();
    await page
      .getByRole("alertdialog")
      .getByText(/It is the only version: the model goes with it/)
      .waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await page.getByRole("heading", { name: "set, version 1" }).isVisible()).toBe(true);
    await page.getByRole("button", { name: /^Delete….*1$/ }).click();
    await page.getByRole("button", { name: "Delete the version" }).click();
    await page.getByText("Version 1 of set was deleted.").waitFor();
    await page.waitForURL("**/projects/credit");
    expect((await server.call("GET", "/projects/credit/models")).map(({ name }: { name: string }) => name)).toEqual([
      "scorecard",
    ]);
    await page.getByRole("link", { name: "scorecard", exact: true }).click();
    await page.getByRole("link", { name: "Show version 1" }).click();
    await page.getByRole("heading", { name: "scorecard, version 1" }).waitFor();
  });

  test("decides on the rows of an audit, which shows it", async () => {
    await server.dataset("credit", "people.csv", csv);
    await page.getByRole("link", { name: "Audit with it" }).click();
    await page.getByRole("link", { name: "people.csv" }).click();
    await page.getByRole("heading", { name: "Check the roles, then start." }).waitFor();
    const model = page.getByLabel("Model", { exact: true });
    expect(await model.locator("option:checked").textContent()).toBe("scorecard, version 1 (pipeline.onnx)");
    await page.getByText(/^Ready: .* will run\.$/).waitFor();
    expect(await seriousFaults(page)).toEqual([]);

    // A column with a role comes before the model, until the model is told to decide.
    await page.getByRole("button", { name: /^Roles of granted/ }).click();
    await page.getByRole("menuitemcheckbox", { name: /^Decision/ }).click();
    await page.keyboard.press("Escape");
    await page.getByText(/Columns come first/).waitFor();
    await page.getByRole("button", { name: "Let the model decide" }).click();
    await page.getByLabel("Positive from").fill("0.6");
    await page.getByLabel("Positive from").press("Enter");
    const importance = page.getByRole("checkbox", { name: /Permutation importance/ });
    expect(await importance.isChecked()).toBe(true);
    await page
      .getByText("Settings: Permutation importance")
      .or(page.locator("summary").filter({ hasText: /Settings.*importance/i }))
      .first()
      .click();
    const groups = page.getByPlaceholder("{ money: [gain, loss] }");
    await groups.fill("{ who: [age, town] }");
    await groups.press("Enter");
    await page.getByText(/^Ready: .* will run\.$/).waitFor();
    await page.getByRole("radio", { name: "YAML" }).click();
    const yaml = await page.getByRole("textbox", { name: "audit.yaml" }).inputValue();
    expect(yaml).toMatch(/model:\n {2}file: pipeline\.onnx/);
    expect(yaml).toMatch(/decision: \{ at_least: 0\.6 \}/);
    expect(yaml).toMatch(/who:/);
    await page.getByRole("radio", { name: "Form" }).click();
    await page.getByRole("button", { name: "Start the audit" }).click();
    await page.waitForURL("**/projects/credit/runs/1");
    await page.getByRole("heading", { name: "Findings" }).waitFor({ timeout: 120_000 });
    expect(await page.locator("#evidence").getByText("scorecard, version 1").isVisible()).toBe(true);
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("is read in Chinese, in the dark and on a phone", async () => {
    const [model] = await server.call("GET", "/projects/credit/models");
    await context.addCookies([
      { name: "assay-locale", value: "zh-CN", url: server.url },
      { name: "assay-theme", value: "dark", url: server.url },
    ]);
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ["/projects/credit", `/projects/credit/models/${model.id}`]) {
      await page.goto(server.url + path);
      await page
        .getByRole("heading", { name: /模型|scorecard/ })
        .first()
        .waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
    }
    await context.clearCookies({ name: /assay-(locale|theme)/ });
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test("is deleted after a question; the run's report stays", async () => {
    await page.goto(`${server.url}/projects/credit`);
    await page.getByRole("button", { name: /^Delete….*scorecard/ }).click();
    await page.getByRole("button", { name: "Delete the model" }).click();
    await page.getByText("Model files that you push are kept here").waitFor();
    await page.goto(`${server.url}/projects/credit/runs/1`);
    await page.getByRole("heading", { name: "Findings" }).waitFor();
    expect(await page.locator("#evidence").getByText("pipeline.onnx").isVisible()).toBe(true);
  });

  test("none of it troubled the browser", () => {
    expect(troubles.filter((text) => !/status of (422|409)/.test(text))).toEqual([]);
  });
});
