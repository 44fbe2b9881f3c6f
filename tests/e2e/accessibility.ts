import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** What axe finds that would keep somebody out: `rule: what, at which elements`. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // The report's document is sandboxed and has an axe test of its own.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).exclude("iframe").analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}, at ${nodes.map((node) => node.target.join(" ")).join("; ")}`);
}
