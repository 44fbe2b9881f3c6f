import { type Device, openDevice, selfTest } from "@assay/compute";
import type { CodedTable } from "@assay/dataset";
import { AssayError, type DeviceName, isAssayError } from "@assay/schema";
import type { AuditModel } from "../../audit-model.ts";
import type { AuditContext, MeasureContext, Shards, Step } from "../../define.ts";
import { throwIfAborted } from "../../run.ts";
import type { LatencyInput } from "./settings.ts";
import { timeCalls } from "./time-calls.ts";

/**
 * Times that each batch size is come back to, so that a slow minute of the machine falls on all of them. In the first one the
 * machine warms up: a program's code is compiled in the background while it runs already.
 */
const visits = 9;

/** Calls of one batch size on one device: what each visit took, in milliseconds, in order. */
export type CallSeries = {
  readonly device: string;
  readonly description: string;
  readonly batch: number;
  readonly visits: readonly { readonly visit: number; readonly ms: Float64Array }[];
};

/** What a device was found to do: of a network like those that run here, and of bytes to it and back. */
export type Roof = {
  readonly device: string;
  readonly multiplyAccumulates: number | null;
  readonly bytes: number | null;
};

export type LatencySummary = {
  readonly machine: string;
  /** Distinct rows that the calls ask about, at most. */
  readonly rows: number;
  readonly series: readonly CallSeries[];
  readonly absent: readonly { readonly device: string; readonly reason: string }[];
  readonly roofs: readonly Roof[];
};

type Detail = { readonly device: DeviceName; readonly batch: number; readonly visit: number };

/** A batch of 0 stands for the device's own trials. */
const roofBatch = 0;

/** Short steps, one batch size after another on one device after another, and all of it again. */
export function planLatency(
  shards: Shards,
  { input, device, model }: AuditContext<LatencyInput>,
): readonly { start: number; end: number; detail: Detail }[] {
  const asked = input.devices.length > 0 ? [...new Set(input.devices)] : [device.name];
  const details: Detail[] = [];
  for (let visit = 0; visit < visits; visit++) {
    for (const name of asked) {
      for (const batch of batchesOf(input, model)) details.push({ device: name, batch, visit });
    }
  }
  if (input.roofline && hasProducts(model)) {
    for (const name of asked) details.push({ device: name, batch: roofBatch, visit: 0 });
  }
  return details.map((detail) => ({ start: 0, end: shards.rows, detail }));
}

/** Rows that a runtime runs one by one take as many times longer together: more of them would only take minutes. */
const mostAlone = 16;

function batchesOf({ batches }: LatencyInput, model: AuditModel | null): ReadonlySet<number> {
  if (model?.runtime !== "transformers") return new Set(batches);
  const few = batches.filter((batch) => batch <= mostAlone);
  return new Set(few.length > 0 ? few : [Math.min(...batches)]);
}

function hasProducts(model: AuditModel | null): boolean {
  return model?.profile?.layers.some((layer) => (layer.multiplyAccumulates ?? 0) > 0) ?? false;
}

export async function measureLatency(
  _: CodedTable,
  step: Step,
  context: MeasureContext<LatencyInput>,
): Promise<LatencySummary> {
  const { machine, model, input, signal, table } = context;
  const { device: name, batch, visit } = step.detail as Detail;
  if (model === null) throw new AssayError("internal", "latency: no model");
  if (machine === null) {
    throw new AssayError(
      "not-supported",
      "this host tells no time, so nothing can be timed; run the plan with `assay run`",
    );
  }
  const nothing: LatencySummary = { machine: machine.name, rows: table.rows, series: [], absent: [], roofs: [] };
  if (table.rows === 0) return nothing;
  const opened = await openFor(name, context.device);
  if ("reason" in opened) return { ...nothing, absent: [{ device: name, reason: opened.reason }] };
  const { device, isOwn } = opened;
  try {
    if (batch === roofBatch) return { ...nothing, roofs: [await roofOf(device, context)] };
    const rows = Uint32Array.from({ length: batch }, (_row, index) => index % table.rows);
    const service = model.serve(table, rows, device);
    try {
      const ms = await timeCalls(() => service.call(), {
        ms: (input.seconds * 1000) / visits,
        now: machine.now,
        signal,
      });
      const series = { device: name, description: device.description, batch, visits: [{ visit, ms }] };
      return { ...nothing, series: [series] };
    } finally {
      service.free();
    }
  } catch (error) {
    throwIfAborted(signal);
    // A device that was only to be compared with is told as missing; a fault of the run's own ends the audit.
    if (isOwn || !isAssayError(error)) throw error;
    return { ...nothing, absent: [{ device: name, reason: error.message }] };
  } finally {
    if (!isOwn && device !== context.device.host) device.dispose();
  }
}

async function openFor(
  name: DeviceName,
  own: Device,
): Promise<{ readonly device: Device; readonly isOwn: boolean } | { readonly reason: string }> {
  if (name === own.name) return { device: own, isOwn: true };
  if (name === own.host.name) return { device: own.host, isOwn: false };
  try {
    return { device: await openDevice(name), isOwn: false };
  } catch (error) {
    if (!isAssayError(error)) throw error;
    return { reason: error.message };
  }
}

async function roofOf(device: Device, { machine, input, signal }: MeasureContext<LatencyInput>): Promise<Roof> {
  if (machine === null) throw new AssayError("internal", "latency: no machine");
  const { trials } = await selfTest(device, { seconds: Math.min(4, input.seconds), now: machine.now, signal });
  const rate = (trial: string): number | null => trials.find((one) => one.trial === trial)?.perSecond ?? null;
  return { device: device.name, multiplyAccumulates: rate("dense"), bytes: rate("copy") };
}

export function mergeLatency(a: LatencySummary, b: LatencySummary): LatencySummary {
  const series = new Map<string, CallSeries>();
  for (const one of [...a.series, ...b.series]) {
    const key = seriesKey(one);
    const known = series.get(key);
    const all = [...(known?.visits ?? []), ...one.visits].sort((x, y) => x.visit - y.visit);
    series.set(key, { ...one, visits: all });
  }
  return {
    machine: [a.machine, b.machine].sort()[0] ?? "",
    rows: Math.max(a.rows, b.rows),
    series: [...series.values()].sort((x, y) => (seriesKey(x) < seriesKey(y) ? -1 : 1)),
    absent: once([...a.absent, ...b.absent]),
    roofs: once([...a.roofs, ...b.roofs]),
  };
}

function seriesKey({ device, batch }: CallSeries): string {
  return `${device} ${String(batch).padStart(8, "0")}`;
}

/** One for each device, whichever comes first: the least by its text, so that the order does not matter. */
function once<T extends { readonly device: string }>(list: readonly T[]): readonly T[] {
  const sorted = [...list].sort((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1));
  return sorted.filter((one, index) => sorted.findIndex((other) => other.device === one.device) === index);
}
