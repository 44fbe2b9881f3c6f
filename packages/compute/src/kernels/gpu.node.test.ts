import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { WebGpuPipelines } from "../devices/webgpu-pipelines.ts";
import { WebGpuScopes } from "../devices/webgpu-scopes.ts";
import { shaders } from "../generated/shaders.ts";
import { type GpuKernel, gpuKernels } from "./gpu.ts";

const folder = new URL(".", import.meta.url);
const kernels: readonly GpuKernel[] = gpuKernels;
const text = (kernel: string) => readFileSync(new URL(`${kernel}/kernel.wgsl`, folder), "utf8");

/** Dawn without a GPU: it compiles and checks all that WebGPU asks for, and runs nothing. */
async function nullDevice(): Promise<{ gpu: GPU; device: GPUDevice } | null> {
  const name = "webgpu";
  const binding: { create(flags: string[]): GPU } | null = await import(name).catch(() => null);
  const gpu = binding?.create(["backend=null"]);
  const device = await (await gpu?.requestAdapter())?.requestDevice();
  return gpu && device ? { gpu, device } : null;
}

const checker = await nullDevice();

describe("the list of kernels for GPUs", () => {
  it("holds every folder with WGSL, in order, each entry name once", () => {
    const folders = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/kernel.wgsl`, folder)));
    expect(kernels.map((kernel) => kernel.name)).toEqual(folders.sort());
    const names = kernels.flatMap((kernel) => kernel.entries.map((entry) => entry.name));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it.each(kernels)("$name is embedded as it stands", ({ name }) => {
    expect(shaders[name]?.startsWith(text(name))).toBe(true);
  });

  it.each(kernels)("$name declares what WebGPU can hold, and all that its WGSL has", ({ name, entries }) => {
    const found = [...text(name).matchAll(/@compute\s+@workgroup_size\((\w+)\)\s*fn\s+(\w+)/g)].map(
      ([, group, entry]) => [entry, Number(group)],
    );
    expect(entries.map((entry) => [entry.name, entry.group])).toEqual(expect.arrayContaining(found));
    expect(found.length).toBe(entries.length);
    for (const { group, parameters } of entries) {
      expect(group).toBeLessThanOrEqual(256);
      expect(parameters.filter((type) => type === "read" || type === "write").length).toBeLessThanOrEqual(8);
    }
  });

  const entries = kernels.flatMap((kernel) => kernel.entries.map((entry) => entry.name));
  it.skipIf(checker === null).each(entries)("%s compiles, and takes the parameters declared", async (entry) => {
    if (!checker) throw new Error("unreachable: skipped");
    const scopes = new WebGpuScopes(checker.device);
    const pipeline = new WebGpuPipelines(checker.device, scopes).find(entry);
    await scopes.settled;
    expect(pipeline.error).toBeNull();
  });
});
