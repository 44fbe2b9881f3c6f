import { readFile } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import {
  AssayError,
  checkPlan,
  issueText,
  type ModelSource,
  type Plan,
  type PlanInput,
  Policy,
  planError,
  readFeedbackTable,
  readPlan,
  withFeedback,
  withPlanLines,
  writePlan,
} from "@assay/schema";
import { parse } from "yaml";
import { z } from "zod";

/** A plan with what its paths point at. */
export interface LocatedPlan {
  /**
   * The plan with base names for the paths of data and model, and policies, categories and feedback in place of their files, so
   * that a report does not depend on where the plan lies, and holds the rules that judged it.
   */
  readonly plan: Plan;
  /** The plan's name in messages. */
  readonly name: string;
  /** The plan file's text; null where the plan was given as an object. */
  readonly text: string | null;
  readonly dataPath: string;
  /** The data file as the plan names it, for messages. */
  readonly dataName: string;
  /** The model's file and its name as the plan has it; null where the plan has no model, or an endpoint. */
  readonly model: { readonly path: string; readonly name: string } | null;
  /** The file of background rows that an audit's settings name, or null. */
  readonly background: { readonly path: string; readonly name: string } | null;
}

/** The one audit whose settings name a file of rows. */
const withBackground = "explainability.shapley";

const Lists = z.record(z.string(), z.array(z.string()).min(1));
const Categories = z.union([z.object({ categories: Lists }).transform((file) => file.categories), Lists]);

const dataEndings = new Set([".arrow", ".csv", ".feather", ".gz", ".jsonl", ".ndjson", ".parquet", ".tsv", ".xlsx"]);

/**
 * Reads a plan file and its policy files; paths in a plan are relative to it. `shown` is its name in messages.
 * @throws AssayError not-found, usage, plan-invalid
 */
export async function readPlanFile(path: string, shown: string = basename(path)): Promise<LocatedPlan> {
  if (dataEndings.has(extname(path).toLowerCase())) {
    throw new AssayError(
      "usage",
      `${shown} is a data file, not a plan; \`assay init ${shown}\` writes a first plan for it`,
    );
  }
  const text = await readText(path, shown, "plan");
  return locate(readPlan(text, shown), dirname(path), shown, text);
}

/**
 * Locates a plan given as an object; its paths are relative to `folder`.
 * @throws AssayError plan-invalid
 */
export async function locatePlan(input: PlanInput, folder: string): Promise<LocatedPlan> {
  return locate(checkPlan(input), folder, "plan", null);
}

/** An error told of a located plan, with the lines of its file; of a plan given as an object without any. */
export function withLinesOf({ name, text }: Pick<LocatedPlan, "name" | "text">, error: unknown): unknown {
  return withPlanLines(error, name, text ?? "");
}

/** A located plan's text for a server, where the project's own reports stand for whatever table of them the plan names. */
export function planText(plan: Plan): string {
  return writePlan(plan.feedback === undefined ? plan : { ...plan, feedback: "project" });
}

async function locate(plan: Plan, folder: string, name: string, text: string | null): Promise<LocatedPlan> {
  const { file, counts, ...source } = plan.data;
  const dataName = file ?? counts ?? "";
  const background = plan.audits?.[withBackground]?.background;
  const named = typeof background === "string" ? background : null;
  const policy = await Promise.all(
    plan.policy.map((one) => (typeof one === "string" && isFile(one) ? readPolicy(folder, one) : one)),
  );
  const { feedback } = plan;
  const reported =
    typeof feedback === "object" && "file" in feedback
      ? readFeedbackTable(await readText(resolve(folder, feedback.file), feedback.file, "feedback"), feedback.file)
      : null;
  return {
    plan: {
      ...(reported === null ? plan : withFeedback(plan, reported)),
      data: {
        ...(file === undefined ? {} : { file: baseName(file) }),
        ...(counts === undefined ? {} : { counts: baseName(counts) }),
        ...source,
      },
      policy,
      ...(plan.audits === undefined || named === null
        ? {}
        : {
            audits: {
              ...plan.audits,
              [withBackground]: { ...plan.audits[withBackground], background: baseName(named) },
            },
          }),
      ...(plan.model === undefined ? {} : { model: await locateModel(folder, plan.model) }),
    },
    name,
    text,
    dataPath: resolve(folder, dataName),
    dataName,
    model: plan.model?.file === undefined ? null : { path: resolve(folder, plan.model.file), name: plan.model.file },
    background: named === null ? null : { path: resolve(folder, named), name: named },
  };
}

async function locateModel(folder: string, model: ModelSource): Promise<ModelSource> {
  return {
    ...model,
    ...(model.file === undefined ? {} : { file: baseName(model.file) }),
    ...(typeof model.categories === "string" ? { categories: await readCategories(folder, model.categories) } : {}),
  };
}

/** `{ column: [text, …] }`, or the same under `categories`. */
async function readCategories(folder: string, named: string): Promise<Record<string, string[]>> {
  const text = await readText(resolve(folder, named), named, "categories");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw planError(`categories ${named}`, [{ at: named, message: `not valid JSON: ${why}` }]);
  }
  const lists = Categories.safeParse(value);
  if (lists.success) return lists.data;
  throw planError(`categories ${named}`, [
    { at: named, message: 'expected lists of texts by column, such as {"sex": ["Female", "Male"]}' },
  ]);
}

function isFile(policy: string): boolean {
  return /\.(ya?ml|json)$/i.test(policy);
}

/** Of `..` and `/` nothing is left; the name as it is written then tells more. */
function baseName(path: string): string {
  return basename(path) || path;
}

/** A policy file, named as the plan names it. */
async function readPolicy(folder: string, named: string): Promise<Policy> {
  const text = await readText(resolve(folder, named), named, "policy");
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw planError(`policy ${named}`, [{ at: named, message: `not valid YAML: ${why}` }]);
  }
  const policy = Policy.safeParse(value);
  if (policy.success) return policy.data;
  throw planError(
    `policy ${named}`,
    policy.error.issues.map((issue) => ({
      at: issue.path.map(String).join(".") || named,
      message: issueText(issue),
    })),
  );
}

async function readText(
  path: string,
  shown: string,
  what: "categories" | "feedback" | "plan" | "policy",
): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    if (code === "ENOENT" || code === "ENOTDIR") {
      const where = what === "plan" ? "" : `; its path is relative to the plan`;
      throw new AssayError("not-found", `no ${what} at ${shown}${where}`, { cause });
    }
    if (code === "EISDIR") {
      throw new AssayError("usage", `${shown} is a folder; give the ${what} file itself`, { cause });
    }
    throw new AssayError("forbidden", `${what} ${shown} cannot be read (${code})`, { cause });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AssayError("plan-invalid", `${what} ${shown} is not UTF-8 text; save it as UTF-8`, { cause });
  }
}
