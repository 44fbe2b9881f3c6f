import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Columns, DataSource, Endpoint, Plan, Policy, Rule, readPlan } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../paths.ts";

const page = (name: string): string => readFileSync(join(root, "docs", name), "utf8");
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map((match) => match[1] ?? "");
/** What stands first in the rows of a page's tables. */
const firstCells = (text: string): string =>
  [...text.matchAll(/^\| (.+?) \|/gm)].map((match) => match[1] ?? "").join("\n");

describe("docs/plan.md", () => {
  const text = page("plan.md");

  it("shows plans and policies that are read as they stand", () => {
    const examples = blocks(text, "yaml");
    expect(examples.length).toBeGreaterThanOrEqual(3);
    for (const example of examples) {
      if (example.startsWith("version:")) expect(readPlan(example).version).toBe(1);
      else expect(Policy.parse(parse(example)).id).toBe("our-hiring-policy");
    }
  });

  it("tells every key of a plan, its data, columns, rules and policies", () => {
    const told = firstCells(text);
    for (const schema of [Plan, DataSource, Columns, Rule, Policy]) {
      for (const key of Object.keys(schema.shape)) expect(told).toContain(`\`${key}\``);
    }
  });
});

describe("docs/plan.md, model.endpoint", () => {
  it("tells every key of an endpoint, with the defaults that plans get", () => {
    const told = firstCells(page("plan.md"));
    const { request, response, ...plain } = Endpoint.shape;
    const inner = [
      ...Object.keys(request.unwrap().shape).map((key) => `request.${key}`),
      ...Object.keys(response.unwrap().shape).map((key) => `response.${key}`),
    ];
    for (const key of [...Object.keys(plain), ...inner]) expect(told).toContain(`\`${key}\``);
    const { batch, concurrent, timeout_seconds, retries } = Endpoint.parse({ url: "https://a.test" });
    for (const [key, value] of Object.entries({ batch, concurrent, timeout_seconds, retries })) {
      expect(page("plan.md")).toMatch(new RegExp(`^\\| \`${key}\` \\|.*\\| \`${value}\` \\|$`, "m"));
    }
  });
});

describe("docs/self-hosting.md", () => {
  it("tells every setting of .env.example with its default", () => {
    const text = page("self-hosting.md");
    const settings = [...readFileSync(join(root, ".env.example"), "utf8").matchAll(/^([A-Z_]+)=(.*)$/gm)];
    expect(settings.length).toBeGreaterThan(10);
    for (const [, name = "", value = ""] of settings) {
      const row = text.split("\n").find((line) => line.startsWith("|") && line.includes(`\`${name}\``)) ?? "";
      expect(row).toContain(name);
      if (value !== "") expect(row).toContain(`| \`${value}\` |`);
    }
  });
});

describe("docs/cli.md", () => {
  const assay = (...args: string[]): string =>
    execFileSync(process.execPath, [join(root, "packages/sdk/bin/assay.js"), ...args], { encoding: "utf8" });
  const text = page("cli.md");
  const listed = (help: string): string[] =>
    [...(help.split(/^Commands:$/m)[1] ?? "").matchAll(/^ {2}([a-z]+) /gm)]
      .map((match) => match[1] ?? "")
      .filter((name) => name !== "help");
  const commands = listed(assay("--help"));

  it("has a section for every command, and no other", () => {
    const sections = [...text.matchAll(/^#{2,3} `assay ([a-z]+)/gm)].map((match) => match[1] ?? "");
    expect(commands.length).toBeGreaterThan(5);
    expect(sections.sort()).toEqual(commands.sort());
  });

  it.each(commands)("tells every option of assay %s, and no other", (command) => {
    const start = text.search(new RegExp(`^#{2,3} \`assay ${command}[ \`]`, "m"));
    const rest = text.slice(start).replace(/^#+/, "");
    const end = rest.search(/^#{2,3} /m);
    const told = [...firstCells(rest.slice(0, end)).matchAll(/--[a-z][a-z-]*/g)].map(([option]) => option);
    const help = assay("help", command);
    // Of a group, the options of all that it does.
    const helps = [help, ...listed(help).map((verb) => assay(command, verb, "--help"))];
    const real = helps.flatMap((text) =>
      [...text.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1] ?? ""),
    );
    expect([...new Set(told)].sort()).toEqual([...new Set(real)].filter((option) => option !== "--help").sort());
  });
});
