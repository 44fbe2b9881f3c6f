import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compile, cudaKernels, findTool, isFresh, ptxOf } from "../../scripts/ptx.mjs";
import { ptx as embedded } from "../generated/ptx.ts";
import type { GpuKernel } from "../kernels/gpu.ts";
import { gpuKernels } from "../kernels/gpu.ts";

const kernels: readonly GpuKernel[] = gpuKernels;
const nvcc = findTool("nvcc");
const ptxas = findTool("ptxas");
const madeBy = (kernel: string) => /^\/\/ nvcc (\S+)$/m.exec(readFileSync(ptxOf(kernel), "utf8"))?.[1];
const folder = mkdtempSync(join(tmpdir(), "assay-ptxas-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the driver API is called with, by the parameter's kind. */
const types = { f32: "f32", i32: "u32", read: "u64", u32: "u32", write: "u64" } as const;

it("has CUDA for every kernel that has code for GPUs", () => {
  expect(cudaKernels()).toEqual(kernels.map(({ name }) => name));
});

describe.each(kernels.map((kernel) => ({ name: kernel.name, kernel })))("the PTX of $name", ({ name, kernel }) => {
  it("is made of the sources as they are, and is what this build ships", () => {
    expect(isFresh(name), `kernel.cu of ${name} has changed: run node packages/compute/scripts/ptx.mjs`).toBe(true);
    expect(embedded[name]).toBe(readFileSync(ptxOf(name), "utf8"));
  });

  it("has the entries of gpu.ts, with their parameters and no larger blocks", () => {
    const text = readFileSync(ptxOf(name), "utf8");
    const found = [...text.matchAll(/\.visible \.entry (\w+)\(([^)]*)\)\n([^{]*)\{/g)].map(
      ([, entry, parameters, limits]) => ({
        name: entry,
        types: [...(parameters ?? "").matchAll(/\.param \.(\w+)/g)].map(([, type]) => type),
        most: Number(/\.maxntid (\d+)/.exec(limits ?? "")?.[1] ?? 1024),
      }),
    );
    const byName = (a: { name: string | undefined }, b: { name: string | undefined }) =>
      (a.name ?? "") < (b.name ?? "") ? -1 : 1;
    const wanted = kernel.entries.map((entry) => ({
      name: entry.name,
      types: ["u32", ...entry.parameters.map((parameter) => types[parameter])],
      most: expect.toSatisfy((most: number) => most >= entry.group, `at least ${entry.group} threads`),
    }));
    expect(found.sort(byName)).toEqual(wanted.sort(byName));
  });

  it("rounds every operation on floats by itself, and keeps subnormal numbers", () => {
    const text = readFileSync(ptxOf(name), "utf8");
    const operations = [...text.matchAll(/\b(?:add|sub|mul|fma|div|sqrt|rcp)((?:\.\w+)*)\.f(?:32|64)\b/g)];
    const loose = operations.filter(([, how]) => !/^\.r[nzmp]$/.test(how ?? ""));
    expect(loose.map(([operation]) => operation)).toEqual([]);
  });

  it.skipIf(!nvcc || nvcc.version !== madeBy(name))(
    `is what nvcc makes of them${nvcc ? "" : " (no nvcc here)"}`,
    () => {
      if (nvcc) expect(compile(nvcc, name)).toBe(readFileSync(ptxOf(name), "utf8"));
    },
    60_000,
  );

  it.skipIf(!ptxas).each(["sm_75", "sm_80", "sm_90", "sm_100", "sm_120"])(
    `is assembled for %s without spilling registers${ptxas ? "" : " (no ptxas here)"}`,
    (card) => {
      const args = ["-v", `-arch=${card}`, ptxOf(name), "-o", join(folder, `${name}-${card}.cubin`)];
      const { status, stdout, stderr } = spawnSync(ptxas?.path ?? "", args, { encoding: "utf8" });
      expect(status, stderr).toBe(0);
      for (const [, stores, loads] of `${stdout}${stderr}`.matchAll(
        /(\d+) bytes spill stores, (\d+) bytes spill loads/g,
      )) {
        expect([stores, loads]).toEqual(["0", "0"]);
      }
    },
    60_000,
  );
});
