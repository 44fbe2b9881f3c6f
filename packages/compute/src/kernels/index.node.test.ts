import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { kernels } from "./index.ts";

describe("the list of kernels", () => {
  it("holds what its folder holds, in order", () => {
    const folders = readdirSync(new URL(".", import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(kernels.map((kernel) => kernel.name)).toEqual(folders.sort());
  });
});
