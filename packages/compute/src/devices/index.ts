import type { DeviceName } from "@assay/schema";
import type { Device, Probe } from "../device.ts";
import { cpu } from "./cpu.ts";
import { cuda } from "./cuda.ts";
import { webgpu } from "./webgpu.ts";

export interface OpenOptions {
  /** How many such devices the caller runs side by side, each on its own thread; only told in the description. Default 1. */
  readonly threads?: number;
  /** What `cpuModule()` gave on another thread, so that it is not compiled again. */
  readonly module?: WebAssembly.Module;
}

export interface DeviceKind {
  readonly name: DeviceName;
  probe(): Promise<Probe>;
  open(options: OpenOptions): Promise<Device>;
}

export const deviceKinds = [cpu, cuda, webgpu] as const satisfies readonly DeviceKind[];
