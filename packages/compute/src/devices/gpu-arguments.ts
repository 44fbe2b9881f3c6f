import { AssayError, type DeviceName } from "@assay/schema";
import type { Argument, DeviceBuffer } from "../device.ts";
import type { GpuEntry, GpuScalar } from "../gpu-entry.ts";

export interface GpuArguments<B> {
  /** In the order of the parameters. */
  readonly buffers: readonly B[];
  readonly written: ReadonlySet<B>;
  /** Items, then the scalars in the order of the parameters, 4 bytes each: WGSL's uniform struct. */
  readonly values: Uint8Array<ArrayBuffer>;
}

/**
 * Holds a dispatch's arguments to what the entry declares. `own` gives a device's own buffer for what it is called with.
 * @throws AssayError internal for a wrong number or kind of arguments, and for a buffer that is written and given twice
 */
export function readGpuArguments<B>(
  device: DeviceName,
  { name, parameters }: GpuEntry,
  args: readonly Argument[],
  items: number,
  own: (buffer: DeviceBuffer) => B,
): GpuArguments<B> {
  if (args.length !== parameters.length) {
    throw new AssayError(
      "internal",
      `${device}.dispatch: ${name} has ${parameters.length} parameters, got ${args.length}`,
    );
  }
  const buffers: B[] = [];
  const written = new Set<B>();
  const values = new DataView(new ArrayBuffer(4 * (1 + parameters.length)));
  values.setUint32(0, items, true);
  let at = 4;
  for (const [index, type] of parameters.entries()) {
    const value = args[index];
    if (type === "read" || type === "write") {
      if (typeof value !== "object") throw wrongKind(device, name, index, "a buffer", value);
      const buffer = own(value);
      if (written.has(buffer) || (type === "write" && buffers.includes(buffer))) {
        throw new AssayError(
          "internal",
          `${device}.dispatch: ${name} writes a buffer that is also its argument ${index}`,
        );
      }
      buffers.push(buffer);
      if (type === "write") written.add(buffer);
    } else {
      if (!setScalar(values, at, type, value)) throw wrongKind(device, name, index, type, value);
      at += 4;
    }
  }
  return { buffers, written, values: new Uint8Array(values.buffer, 0, at) };
}

/** False where the value is none of the type. */
function setScalar(view: DataView, at: number, type: GpuScalar, value: Argument | undefined): boolean {
  if (typeof value !== "number") return false;
  if (type === "f32") view.setFloat32(at, value, true);
  else if (type === "u32") {
    if (value !== value >>> 0) return false;
    view.setUint32(at, value, true);
  } else {
    if (value !== (value | 0)) return false;
    view.setInt32(at, value, true);
  }
  return true;
}

function wrongKind(
  device: DeviceName,
  kernel: string,
  index: number,
  wanted: string,
  value: Argument | undefined,
): AssayError {
  const met = typeof value === "object" ? "a buffer" : String(value);
  return new AssayError("internal", `${device}.dispatch: argument ${index} of ${kernel} must be ${wanted}, got ${met}`);
}
