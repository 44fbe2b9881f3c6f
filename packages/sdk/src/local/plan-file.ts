import { readFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, resolve } from "node:path";
import { AssayError, Plan, type PlanInput, Policy, readPlan } from "@assay/schema";
import { parse } from "yaml";

/** A plan with what its paths point at. */
export interface LocatedPlan {
  readonly plan: Plan;
  /** The plan's name in messages. */
  readonly name: string;
  readonly dataPath: string;
  /** Policies read from files, by the path the plan writes. */
  readonly policies: ReadonlyMap<string, Policy>;
}

/**
 * Reads a plan file and its policy files; paths in a plan are relative to it.
 * @throws AssayError not-found, plan-invalid
 */
export async function readPlanFile(path: string): Promise<LocatedPlan> {
  const text = await readText(path, "plan");
  return locate(readPlan(text, basename(path)), dirname(resolve(path)), basename(path));
}

/** Locates a plan given as an object; its paths are relative to `folder`. */
export async function locatePlan(input: PlanInput | Plan, folder: string): Promise<LocatedPlan> {
  return locate(Plan.parse(input), folder, "plan");
}

async function locate(plan: Plan, folder: string, name: string): Promise<LocatedPlan> {
  const data = plan.data.file ?? plan.data.counts ?? "";
  const policies = new Map<string, Policy>();
  for (const policy of plan.policy) {
    if (/\.(ya?ml|json)$/i.test(policy)) policies.set(policy, await readPolicy(resolve(folder, policy)));
  }
  return { plan, name, dataPath: isAbsolute(data) ? data : resolve(folder, data), policies };
}

async function readPolicy(path: string): Promise<Policy> {
  const name = basename(path);
  let value: unknown;
  try {
    value = parse(await readText(path, "policy"));
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    throw new AssayError("plan-invalid", `policy ${name}: not valid YAML: ${String(cause)}`, { cause });
  }
  const policy = Policy.safeParse(value);
  if (policy.success) return policy.data;
  const problems = policy.error.issues.map((issue) => ({
    at: `${name}: ${issue.path.join(".")}`,
    message: issue.message,
  }));
  const lines = problems.map((problem) => `  ${problem.at}: ${problem.message}`).join("\n");
  throw new AssayError("plan-invalid", `policy ${name} cannot be used:\n${lines}`, { problems });
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    if (code === "ENOENT") throw new AssayError("not-found", `no ${what} at ${path}`, { cause });
    if (code === "EISDIR") throw new AssayError("usage", `${path} is a folder, not a ${what} file`, { cause });
    throw new AssayError("not-found", `${what} ${path} cannot be read: ${String(cause)}`, { cause });
  }
}
