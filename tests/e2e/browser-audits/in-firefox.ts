import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assay } from "../../cli/assay.ts";
import { Firefox, findFirefox } from "../../firefox.ts";
import { ownerEmail, ownerPassword } from "../../server-process.ts";
import { columnsPlan, cosModel, cosPlan, people } from "./given-files.ts";
import type { TabSession } from "./session.ts";

const path = findFirefox();

/** The way from the file to the pushed report in another browser than all other tests use. */
export function inFirefox(session: () => TabSession): void {
  describe.skipIf(path === null)("Firefox", () => {
    let firefox: Firefox;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "assay-firefox-files-"));
      for (const { name, bytes } of [people, cosModel]) await writeFile(join(folder, name), bytes);
      firefox = await Firefox.start(path ?? "");
      await firefox.open(`${session().server.url}/sign-in`);
      await firefox.type("input[type=email]", ownerEmail);
      await firefox.type("input[type=password]", ownerPassword);
      await firefox.click("button", "Sign in");
      await firefox.sees("Credit");
    }, 180_000);
    afterAll(async () => {
      await firefox?.stop();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    }, 60_000);

    /** Writes the plan's text as somebody who pastes it would. */
    const writePlan = async (plan: string): Promise<void> => {
      await firefox.click("[role=radio]", "YAML");
      await firefox.run(
        `const area = document.querySelector("textarea");
         Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, args[0]);
         area.dispatchEvent(new Event("input", { bubbles: true }));`,
        plan,
      );
    };

    test("reads, runs a model and columns on all threads, and gives the report of the command line", async () => {
      const { server } = session();
      await firefox.open(`${server.url}/projects/credit/new?place=browser`);
      await firefox.sees("no network is needed from here on");
      expect(await firefox.run("return globalThis.crossOriginIsolated")).toBe(true);
      await firefox.type("input[type=file]", join(folder, people.name));
      await firefox.sees("Check the roles, then start.");
      await firefox.click("button", "Choose a model");
      await firefox.type("[role=dialog] input[type=file]", join(folder, cosModel.name));
      await firefox.sees("Take it out");
      await writePlan(cosPlan);
      for (const plan of [cosPlan, columnsPlan]) {
        await writeFile(join(folder, "audit.yaml"), plan);
        const ran = await assay(["run", "audit.yaml", "--out", "cli", "--device", "cpu", "--json"], { cwd: folder });
        // The gate may pass, fail or be indeterminate.
        expect([0, 1, 3], ran.stderr).toContain(ran.code);
        if (plan === columnsPlan) {
          await firefox.click("button", "Change and run");
          await firefox.click("button", "Take it out");
          await writePlan(plan);
        }
        await firefox.click("button", "Start the audit");
        await firefox.sees("Evidence");
        await firefox.click("button", "Push only the report");
        await firefox.sees("The report is on the server; the data are not.");
        const { items } = await server.call("GET", "/projects/credit/runs");
        const report = await server.call("GET", `/runs/${items[0].id}/report`);
        expect(report.environment).toMatchObject({ host: "browser", device: "cpu", threads: availableParallelism() });
        await writeFile(join(folder, "firefox.json"), JSON.stringify(report));
        const compared = await assay(["compare", "cli/report.json", "firefox.json", "--json"], { cwd: folder });
        const { verdict, measures } = JSON.parse(compared.stdout);
        expect(["same", "no-evidence"]).toContain(verdict);
        expect(measures.length).toBeGreaterThan(10);
        // Runtimes of models sum floats in other orders, and engines of JavaScript differ in the last bits of exp and log.
        for (const { difference, metric } of measures) {
          expect(Math.abs(difference ?? 0), metric).toBeLessThanOrEqual(1e-6);
        }
      }
    });
  });
}
