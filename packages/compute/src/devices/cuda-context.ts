import { AssayError } from "@assay/schema";
import type { CudaDriver, CudaFunction } from "./cuda-driver.ts";

type Values = Parameters<CudaDriver["call"]> extends [CudaFunction, ...infer Rest] ? Rest : never;

const outOfMemory = 2;
const invalidPtx = 218;
const launchTimeout = 702;
/** The card, or this process's hold on it, is gone: deinitialized, unavailable, memory or link errors, MPS ended, … */
const lost: readonly number[] = [4, 46, 100, 101, 201, 214, 220, 709, 810, 911];
/** A kernel went wrong in a way that ends its context: illegal address, assert, hardware stack, instruction, … */
const fatal: readonly number[] = [226, 700, 710, 714, 715, 716, 717, 718, 719, 721, 999];

/**
 * A CUDA context with one stream: the way in which a device calls the driver. After an error that ends the context every
 * call throws it again.
 */
export class CudaContext {
  readonly driver: CudaDriver;
  readonly stream: bigint;
  /** What the card is doing, for errors that show in a later call. */
  busyWith: () => string | undefined = () => undefined;
  readonly #pointer: bigint;
  #gone: AssayError | null = null;

  constructor(driver: CudaDriver, pointer: bigint) {
    this.driver = driver;
    this.#pointer = pointer;
    // Non-blocking: the stream of another user of the driver in this process is never waited for.
    this.stream = this.make("open", "cuStreamCreate", 1);
  }

  /** True after an error that ended the context, or after `giveUp`. */
  get ended(): boolean {
    return this.#gone !== null;
  }

  /** Throws what ended the context. */
  check(what: string): void {
    if (this.#gone) {
      const { code, message } = this.#gone;
      throw new AssayError(code, `cuda.${what}: the device has ended: ${message}`, { cause: this.#gone });
    }
  }

  /** From now on every call throws this error. The first one stays. */
  giveUp(error: AssayError): AssayError {
    this.#gone ??= error;
    return error;
  }

  /** A function's result, whatever it is, with this context current: contexts belong to threads, and others use this one. */
  result(name: CudaFunction, ...values: Values): number {
    return this.driver.call("cuCtxSetCurrent", this.#pointer) || this.driver.call(name, ...values);
  }

  /** @throws AssayError as `errorOf` */
  call(what: string, name: CudaFunction, ...values: Values): void {
    this.check(what);
    const result = this.result(name, ...values);
    if (result !== 0) throw this.errorOf(what, result);
  }

  /** Calls a function whose first parameter takes a handle or address out. */
  make(what: string, name: CudaFunction, ...values: Values): bigint {
    const out = new BigUint64Array(1);
    this.call(what, name, out, ...values);
    return out[0] ?? 0n;
  }

  /** The error of a result, remembered where it ends the context. */
  errorOf(what: string, result: number, doing?: string, log?: string): AssayError {
    const ends = result === launchTimeout || fatal.includes(result) || lost.includes(result);
    const culprit = doing ?? (ends ? this.busyWith() : undefined);
    const words = `${culprit === undefined ? "" : `${culprit} stopped: `}${this.driver.describe(result)}`;
    const told = log ? `${words}: ${log}` : words;
    if (result === outOfMemory) {
      return new AssayError("device-out-of-memory", `cuda.${what}: ${told}; ${this.memoryWords()}`);
    }
    if (result === launchTimeout) {
      const why =
        "the system's limit for work on a card that drives a screen was passed; use a smaller job or another card";
      return this.giveUp(new AssayError("device-timeout", `cuda.${what}: ${told}; ${why}`));
    }
    const again = "open the device again; if that fails too, start the program again";
    if (lost.includes(result)) {
      return this.giveUp(new AssayError("device-lost", `cuda.${what}: ${told}; the card is gone: ${again}`));
    }
    if (fatal.includes(result)) {
      return this.giveUp(new AssayError("device-failed", `cuda.${what}: ${told}; ${again}`));
    }
    const advice = result === invalidPtx ? "; the driver does not take this package's PTX: update it" : "";
    return new AssayError("device-failed", `cuda.${what}: ${told}${advice}`);
  }

  /** `the card has 1.2 GiB of 79.1 GiB free`, or nothing where it does not answer. */
  memoryWords(): string {
    const free = new BigUint64Array(1);
    const total = new BigUint64Array(1);
    if (this.result("cuMemGetInfo_v2", free, total) !== 0) return "the card does not say how much is free";
    return `the card has ${gibibytes(Number(free[0] ?? 0n))} of ${gibibytes(Number(total[0] ?? 0n))} free`;
  }

  /** Frees the context and all that it holds. Waits for what is queued, so call it when nothing is. */
  destroy(): void {
    this.driver.call("cuCtxDestroy_v2", this.#pointer);
  }
}

export function gibibytes(bytes: number): string {
  return bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
