import type { Executor, Step } from "@assay/audits";
import type { StepStore } from "@assay/db";
import type { DeviceName, SummaryValue } from "@assay/schema";

/** Measures one step at a time; several lanes measure side by side. */
export type Lane = (step: Step, signal: AbortSignal) => Promise<SummaryValue>;

/**
 * Commits every step's summary by the step's id as soon as it is measured. A step that is there already, from an attempt
 * that died, is taken as it is and not measured again: unless it was measured on another device, as no summary shall be a
 * mix of what two gave.
 */
export function committingExecutor(options: {
  readonly lanes: readonly Lane[];
  readonly runId: string;
  readonly attempt: number;
  readonly worker: string;
  readonly steps: StepStore;
  readonly device: DeviceName;
}): Executor {
  const { lanes, runId, attempt, worker, device, steps: store } = options;
  const keyOf = (step: Step): string => (device === "cpu" ? step.id : `${step.id}@${device}`);
  return {
    async *run(steps, signal) {
      const finished = await store.finished(runId, steps.map(keyOf));
      const waiting: Step[] = [];
      for (const step of steps) {
        const summary = finished.get(keyOf(step));
        if (summary === undefined) waiting.push(step);
        else yield { step, summary };
      }

      const done: { step: Step; summary: SummaryValue }[] = [];
      const failures: unknown[] = [];
      let working = Math.min(lanes.length, waiting.length);
      let wake: () => void = () => {};
      const workOff = async (lane: Lane): Promise<void> => {
        try {
          for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
            await store.started(runId, attempt, worker, { ...step, id: keyOf(step) });
            const summary = await lane(step, signal);
            await store.commit(runId, attempt, keyOf(step), summary);
            done.push({ step, summary });
            wake();
          }
        } catch (error) {
          failures.push(error);
          waiting.length = 0;
        } finally {
          working--;
          wake();
        }
      };
      for (const lane of lanes.slice(0, working)) void workOff(lane);
      for (;;) {
        const next = done.shift();
        if (next !== undefined) yield next;
        else if (working === 0) break;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
