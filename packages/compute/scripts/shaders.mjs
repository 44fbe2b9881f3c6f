// Embeds every kernels/*/kernel.wgsl in src/generated/shaders.ts, so that Node and browser bundles load them alike. A line
// `// include ../../x.wgsl` brings that file in, once. What is included comes after the kernel's own text, behind a line
// `// file: x.wgsl`: WGSL does not care about the order, and the kernel's line numbers stay what they are.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../src", import.meta.url));
const output = join(source, "generated/shaders.ts");

const shaders = readdirSync(join(source, "kernels"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(source, "kernels", entry.name, "kernel.wgsl")))
  .map((entry) => entry.name)
  .sort()
  .map((name) => [name, expand(join(source, "kernels", name, "kernel.wgsl"))]);

const hash = createHash("sha256").update(readFileSync(fileURLToPath(import.meta.url)));
const stamp = `// Sources: sha256:${hash.update(JSON.stringify(shaders)).digest("hex")}\n`;
if (existsSync(output) && readFileSync(output, "utf8").startsWith(stamp)) process.exit(0);

const entries = shaders.map(([name, text]) => `  ${JSON.stringify(name)}:\n    ${JSON.stringify(text)},\n`);
mkdirSync(dirname(output), { recursive: true });
writeFileSync(
  output,
  `${stamp}/** WGSL of each kernel by the name of its folder. */\nexport const shaders: Readonly<Record<string, string>> = {\n${entries.join("")}};\n`,
);
console.log(`shaders: ${shaders.map(([name]) => name).join(", ")}`);

function expand(path) {
  const parts = [readFileSync(path, "utf8")];
  const seen = new Set([path]);
  const pending = includesOf(path);
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    parts.push(`// file: ${relative(source, next).replaceAll("\\", "/")}\n${readFileSync(next, "utf8")}`);
    pending.push(...includesOf(next));
  }
  return parts.map((part) => (part.endsWith("\n") ? part : `${part}\n`)).join("");
}

function includesOf(path) {
  const text = readFileSync(path, "utf8");
  const found = [...text.matchAll(/^\/\/ include (\S+)[ \t]*$/gm)].map(([, target]) => resolve(dirname(path), target));
  const missing = found.find((included) => !existsSync(included));
  if (missing === undefined) return found;
  console.error(`shaders: ${relative(source, path)} includes ${relative(source, missing)}, which does not exist`);
  process.exit(1);
}
