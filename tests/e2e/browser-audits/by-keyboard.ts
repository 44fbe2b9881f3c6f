import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { seriousFaults } from "../accessibility.ts";
import { TabAuditPage } from "../tab-audit.ts";
import { columnsPlan, cosModel, longPlan, people } from "./given-files.ts";
import type { TabSession } from "./session.ts";

/** Goes on with Tab until a thing has the focus, as somebody does who has no mouse. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 150; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`150 times Tab do not lead to ${target}`);
}

async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press("Enter");
}

/** The whole way in Chinese, in the dark, on a phone, without a mouse. */
export function byKeyboard(session: () => TabSession): void {
  test("goes from the file to the pushed report by keyboard alone: in Chinese, in the dark, on a phone", async () => {
    const { context, server } = session();
    await context.addCookies([
      { name: "assay-locale", value: "zh-CN", url: server.url },
      { name: "assay-theme", value: "dark", url: server.url },
    ]);
    const page = await session().newPage();
    const tab = new TabAuditPage(page);
    const button = (name: string | RegExp) => page.getByRole("button", { name });
    const faults: string[] = [];
    /** Looks at the page as it stands: what axe finds, what needs scrolling sideways, where the focus is. */
    const look = async (name: string): Promise<void> => {
      faults.push(...(await seriousFaults(page)).map((fault) => `${name}: ${fault}`));
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (beyond > 0) faults.push(`${name}: ${beyond} px wider than the screen`);
    };
    const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });
    /** Whoever cannot see the page hears what it is now. */
    const arrivesAt = async (name: string | RegExp): Promise<void> => {
      await heading(name).waitFor();
      await expect
        .poll(() => heading(name).evaluate((element) => element === document.activeElement), { timeout: 30_000 })
        .toBe(true);
    };
    const write = async (plan: string): Promise<void> => {
      await tabTo(page, page.getByRole("radio", { name: "表单", exact: true }));
      await page.keyboard.press("ArrowRight");
      await tabTo(page, page.getByRole("textbox", { name: "audit.yaml 文本" }));
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(plan);
    };
    try {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(`${server.url}/projects/credit/new`);
      await tabTo(page, page.getByRole("radio", { name: "在服务器上" }));
      await page.keyboard.press("ArrowRight");
      await page.getByText("此后不再需要网络").waitFor();
      await look("a file is chosen");

      let chooser = page.waitForEvent("filechooser");
      await press(page, button("选择文件"));
      await (await chooser).setFiles(TabAuditPage.payload(people));
      await arrivesAt("核对角色，然后开始。");
      await look("roles");

      await press(page, button("选择模型"));
      await page.getByRole("dialog").waitFor();
      await look("a model is chosen");
      chooser = page.waitForEvent("filechooser");
      await press(page, page.getByRole("dialog").getByRole("button", { name: "选择文件" }).first());
      await (await chooser).setFiles(TabAuditPage.payload(cosModel));
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await press(page, button("移除模型"));
      await button("移除模型").waitFor({ state: "detached" });

      await write(longPlan);
      await tab.startable("开始审计");
      await press(page, button("开始审计"));
      await arrivesAt(/正在此标签页中审计/);
      await press(page, button("取消"));
      await arrivesAt("核对角色，然后开始。");
      await write(columnsPlan);
      await tab.startable("开始审计");
      await press(page, button("开始审计"));
      await page.getByRole("heading", { name: "证据", exact: true }).waitFor();
      await look("findings");

      await press(page, button("下载"));
      await page.getByRole("menu").waitFor();
      await look("downloads");
      const saved = page.waitForEvent("download");
      await page.getByRole("menuitem", { name: /JSON/ }).waitFor();
      while (
        !(await page.getByRole("menuitem", { name: /JSON/ }).evaluate((item) => item === document.activeElement))
      ) {
        await page.keyboard.press("ArrowDown");
      }
      await page.keyboard.press("Enter");
      expect((await saved).suggestedFilename()).toBe("report.json");
      await press(page, button("只推送报告"));
      await page.getByText("报告已在服务器上，数据则没有。").waitFor();
      await look("pushed");
      expect(faults).toEqual([]);
    } finally {
      await context.addCookies([
        { name: "assay-locale", value: "en", url: server.url },
        { name: "assay-theme", value: "system", url: server.url },
      ]);
      await page.close();
    }
  });
}
