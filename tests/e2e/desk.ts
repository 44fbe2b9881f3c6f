import type { Page } from "playwright-core";
import { expect } from "vitest";
import { ownerEmail, ownerPassword, type ServerProcess } from "../server-process.ts";

/** Signs the owner in, by the form. */
export async function signIn(page: Page, server: ServerProcess): Promise<void> {
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel("E-mail").fill(ownerEmail);
  await page.getByLabel("Password").fill(ownerPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

/** Presses a button until it had its effect: what is pressed before the page's script runs is lost. */
export async function press(page: Page, name: string, settled: () => Promise<boolean>): Promise<void> {
  await expect
    .poll(
      async () => {
        if (await settled()) return true;
        const button = page.getByRole("button", { name, exact: true });
        if (await button.isEnabled({ timeout: 1000 }).catch(() => false)) {
          await button.click({ timeout: 2000 }).catch(() => {});
        }
        return settled();
      },
      { timeout: 120_000, interval: 1000 },
    )
    .toBe(true);
}
