import { type ScheduleDetail as StoredDetail, type ScheduleRow as StoredRow, scheduleOutcomes } from "@assay/db";
import { LocalizedText, MetricName } from "@assay/schema";
import { z } from "zod";
import { ErrorBody } from "./error.ts";
import { nameOf } from "./name.ts";
import { RunRow } from "./run.ts";

const text = (most: number) => z.string().trim().max(most);

/** What may be written of a schedule. */
export const ScheduleSettings = z.object({
  name: nameOf("a schedule"),
  /** The text of audit.yaml, as of a run. */
  plan: z.string().max(1_000_000),
  /** The name of its data: each time the newest dataset of that name is read. */
  dataset: text(200).min(1, "name the data"),
  /** Five fields: minute, hour, day of the month, month, day of the week. No more often than every five minutes. */
  cron: text(200),
  /** As IANA names it, such as `Europe/Berlin`. */
  timeZone: text(100),
  /** Runs also where data, model and plan are those of its last completed run. */
  runUnchanged: z.boolean(),
  /** Tells of failed checks and errors where the project's form of feedback sends its notices. */
  notify: z.boolean(),
  /** False: paused. */
  enabled: z.boolean(),
});

export const ScheduleTick = z.object({
  /** When it was due, or asked for. */
  dueAt: z.iso.datetime(),
  /** A run, nothing new to run on, the last run still under way, or why none could be made. */
  outcome: z.enum(scheduleOutcomes),
  /** Null where none was made, or it was removed. */
  run: RunRow.nullable(),
  error: ErrorBody.nullable(),
  /** What became of its notices, one a line. */
  notice: z.string(),
});
export type ScheduleTick = z.output<typeof ScheduleTick>;

export const ScheduleRow = z.object({
  id: z.string(),
  project: RunRow.shape.project,
  name: z.string(),
  /** The name of its data. */
  dataset: z.string(),
  cron: z.string(),
  timeZone: z.string(),
  runUnchanged: z.boolean(),
  notify: z.boolean(),
  enabled: z.boolean(),
  /** Null while it is paused. */
  nextAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  /** The newest due time that has passed. */
  last: ScheduleTick.nullable(),
  lastRun: RunRow.nullable(),
}) satisfies z.ZodType<StoredRow>;
export type ScheduleRow = z.output<typeof ScheduleRow>;

export const ScheduleDetail = z.object({
  ...ScheduleRow.shape,
  planYaml: z.string(),
}) satisfies z.ZodType<StoredDetail>;
export type ScheduleDetail = z.output<typeof ScheduleDetail>;

/** What `fairness.drift` says in a run's report. */
export const ScheduleDrift = z.object({
  /** Tests that alarm, of how many; null where it cannot tell yet. */
  alarms: z.number().nullable(),
  tests: z.number(),
  /** The gap between two groups whose change has the strongest evidence; null where none is tested. */
  gap: z
    .object({
      /** Of which rate: `selection-rate`. */
      metric: MetricName,
      column: z.string(),
      group: z.string(),
      reference: z.string(),
      /** The change since the baseline and its interval, which holds at all looks together. A share, not percent. */
      value: z.number(),
      low: z.number(),
      high: z.number(),
      confidence: z.number(),
      /** Adjusted for all tests of the audit. */
      p: z.number(),
    })
    .nullable(),
});
export type ScheduleDrift = z.output<typeof ScheduleDrift>;

export const ScheduleHistory = z.array(
  z.object({
    ...ScheduleTick.shape,
    /** Null where the run has no report, or its plan not that audit. */
    drift: ScheduleDrift.nullable(),
  }),
);
export type ScheduleHistory = z.output<typeof ScheduleHistory>;

export const SchedulePreview = z.object({
  /** The next times; empty where there is a problem. */
  times: z.array(z.iso.datetime()),
  problems: z.array(z.object({ at: z.enum(["cron", "timeZone"]), message: LocalizedText })),
});
export type SchedulePreview = z.output<typeof SchedulePreview>;
