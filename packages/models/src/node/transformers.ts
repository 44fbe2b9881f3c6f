import { AssayError } from "@assay/schema";
import type { TransformersLibrary } from "../transformers/library.ts";

/**
 * Loads Transformers.js, and turns off all that it could fetch, read or keep by itself.
 * @throws AssayError not-supported where it does not run on this machine
 */
export async function transformers(): Promise<TransformersLibrary> {
  try {
    const library = await import("@huggingface/transformers");
    const { env, LogLevel } = library;
    env.allowRemoteModels = false;
    env.allowLocalModels = false;
    env.useFS = false;
    env.useFSCache = false;
    env.useBrowserCache = false;
    env.useWasmCache = false;
    env.logLevel = LogLevel.NONE;
    return library;
  } catch (cause) {
    throw new AssayError("not-supported", `Transformers.js does not run on this machine: ${String(cause)}`, { cause });
  }
}
