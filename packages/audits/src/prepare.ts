import type { ColumnRequest, FileRequest, ModelRequest } from "@assay/dataset";
import { requestKey } from "@assay/dataset";
import {
  type AuditId,
  issueText,
  type LocalizedText,
  nearestName,
  type Plan,
  type Policy,
  type Problem,
  pathText,
  planError,
  type Rule,
} from "@assay/schema";
import type { z } from "zod";
import type { AuditDefinition, GivenMetric, RoleName } from "./define.ts";
import { describeEndpoint } from "./endpoint-model.ts";
import { frameworks } from "./frameworks/index.ts";
import type { KnownModel } from "./model-roles.ts";
import { registry as builtIn } from "./registry.ts";
import { bindRoles, type KnownColumn, type Roles } from "./roles.ts";
import { shortList } from "./short-list.ts";

export interface PreparedAudit {
  readonly definition: AuditDefinition;
  /** The settings after defaults. */
  readonly input: Record<string, unknown>;
  readonly gives: readonly GivenMetric[];
}

export interface SourcedRule {
  readonly rule: Rule;
  /** `plan`, or the policy's id. */
  readonly source: string;
}

/** A plan that can be run: bound to its columns, with every audit's settings filled in. */
export interface Prepared {
  /** After defaults: what the report stores. */
  readonly plan: Plan;
  readonly roles: Roles;
  readonly audits: readonly PreparedAudit[];
  readonly skipped: readonly {
    readonly id: AuditId;
    readonly version: number;
    readonly reason: LocalizedText;
  }[];
  /** Columns of the file that the audits and the model read, each once. */
  readonly requests: readonly FileRequest[];
  /** What the model must give for every row before the audits, in this order. */
  readonly modelRequests: readonly ModelRequest[];
  readonly policies: readonly Policy[];
  readonly rules: readonly SourcedRule[];
}

export interface PrepareOptions {
  readonly registry?: readonly AuditDefinition[];
  /** The plan's name in messages. */
  readonly name?: string;
  /** What the model file of the plan says of itself; null where the plan names none. An endpoint is described by the plan. */
  readonly model?: KnownModel | null;
}

/**
 * Binds a plan to the columns of its data, before any work.
 * @throws AssayError plan-invalid with every problem together, each with its place in the plan
 */
