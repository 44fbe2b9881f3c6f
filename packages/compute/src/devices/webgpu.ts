import { AssayError } from "@assay/schema";
import type { Device, Probe } from "../device.ts";

const reason = "this version has no webgpu device";

export const webgpu = {
  name: "webgpu" as const,
  async probe(): Promise<Probe> {
    return { name: "webgpu", available: false, reason };
  },
  async open(): Promise<Device> {
    throw new AssayError("device-unavailable", `webgpu: ${reason}; use cpu or auto`);
  },
};
