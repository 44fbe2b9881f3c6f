import {
  type Device,
  type DeviceTable,
  type Forest,
  type LoadedForest,
  type LoadedNetwork,
  loadForest,
  loadNetwork,
  type Network,
  predictForest,
  predictNetwork,
  uploadTable,
} from "@assay/compute";

/** Runs forests and networks on devices; each is put on a device once and stays there until `free`. */
export class KernelRunner {
  readonly #forests = new Map<Device, Map<Forest, LoadedForest>>();
  readonly #networks = new Map<Device, Map<Network, LoadedNetwork>>();

  /** The forest's sums: float64[rows] for each of its outputs. */
  async forest(device: Device, forest: Forest, columns: readonly Float32Array[]): Promise<readonly Float64Array[]> {
    const loaded = kept(this.#forests, device, forest, loadForest);
    const sums = await withTable(device, columns, (table) => predictForest(loaded, table));
    return columnsOf(sums, forest.outputs, (rows) => new Float64Array(rows));
  }

  /** The network's last layer: float32[rows] for each of its outputs. */
  async network(device: Device, network: Network, columns: readonly Float32Array[]): Promise<readonly Float32Array[]> {
    const loaded = kept(this.#networks, device, network, loadNetwork);
    const outputs = await withTable(device, columns, (table) => predictNetwork(loaded, table));
    return columnsOf(outputs, loaded.outputs, (rows) => new Float32Array(rows));
  }

  free(): void {
    for (const ofDevice of [...this.#forests.values(), ...this.#networks.values()]) {
      for (const loaded of ofDevice.values()) loaded.free();
    }
    this.#forests.clear();
    this.#networks.clear();
  }
}

function kept<K, V>(all: Map<Device, Map<K, V>>, device: Device, key: K, load: (device: Device, key: K) => V): V {
  const ofDevice = all.get(device) ?? new Map<K, V>();
  all.set(device, ofDevice);
  const known = ofDevice.get(key);
  if (known !== undefined) return known;
  const loaded = load(device, key);
  ofDevice.set(key, loaded);
  return loaded;
}

async function withTable<T>(
  device: Device,
  columns: readonly Float32Array[],
  use: (table: DeviceTable) => Promise<T>,
): Promise<T> {
  const table = uploadTable(device, columns);
  try {
    return await use(table);
  } finally {
    table.free();
  }
}

function columnsOf<T extends Float32Array | Float64Array>(
  values: T,
  width: number,
  make: (rows: number) => T,
): readonly T[] {
  if (width === 1) return [values];
  const rows = values.length / width;
  return Array.from({ length: width }, (_, column) => {
    const into = make(rows);
    for (let row = 0; row < rows; row++) into[row] = values[row * width + column] ?? 0;
    return into;
  });
}
