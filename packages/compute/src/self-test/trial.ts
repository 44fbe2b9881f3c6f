import type { Device } from "../device.ts";

/** One kind of work of the self-test. */
export interface Trial {
  readonly name: string;
  /** What is counted. */
  readonly unit: "bytes" | "multiply-accumulates" | "rows" | "words";
  /** Amounts that `prepare` takes: small enough for a GPU that the processor plays, large enough for a real one. */
  readonly least: number;
  readonly most: number;
  /** Puts the data of `amount` (bytes, rows or words) on the device. */
  prepare(device: Device, amount: number): Promise<PreparedTrial>;
}

export interface PreparedTrial {
  /** Units that one run does. */
  readonly units: number;
  /** Does the work and waits until it is done. */
  run(): Promise<void>;
  /** What a sample of the last run's results differs in from the reference; null where it is right. */
  check(): Promise<string | null>;
  free(): void;
}
