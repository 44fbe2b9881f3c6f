import { nextTime, type RunStarter, startScheduled } from "@assay/api";
import type { DueSchedule, ScheduleTick } from "@assay/db";
import { isAssayError } from "@assay/schema";

/** How often a server looks for schedules whose time has come: times are told to the minute. */
export const lookEveryMs = 10_000;
/** What is not settled by then, its server having ended, is given to another: longer than any file takes to be read. */
const leaseMs = 10 * 60_000;

/**
 * Makes the runs of all schedules whose time has come, one after the other, and sets their next times. However many times have
 * passed since the last look, one run is made up. Where none could be made the reason is kept and the next time is tried again.
 */
export async function runDue(
  options: RunStarter & { readonly now: () => Date; readonly onError: (error: unknown) => void },
): Promise<void> {
  const { stores, now, onError } = options;
  for (;;) {
    const at = now();
    const due = await stores.scheduleWork.claim(at, new Date(at.getTime() + leaseMs));
    if (due === null) return;
    const tick = await work(due, options, onError);
    await stores.scheduleWork.settle(due.id, tick, nextTime(due.cron, due.timeZone, now()));
  }
}

async function work(due: DueSchedule, starter: RunStarter, onError: (error: unknown) => void): Promise<ScheduleTick> {
  const { dueAt } = due;
  try {
    const { outcome, run } = await startScheduled(starter, due, { key: dueAt.toISOString() });
    return { dueAt, outcome, runId: run?.id ?? null, error: null };
  } catch (error) {
    const told = isAssayError(error);
    if (!told) onError(error);
    const { code, message, problems } = told
      ? error
      : { code: "internal" as const, message: "the server met an error of its own; its log tells more", problems: [] };
    return { dueAt, outcome: "failed", runId: null, error: { code, message, problems } };
  }
}
