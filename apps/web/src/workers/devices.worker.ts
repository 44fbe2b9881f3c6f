import { openDevice, type Probe, probeDevices, selfTest, type TrialName, threadLimit } from "@assay/compute";
import type { DeviceResult, DevicesAnswer, DevicesQuestion } from "./devices-messages.ts";

/** All devices together. */
const seconds = 10;

const tell = (answer: DevicesAnswer): void => postMessage(answer);

addEventListener("message", async ({ data }: MessageEvent<DevicesQuestion>) => {
  const { most } = threadLimit();
  // A browser has no way to CUDA.
  const probes = (await probeDevices()).filter(({ name }) => name !== "cuda");
  tell({ told: "devices", probes, threads: most });
  if (!data.test) return;
  const present = probes.filter(({ available }) => available);
  const results: DeviceResult[] = [];
  for (const [index, probe] of present.entries()) {
    const onProgress = (fraction: number, trial: TrialName): void =>
      tell({ told: "progress", fraction: (index + fraction) / present.length, trial });
    results.push(await test(probe, most, seconds / present.length, onProgress));
  }
  tell({ told: "tested", results });
});

async function test(
  { name }: Probe,
  threads: number,
  share: number,
  onProgress: (fraction: number, trial: TrialName) => void,
): Promise<DeviceResult> {
  try {
    const device = await openDevice(name, { threads });
    try {
      const result = await selfTest(device, { seconds: share, now: () => performance.now(), onProgress });
      return { name, result, fault: null };
    } finally {
      device.dispose();
    }
  } catch (error) {
    return { name, result: null, fault: error instanceof Error ? error.message : String(error) };
  }
}
