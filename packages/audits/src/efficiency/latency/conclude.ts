import type { Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { callsFigure, throughputFigure } from "./figures.ts";
import { type Pace, paceOf, type Quantile } from "./pace.ts";
import { rooflineOf } from "./roofline.ts";
import type { LatencyInput } from "./settings.ts";
import type { LatencySummary } from "./summary.ts";
import { absentTable, callsTable, machineTable, rooflineTable } from "./tables.ts";

export async function concludeLatency(
  summary: LatencySummary,
  context: AuditContext<LatencyInput>,
): Promise<Conclusion> {
  const { input, model, device } = context;
  const paces = pacesOf(summary, input, device.name);
  const [first] = paces;
  const profile = model?.profile ?? null;
  const lines =
    profile === null
      ? []
      : paces.flatMap((pace) => {
          const line = rooflineOf(
            profile,
            summary.roofs.find((roof) => roof.device === pace.device),
            pace,
          );
          return line === null ? [] : [line];
        });
  return {
    measures:
      first === undefined
        ? [{ metric: "latency-ms", value: null, unit: "ms", reason: summary.rows === 0 ? noRows : noDevice }]
        : paces.flatMap((pace) => measuresOf(pace, pace === first ? null : splitOf(pace, first), input)),
    figures: first === undefined ? [] : [callsFigure(first), ...throughputFigure(paces, first, input)],
    tables: [
      ...(first === undefined ? [] : [callsTable(paces, first, input)]),
      machineTable(summary, paces, model),
      ...(lines.length === 0 ? [] : [rooflineTable(lines, summary.roofs)]),
      ...(summary.absent.length === 0 ? [] : [absentTable(summary)]),
    ],
  };
}

const noRows = "the data have no rows to ask about";
const noDevice = "none of the devices asked for is there";

/** In the order of the settings: the run's own device first, and the first batch size before all others. */
function pacesOf(summary: LatencySummary, input: LatencyInput, own: string): readonly Pace[] {
  const place = (batch: number): number => input.batches.indexOf(batch);
  return summary.series
    .map((series) => paceOf(series, input.confidence))
    .sort(
      (a, b) =>
        Number(b.device === own) - Number(a.device === own) ||
        (a.device < b.device ? -1 : a.device > b.device ? 1 : 0) ||
        place(a.batch) - place(b.batch),
    );
}

/** `batch 16`; on another device `cuda, batch 16`. */
export function splitOf(pace: Pace, first: Pace): string {
  return pace.device === first.device ? `batch ${pace.batch}` : `${pace.device}, batch ${pace.batch}`;
}

function measuresOf(pace: Pace, split: string | null, input: LatencyInput): Measure[] {
  const key = split === null ? {} : { split };
  const on = `on ${pace.description}, ${pace.batch === 1 ? "1 row" : `${pace.batch} rows`} a call`;
  const quantile = (metric: string, { value, interval, independent, fewest }: Quantile): Measure =>
    interval === null
      ? {
          metric,
          ...key,
          value: null,
          unit: "ms",
          n: pace.sorted.length,
          reason: `an interval needs ${fewest} independent calls, ${independent} were made; give it more seconds`,
        }
      : {
          metric,
          ...key,
          value,
          low: interval.low,
          high: interval.high,
          confidence: input.confidence,
          n: pace.sorted.length,
          unit: "ms",
          method: `order statistics and visits, ${independent} independent of ${pace.sorted.length} calls, ${on}`,
        };
  const median = quantile("latency-ms", pace.median);
  const perSecond = (ms: number): number => (pace.batch * 1000) / ms;
  const throughput: Measure =
    median.value === null || median.low === undefined || median.high === undefined || !(median.low > 0)
      ? { metric: "rows-per-second", ...key, value: null, reason: median.reason ?? "calls are too short for the clock" }
      : {
          metric: "rows-per-second",
          ...key,
          value: perSecond(median.value),
          low: perSecond(median.high),
          high: perSecond(median.low),
          confidence: input.confidence,
          n: pace.sorted.length,
          method: `of the median call, one after another, ${on}`,
        };
  return [
    median,
    quantile("latency-p95-ms", pace.p95),
    quantile("latency-p99-ms", pace.p99),
    throughput,
    { metric: "first-call-ms", ...key, value: pace.first, n: 1, unit: "ms" },
    { metric: "slowest-call-ms", ...key, value: pace.slowest, n: pace.sorted.length, unit: "ms" },
  ];
}
