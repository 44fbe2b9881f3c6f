import type { Prepared } from "../prepare.ts";
import type { Executor } from "../run.ts";

/**
 * Steps of audits that ask the model go to the executor that has it; the others to the other one, where there is one.
 * All steps of one call are of one audit.
 */
export function byModel(
  prepared: Prepared,
  executors: { readonly with: Executor; readonly without: Executor | null },
): Executor {
  const asking = new Set(
    prepared.audits
      .filter(({ definition: { needs } }) => needs.model !== undefined || needs.usesModel === true)
      .map(({ definition }) => definition.id),
  );
  return {
    run(steps, signal) {
      const asks = steps.some((step) => asking.has(step.audit));
      return (asks ? executors.with : (executors.without ?? executors.with)).run(steps, signal);
    },
  };
}
