import { expect, test } from "vitest";
import { columnsPlan, longPlan, people } from "./given-files.ts";
import type { TabSession } from "./session.ts";

/** Cancel, a crash, and a tab beside this one. */
export function workerEnds(session: () => TabSession): void {
  test("cancels at once: the page is usable before the screen is drawn again, and no work goes on", async () => {
    const tab = await session().newTab();
    const { page } = tab;
    await tab.chooseData(people);
    await tab.writePlan(longPlan);
    await tab.startable();
    // One that works answers nobody, so that it is asked before who it is.
    const working = await tab.auditWorkers();
    expect(working).toHaveLength(1);
    await tab.start();
    await page.getByRole("progressbar").waitFor();
    const ended = Promise.all(working.map((worker) => worker.waitForEvent("close")));
    // Counted in frames of the page, which is as slow as the machine is.
    const frames = await page.evaluate(async () => {
      const cancel = [...document.querySelectorAll("button")].find((button) => button.textContent === "Cancel");
      cancel?.click();
      let drawn = 0;
      while (document.querySelector("[role=progressbar]") !== null) {
        await new Promise(requestAnimationFrame);
        drawn++;
      }
      return drawn;
    });
    expect(frames).toBeLessThanOrEqual(2);
    await page.getByRole("heading", { name: "Check the roles, then start." }).waitFor();
    await ended;
    // Nothing is to be given again: file and plan are there.
    await tab.writePlan(columnsPlan);
    await tab.start();
    await tab.finished();
    await page.close();
  });

  test.each([
    // What browsers do to a worker for reasons of their own: it is gone without a word.
    ["without a word", () => void addEventListener("message", () => globalThis.close())],
    [
      "of memory that ran out",
      () =>
        void addEventListener("message", () => {
          // Never written to, so that the machine has them still.
          for (const all: ArrayBuffer[] = []; ; ) all.push(new ArrayBuffer(2 ** 31));
        }),
    ],
  ])("tells a worker that died %s at its work, and tries again with nothing given anew", async (_, dies) => {
    const tab = await session().newTab();
    const { page } = tab;
    await tab.chooseData(people);
    await tab.writePlan(columnsPlan);
    await tab.startable();
    const [worker] = await tab.auditWorkers();
    // At the next question, which is the audit.
    await worker?.evaluate(dies);
    await tab.start();
    await page.getByRole("heading", { name: "The audit could not be completed." }).waitFor();
    await page.getByText("The files and the plan are still here").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await tab.finished();
    expect((await tab.report()).plan.seed).toBe(7);
    await page.close();
    session().forgive(/allocation failed/);
  });

  test("leaves a second tab that does the same alone: both finish, each with its own report", async () => {
    const tabs = await Promise.all([session().newTab(), session().newTab()]);
    const [first, second] = tabs;
    await Promise.all(tabs.map((tab) => tab.chooseData(people)));
    await first?.writePlan(columnsPlan);
    await second?.writePlan(columnsPlan.replace("seed: 7", "seed: 8"));
    await Promise.all(tabs.map((tab) => tab.start()));
    await Promise.all(tabs.map((tab) => tab.finished()));
    const reports = await Promise.all(tabs.map((tab) => tab.report()));
    expect(reports.map(({ plan }) => plan.seed)).toEqual([7, 8]);
    // The counts are the same, and each is what it would be alone.
    expect(reports[1]?.audits[0]?.summary).toBe(reports[0]?.audits[0]?.summary);
    // One is closed in its work; the other does not notice.
    await first?.change();
    await first?.writePlan(longPlan);
    await first?.start();
    await second?.change();
    await second?.start();
    await first?.page.close();
    await second?.finished();
    expect((await second?.report())?.digest).toBe(reports[1]?.digest);
    await second?.page.close();
  });
}
