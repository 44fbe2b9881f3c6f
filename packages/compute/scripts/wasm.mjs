// Compiles src/devices/cpu.as.ts to WASM and embeds it in src/generated/cpu-wasm.ts, so that Node, worker threads and
// browser bundles load it alike, without a file to find. Does nothing where no source has changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const output = join(root, "src/generated/cpu-wasm.ts");
const flags = [
  ...["-O3", "--converge", "--noAssert", "--runtime", "stub", "--use", "abort="],
  ...["--enable", "simd", "--enable", "threads", "--importMemory", "--sharedMemory", "--maximumMemory", "65536"],
];

const sources = readdirSync(join(root, "src"), { recursive: true })
  .filter((path) => path.endsWith(".as.ts"))
  .sort();
const hash = createHash("sha256").update(JSON.stringify([asc.version, flags]));
for (const source of sources) hash.update(source).update(readFileSync(join(root, "src", source)));
const stamp = `// Sources: sha256:${hash.digest("hex")}\n`;
if (existsSync(output) && readFileSync(output, "utf8").startsWith(stamp)) process.exit(0);

let binary;
let assembly = "";
const outputs = ["--outFile", "cpu.wasm", "--textFile", "cpu.wat"];
const { error, stderr } = await asc.main(["src/devices/cpu.as.ts", ...outputs, ...flags], {
  readFile: (name, base) => {
    const path = join(root, base === "." ? "" : base, name);
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  },
  writeFile: (name, contents) => {
    if (name === "cpu.wasm") binary = contents;
    else assembly = contents;
  },
  listFiles: () => [],
});
if (error || !binary) {
  console.error(stderr.toString());
  console.error(`wasm: ${error?.message ?? "no output"}`);
  process.exit(1);
}
// An object made in a kernel would lie where the host's buffers are.
if (assembly.includes("(memory.grow")) {
  console.error("wasm: a kernel makes objects; give it scratch memory as an argument");
  process.exit(1);
}
// Threads share what is static; constants are never all 0, what is to be written to mostly is.
const written = /\(data \$\d+ \(i32\.const \d+\) "(\\00)+"\)/.exec(assembly);
if (written) {
  console.error(`wasm: a kernel has static memory to write to, give it scratch memory instead: ${written[0]}`);
  process.exit(1);
}
const { limitsAt, initialPages } = findMemory(binary);
mkdirSync(join(root, "src/generated"), { recursive: true });
const text = Buffer.from(binary).toString("base64");
const memory = `export const cpuMemory = { limitsAt: ${limitsAt}, initialPages: ${initialPages} };\n`;
writeFileSync(output, `${stamp}export const cpuWasm =\n  "${text}";\n${memory}`);
console.log(`cpu-wasm: ${binary.length} bytes from ${sources.length} sources`);

/** Where the limits of the one import, env.memory, stand: a flag (3: shared, with a maximum), then the pages. */
function findMemory(bytes) {
  let at = 8;
  const integer = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const name = () => {
    const length = integer();
    at += length;
    return Buffer.from(bytes.subarray(at - length, at)).toString();
  };
  while (bytes[at++] !== 2) {
    const size = integer();
    at += size;
  }
  integer();
  const found = [integer(), name(), name(), bytes[at++]].join(" ");
  const limitsAt = at;
  if (found !== "1 env memory 2" || bytes[at++] !== 3) throw new Error(`wasm: imports ${found}, not one shared memory`);
  return { limitsAt, initialPages: integer() };
}
