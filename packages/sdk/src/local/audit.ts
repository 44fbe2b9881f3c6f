import { resolve } from "node:path";
import type { PlanInput, Report } from "@assay/schema";
import { locatePlan, readPlanFile } from "./plan-file.ts";
import { type LocalOptions, runLocally } from "./run-locally.ts";

/**
 * Audits on this machine; no server, nothing is sent. `plan` is a plan file, or a plan whose data path is relative to
 * `folder`; both are relative to the working folder unless told.
 * @throws AssayError plan-invalid (every problem together), data-invalid, device-unavailable, cancelled
 */
export async function audit(
  plan: string | PlanInput,
  options: LocalOptions & { readonly folder?: string } = {},
): Promise<Report> {
  const { folder = ".", ...rest } = options;
  const located =
    typeof plan === "string"
      ? await readPlanFile(resolve(folder, plan), plan)
      : await locatePlan(plan, resolve(folder));
  const { report } = await runLocally(located, rest);
  return report;
}
