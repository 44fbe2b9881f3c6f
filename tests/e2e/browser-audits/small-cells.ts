import { expect, test } from "vitest";
import type { GivenFile } from "../tab-audit.ts";
import type { TabSession } from "./session.ts";

/** Of group d 3 people, of c 41, of the others hundreds. */
const people: GivenFile = {
  name: "people.csv",
  bytes: [
    "group,label,decision",
    ...(
      [
        ["a", 200, 151],
        ["b", 120, 90],
        ["c", 21, 20],
        ["d", 2, 1],
      ] as const
    ).flatMap(([group, yes, no]) => [
      ...Array.from({ length: yes }, (_, row) => `${group},${row % 3 === 0 ? 0 : 1},1`),
      ...Array.from({ length: no }, () => `${group},0,0`),
    ]),
  ].join("\n"),
};
const plan = `version: 1
project: credit
data: { file: people.csv }
columns: { label: label, decision: decision, positive: 1, protected: [group] }
audits: { fairness.group-metrics: { replicates: 200 } }
`;

/** What is withheld before pushing is not on the server; and the page is left in no way without being asked. */
export function smallCells(session: () => TabSession): void {
  test("withholds numbers of few people from the pushed report, and says beforehand which", async () => {
    const tab = await session().newTab();
    const { page } = tab;
    await tab.chooseData(people);
    await tab.writePlan(plan);
    await tab.startable();
    await tab.start();
    await tab.finished();
    await page.getByLabel("Withhold numbers of few people before pushing").check();
    await page.getByText(/^Withheld from the pushed report: \d+ numbers/).waitFor();
    await page.getByText("Groups with withheld numbers: c, d.").waitFor();

    for (const leave of [
      () => page.evaluate(() => history.back()),
      async () => {
        await page.keyboard.press("Control+k");
        await page
          .getByRole("option", { name: /compare/i })
          .first()
          .click();
      },
      () => page.getByRole("link", { name: "Credit" }).first().click(),
    ]) {
      await leave();
      await page.getByRole("alertdialog", { name: "Leave and lose this audit?" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("alertdialog").waitFor({ state: "detached" });
      await page.getByText("Groups with withheld numbers: c, d.").waitFor();
    }

    await page.getByRole("button", { name: "Push only the report" }).click();
    await page.getByText("The report is on the server; the data are not.").waitFor();
    await page.getByRole("link", { name: /^Run \d+$/ }).click();
    await page
      .getByText(/^Small cells are withheld/)
      .first()
      .waitFor();
    const [, number] = /runs\/(\d+)/.exec(page.url()) ?? [];
    const { items } = await session().server.call("GET", "/projects/credit/runs");
    const run = items.find((one: { number: number }) => one.number === Number(number));
    const report = await session().server.call("GET", `/runs/${run.id}/report.json`);
    expect(report.plan.suppress_below).toBe(5);
    const counts = report.audits[0].measures.filter(
      ({ metric, group }: { metric: string; group?: unknown }) => metric === "count" && group !== undefined,
    );
    expect(
      counts.map(({ group, value }: { group: { group: string }; value: unknown }) => [group.group, value]),
    ).toEqual([
      ["a", 351],
      ["b", 210],
      ["c", null],
      ["d", null],
    ]);
    await page.close();
  });
}
