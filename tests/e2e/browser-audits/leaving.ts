import type { Dialog, Page } from "playwright-core";
import { expect, test } from "vitest";
import { columnsPlan, longPlan, people } from "./given-files.ts";
import type { TabSession } from "./session.ts";

/** Reloads; true where the browser asked first, and was told to stay. */
async function reloadAsks(page: Page): Promise<boolean> {
  let onDialog: (dialog: Dialog) => void = () => undefined;
  let onLoad: () => void = () => undefined;
  const asked = new Promise<boolean>((resolve, reject) => {
    onDialog = (dialog) => {
      if (dialog.type() !== "beforeunload") reject(new Error(`asked by ${dialog.type()}: ${dialog.message()}`));
      void dialog.dismiss().then(() => resolve(true), reject);
    };
    onLoad = () => resolve(false);
    page.once("dialog", onDialog);
    page.once("load", onLoad);
  });
  await page.evaluate(() => setTimeout(() => location.reload()));
  return asked.finally(() => {
    page.off("dialog", onDialog);
    page.off("load", onLoad);
  });
}

/** What is only in the tab is not lost by a slip; where nothing is, nobody is asked. */
export function leaving(session: () => TabSession): void {
  test("asks before a reload while files, an audit or an unpushed report are here, and not otherwise", async () => {
    const tab = await session().newTab();
    const { page } = tab;
    // Browsers ask for nobody who has not touched the page.
    await page.getByRole("checkbox").click();
    await page.getByRole("checkbox").click();
    expect(await reloadAsks(page), "nothing chosen").toBe(false);
    await tab.ready();

    await page.getByRole("checkbox").click();
    await page.getByRole("checkbox").click();
    await tab.chooseData(people);
    await tab.writePlan(longPlan);
    await tab.startable();
    expect(await reloadAsks(page), "a file and its plan").toBe(true);
    await tab.start();
    await page.getByRole("progressbar").waitFor();
    expect(await reloadAsks(page), "an audit under way").toBe(true);
    // Staying has stopped nothing.
    await page.getByRole("progressbar").waitFor();
    await tab.cancel();
    await tab.writePlan(columnsPlan);
    await tab.start();
    await tab.finished();
    expect(await reloadAsks(page), "a report not pushed").toBe(true);
    await page.getByRole("button", { name: "Push only the report" }).click();
    await page.getByText("The report is on the server; the data are not.").waitFor();
    expect(await reloadAsks(page), "a report that was pushed").toBe(false);
    await page.close();
  });
}