export function preparePlan(plan: Plan, columns: readonly KnownColumn[], options: PrepareOptions = {}): Prepared {
  const registry = options.registry ?? builtIn;
  const model = options.model ?? describeEndpoint(plan, columns);
  const { roles, problems: roleProblems } = bindRoles(plan, columns, model);
  const problems: Problem[] = [...roleProblems];

  const skipped: Prepared["skipped"][number][] = [];
  const audits: PreparedAudit[] = [];
  /** Settings that these roles cannot do are a problem of the plan that named the audit, else a reason to leave it out. */
  const add = (definition: AuditDefinition, settings: unknown, isNamed: boolean): void => {
    const parsed = definition.input.safeParse(settings, { reportInput: true });
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
        problems.push({ at: pathText(["audits", definition.id, ...path]), message: settingProblem(issue, definition) });
      }
      return;
    }
    const unfit = definition.problems?.(parsed.data, roles) ?? [];
    if (unfit.length > 0 && !isNamed) {
      const reasons = unfit.map(({ message, reason }) => reason ?? { en: message, "zh-CN": message });
      const reason = {
        en: reasons.map(({ en }) => en).join("; "),
        "zh-CN": reasons.map((one) => one["zh-CN"]).join("；"),
      };
      skipped.push({ id: definition.id, version: definition.version, reason });
      return;
    }
    const times = definition.asks?.(parsed.data, roles) ?? 0;
    if (!isNamed && times > 0 && roles.model?.about.format === "endpoint") {
      skipped.push({ id: definition.id, version: definition.version, reason: askingReason(times) });
      return;
    }
    for (const { at, message } of unfit) {
      problems.push({ at: `${pathText(["audits", definition.id])}.${at}`, message });
    }
    audits.push({ definition, input: parsed.data, gives: definition.gives(parsed.data, roles) });
  };

  if (plan.audits === undefined) {
    for (const definition of registry) {
      if (definition.byRequest === true) continue;
      const missing = unmet(definition, roles, plan);
      if (missing.length === 0) add(definition, {}, false);
      else skipped.push({ id: definition.id, version: definition.version, reason: missingReason(missing) });
    }
    if (audits.length === 0 && roleProblems.length === 0 && registry.length > 0) {
      problems.push({
        at: "columns",
        message: "no audit can run on these roles; give at least a decision and a protected column, or a label",
      });
    }
  } else {
    const named = Object.entries(plan.audits).sort(([a], [b]) => (a < b ? -1 : 1));
    if (named.length === 0) problems.push({ at: "audits", message: "names no audit; leave it out to run every one" });
    for (const [id, settings] of named) {
      const definition = registry.find((one) => one.id === id);
      if (!definition) {
        const near = nearestName(
          id,
          registry.map((one) => one.id),
        );
        problems.push({
          at: `audits.${id}`,
          message: `no audit "${id}"${near ? `; did you mean "${near}"?` : "; `assay audits` lists them"}`,
        });
        continue;
      }
      const missing = unmet(definition, roles, plan);
      if (missing.length > 0 && roleProblems.length === 0) {
        problems.push({ at: `audits.${id}`, message: missingReason(missing).en });
      }
      add(definition, settings, true);
    }
  }

  const policies: Policy[] = [];
  for (const [index, named] of plan.policy.entries()) {
    const policy = typeof named === "string" ? frameworks.find((one) => one.id === named) : named;
    if (policy) policies.push(policy);
    else {
      const name = String(named);
      const known = frameworks.map((one) => one.id);
      const near = nearestName(name, known);
      problems.push({
        at: plan.policy.length > 1 ? `policy[${index}]` : "policy",
        message: `no policy "${name}"; ${near ? `did you mean "${near}"?` : `built in are ${known.join(", ")}, or name a file`}`,
      });
    }
  }
  for (const policy of policies) {
    for (const id of policy.audits) {
      if (!audits.some((audit) => audit.definition.id === id) && problems.length === 0) {
        problems.push({ at: "policy", message: `policy ${policy.id} speaks of ${id}, which this plan does not run` });
      }
    }
  }

  const rules: SourcedRule[] = [
    ...plan.rules.map((rule): SourcedRule => ({ rule, source: "plan" })),
    ...policies.flatMap((policy) => policy.rules.flatMap((rule) => expand(rule, policy, roles))),
  ];
  const canCheckRules = problems.length === 0;
  for (const [index, { rule, source }] of rules.entries()) {
    if (!canCheckRules) break;
    const problem = ruleProblem(rule, audits);
    if (problem)
      problems.push({ at: source === "plan" ? `rules[${index}]` : "policy", message: problemOf(problem, source) });
  }

  if (problems.length > 0) throw planError(options.name ?? "plan", problems);

  const requests = new Map<string, ColumnRequest>();
  for (const { definition, input } of audits) {
    for (const request of definition.requests(input, roles)) requests.set(requestKey(request), request);
  }
  // The texts behind "positive or not", so that a value the data does not have is found before any work.
  for (const role of [roles.label, roles.decision]) {
    if (role?.kind !== "equals" || !requests.has(requestKey(role))) continue;
    const { key, request } = textRequest(role.column);
    requests.set(key, request);
  }
  const asked = [...requests.values()];
  const modelRequests = asked.filter((request) => request.kind === "model");
  const asksRows = audits.some(
    ({ definition: { needs } }) => needs.usesModel === true || (needs.model !== undefined && needs.model !== "file"),
  );
  if (roles.model !== null && (modelRequests.length > 0 || asksRows)) {
    for (const { request } of roles.model.inputs) requests.set(requestKey(request), request);
  }
  for (const role of roles.protected) {
    if (role.reference !== null) requests.set(requestKey(role.request), role.request);
  }
  return {
    plan: { ...plan, audits: Object.fromEntries(audits.map(({ definition, input }) => [definition.id, input])) },
    roles,
    audits,
    skipped,
    requests: [...requests.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, request]) => request)
      .filter((request) => request.kind !== "model"),
    modelRequests: modelRequests.sort((a, b) => (a.output < b.output ? -1 : 1)),
    policies,
    rules,
  };
}

export function textRequest(column: string): { readonly key: string; readonly request: FileRequest } {
  const request: FileRequest = { kind: "text", column };
  return { key: requestKey(request), request };
}

function settingProblem(issue: z.core.$ZodIssue, definition: AuditDefinition): string {
  if (issue.code !== "unrecognized_keys") return issueText(issue);
  const known = Object.keys(definition.input.shape);
  return issue.keys
    .map((key) => {
      const near = nearestName(key, known);
      return `"${key}" is not a setting; ${near ? `did you mean "${near}"?` : `there are ${known.join(", ")}`}`;
    })
    .join("; ");
}

function askingReason(times: number): LocalizedText {
  return {
    en: `would ask the endpoint about every row ${times} times more; name it in the plan's audits to run it`,
    "zh-CN": `需要就每一行再向端点询问 ${times} 次；如需运行，请在计划的 audits 中写明`,
  };
}

type Need = RoleName | readonly RoleName[] | "gradient" | "model" | "rows" | "trees";

