import { describe, expect, it } from "vitest";
import { MergeTree } from "./merge-tree.ts";

describe("MergeTree", () => {
  it.each([0, 1, 2, 3, 7, 8, 64, 1000])("merges %d parts, each once and in order", (count) => {
    const tree = new MergeTree<string>((a, b) => `${a} ${b}`);
    for (let part = 0; part < count; part++) tree.add(String(part));
    const expected = Array.from({ length: count }, (_, part) => part).join(" ");
    expect(tree.total()).toBe(count === 0 ? undefined : expected);
  });

  it("merges large parts with large parts", () => {
    let cost = 0;
    const tree = new MergeTree<number>((a, b) => {
      cost += a + b;
      return a + b;
    });
    for (let part = 0; part < 1024; part++) tree.add(1);
    expect(tree.total()).toBe(1024);
    expect(cost).toBe(1024 * 10);
  });
});
