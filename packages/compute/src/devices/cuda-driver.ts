import type { OpenOptions } from "./index.ts";

type Koffi = typeof import("koffi")["default"];

/** What a driver function takes: numbers, addresses as bigint, and typed arrays or text whose address is passed. */
type Value = ArrayBufferView | bigint | number | string | null;
type Native = (...values: Value[]) => number;

/**
 * The functions of the driver's interface that are used, with their parameters; each returns a CUresult, 0 where all is
 * well. The versioned names are the ones that every driver since CUDA 11 exports.
 * @see https://docs.nvidia.com/cuda/cuda-driver-api/
 */
export const signatures = {
  cuCtxCreate_v2: ["void *", "uint32_t", "int"],
  cuCtxDestroy_v2: ["void *"],
  cuCtxSetCurrent: ["void *"],
  cuDeviceGet: ["void *", "int"],
  cuDeviceGetAttribute: ["void *", "int", "int"],
  cuDeviceGetCount: ["void *"],
  cuDeviceGetName: ["void *", "int", "int"],
  cuDeviceTotalMem_v2: ["void *", "int"],
  cuDriverGetVersion: ["void *"],
  cuEventCreate: ["void *", "uint32_t"],
  cuEventQuery: ["void *"],
  cuEventRecord: ["void *", "void *"],
  cuGetErrorName: ["int", "void *"],
  cuGetErrorString: ["int", "void *"],
  cuInit: ["uint32_t"],
  cuLaunchKernel: [
    "void *",
    ...(["uint32_t", "uint32_t", "uint32_t"] as const),
    ...(["uint32_t", "uint32_t", "uint32_t"] as const),
    "uint32_t",
    "void *",
    "void *",
    "void *",
  ],
  cuMemAlloc_v2: ["void *", "size_t"],
  cuMemFree_v2: ["uint64_t"],
  cuMemFreeHost: ["void *"],
  cuMemGetInfo_v2: ["void *", "void *"],
  cuMemHostAlloc: ["void *", "size_t", "uint32_t"],
  cuMemcpyDtoHAsync_v2: ["void *", "uint64_t", "size_t", "void *"],
  cuMemcpyHtoDAsync_v2: ["uint64_t", "void *", "size_t", "void *"],
  cuMemsetD8Async: ["uint64_t", "uint8_t", "size_t", "void *"],
  cuModuleGetFunction: ["void *", "void *", "str"],
  cuModuleLoadDataEx: ["void *", "str", "uint32_t", "void *", "void *"],
  cuStreamCreate: ["void *", "uint32_t"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type CudaFunction = keyof typeof signatures;

/** The oldest driver that reads the PTX of this package. */
const oldestVersion = 11000;
/** Compute capability × 10 of the oldest cards that the PTX runs on (Turing). */
const oldestCapability = 75;
const attributeMajor = 75;
const attributeMinor = 76;

export interface Card {
  readonly ordinal: number;
  readonly name: string;
  readonly memoryBytes: number;
  /** Compute capability × 10. */
  readonly capability: number;
}

/** libcuda, loaded. */
export class CudaDriver {
  readonly #koffi: Koffi;
  readonly #functions: ReadonlyMap<CudaFunction, Native & { readonly async: (...values: unknown[]) => void }>;

  /** Whether a call aside has a stack that a driver's start can run on. */
  readonly #roomAside: boolean;

  constructor(koffi: Koffi, path: string) {
    this.#koffi = koffi;
    this.#roomAside = makeRoom(koffi);
    const library = koffi.load(path);
    const functions = new Map();
    for (const [name, parameters] of Object.entries(signatures)) {
      functions.set(name, library.func(name, "int", [...parameters]));
    }
    this.#functions = functions;
  }

  /** A function's CUresult. */
  call(name: CudaFunction, ...values: Value[]): number {
    return this.#function(name)(...values);
  }

  /** The same on a thread of its own, for functions that take long. The CUDA context of that thread is none of ours. */
  async callAside(name: CudaFunction, ...values: Value[]): Promise<number> {
    if (!this.#roomAside) return this.call(name, ...values);
    return new Promise((resolve, reject) => {
      this.#function(name).async(...values, (error: unknown, result: number) =>
        error ? reject(error) : resolve(result),
      );
    });
  }

  /** `CUDA_ERROR_ILLEGAL_ADDRESS (an illegal memory access was encountered)`. */
  describe(result: number): string {
    const name = this.#text("cuGetErrorName", result);
    const text = this.#text("cuGetErrorString", result);
    return name === null ? `CUDA error ${result}` : text === null || text === name ? name : `${name} (${text})`;
  }

  /** CUDA version that the driver speaks: 12040 is 12.4. */
  get version(): number {
    const out = new Int32Array(1);
    return this.call("cuDriverGetVersion", out) === 0 ? (out[0] ?? 0) : 0;
  }

  /** Cards that can be read, after `cuInit`. */
  cards(): Card[] {
    const count = new Int32Array(1);
    if (this.call("cuDeviceGetCount", count) !== 0) return [];
    return Array.from({ length: count[0] ?? 0 }, (_, ordinal) => this.#card(ordinal)).filter((card) => card !== null);
  }

  /** Native memory that stays where it is until `free`. */
  reserve(sizeBytes: number): { readonly address: bigint; readonly bytes: ArrayBuffer; free(): void } {
    const pointer: unknown = this.#koffi.alloc("uint8_t", sizeBytes);
    return {
      address: this.#koffi.address(pointer),
      bytes: this.#koffi.view(pointer, sizeBytes),
      free: () => this.#koffi.free(pointer),
    };
  }

  /** The bytes at an address of this process. */
  view(address: bigint, sizeBytes: number): Uint8Array {
    return new Uint8Array(this.#koffi.view(address, sizeBytes));
  }

  #function(name: CudaFunction): Native & { readonly async: (...values: unknown[]) => void } {
    const found = this.#functions.get(name);
    if (!found) throw new Error(`no driver function ${name}`);
    return found;
  }

  #text(name: "cuGetErrorName" | "cuGetErrorString", result: number): string | null {
    const out = new BigUint64Array(1);
    const address = this.call(name, result, out) === 0 ? (out[0] ?? 0n) : 0n;
    return address === 0n ? null : this.#koffi.decode.string(address);
  }

  #card(ordinal: number): Card | null {
    const device = new Int32Array(1);
    if (this.call("cuDeviceGet", device, ordinal) !== 0) return null;
    const handle = device[0] ?? 0;
    const name = new Uint8Array(256);
    const memory = new BigUint64Array(1);
    const major = new Int32Array(1);
    const minor = new Int32Array(1);
    const failed =
      this.call("cuDeviceGetName", name, name.length, handle) ||
      this.call("cuDeviceTotalMem_v2", memory, handle) ||
      this.call("cuDeviceGetAttribute", major, attributeMajor, handle) ||
      this.call("cuDeviceGetAttribute", minor, attributeMinor, handle);
    if (failed) return null;
    const end = name.indexOf(0);
    return {
      ordinal,
      name: new TextDecoder().decode(name.subarray(0, end < 0 ? name.length : end)),
      memoryBytes: Number(memory[0] ?? 0n),
      capability: (major[0] ?? 0) * 10 + (minor[0] ?? 0),
    };
  }
}

/**
 * koffi calls functions on stacks that it allocates: 2 MiB, and 128 KiB for calls aside, where a driver that starts or
 * compiles is used to a thread's 8 MiB. They can be changed until the process has first called something through koffi.
 */
function makeRoom(koffi: Koffi): boolean {
  const wanted = 2 ** 23;
  try {
    koffi.config({ sync_stack_size: wanted, async_stack_size: wanted });
  } catch {
    // Someone else in the process came first.
  }
  return (koffi.config().async_stack_size ?? 0) >= wanted;
}

export interface FoundCard {
  readonly driver: CudaDriver;
  readonly card: Card;
  /** `NVIDIA H100 80GB HBM3, 79 GiB, CUDA 12.4` */
  readonly description: string;
}

/** koffi, or why it is not there. Named by an argument, so that no bundler looks for the package. */
export async function loadKoffi(name = "koffi"): Promise<{ readonly koffi: Koffi } | { readonly reason: string }> {
  try {
    const module: { default: Koffi } = await import(
      /* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name
    );
    return { koffi: module.default };
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    return {
      reason: missing
        ? "the npm package koffi, through which the CUDA driver is called, is not installed; npm install koffi"
        : `the npm package koffi does not load on this machine: ${wordsOf(error).split("\n", 1)[0]}`,
    };
  }
}

/** The driver and the card to open, or in words why there is none. Never throws. */
export async function findCard(options: OpenOptions): Promise<FoundCard | { readonly reason: string }> {
  const loaded = await loadKoffi();
  if ("reason" in loaded) return loaded;
  const { koffi } = loaded;
  const driver = loadDriver(koffi, options.cudaLibrary);
  if ("reason" in driver) return driver;
  try {
    return await chooseCard(driver, options.ordinal);
  } catch (error) {
    return { reason: `the CUDA driver could not be asked: ${wordsOf(error)}` };
  }
}

function loadDriver(koffi: Koffi, path: string | undefined): CudaDriver | { readonly reason: string } {
  const names = path === undefined ? libraryNames(process.platform) : [path];
  const [first] = names;
  if (first === undefined) return { reason: `there is no CUDA driver for ${process.platform}` };
  let reason = `no CUDA driver: ${first} is not on this machine`;
  for (const name of names) {
    try {
      return new CudaDriver(koffi, name);
    } catch (error) {
      const words = wordsOf(error);
      const missing = /find function '(\w+)'/.exec(words)?.[1];
      if (missing) reason = `${name} is no CUDA driver, or one before CUDA 11.0: it has no function ${missing}`;
      else if (!/no such file|cannot find|could not be found|error 126\b/i.test(words)) {
        reason = `the CUDA driver could not be loaded: ${words}`;
      }
    }
  }
  return { reason };
}

/** In the order in which they are tried. Under WSL the driver can be outside the loader's paths. */
function libraryNames(platform: string): readonly string[] {
  if (platform === "linux") return ["libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1"];
  return platform === "win32" ? ["nvcuda.dll"] : [];
}

async function chooseCard(
  driver: CudaDriver,
  ordinal: number | undefined,
): Promise<FoundCard | { readonly reason: string }> {
  const { version } = driver;
  const spoken = `CUDA ${Math.floor(version / 1000)}.${Math.floor((version % 1000) / 10)}`;
  if (version < oldestVersion) {
    return { reason: `the NVIDIA driver is too old: it speaks ${spoken}, needed is CUDA 11.0 (driver 450 or later)` };
  }
  const started = await driver.callAside("cuInit", 0);
  if (started !== 0) {
    const hint = started === 100 ? ": a driver is there, a card is not (in a container: --gpus all)" : "";
    return { reason: `the CUDA driver (${spoken}) does not start: ${driver.describe(started)}${hint}` };
  }
  const describe = (card: Card): FoundCard => {
    const memory = `${(card.memoryBytes / 2 ** 30).toFixed(0)} GiB`;
    return { driver, card, description: `${card.name}, ${memory}, ${spoken}` };
  };
  const cards = driver.cards();
  if (cards.length === 0) return { reason: `the CUDA driver (${spoken}) sees no card` };
  if (ordinal !== undefined) {
    const card = cards.find((one) => one.ordinal === ordinal);
    if (!card) return { reason: `there is no card ${ordinal}; the driver sees ${cards.length}, counted from 0` };
    return card.capability < oldestCapability ? { reason: tooOld(card) } : describe(card);
  }
  const able = cards.filter((card) => card.capability >= oldestCapability);
  const best = able.sort((a, b) => b.memoryBytes - a.memoryBytes || a.ordinal - b.ordinal)[0];
  return best ? describe(best) : { reason: cards.map(tooOld).join("; ") };
}

function tooOld({ name, capability }: Card): string {
  return `${name} has compute capability ${(capability / 10).toFixed(1)}, needed is 7.5 (Turing) or later`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
