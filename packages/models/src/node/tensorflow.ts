import { AssayError, isAssayError } from "@assay/schema";
import { type Core, type LoadTensorFlow, messageOf } from "../tensorflow/runtime.ts";

/** Packages of TensorFlow's own library, the fastest first. They are for the user to install: each downloads it. */
const native = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"] as const;

/**
 * TensorFlow.js on TensorFlow's own library where the user has installed one of its packages, else on WebAssembly.
 * @throws AssayError not-supported where the package is not installed
 */
export function tensorFlow(load: (name: string) => Promise<unknown> = (name) => import(name)): LoadTensorFlow {
  return async () => {
    const core = plain(await found(import("@tensorflow/tfjs-core")));
    const { backend, why } = await bestBackend(core, load);
    return {
      core,
      layers: async () => plain(await found(import("@tensorflow/tfjs-layers"))),
      converter: async () => plain(await found(import("@tensorflow/tfjs-converter"))),
      backend,
      about: `TensorFlow.js ${core.version_core} on ${backend === "wasm" ? `WebAssembly (${why})` : why}`,
      loadCpu: async () => {
        await found(import("@tensorflow/tfjs-backend-cpu"));
      },
    };
  };
}

async function bestBackend(
  core: Core,
  load: (name: string) => Promise<unknown>,
): Promise<{ readonly backend: "tensorflow" | "wasm"; readonly why: string }> {
  let why = `neither ${native.join(" nor ")} is installed`;
  for (const name of native) {
    try {
      await load(name);
    } catch (cause) {
      if (!isMissing(cause, name)) why = `${name} does not load: ${messageOf(cause)}`;
      continue;
    }
    if (core.findBackendFactory("tensorflow") !== null) return { backend: "tensorflow", why: name };
    why = `${name} brings another version of TensorFlow.js than ${core.version_core}`;
  }
  await found(import("@tensorflow/tfjs-backend-wasm"));
  return { backend: "wasm", why };
}

function isMissing(cause: unknown, name: string): boolean {
  const message = messageOf(cause);
  // What a bundler puts in place of an optional package that is not there.
  if (message.startsWith(`Could not resolve "${name}"`)) return true;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return /^(ERR_MODULE|MODULE)_NOT_FOUND$/.test(code) && message.includes(`'${name}'`);
}

async function found<T>(loading: Promise<T>): Promise<T> {
  return loading.catch((cause: unknown) => {
    if (isAssayError(cause)) throw cause;
    throw new AssayError("not-supported", `TensorFlow.js does not load on this machine: ${messageOf(cause)}`, {
      cause,
    });
  });
}

/** Node shows a CommonJS package also as its default. */
function plain<T extends object>(module: T): T {
  return "default" in module && typeof module.default === "object" && module.default !== null
    ? (module.default as T)
    : module;
}
