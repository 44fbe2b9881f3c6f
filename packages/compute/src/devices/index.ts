import type { DeviceName } from "@assay/schema";
import type { Device, Probe } from "../device.ts";
import { cpu } from "./cpu.ts";
import { cuda } from "./cuda.ts";
import { webgpu } from "./webgpu.ts";

export interface OpenOptions {
  /** Threads that a dispatch with items runs on, the calling one among them; cpu only. Default 1. */
  readonly threads?: number;
}

export interface DeviceKind {
  readonly name: DeviceName;
  probe(options?: OpenOptions): Promise<Probe>;
  open(options: OpenOptions): Promise<Device>;
}

export const deviceKinds = [cpu, cuda, webgpu] as const satisfies readonly DeviceKind[];
