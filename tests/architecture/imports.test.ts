import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Who may import whom. `type` allows `import type` only; `workers` allows it in src/workers alone. */
const allowed: Record<string, Record<string, "full" | "type" | "lazy" | "workers">> = {
  schema: {},
  compute: { schema: "full" },
  dataset: { schema: "full" },
  models: { schema: "full", compute: "full" },
  audits: { schema: "full", compute: "full", dataset: "full", models: "full" },
  report: { schema: "full" },
  db: { schema: "full" },
  api: { schema: "full", audits: "full", db: "full" },
  sdk: {
    schema: "full",
    api: "type",
    dataset: "lazy",
    audits: "lazy",
    report: "lazy",
    compute: "lazy",
    models: "lazy",
  },
  server: {
    schema: "full",
    compute: "full",
    dataset: "full",
    models: "full",
    audits: "full",
    report: "full",
    db: "full",
    api: "full",
  },
  web: {
    schema: "full",
    report: "full",
    api: "type",
    compute: "workers",
    dataset: "workers",
    models: "workers",
    audits: "workers",
  },
};

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly kind: "full" | "type" | "lazy";
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === "node_modules" || name === "generated" || name === "dist" || name === ".next") return [];
    if (statSync(path).isDirectory()) return sources(path);
    return /\.(ts|tsx|mts)$/.test(name) && !/\.(test|bench|as)\.tsx?$/.test(name) ? [path] : [];
  });
}

function imports(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const found: Import[] = [];
  for (const match of text.matchAll(/^\s*(?:import|export)\s+(type\s+)?[^"';]*?from\s+["']([^"']+)["']/gm)) {
    found.push({ file, specifier: match[2] ?? "", kind: match[1] ? "type" : "full" });
  }
  for (const match of text.matchAll(/^\s*import\s+["']([^"']+)["']/gm)) {
    found.push({ file, specifier: match[1] ?? "", kind: "full" });
  }
  for (const match of text.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g)) {
    found.push({ file, specifier: match[1] ?? "", kind: "lazy" });
  }
  return found;
}

const packages = [
  ...readdirSync(join(root, "packages")).map((name) => ({ name, folder: join(root, "packages", name) })),
  ...readdirSync(join(root, "apps")).map((name) => ({ name, folder: join(root, "apps", name) })),
];

describe("the import rule", () => {
  it("knows every package", () => {
    expect(packages.map((one) => one.name).sort()).toEqual(Object.keys(allowed).sort());
  });

  it.each(packages)("$name imports only what it may, never a deep path", ({ name, folder }) => {
    const rules = allowed[name] ?? {};
    const faults: string[] = [];
    for (const { file, specifier, kind } of sources(join(folder, "src")).flatMap(imports)) {
      const place = relative(root, file);
      if (specifier.startsWith(".")) {
        const target = join(dirname(file), specifier);
        if (!target.startsWith(folder)) faults.push(`${place}: reaches out of its package: ${specifier}`);
        continue;
      }
      const match = /^@assay\/([a-z]+)(\/.*)?$/.exec(specifier);
      if (!match) continue;
      const target = match[1] ?? "";
      if (target === name) continue;
      const rule = rules[target];
      if (rule === undefined) faults.push(`${place}: ${name} may not import ${target}`);
      else if (rule === "type" && kind !== "type") faults.push(`${place}: ${name} may import only types of ${target}`);
      else if (rule === "workers" && !file.startsWith(join(folder, "src/workers/"))) {
        faults.push(`${place}: only src/workers of ${name} may import ${target}`);
      } else if (rule === "lazy" && kind === "full") faults.push(`${place}: ${name} loads ${target} lazily or by type`);
      const manifest = JSON.parse(readFileSync(join(root, folderOf(target), "package.json"), "utf8"));
      const entry = match[2] ? `.${match[2]}` : ".";
      if (!(entry in manifest.exports)) faults.push(`${place}: ${specifier} is not exported by ${target}`);
    }
    expect(faults).toEqual([]);
  });

  it("has no cycles between packages", () => {
    const state = new Map<string, "open" | "done">();
    const visit = (name: string, path: readonly string[]): void => {
      if (state.get(name) === "done") return;
      expect(state.get(name), [...path, name].join(" → ")).toBeUndefined();
      state.set(name, "open");
      for (const target of Object.keys(allowed[name] ?? {})) visit(target, [...path, name]);
      state.set(name, "done");
    };
    for (const name of Object.keys(allowed)) visit(name, []);
  });
});

describe("the names of files", () => {
  it.each(packages)("$name has no catch-all modules", ({ folder }) => {
    const bad = sources(join(folder, "src")).filter((file) =>
      /(^|\/)(utils?|helpers?|common|shared|lib|misc)(\.tsx?$|\/)/.test(relative(folder, file)),
    );
    expect(bad.map((file) => relative(root, file))).toEqual([]);
  });
});

function folderOf(name: string): string {
  return name === "server" || name === "web" ? `apps/${name}` : `packages/${name}`;
}
