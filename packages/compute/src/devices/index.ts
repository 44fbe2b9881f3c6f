import type { DeviceName } from "@assay/schema";
import type { Device, Probe } from "../device.ts";
import { cpu } from "./cpu.ts";
import { cuda } from "./cuda.ts";
import { webgpu } from "./webgpu.ts";

export interface OpenOptions {
  /** Threads that a dispatch with items runs on, the calling one among them; cpu only. Default 1. */
  readonly threads?: number;
  /** GPUs: how long one queued piece of work may take before the device is given up. Default 60,000. */
  readonly timeoutMs?: number;
  /** cuda: which card, counted as the driver counts. Default: the one with the most memory. */
  readonly ordinal?: number;
  /** cuda: path of a library with the driver's interface, in the place of the system's. */
  readonly cudaLibrary?: string;
}

export interface DeviceKind {
  readonly name: DeviceName;
  probe(options?: OpenOptions): Promise<Probe>;
  open(options: OpenOptions): Promise<Device>;
}

export const deviceKinds = [cpu, cuda, webgpu] as const satisfies readonly DeviceKind[];
