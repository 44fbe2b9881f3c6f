import type { GpuEntry } from "../gpu-entry.ts";
import { classesEntries } from "./classes/gpu.ts";
import { denseEntries } from "./dense/gpu.ts";
import { forestEntries } from "./forest/gpu.ts";
import { nearestEntries } from "./nearest/gpu.ts";
import { permuteEntries } from "./permute/gpu.ts";
import { philoxEntries } from "./philox/gpu.ts";
import { ranksEntries } from "./ranks/gpu.ts";
import { scanEntries } from "./scan/gpu.ts";
import { tallyEntries } from "./tally/gpu.ts";
import { treeShapEntries } from "./tree-shap/gpu.ts";

/** A kernel that has code for GPUs: its folder's name and what its `kernel.wgsl` and `kernel.cu` export. */
export interface GpuKernel {
  readonly name: string;
  readonly entries: readonly GpuEntry[];
}

/** The kernels of the webgpu and cuda devices; entry names are one list over all kernels. */
export const gpuKernels = [
  { name: "classes", entries: classesEntries },
  { name: "dense", entries: denseEntries },
  { name: "forest", entries: forestEntries },
  { name: "nearest", entries: nearestEntries },
  { name: "permute", entries: permuteEntries },
  { name: "philox", entries: philoxEntries },
  { name: "ranks", entries: ranksEntries },
  { name: "scan", entries: scanEntries },
  { name: "tally", entries: tallyEntries },
  { name: "tree-shap", entries: treeShapEntries },
] as const satisfies readonly GpuKernel[];
