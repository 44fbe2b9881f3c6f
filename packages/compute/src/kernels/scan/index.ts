import type { Device, DeviceBuffer } from "../../device.ts";
import type { TakeBuffer } from "../buffers.ts";

/** Values that one invocation on a GPU adds up. */
const tile = 64;

/**
 * Running sums on the device, in place: value i becomes the sum of the values before it. `values` is u32[length + 1]; the
 * sum of all goes to its last place and to `total`, u32[1]. Sums are modulo 2^32, and so the same on every device.
 *
 * The floor is reading and writing the values once. A GPU sums tiles, scans their sums likewise, and reads the values a
 * second time to spread them; no invocation waits for another.
 */
export async function scan(
  device: Device,
  take: TakeBuffer,
  values: DeviceBuffer,
  length: number,
  total: DeviceBuffer,
): Promise<void> {
  if (device === device.host) {
    await device.dispatch("scanSpread", [values, length, total]);
    return;
  }
  const tiles = Math.max(1, Math.ceil(length / tile));
  const sums = take((tiles + 1) * 4, tiles === 1 ? "zero" : "any");
  if (tiles > 1) {
    await device.dispatch("scanSum", [values, length, sums], tiles);
    await scan(device, take, sums, tiles, total);
  }
  await device.dispatch("scanSpread", [sums, values, length, total], tiles);
  sums.free();
}
