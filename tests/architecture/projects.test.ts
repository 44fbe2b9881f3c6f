import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import config from "../../vitest.config.ts";
import { findBrowser } from "../browser.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const compute = join(root, "packages/compute/src");
const browser = await findBrowser();

describe("the tests of the compute core", () => {
  it.skipIf(browser === null)("run in Chromium too (skipped: there is no Chromium)", () => {
    const names = config.test?.projects?.map((project) =>
      typeof project === "object" && "test" in project ? project.test?.name : project,
    );
    expect(names).toEqual(["node", "browser", "crash"]);
  });

  it("import no module of Node, unless their name says so", () => {
    const files = readdirSync(compute, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts") && !/\.(node|reference)\.test\.ts$/.test(file))
      .filter((file) => /^import .* from "node:/m.test(readFileSync(join(compute, file), "utf8")));
    expect(files).toEqual([]);
  });
});
