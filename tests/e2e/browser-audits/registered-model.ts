import { expect, test } from "vitest";
import { leaks } from "../network-watch.ts";
import { cosModel, cosPlan, people } from "./given-files.ts";
import type { TabSession } from "./session.ts";

/** In rows alone, and in the plan nowhere. */
const rows = { person: "p377,", income: ",1839," };

/** A model that the server has, and rows that it has not. */
export function registeredModel(session: () => TabSession): void {
  test("takes a model of the project into the tab and audits it there; no row goes the other way", async () => {
    const { server, watch } = session();
    const upload = await server.upload(cosModel.name, cosModel.bytes);
    const model = await server.call("POST", "/projects/credit/models", { upload, name: "Cosine" });
    const tab = await session().newTab();
    const { page } = tab;
    watch.forget();
    await tab.chooseData(people);
    expect(leaks(Buffer.from(people.bytes), rows)).toEqual(Object.keys(rows));
    await page.getByRole("button", { name: "Choose a model" }).click();
    await page.getByLabel("Or take one of the project").selectOption({ label: "Cosine, version 1" });
    await page.getByRole("button", { name: "Fetch and open" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await tab.writePlan(cosPlan);
    await tab.start();
    await tab.finished();
    const report = await tab.report();
    expect(report.audits.map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect(report.environment).toMatchObject({ host: "browser", modelRuntime: "onnxruntime" });
    expect(report.model?.digest).toBe(model.digest);
    // The model came down, and what went up asks for it and no more.
    expect(watch.requests.some((line) => line.startsWith("GET /api/v1/model-versions/"))).toBe(true);
    expect(watch.requests.filter((line) => !line.startsWith("GET "))).toEqual([]);
    expect(leaks(watch.sent, rows)).toEqual([]);
    await page.close();
  });
}
