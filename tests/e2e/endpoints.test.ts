import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser, openBrowser } from "../browser.ts";
import { type EndpointServer, send, startEndpoint } from "../endpoint-server.ts";
import { hasDashboard, ServerProcess } from "../server-process.ts";
import { seriousFaults } from "./accessibility.ts";
import { signIn } from "./desk.ts";

const browser = await findBrowser();

const csv = [
  "age,town,sex,repaid",
  ...Array.from({ length: 240 }, (_, row) => {
    const age = 20 + ((row * 7) % 50);
    return `${age},${["Bern", "Oslo", "Rom"][row % 3]},${row % 2 ? "f" : "m"},${(age + (row % 11)) % 61 > 38 ? 1 : 0}`;
  }),
].join("\n");

describe.skipIf(browser === null || !hasDashboard)("an endpoint in the dashboard", { timeout: 300_000 }, () => {
  let endpoint: EndpointServer;
  let server: ServerProcess;
  let context: BrowserContext;
  let close: () => Promise<void>;
  let page: Page;

  beforeAll(async () => {
    endpoint = await startEndpoint(({ rows }, response) =>
      send(response, 200, { result: rows.map(({ age }) => ({ p: 1 / (1 + Math.exp(-(Number(age) - 40) / 8)) })) }),
    );
    server = await ServerProcess.start({
      env: { ASSAY_ENDPOINTS: new URL(endpoint.url).origin, ASSAY_ENDPOINT_KEY: "hush-of-the-server" },
    });
    await server.call("POST", "/projects", { name: "Credit" });
    ({ context, close } = await openBrowser(browser ?? "", {
      viewport: { width: 1280, height: 900 },
      colorScheme: "light",
      locale: "en-US",
      reducedMotion: "reduce",
    }));
    page = await context.newPage();
    page.setDefaultTimeout(90_000);
    await signIn(page, server);
  }, 300_000);

  afterAll(async () => {
    await close?.();
    await server?.stop();
    await endpoint?.close();
  });

  test("is chosen in place of a model, by its address and the name of a variable, and asked by the run", async () => {
    const dataset = await server.dataset("credit", "people.csv", csv);
    await page.goto(`${server.url}/projects/credit/new?dataset=${dataset.id}`);
    const model = page.getByLabel("Model", { exact: true });
    await model.waitFor();
    // What is chosen before the page's script runs is lost.
    await expect
      .poll(
        async () => {
          await model.selectOption({ label: "an address that is asked" });
          return page.getByLabel("Address", { exact: true }).count();
        },
        { timeout: 120_000 },
      )
      .toBe(1);
    const { origin } = new URL(endpoint.url);
    await page.getByText(`This server asks: ${origin}.`).waitFor();
    await page.getByLabel("Address", { exact: true }).fill("https://elsewhere.example.org/predict");
    await page.getByLabel("Header", { exact: true }).fill("authorization");
    await page.getByText("this server does not ask https://elsewhere.example.org").first().waitFor();
    await page.getByLabel("Address", { exact: true }).fill(endpoint.url);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: headers name variables so
    await page.getByLabel("Its value").fill("Bearer ${ASSAY_ENDPOINT_KEY}");
    await page.getByText("How it is asked and what it answers").click();
    await page.getByLabel("Rows stand in the answer at").fill("result");
    await page.getByLabel("The score stands in a row at").fill("p");
    await page.getByLabel("Rows of a request").fill("60");
    await page.getByLabel("Rows of a request").press("Enter");
    await page.getByText("this server does not ask").first().waitFor({ state: "detached" });
    expect(await seriousFaults(page)).toEqual([]);
    const start = page.getByRole("button", { name: "Start the audit" });
    await start.click();
    await page.waitForURL(/\/runs\/\d+/);
    await page.getByText("asked over the network; the digest covers how it is asked").waitFor();
    await page.getByText(endpoint.url).first().waitFor();
    expect(endpoint.asked.map(({ rows }) => rows.length)).toEqual([60, 60, 60, 60]);
    expect(endpoint.asked[0]?.headers.authorization).toBe("Bearer hush-of-the-server");
    expect(await page.content()).not.toContain("hush-of-the-server");
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("is told in Chinese as well", async () => {
    await context.addCookies([{ name: "assay-locale", value: "zh-CN", url: server.url }]);
    const [dataset] = await server.call("GET", "/projects/credit/datasets");
    await page.goto(`${server.url}/projects/credit/new?dataset=${dataset.id}`);
    await expect
      .poll(
        async () => {
          await page.getByLabel("模型", { exact: true }).selectOption({ label: "通过网络地址询问" });
          return page.getByLabel("地址", { exact: true }).count();
        },
        { timeout: 120_000 },
      )
      .toBe(1);
    await page.getByText("如何询问，如何读取回答").click();
    await page.getByLabel("得分在一行中的位置").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.goto(`${server.url}/projects/credit/runs/1`);
    await page.getByText("通过网络询问；摘要值只覆盖询问的方式").waitFor();
  });
});
