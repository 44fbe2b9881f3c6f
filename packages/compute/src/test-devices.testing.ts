import type { DeviceName } from "@assay/schema";
import type { Device } from "./device.ts";
import { threadLimit } from "./devices/start-cpu-thread.ts";
import { emulatedCuda } from "./emulated-cuda.testing.ts";
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

const { reason: noThreads } = threadLimit();

const emulator = await emulatedCuda();

/** The CUDA code of every kernel, run on the processor: it holds the code to its results, not a card to its driver. */
const emulated: TestDevice = {
  label: `cuda, emulated on the processor${"reason" in emulator ? ` (${emulator.reason})` : ""}`,
  name: "cuda",
  missing: "reason" in emulator ? emulator.reason : null,
  slow: true,
  open: () => openDevice("cuda", "path" in emulator ? { cudaLibrary: emulator.path } : {}),
};

const probed: readonly TestDevice[] = (await probeDevices()).flatMap((probe) => {
  const missing = probe.available ? null : probe.reason;
  const device: TestDevice = {
    label: `${probe.name} (${missing ?? (probe.available && probe.description)})`,
    name: probe.name,
    missing,
    slow: probe.available && probe.software,
    open: () => openDevice(probe.name),
  };
  if (probe.name !== "cpu") return [device];
  const why = missing ?? noThreads;
  return [
    { ...device, label: `cpu, 1 thread${missing ? ` (${missing})` : ""}` },
    {
      ...device,
      label: `cpu, 2 threads${why ? ` (${why})` : ""}`,
      missing: why,
      open: () => openDevice("cpu", { threads: 2 }),
    },
  ];
});

/** Every device that a kernel is held to; missing ones are there with their reason, so that their skip is seen. */
export const testDevices: readonly TestDevice[] = [...probed, emulated];
