import koffi from "koffi";
import { emulatedCuda } from "../emulated-cuda.testing.ts";
import type { GpuEntry } from "../gpu-entry.ts";
import { cpu } from "./cpu.ts";
import { type CudaDevice, openCard } from "./cuda-device.ts";
import { findCard } from "./cuda-driver.ts";
import type { CudaKernel } from "./cuda-kernels.ts";

export const emulator = await emulatedCuda();
export const missing = "reason" in emulator ? emulator.reason : null;
const path = "path" in emulator ? emulator.path : "";

/** The entries of emulator/trials.cu. */
const entries = [
  { name: "trialFill", parameters: ["write", "u32"], group: 64 },
  { name: "trialRace", parameters: ["read", "write"], group: 64 },
  { name: "trialReduce", parameters: ["read", "write"], group: 128 },
  { name: "trialReverse", parameters: ["read", "write"], group: 64 },
  { name: "trialRounding", parameters: ["read", "write"], group: 1 },
  { name: "trialScalars", parameters: ["write", "f32", "i32", "u32"], group: 32 },
  { name: "trialScan", parameters: ["read", "write", "write"], group: 64 },
  { name: "trialUnwritten", parameters: ["write"], group: 1 },
  { name: "trialWrong", parameters: ["write", "u32"], group: 2 },
] as const satisfies readonly GpuEntry[];

const ptxTypes = { f32: "f32", i32: "u32", read: "u64", u32: "u32", write: "u64" } as const;

/** What a driver reads of PTX before it compiles it; the emulator runs the .cu for the rest. */
export function ptxHeader(one: GpuEntry): string {
  const types = ["u32", ...one.parameters.map((parameter) => ptxTypes[parameter])];
  const parameters = types.map((type, index) => `\t.param .${type} ${one.name}_param_${index}`);
  return `.visible .entry ${one.name}(\n${parameters.join(",\n")}\n)\n.maxntid ${one.group}, 1, 1\n{\n\tret;\n}\n`;
}

export const ptxBegin = ".version 7.0\n.target sm_75\n.address_size 64\n";

export const trials: CudaKernel = { name: "trials", entries, ptx: ptxBegin + entries.map(ptxHeader).join("") };

/** What the emulator offers to tests; see emulator/controls.cpp. */
export interface Controls {
  fail(name: string, code: number, after: number): void;
  hang(on: boolean): void;
  setVersion(version: number): void;
  setCard(ordinal: number, name: string, bytes: number, capability: number): void;
  usedBytes(): number;
  contexts(): number;
  launches(entry: string): number;
}

export function controls(): Controls {
  const library = koffi.load(path);
  const hang = library.func("void emulatorHang(int on)");
  return {
    fail: library.func("void emulatorFail(const char *name, int code, int after)"),
    hang: (on) => hang(on ? 1 : 0),
    setVersion: library.func("void emulatorSetVersion(int version)"),
    setCard: library.func("void emulatorSetCard(int ordinal, const char *name, size_t bytes, int capability)"),
    usedBytes: library.func("double emulatorUsedBytes()"),
    contexts: library.func("int emulatorContexts()"),
    launches: library.func("double emulatorLaunches(const char *entry)"),
  };
}

/** A device on the emulator with the trial kernels, or those given. */
export async function openTrials(timeoutMs = 10_000, kernels: readonly CudaKernel[] = [trials]): Promise<CudaDevice> {
  const found = await findCard({ cudaLibrary: path });
  if ("reason" in found) throw new Error(found.reason);
  return openCard(found, { timeoutMs, kernels, host: await cpu.open({}) });
}
