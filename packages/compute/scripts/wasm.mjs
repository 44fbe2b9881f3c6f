// Compiles src/devices/cpu.as.ts to WASM and embeds it in src/generated/cpu-wasm.ts, so that Node, worker threads and
// browser bundles load it alike, without a file to find. Does nothing where no source has changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const output = join(root, "src/generated/cpu-wasm.ts");
const flags = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd", "--use", "abort="];

const sources = readdirSync(join(root, "src"), { recursive: true })
  .filter((path) => path.endsWith(".as.ts"))
  .sort();
const hash = createHash("sha256").update(JSON.stringify([asc.version, flags]));
for (const source of sources) hash.update(source).update(readFileSync(join(root, "src", source)));
const stamp = `// Sources: sha256:${hash.digest("hex")}\n`;
if (existsSync(output) && readFileSync(output, "utf8").startsWith(stamp)) process.exit(0);

let binary;
const { error, stderr } = await asc.main(["src/devices/cpu.as.ts", "--outFile", "cpu.wasm", ...flags], {
  readFile: (name, base) => {
    const path = join(root, base === "." ? "" : base, name);
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  },
  writeFile: (name, contents) => {
    if (name === "cpu.wasm") binary = contents;
  },
  listFiles: () => [],
});
if (error || !binary) {
  console.error(stderr.toString());
  console.error(`wasm: ${error?.message ?? "no output"}`);
  process.exit(1);
}
mkdirSync(join(root, "src/generated"), { recursive: true });
const text = Buffer.from(binary).toString("base64");
writeFileSync(output, `${stamp}export const cpuWasm =\n  "${text}";\n`);
console.log(`cpu-wasm: ${binary.length} bytes from ${sources.length} sources`);
