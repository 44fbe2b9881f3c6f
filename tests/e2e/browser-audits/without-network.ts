import { expect, test } from "vitest";
import {
  columnsPlan,
  cosModel,
  cosPlan,
  longPlan,
  parquetPlan,
  people,
  smallParquet,
  tensorflowModel,
} from "./given-files.ts";
import type { TabSession } from "./session.ts";

/** What a page says of its own accord when it loses the server. */
const lostServer = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|Failed to fetch|ERR_EMPTY_RESPONSE/;

/** Once the page says that all is loaded, the cable may be pulled. */
export function withoutNetwork(session: () => TabSession): void {
  test("needs no network once the page says so: read, run, drawn and saved without one, then pushed", async () => {
    const { context, server, watch } = session();
    const tab = await session().newTab();
    const { page } = tab;
    await context.setOffline(true);
    watch.cut = true;
    try {
      // ONNX Runtime, which is asked for by no model before this one.
      await tab.chooseData(people);
      await tab.chooseModel(cosModel);
      await tab.writePlan(cosPlan);
      await tab.start();
      await tab.finished();
      await page.locator("figure svg:visible").first().waitFor();
      const first = await tab.report();
      expect(first.audits.map(({ status }) => status)).toEqual(["completed", "completed"]);
      expect(first.environment.modelRuntime).toBe("onnxruntime");
      expect(await tab.download(/^HTML/)).toContain("<svg");
      expect(await tab.download(/^Markdown/)).toContain("people.csv");
      expect(await tab.download(/^CSV/)).toContain("selection-rate");

      // A worker that was ended is started anew, with its threads and its WebAssembly.
      await tab.change();
      await tab.takeModelOut();
      await tab.writePlan(longPlan);
      await tab.start();
      await page.getByRole("progressbar").waitFor();
      await tab.cancel();
      await tab.writePlan(columnsPlan);
      await tab.start();
      await tab.finished();
      const { digest } = await tab.report();

      // The search over all pages opens too, though it has nothing to offer.
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });

      await context.setOffline(false);
      watch.cut = false;
      await page.getByRole("button", { name: "Push only the report" }).click();
      await page.getByText("The report is on the server; the data are not.").waitFor();
      const { items } = await server.call("GET", "/projects/credit/runs");
      expect((await server.call("GET", `/runs/${items[0].id}/report`)).digest).toBe(digest);
    } finally {
      await context.setOffline(false);
      watch.cut = false;
      session().forgive(lostServer);
      await page.close();
    }
  });

  test("needs none for Parquet, TensorFlow.js and WebGPU either", async () => {
    const { context, watch } = session();
    const tab = await session().newTab();
    await context.setOffline(true);
    watch.cut = true;
    try {
      await tab.chooseData(smallParquet);
      await tab.chooseModel(...tensorflowModel);
      await tab.writePlan(parquetPlan);
      for (const device of (await tab.hasWebgpu()) ? (["cpu", "webgpu"] as const) : (["cpu"] as const)) {
        await tab.device(device);
        await tab.start();
        await tab.finished();
        const { environment, audits } = await tab.report();
        expect(audits.map(({ status }) => status)).toEqual(["completed"]);
        expect(environment).toMatchObject({ device, modelRuntime: "tensorflow" });
        await tab.change();
      }
    } finally {
      await context.setOffline(false);
      watch.cut = false;
      session().forgive(lostServer);
      await tab.page.close();
    }
  });
}
