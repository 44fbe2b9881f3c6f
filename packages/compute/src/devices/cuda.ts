import { AssayError } from "@assay/schema";
import type { Device, Probe } from "../device.ts";

const reason = "this version has no cuda device";

export const cuda = {
  name: "cuda" as const,
  async probe(): Promise<Probe> {
    return { name: "cuda", available: false, reason };
  },
  async open(): Promise<Device> {
    throw new AssayError("device-unavailable", `cuda: ${reason}; use cpu or auto`);
  },
};
