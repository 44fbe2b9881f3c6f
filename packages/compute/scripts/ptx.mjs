// Compiles src/kernels/*/kernel.cu to kernel.ptx beside it (where nvcc is at hand and a source has changed), and embeds
// every kernel.ptx in src/generated/ptx.ts. PTX is committed: whoever has no nvcc still builds the whole package.
//
//   node scripts/ptx.mjs           compiles what has changed, then embeds
//   node scripts/ptx.mjs --embed   embeds only; a kernel whose PTX is older than its source is left out, with a warning
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const kernelsFolder = join(root, "src/kernels");

/**
 * compute_75 runs on every card from Turing on: the driver compiles it for the card that is there. Products and sums are
 * not fused unless the source says fmaf, so that a result is the same on every card and in the emulator.
 */
export const flags = ["-ptx", "-arch=compute_75", "-O3", "-std=c++17", "-fmad=false", "-Werror=all-warnings"];

/** PTX 7.0 is read by every driver from CUDA 11.0 on; nothing that compute_75 has needs a later one. */
const ptxVersion = "7.0";

/** Names of the kernels that have a kernel.cu. */
export function cudaKernels() {
  return readdirSync(kernelsFolder)
    .filter((name) => existsSync(join(kernelsFolder, name, "kernel.cu")))
    .sort();
}

export function sourceOf(kernel) {
  return join(kernelsFolder, kernel, "kernel.cu");
}

export function ptxOf(kernel) {
  return join(kernelsFolder, kernel, "kernel.ptx");
}

/** A source and all that it includes by a relative path, sorted. */
export function sourcesOf(source) {
  const found = new Set();
  const visit = (path) => {
    // A file that is not there is the compiler's to complain of.
    if (found.has(path) || !existsSync(path)) return;
    found.add(path);
    for (const [, name] of readFileSync(path, "utf8").matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
      visit(resolve(dirname(path), name));
    }
  };
  visit(source);
  return [...found].sort();
}

/** First line of a kernel.ptx: what it was made of. */
export function stampOf(kernel) {
  const hash = createHash("sha256").update(JSON.stringify([flags, ptxVersion]));
  for (const path of sourcesOf(sourceOf(kernel))) {
    hash
      .update(relative(root, path).replaceAll("\\", "/"))
      .update("\0")
      .update(readFileSync(path, "utf8"))
      .update("\0");
  }
  return `// Sources: sha256:${hash.digest("hex")}`;
}

/** True where a kernel.ptx is there and was made of the sources as they are now. */
export function isFresh(kernel) {
  return existsSync(ptxOf(kernel)) && readFileSync(ptxOf(kernel), "utf8").startsWith(`${stampOf(kernel)}\n`);
}

/** A tool of the CUDA toolkit with its version, or null where it is not on this machine. */
export function findTool(name) {
  const folders = [process.env.CUDA_PATH, process.env.CUDA_HOME, "/usr/local/cuda"].filter(Boolean);
  for (const path of [name, ...folders.map((folder) => join(folder, "bin", name))]) {
    const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
    const version = /\bV(\d+\.\d+\.\d+)/.exec(stdout ?? "")?.[1];
    if (status === 0 && version) return { path, version };
  }
  return null;
}

/**
 * The text of kernel.ptx, without anything that differs from machine to machine.
 * @throws Error with the compiler's messages
 */
export function compile(nvcc, kernel) {
  const folder = mkdtempSync(join(tmpdir(), "assay-ptx-"));
  try {
    const output = join(folder, "kernel.ptx");
    const { status, stdout, stderr } = spawnSync(nvcc.path, [...flags, "-o", output, sourceOf(kernel)], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${kernel}: ${nvcc.path} failed\n${stdout}${stderr}`);
    const text = readFileSync(output, "utf8")
      .replace(/^\s*\/\/.*\n/gm, "")
      .replace(/^\.version .*$/m, `.version ${ptxVersion}`)
      .replace(/\n{2,}/g, "\n")
      .trim();
    return `${stampOf(kernel)}\n// nvcc ${nvcc.version}\n${text}\n`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiles what has changed. Returns the kernels made. */
function compileStale() {
  const stale = cudaKernels().filter((kernel) => !isFresh(kernel));
  if (stale.length === 0) return [];
  const nvcc = findTool("nvcc");
  if (!nvcc) {
    throw new Error(`${stale.join(", ")}: kernel.cu has changed, and nvcc, which makes kernel.ptx, is not here`);
  }
  const failures = [];
  for (const kernel of stale) {
    try {
      writeFileSync(ptxOf(kernel), compile(nvcc, kernel));
      console.log(`ptx: ${kernel}`);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return stale;
}

/** Writes src/generated/ptx.ts: the PTX of every kernel by the kernel's name. */
function embed() {
  const fresh = cudaKernels().filter((kernel) => {
    if (isFresh(kernel)) return true;
    console.warn(`ptx: ${kernel} is left out: kernel.ptx is not made of kernel.cu as it is; run node scripts/ptx.mjs`);
    return false;
  });
  const lines = fresh.map(
    (kernel) => `  ${JSON.stringify(kernel)}: ${JSON.stringify(readFileSync(ptxOf(kernel), "utf8"))},`,
  );
  const text = `export const ptx: Readonly<Record<string, string>> = {\n${lines.join("\n")}\n};\n`;
  const output = join(root, "src/generated/ptx.ts");
  if (existsSync(output) && readFileSync(output, "utf8") === text) return;
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, text);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    if (!process.argv.includes("--embed")) compileStale();
  } catch (error) {
    console.error(`ptx: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
  embed();
}
