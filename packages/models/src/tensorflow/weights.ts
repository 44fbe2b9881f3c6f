import type { AssayError } from "@assay/schema";
import { modelError, shown } from "../model-error.ts";
import type { ReadExternal } from "../onnx/proto/tensor.ts";
import { largestFileBytes } from "../read-limits.ts";
import type { ModelJson, WeightSpec } from "./read-model-json.ts";

/** A weight as the file has it: its bytes among those of all shards. */
export interface Weight {
  readonly spec: WeightSpec;
  readonly elements: number;
  readonly start: number;
  readonly end: number;
}

export interface Weights {
  /** All shards, one after the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly specs: readonly WeightSpec[];
  readonly byName: ReadonlyMap<string, Weight>;
}

const widths = { bool: 1, complex64: 8, float16: 2, float32: 4, int32: 4, uint8: 1, uint16: 2 } as const;

/**
 * Reads the shards of a model, group by group. What shapes, types and shards say must agree before anything is made.
 * @throws AssayError model-invalid, data-too-large; of `external`: not-found
 */
export function readWeights(file: string, { weightsManifest }: ModelJson, external: ReadExternal): Weights {
  const parts: Uint8Array[] = [];
  const byName = new Map<string, Weight>();
  const specs: WeightSpec[] = [];
  let at = 0;
  for (const [index, { paths, weights }] of weightsManifest.entries()) {
    const shards = paths.map((path) => external(path, 0, null));
    const bytes = joined(shards);
    let from = 0;
    for (const spec of weights) {
      const fault = (message: string) => modelError(file, `weight ${shown(spec.name)}`, message);
      const elements = spec.shape.reduce((product, dim) => product * dim, 1);
      checkQuantization(spec, fault);
      const size = spec.dtype === "string" ? textBytes(bytes, from, elements, fault) : elements * widthOf(spec);
      if (from + size > bytes.length) {
        throw fault(
          `of shape [${spec.shape}] ends at byte ${from + size}; its shards (${paths.map(shown).join(", ").slice(0, 200)}) have ${bytes.length}: a shard is cut off or another's`,
        );
      }
      byName.set(spec.name, { spec, elements, start: at + from, end: at + from + size });
      specs.push(spec);
      from += size;
    }
    if (from !== bytes.length) {
      throw modelError(
        file,
        `weightsManifest.${index}`,
        `its weights take ${from} bytes, its shards have ${bytes.length}: a shard is another's`,
      );
    }
    parts.push(bytes);
    at += bytes.length;
    if (at > largestFileBytes) {
      throw modelError(
        file,
        "weightsManifest",
        `the weights are more than ${largestFileBytes} bytes`,
        "data-too-large",
      );
    }
  }
  return { bytes: joined(parts), specs, byName };
}

/** Bytes of a weight as the file has it. */
export function widthOf({ dtype, quantization }: WeightSpec): number {
  if (dtype === "string") return 0;
  return widths[quantization?.dtype ?? dtype];
}

/** A weight's numbers in float32, its quantization undone as TensorFlow.js undoes it. Of float32 weights. */
export function floatsOf({ bytes }: Weights, { spec, elements, start, end }: Weight): Float32Array {
  const { quantization } = spec;
  const own = bytes.slice(start, end).buffer;
  if (quantization === undefined) return new Float32Array(own);
  if (quantization.dtype === "float16") return Float32Array.from(new Uint16Array(own), halfOf);
  const { scale = 1, min = 0 } = quantization;
  const codes = quantization.dtype === "uint8" ? new Uint8Array(own) : new Uint16Array(own);
  const values = new Float32Array(elements);
  for (let index = 0; index < elements; index++) values[index] = (codes[index] ?? 0) * scale + min;
  return values;
}

/** The number that 16 bits are: 1 sign, 5 exponent, 10 fraction. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function checkQuantization({ dtype, quantization }: WeightSpec, fault: (message: string) => AssayError): void {
  if (quantization === undefined) return;
  const { dtype: stored, scale, min } = quantization;
  const fits = dtype === "float32" || (dtype === "int32" && stored !== "float16");
  if (!fits) throw fault(`is ${dtype}, which is not quantized to ${stored}`);
  if (stored !== "float16" && !(Number.isFinite(scale) && Number.isFinite(min))) {
    throw fault(`is quantized to ${stored} without a scale and a min`);
  }
}

/** The bytes of texts: each has its length before it. */
function textBytes(bytes: Uint8Array, from: number, elements: number, fault: (message: string) => AssayError): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = from;
  for (let element = 0; element < elements; element++) {
    if (at + 4 > bytes.length) throw fault(`text ${element} of ${elements} lies beyond its shards`);
    at += 4 + view.getUint32(at, true);
  }
  return at - from;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
