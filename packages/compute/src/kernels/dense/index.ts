import { AssayError } from "@assay/schema";
import type { Device } from "../../device.ts";
import type { DeviceTable, PermutedView } from "../../device-table.ts";
import type { Network } from "../../network.ts";
import { onCpu } from "./on-cpu.ts";
import { onGpu } from "./on-gpu.ts";
import { activationCode, packNetwork } from "./pack.ts";
import type { DensePath, KeptSums, LoadedNetwork } from "./path.ts";

export type { LoadedNetwork } from "./path.ts";

/**
 * Puts a network on a device, where it stays until it is freed.
 * @throws AssayError data-invalid for layers that do not fit together, a softmax before the last layer or a weight that
 *   is not finite, with its place; data-too-large where the weights do not fit one buffer; device-out-of-memory
 */
export function loadNetwork(device: Device, network: Network): LoadedNetwork {
  const { layers, parameters } = packNetwork(network);
  if (parameters.byteLength > device.maxBufferBytes) {
    throw new AssayError(
      "data-too-large",
      `loadNetwork: the weights take ${parameters.byteLength} bytes, one buffer on ${device.name} holds ${device.maxBufferBytes}; use another device`,
    );
  }
  const shape = layers.flatMap((layer) => [
    layer.inputs,
    layer.outputs,
    activationCode(layer.activation),
    layer.weightsAt,
    layer.biasAt,
  ]);
  const parameterBuffer = device.allocate(parameters.byteLength);
  const shapeBuffer = device.allocate(shape.length * 4);
  const free = () => {
    parameterBuffer.free();
    shapeBuffer.free();
  };
  try {
    device.upload(parameterBuffer, parameters);
    device.upload(shapeBuffer, Uint32Array.from(shape));
  } catch (error) {
    free();
    throw error;
  }
  const inputs = layers[0]?.inputs ?? 0;
  const outputs = layers.at(-1)?.outputs ?? 0;
  return { device, inputs, outputs, layers, parameters: parameterBuffer, shape: shapeBuffer, free };
}

/**
 * A multilayer perceptron over the rows of a table: float32[rows × outputs], row-major. With a view, its columns are read
 * in the view's rows. A row with a value that is missing (NaN) or infinite has NaN in all outputs: networks know no
 * missing values.
 *
 * Float32: each sum begins with the bias and takes the inputs in their order; tanh and the logistic function are within 2
 * units of the last place (4 on a GPU whose driver divides carelessly). So a row's outputs are the same bits on one device
 * whatever rows stand around it and however they are cut into chunks and threads. On every device they lie within
 * `predictReference`'s running error bound (Higham 2002, 3.1) of the float64 reference; met are some 1e-7 for the ordinary
 * networks of tabular data. All this holds while no sum leaves the range of float32.
 *
 * Floor: inputs × outputs multiply-adds a layer and row, 4 bytes read an input and written an output. Bound by arithmetic
 * beyond some ten inputs. On cpu, 128-bit SIMD without fused multiply-add does at most 8 of them in a cycle (13 to 15
 * billion a second on a core of 3 GHz) where AVX2 with it does 16: ONNX Runtime takes about half the time there.
 * @throws AssayError data-invalid for a table whose columns are not the network's inputs; device-out-of-memory
 */
export async function predictNetwork(
  network: LoadedNetwork,
  table: DeviceTable,
  options: PredictOptions & { readonly view?: PermutedView } = {},
): Promise<Float32Array> {
  const { view = null } = options;
  const rowsAtOnce = checkTable("predictNetwork", network, table, options);
  if (view) checkView("predictNetwork", table, view);
  return pathOf(network.device).predict(network, table, { view, keep: null, rowsAtOnce });
}

export interface PredictOptions {
  /** The most rows whose values are on the device at once; as many as are good for it where this is not given. */
  readonly rowsAtOnce?: number;
}

