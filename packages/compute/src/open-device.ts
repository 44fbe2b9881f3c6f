import { AssayError, type DeviceName } from "@assay/schema";
import type { Device, Probe } from "./device.ts";
import { deviceKinds, type OpenOptions } from "./devices/index.ts";

/** Best first: what `auto` tries. */
const preference: readonly DeviceName[] = ["cuda", "webgpu", "cpu"];

/** What this host has, each device with a description or the reason why it is not there. */
export function probeDevices(): Promise<Probe[]> {
  return Promise.all(deviceKinds.map((kind) => kind.probe()));
}

/**
 * Opens a device. A device asked for by name is that device or an error, never another; `auto` is the best that is
 * present, software adapters passed by.
 * @throws AssayError device-unavailable, with the reason
 */
export async function openDevice(name: "auto" | DeviceName, options: OpenOptions = {}): Promise<Device> {
  if (name !== "auto") {
    const kind = deviceKinds.find((one) => one.name === name);
    if (!kind) throw new AssayError("usage", `openDevice: no device "${name}"; there are auto, cpu, cuda, webgpu`);
    return kind.open(options);
  }
  const probes = await probeDevices();
  const best = preference.find((one) =>
    probes.some((probe) => probe.name === one && probe.available && !probe.software),
  );
  if (best) return openDevice(best, options);
  const reasons = probes.map((probe) => `${probe.name}: ${probe.available ? "" : probe.reason}`).join("; ");
  throw new AssayError("device-unavailable", `no compute device on this host (${reasons})`);
}
