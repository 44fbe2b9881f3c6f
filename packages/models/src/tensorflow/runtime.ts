import { AssayError } from "@assay/schema";

export type Core = typeof import("@tensorflow/tfjs-core");
export type Layers = typeof import("@tensorflow/tfjs-layers");
export type Converter = typeof import("@tensorflow/tfjs-converter");

/** Where TensorFlow.js computes. `tensorflow` is TensorFlow itself, by tfjs-node or tfjs-node-gpu. */
export type Backend = "cpu" | "tensorflow" | "wasm" | "webgpu";

/** What a host brings of TensorFlow.js; each part is loaded when it is asked for. */
export interface TensorFlow {
  readonly core: Core;
  readonly layers: () => Promise<Layers>;
  readonly converter: () => Promise<Converter>;
  /** The backend that models take here, registered with the core. */
  readonly backend: Backend;
  /** What it is, and why it is no faster one: `TensorFlow.js 4.22.0 on WASM; …`. */
  readonly about: string;
  /** Registers the backend of plain JavaScript, which has every kernel. */
  readonly loadCpu: () => Promise<void>;
}

/** Loads TensorFlow.js for a run on a device; called only where it is needed. */
export type LoadTensorFlow = (device: "cpu" | "cuda" | "webgpu") => Promise<TensorFlow>;

/** Of each core the work that has the turn. */
const turns = new WeakMap<object, Promise<unknown>>();

/**
 * Does work on a backend. TensorFlow.js has one current backend for the whole process: pieces of work take turns, and each
 * leaves the backend that it met.
 * @throws AssayError not-supported where the backend does not start
 */
export function onBackend<T>(core: Core, backend: Backend, work: () => Promise<T> | T): Promise<T> {
  const turn = (turns.get(core) ?? Promise.resolve()).then(async () => {
    // Hints for developers on the console are not for who runs an audit.
    core.enableProdMode();
    const before = core.engine().backendName;
    await start(core, backend);
    try {
      return await work();
    } finally {
      if (before && before !== backend) await core.setBackend(before);
    }
  });
  turns.set(
    core,
    turn.catch(() => undefined),
  );
  return turn;
}

async function start(core: Core, backend: Backend): Promise<void> {
  const fault = (why: string, cause?: unknown) =>
    new AssayError("not-supported", `TensorFlow.js does not start its ${backend} backend: ${why}`, { cause });
  if (core.findBackendFactory(backend) === null) throw fault("it is not loaded");
  const started = await core.setBackend(backend).catch((cause: unknown) => {
    throw fault(messageOf(cause), cause);
  });
  if (!started) throw fault("the machine does not have what it needs");
}

/** What TensorFlow.js says, on one line. */
export function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, " ").trim().slice(0, 400);
}
