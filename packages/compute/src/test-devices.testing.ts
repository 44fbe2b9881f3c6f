import type { DeviceName } from "@assay/schema";
import type { Device } from "./device.ts";
import { openDevice, probeDevices } from "./open-device.ts";

/** A device that a kernel's tests run on, or the reason why they are skipped. */
export interface TestDevice {
  readonly label: string;
  readonly name: DeviceName;
  readonly missing: string | null;
  /** True where a GPU's interface runs on the processor: give it hundreds of items, not millions. */
  readonly slow: boolean;
  open(): Promise<Device>;
}

/** Every device that a kernel is held to; missing ones are there with their reason, so that their skip is seen. */
export const testDevices: readonly TestDevice[] = (await probeDevices()).map((probe) => ({
  label: probe.available ? `${probe.name} (${probe.description})` : `${probe.name} (${probe.reason})`,
  name: probe.name,
  missing: probe.available ? null : probe.reason,
  slow: probe.available && probe.software,
  open: () => openDevice(probe.name),
}));
