// Builds the emulator with all kernels that there are. Objects are kept by the hash of their sources, so that only what has
// changed is compiled; a kernel that does not compile is left out, and says so when it is loaded.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cudaKernels, sourceOf, sourcesOf } from "../scripts/ptx.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const cache = fileURLToPath(new URL("../../../node_modules/.cache/assay-cuda-emulator", import.meta.url));
const lock = join(cache, "lock");
const headers = ["cuda-shim.h", "error-names.h", "execute.h", "memory.h", "ptx.h", "world.h"];
const units = ["controls.cpp", "driver.cpp", "error-names.cpp", "execute.cpp", "memory.cpp", "ptx.cpp", "world.cpp"];
const flags = ["-std=c++17", "-O2", "-fPIC", "-fvisibility=hidden", "-Wall", "-Wno-unknown-pragmas"];
/** As nvcc has it: no fusing; bits of floats may be read as integers. What C++ leaves undefined stops the kernel. */
const kernelFlags = [
  "-ffp-contract=off",
  "-fno-strict-aliasing",
  "-Wno-unused",
  "-fsanitize=alignment,bounds,shift,integer-divide-by-zero,float-cast-overflow",
  "-fsanitize-undefined-trap-on-error",
];
/** Kernels that the emulator itself is tried with. */
const trials = { kernel: "trials", source: join(here, "trials.cu") };

/**
 * Path of the library, or the reason why there is none.
 * @returns {{ path: string } | { reason: string }}
 */
export function buildEmulator() {
  if (process.platform === "win32") return { reason: "the CUDA emulator needs a POSIX system" };
  const compiler = ["c++", "g++", "clang++"].find((name) => spawnSync(name, ["--version"]).status === 0);
  if (!compiler)
    return { reason: "the CUDA emulator is built by a C++ compiler, and there is no c++, g++ or clang++ here" };
  const version = spawnSync(compiler, ["--version"], { encoding: "utf8" }).stdout;
  const base = hashOf([version, process.arch, JSON.stringify([flags, kernelFlags]), ...headers.map(read)]);
  const jobs = [
    ...units.map((name) => ({ key: hashOf([base, name, read(name)]), name, text: read(name), more: [], kernel: null })),
    ...[...cudaKernels().map((kernel) => ({ kernel, source: sourceOf(kernel) })), trials].map(({ kernel, source }) => {
      const text = kernelUnit(kernel, source);
      const sources = sourcesOf(source).map((path) => readFileSync(path, "utf8"));
      return { key: hashOf([base, text, ...sources]), name: `${kernel}.cpp`, text, more: kernelFlags, kernel };
    }),
  ];
  const path = join(cache, `libcuda-${hashOf(jobs.map((job) => job.key))}.so`);
  if (existsSync(path)) return { path };
  mkdirSync(cache, { recursive: true });
  return locked(() => {
    if (existsSync(path)) return { path };
    const objects = jobs.map((job) => {
      utimesSync(lock, new Date(), new Date());
      return compile(compiler, job);
    });
    const partial = `${path}.${process.pid}`;
    const { status, stderr } = run(compiler, ["-shared", "-pthread", "-o", partial, ...objects]);
    if (status !== 0) throw new Error(`the CUDA emulator does not link\n${stderr}`);
    renameSync(partial, path);
    forgetOld();
    return { path };
  });
}

/** A kernel's source in a namespace of its own, since functions of the same name are in several, and its entries. */
function kernelUnit(kernel, source) {
  const text = sourcesOf(source)
    .map((path) => readFileSync(path, "utf8"))
    .join("\n")
    .replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "");
  const barriers = /__sync(threads|warp)|_sync\s*\(/.test(text);
  const entries = [...text.matchAll(/__global__\s+void\s+(?:__launch_bounds__\s*\([^)]*\)\s*)?(\w+)\s*\(/g)].map(
    ([, name]) => name,
  );
  return [
    '#include "cuda-shim.h"',
    `namespace kernel_${kernel.replaceAll("-", "_")} {`,
    `#include ${JSON.stringify(source)}`,
    ...entries.map(
      (name) =>
        `static const bool added_${name} = emulator::add(emulator::Call<&${name}>::entry("${name}", ${barriers}));`,
    ),
    "}",
    "",
  ].join("\n");
}

/** Path of the object. */
function compile(compiler, { key, name, text, more, kernel }) {
  const object = join(cache, `${name}-${key}.o`);
  if (existsSync(object)) return object;
  const source = join(cache, `${name}-${key}.${process.pid}.cpp`);
  const partial = `${object}.${process.pid}`;
  const make = (content) => {
    writeFileSync(source, content);
    return run(compiler, [...flags, ...more, "-I", here, "-c", source, "-o", partial]);
  };
  try {
    const { status, stderr } = make(text);
    if (status !== 0) {
      if (kernel === null) throw new Error(`the CUDA emulator does not compile\n${stderr}`);
      const words = JSON.stringify(stderr.slice(0, 3000));
      const again = make(
        `#include "execute.h"\nstatic const bool failed = emulator::addFailure("${kernel}", ${words});\n`,
      );
      if (again.status !== 0) throw new Error(again.stderr);
    }
    renameSync(partial, object);
  } finally {
    rmSync(source, { force: true });
  }
  return object;
}

/** One build at a time on a machine; a lock whose holder is gone is taken over. */
function locked(work) {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      closeSync(openSync(lock, "wx"));
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const stale = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 120_000;
      if (stale) rmSync(lock, { force: true });
      else Atomics.wait(cell, 0, 0, 100);
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Removes what no build of the last week has made. */
function forgetOld() {
  const oldest = Date.now() - 7 * 86_400_000;
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? oldest) < oldest) rmSync(path, { force: true });
  }
}

function run(program, args) {
  return spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 26 });
}

function read(name) {
  return readFileSync(join(here, name), "utf8");
}

function hashOf(parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(String(part.length)).update("\0").update(part);
  return hash.digest("hex").slice(0, 32);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) console.log(buildEmulator());
