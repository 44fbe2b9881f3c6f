import { AssayError, type DeviceName, type ErrorCode } from "@assay/schema";
import type { Device } from "./device.ts";
import type { DeviceKind } from "./devices/index.ts";
import { openDevice } from "./open-device.ts";

/**
 * A GPU whose hardware fails: a real cpu device under a GPU's name that does what it is asked until the `after`th
 * dispatch, and from then on rejects everything with one error, as the contract has it.
 */
export function failingGpu(
  name: DeviceName,
  after: number,
  code: ErrorCode,
): DeviceKind & { readonly opened: Device[] } {
  const opened: Device[] = [];
  return {
    name,
    opened,
    probe: async () => ({ name, available: true, description: "a GPU that fails", software: false }),
    async open(options) {
      const real = await openDevice("cpu", options);
      opened.push(real);
      let left = after;
      const check = (): void => {
        if (left <= 0) throw new AssayError(code, `${name}: taken away`);
      };
      const device: Device = {
        name,
        description: "a GPU that fails",
        maxBufferBytes: real.maxBufferBytes,
        get allocatedBytes() {
          return real.allocatedBytes;
        },
        // It is the same processor, so kernels take the way of the cpu.
        get host() {
          return device;
        },
        allocate(sizeBytes) {
          check();
          return real.allocate(sizeBytes);
        },
        clear(buffer) {
          check();
          real.clear(buffer);
        },
        upload(buffer, data) {
          check();
          real.upload(buffer, data);
        },
        async dispatch(kernel, args, items) {
          left--;
          check();
          await real.dispatch(kernel, args, items);
        },
        async download(buffer, into) {
          check();
          return real.download(buffer, into);
        },
        dispose: () => real.dispose(),
      };
      return device;
    },
  };
}