function unmet(definition: AuditDefinition, roles: Roles, plan: Plan): readonly Need[] {
  const missing: Need[] = definition.needs.columns.filter((need) =>
    typeof need === "string" ? !roles.given.has(need) : !need.some((one) => roles.given.has(one)),
  );
  const { model } = definition.needs;
  if (model === undefined) return missing;
  if (roles.model === null) return ["model", ...missing];
  if (model === "file") return missing;
  // A cell of a table of counts is many people: it cannot be shuffled, and is no decision to explain.
  if (plan.data.counts !== undefined) return ["rows", ...missing];
  if (model === "trees" && roles.model.about.structure !== "trees") return ["trees", ...missing];
  return model === "gradient" && roles.model.about.differentiable !== true ? ["gradient", ...missing] : missing;
}

function missingReason(missing: readonly Need[]): LocalizedText {
  if (missing.includes("trees")) {
    return {
      en: "explains tree ensembles; the plan's model is none that is read as one",
      "zh-CN": "用于解释树集成模型；计划中的模型未能作为树集成读取",
    };
  }
  if (missing.includes("gradient")) {
    return {
      en: "follows gradients of the output; the plan's model has none, such as trees, or takes texts or whole numbers",
      "zh-CN": "依据输出的梯度；计划中的模型没有梯度（例如树模型），或其输入含文本或整数",
    };
  }
  if (missing.includes("rows")) {
    return {
      en: "asks the model about single rows; data.counts gives tables of them",
      "zh-CN": "需要逐行询问模型；data.counts 给出的是计数表",
    };
  }
  const roles = missing.filter((need) => need !== "model");
  const en = roles.map((need) => (typeof need === "string" ? need : need.join(" or "))).join(", ");
  const zh = roles.map((need) => (typeof need === "string" ? need : need.join(" 或 "))).join("、");
  const keys = missing.includes("model") ? ["model"] : [];
  return {
    en: `needs ${[...keys, ...(en === "" ? [] : [`columns.${en}`])].join(" and ")}, which the plan does not give`,
    "zh-CN": `需要 ${[...keys, ...(zh === "" ? [] : [`columns.${zh}`])].join(" 和 ")}，计划中没有给出`,
  };
}

/** `by: protected` in a policy stands for every protected column, one by one. */
function expand(rule: Rule, policy: Policy, roles: Roles): SourcedRule[] {
  if (rule.by?.length !== 1 || rule.by[0] !== "protected") return [{ rule, source: policy.id }];
  return roles.protected.map((role) => ({ rule: { ...rule, by: [role.name] }, source: policy.id }));
}

function problemOf(problem: string, source: string): string {
  return source === "plan" ? problem : `${source}: ${problem}`;
}

function ruleProblem(rule: Rule, audits: readonly PreparedAudit[]): string | null {
  const given = audits.flatMap((audit) => audit.gives);
  const same = given.filter((one) => one.metric === rule.metric);
  if (same.length === 0) {
    const near = nearestName(
      rule.metric,
      given.map((one) => one.metric),
    );
    return `no audit of this plan gives "${rule.metric}"${near ? `; did you mean "${near}"?` : ""}`;
  }
  const { by, feature } = rule;
  const features = [...new Set(same.flatMap((one) => one.features ?? []))];
  if (feature !== undefined) return featureProblem(rule.metric, feature, by, features);
  if (by === undefined) {
    if (same.some((one) => one.scope === "overall")) return null;
    if (features.length > 0) return `"${rule.metric}" is given feature by feature; add feature: ${shortList(features)}`;
    const sets = same.flatMap((one) => one.by.map((names) => names.join(" × ")));
    return `"${rule.metric}" is given by group only; add by: ${[...new Set(sets)].join(" or ")}`;
  }
  if (same.some((one) => one.scope !== "overall" && one.by.some((names) => sameSet(names, by)))) return null;
  const sets = [...new Set(same.flatMap((one) => one.by.map((names) => `[${names.join(", ")}]`)))];
  return sets.length === 0
    ? `"${rule.metric}" is not given by group; leave out by`
    : `no "${rule.metric}" by ${by.join(" × ")}; this plan gives it by ${sets.join(", ")}`;
}

function featureProblem(
  metric: string,
  feature: string,
  by: readonly string[] | undefined,
  features: readonly string[],
): string | null {
  if (features.length === 0) return `"${metric}" is not given feature by feature; leave out feature`;
  if (by !== undefined) return `"${metric}" of a feature is not given by group; leave out by`;
  if (features.includes(feature)) return null;
  const near = nearestName(feature, features);
  return `no "${metric}" of a feature "${feature}"; ${near ? `did you mean "${near}"?` : `this plan gives it of ${shortList(features)}`}`;
}

export function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
