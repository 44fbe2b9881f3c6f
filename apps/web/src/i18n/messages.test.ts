import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, test } from "vitest";
import en from "./en.json" with { type: "json" };
import zhCN from "./zh-CN.json" with { type: "json" };

function flatten(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) throw new Error(`${path}: neither text nor group`);
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, path === "" ? key : `${path}.${key}`));
}

/** Names of the arguments and tags of an ICU message, branches included. */
function slots(message: string): string[] {
  const walk = (elements: readonly MessageFormatElement[]): string[] =>
    elements.flatMap((element) => {
      switch (element.type) {
        case TYPE.literal:
        case TYPE.pound:
          return [];
        case TYPE.plural:
        case TYPE.select:
          return [element.value, ...Object.values(element.options).flatMap((option) => walk(option.value))];
        case TYPE.tag:
          return [`<${element.value}>`, ...walk(element.children)];
        default:
          return [element.value];
      }
    });
  return [...new Set(walk(parse(message)))].sort();
}

const english = new Map(flatten(en));
const chinese = new Map(flatten(zhCN));

describe("locale files", () => {
  test("hold the same keys, in the same order", () => {
    expect([...chinese.keys()]).toEqual([...english.keys()]);
  });

  test("say nothing empty", () => {
    for (const [key, text] of [...english, ...chinese]) expect(text.trim(), key).not.toBe("");
  });

  test("use the same arguments and tags", () => {
    for (const [key, text] of english) expect(slots(chinese.get(key) ?? ""), key).toEqual(slots(text));
  });

  test("are written in their own language", () => {
    const same = [...english].filter(([key, text]) => chinese.get(key) === text && /[a-z]{3}/.test(text));
    // Names and file kinds are the same in both.
    expect(same.map(([key]) => key)).toEqual(["formats.md", "formats.yaml"]);
    for (const [key, text] of english) expect(text, key).not.toMatch(/\p{Script=Han}/u);
  });
});
