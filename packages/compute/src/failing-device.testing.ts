import { AssayError, type DeviceName, type ErrorCode } from "@assay/schema";
import type { Device } from "./device.ts";
import type { DeviceKind } from "./devices/index.ts";

export interface FailingKind extends DeviceKind {
  /** The real devices under those that were opened. */
  readonly opened: Device[];
  /** Dispatches that were asked for, of all that were opened. */
  dispatches(): number;
}

/**
 * A GPU whose hardware fails: a real device that does what it is asked until the `after`th dispatch, and from then on
 * rejects everything with one error, as the contract has it. `name` is what it says it is.
 */
export function failingGpu(
  real: DeviceKind,
  options: { readonly name: DeviceName; readonly after: number; readonly code: ErrorCode },
): FailingKind {
  const { name, after, code } = options;
  const opened: Device[] = [];
  let asked = 0;
  return {
    name,
    opened,
    dispatches: () => asked,
    probe: async () => ({ name, available: true, description: "a GPU that fails", software: false }),
    async open(open) {
      const device = await real.open(open);
      opened.push(device);
      let left = after;
      const check = (): void => {
        if (left <= 0) throw new AssayError(code, `${name}: taken away`);
      };
      const failing: Device = {
        name,
        description: "a GPU that fails",
        maxBufferBytes: device.maxBufferBytes,
        get allocatedBytes() {
          return device.allocatedBytes;
        },
        get host() {
          return device.host === device ? failing : device.host;
        },
        allocate(sizeBytes) {
          check();
          return device.allocate(sizeBytes);
        },
        clear(buffer) {
          check();
          device.clear(buffer);
        },
        upload(buffer, data) {
          check();
          device.upload(buffer, data);
        },
        async dispatch(kernel, args, items) {
          asked++;
          left--;
          check();
          await device.dispatch(kernel, args, items);
        },
        async download(buffer, into) {
          check();
          return device.download(buffer, into);
        },
        dispose: () => device.dispose(),
      };
      return failing;
    },
  };
}