/** A network's first-layer sums of all rows of a table, on the device: 4 bytes for each row and output of that layer. */
export interface PreparedNetwork {
  readonly network: LoadedNetwork;
  readonly table: DeviceTable;
  /** What `predictNetwork` gives for the table as it is. */
  readonly predictions: Float32Array;
  readonly sums: readonly KeptSums[];
  free(): void;
}

/**
 * Keeps the first layer's sums, for `predictShifted` over many views of one table.
 * @throws AssayError data-invalid as predictNetwork, and for a row without predictions, with its place: a column's
 *   missing value cannot be taken out of a sum again; device-out-of-memory
 */
export async function prepareNetwork(
  network: LoadedNetwork,
  table: DeviceTable,
  options: PredictOptions = {},
): Promise<PreparedNetwork> {
  const rowsAtOnce = checkTable("prepareNetwork", network, table, options);
  const sums: KeptSums[] = [];
  const free = () => {
    for (const { buffer } of sums) buffer.free();
  };
  try {
    const predictions = await pathOf(network.device).predict(network, table, { view: null, keep: sums, rowsAtOnce });
    const odd = predictions.findIndex((value) => Number.isNaN(value));
    if (odd !== -1) {
      throw new AssayError(
        "data-invalid",
        `prepareNetwork: row ${Math.floor(odd / network.outputs)} has a value that is missing or infinite, or sums beyond float32; leave such rows out or fill them`,
      );
    }
    return { network, table, predictions, sums, free };
  } catch (error) {
    free();
    throw error;
  }
}

/**
 * The predictions over a view of the prepared table, by a change of the first layer's sums: for the columns j that have a
 * slot z' = z + Σ (x'_j − x_j) · weights[j]. In exact arithmetic it is `predictNetwork` with that view; its own rounding
 * stays within `shiftReference`'s bound. Saves all multiply-adds of the first layer but those of the changed columns: of a
 * network 784-128-64-10 nine in ten, of 30-64-64-1 a third.
 *
 * Floor: the sums read once (4 bytes for each output of the first layer and row), then the further layers.
 * @throws AssayError device-out-of-memory
 */
export async function predictShifted(prepared: PreparedNetwork, view: PermutedView): Promise<Float32Array> {
  const { network, table, sums } = prepared;
  checkView("predictShifted", table, view);
  const columns = [...view.slotOf].flatMap((slot, column) => (slot < 0 ? [] : [{ column, slot }]));
  if (columns.length === 0) return prepared.predictions.slice();
  return pathOf(network.device).shift(network, table, view, columns, sums);
}

function pathOf(device: Device): DensePath {
  return device.name === "cpu" ? onCpu : onGpu;
}

/** Returns the most rows in a chunk. */
function checkTable(
  where: string,
  network: LoadedNetwork,
  table: DeviceTable,
  { rowsAtOnce = 4294967295 }: PredictOptions,
): number {
  if (table.device !== network.device) {
    throw new AssayError("internal", `${where}: the table is on another device than the network`);
  }
  if (table.columns !== network.inputs) {
    throw new AssayError(
      "data-invalid",
      `${where}: the network takes ${network.inputs} inputs, the table has ${table.columns} columns`,
    );
  }
  if (!Number.isInteger(rowsAtOnce) || rowsAtOnce < 1) {
    throw new AssayError("usage", `${where}: rowsAtOnce must be an integer from 1, got ${rowsAtOnce}`);
  }
  return rowsAtOnce;
}

function checkView(where: string, table: DeviceTable, view: PermutedView): void {
  if (view.device !== table.device || view.rows !== table.rows || view.slotOf.length !== table.columns) {
    throw new AssayError(
      "internal",
      `${where}: a view of ${view.rows} rows and ${view.slotOf.length} columns on ${view.device.name} is none of a table of ${table.rows} × ${table.columns} on ${table.device.name}`,
    );
  }
}
