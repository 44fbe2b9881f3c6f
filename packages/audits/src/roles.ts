import { type ColumnRequest, type FileRequest, levelOrder } from "@assay/dataset";
import { type FeedbackCell, nearestName, type Plan, type Problem, type ReportColumn } from "@assay/schema";
import { askForPositive } from "./ask-for-positive.ts";
import type { RoleName } from "./define.ts";
import { bindFeedback } from "./feedback-role.ts";
import { bindModel, type KnownModel, type ModelRole } from "./model-roles.ts";
import { shortList } from "./short-list.ts";
import { tellsPositive, truthy } from "./truthy.ts";

/** A protected or control column: its name in group keys, and how its codes are asked for. */
export interface GroupRole {
  readonly name: string;
  readonly request: FileRequest;
  /** Text of the reference group, where the plan names one. */
  readonly reference: string | null;
}

/** The plan's column roles, bound to requests. Null or empty where the plan gives none. */
export interface Roles {
  /** Binary truth: levels "0" and "1"; null where the label has no positive class. */
  readonly label: ColumnRequest | null;
  /** Truth as the file's text, for multiclass. */
  readonly labelText: FileRequest | null;
  /** The class that `positive` names. */
  readonly positive: string | null;
  /** Binary decision: levels "0" and "1", 1 = positive. */
  readonly decision: ColumnRequest | null;
  /** Which decision people want: "1" (positive) or "0" (negative). */
  readonly favourable: "0" | "1";
  readonly score: ColumnRequest | null;
  /** Multiclass prediction as text; of a regression model the column of its score, which is the number. */
  readonly prediction: ColumnRequest | null;
  /** Which ranked list a row belongs to, as text. */
  readonly query: FileRequest | null;
  /** How much a row of a ranked list deserves its place: the binary label, else a label of numbers. */
  readonly relevance: ColumnRequest | null;
  readonly protected: readonly GroupRole[];
  /** Protected columns one by one, then crossed, up to `columns.intersections` at once: [["race"], ["sex"], ["race","sex"]]. */
  readonly groupings: readonly (readonly string[])[];
  readonly control: readonly GroupRole[];
  readonly quasiIdentifiers: readonly GroupRole[];
  readonly sensitive: readonly GroupRole[];
  readonly identifiers: readonly string[];
  /** Inputs of the decision, in order, with what the file says of their type. */
  readonly features: readonly {
    readonly name: string;
    readonly type: ReportColumn["type"];
    readonly request: FileRequest;
  }[];
  readonly weight: FileRequest | null;
  /** When a row came about, as text. */
  readonly time: FileRequest | null;
  /** Null where the plan has no model. */
  readonly model: ModelRole | null;
  /** What people affected reported; null where the plan gives nothing of it. */
  readonly feedback: readonly FeedbackCell[] | null;
  readonly given: ReadonlySet<RoleName>;
  /** Every column of the data, with what the file says of its type. */
  readonly columns: ReadonlyMap<string, ReportColumn["type"]>;
}

export interface KnownColumn {
  readonly name: string;
  readonly type: ReportColumn["type"];
  /** How many values it holds and the most frequent of them, where a profile told. */
  readonly distinct?: number | null;
  readonly top?: readonly { readonly value: string }[];
}

/** Whether what `bindRoles` asks of a plan is told better with the values of a column, which only a profile knows. */
export function asksForValues(
  { columns: { decision, label, positive } }: Plan,
  columns: readonly KnownColumn[],
): boolean {
  if (positive !== undefined) return false;
  return columns.some(({ name, type }) => type === "text" && (name === label || name === decision));
}

/** Binds a plan's roles to the columns of its data; every problem is told, none is thrown. */
export function bindRoles(
  plan: Plan,
  columns: readonly KnownColumn[],
  model: KnownModel | null = null,
): { roles: Roles; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const known = new Map(columns.map((column) => [column.name, column]));
  const has = (name: string, at: string): boolean => {
    if (name === "__proto__" && known.has(name)) {
      const message = `no column can be called ${name} in a report, which is JSON; give it another name in the file, or leave it out`;
      problems.push({ at, message });
      return false;
    }
    if (known.has(name)) return true;
    const near = nearestName(name, [...known.keys()]);
    const cure = near ? `did you mean "${near}"?` : `there are ${shortList([...known.keys()])}`;
    problems.push({ at, message: `no column "${name}" in data; ${cure}` });
    return false;
  };
  const isNumeric = (name: string, at: string, why: string): void => {
    const type = known.get(name)?.type;
    if (type !== undefined && type !== "integer" && type !== "number") {
      problems.push({
        at,
        message: `column "${name}" holds ${type}, ${why} needs numbers; texts that stand for a missing number belong in data.missing`,
      });
    }
  };
  // A column may be called "constructor".
  const referenceOf = (name: string): string | null =>
    Object.hasOwn(plan.columns.reference, name) ? (plan.columns.reference[name] ?? null) : null;
  const group = (name: string, at: string): GroupRole | null =>
    has(name, at) ? { name, request: { kind: "text", column: name }, reference: referenceOf(name) } : null;
  const groups = (names: readonly string[], at: string): GroupRole[] =>
    names.map((name, index) => group(name, `${at}[${index}]`)).filter((role) => role !== null);

  const { columns: c } = plan;
  const bound = bindModel(plan, known, model);
  problems.push(...bound.problems);
  const ofModel = bound.role;
  const reported = bindFeedback(plan);
  problems.push(...reported.problems);
  const positive = c.positive ?? ofModel?.positive ?? undefined;
  const positives = positive === undefined ? truthy : [positive];

  const needsPositive = (name: string, at: string): void => {
    const column = known.get(name);
    if (positive !== undefined || column === undefined) return;
    const values = valuesOf(column);
    // Rows left out may be all that hold another value.
    const isTold =
      column.type !== "text" && (values === null || plan.data.where !== undefined || tellsPositive(values));
    if (!isTold) problems.push({ at, message: askForPositive(name, values) });
  };
  const isNumber = (name: string | undefined): boolean => {
    const type = name === undefined ? undefined : known.get(name)?.type;
    return type === "integer" || type === "number";
  };
  // Grades of relevance need lists to be grades in: without them a label of numbers is "1" or not.
  const isGraded = positive === undefined && c.decision === undefined && c.query !== undefined && isNumber(c.label);
  let relevance: ColumnRequest | null = null;
  let label: ColumnRequest | null = null;
  let labelText: FileRequest | null = null;
  if (c.label !== undefined && has(c.label, "columns.label")) {
    labelText = { kind: "text", column: c.label };
    // A label beside a multiclass prediction alone has no positive class, nor have grades of relevance in a ranked list.
    if (isGraded) relevance = { kind: "number", column: c.label };
    else if (
      positive !== undefined ||
      c.decision !== undefined ||
      c.score !== undefined ||
      ofModel?.gives.has("decision")
    ) {
      label = { kind: "equals", column: c.label, equals: positives };
      needsPositive(c.label, "columns.label");
    }
  }

  let decision: ColumnRequest | null = ofModel?.gives.has("decision") ? { kind: "model", output: "decision" } : null;
  if (typeof c.decision === "string") {
    if (has(c.decision, "columns.decision")) {
      decision = { kind: "equals", column: c.decision, equals: positives };
      needsPositive(c.decision, "columns.decision");
    }
  } else if (c.decision !== undefined && "column" in c.decision && has(c.decision.column, "columns.decision.column")) {
    if ("at_least" in c.decision) {
      isNumeric(c.decision.column, "columns.decision.column", "at_least");
      decision = { kind: "at-least", column: c.decision.column, bound: c.decision.at_least };
    } else {
      decision = { kind: "equals", column: c.decision.column, equals: [c.decision.equals] };
    }
  }

  let score: ColumnRequest | null = ofModel?.gives.has("score") ? { kind: "model", output: "score" } : null;
  if (c.score !== undefined && has(c.score, "columns.score")) {
    isNumeric(c.score, "columns.score", "a score");
    score = { kind: "number", column: c.score };
  }
  let prediction: ColumnRequest | null = ofModel?.gives.has("prediction")
    ? { kind: "model", output: ofModel.predictsNumbers ? "score" : "prediction" }
    : null;
  if (c.prediction !== undefined && has(c.prediction, "columns.prediction")) {
    prediction = { kind: "text", column: c.prediction };
  }

  relevance ??= label ?? (c.label !== undefined && isNumber(c.label) ? { kind: "number", column: c.label } : null);
  const query: FileRequest | null =
    c.query !== undefined && has(c.query, "columns.query") ? { kind: "text", column: c.query } : null;

  const protectedRoles = c.protected
    .map((entry, index): GroupRole | null => {
      const at = `columns.protected[${index}]`;
      if (typeof entry === "string") return group(entry, at);
      if (!has(entry.column, `${at}.column`)) return null;
      isNumeric(entry.column, `${at}.column`, "breaks");
      return {
        name: entry.column,
        request: { kind: "bands", column: entry.column, breaks: entry.breaks },
        reference: referenceOf(entry.column),
      };
    })
    .filter((role) => role !== null);
  for (const [index, role] of protectedRoles.entries()) {
    if (protectedRoles.findIndex((other) => other.name === role.name) !== index) {
      problems.push({ at: `columns.protected[${index}]`, message: `column "${role.name}" is listed twice` });
    }
  }
  for (const name of Object.keys(c.reference)) {
    if (!protectedRoles.some((role) => role.name === name)) {
      problems.push({ at: `columns.reference.${name}`, message: `"${name}" is not a protected column` });
    }
  }

  let weight: FileRequest | null = null;
  if (c.weight !== undefined && has(c.weight, "columns.weight")) {
    isNumeric(c.weight, "columns.weight", "a weight");
    weight = { kind: "number", column: c.weight };
  }

  const time: FileRequest | null =
    c.time !== undefined && has(c.time, "columns.time") ? { kind: "text", column: c.time } : null;

  const features = (c.features.length > 0 ? c.features : (ofModel?.features ?? []))
    .map((name, index) => {
      if (!has(name, `columns.features[${index}]`)) return null;
      const type = known.get(name)?.type ?? "text";
      const request: FileRequest =
        type === "integer" || type === "number" ? { kind: "number", column: name } : { kind: "text", column: name };
      return { name, type, request };
    })
    .filter((feature) => feature !== null);
  for (const [list, names] of [
    ["protected", protectedRoles.map((role) => role.name)],
    ["control", c.control],
    ["sensitive", c.sensitive],
    ["features", c.features],
  ] as const) {
    for (const [index, name] of names.entries()) {
      // A report prints group values, and never those of an identifier.
      if (c.identifiers.includes(name)) {
        problems.push({
          at: `columns.${list}[${index}]`,
          message: `"${name}" is also an identifier; give it one role`,
        });
      }
    }
  }
  if (c.id !== undefined) has(c.id, "columns.id");
  for (const [index, name] of c.identifiers.entries()) has(name, `columns.identifiers[${index}]`);

  const roles: Roles = {
    label,
    labelText,
    positive: positive ?? null,
    decision,
    favourable: c.favourable === "positive" ? "1" : "0",
    score,
    prediction,
    query,
    relevance,
    protected: protectedRoles,
    groupings: combinations(
      protectedRoles.map((role) => role.name),
      c.intersections,
    ),
    control: groups(c.control, "columns.control"),
    quasiIdentifiers: groups(c.quasi_identifiers, "columns.quasi_identifiers"),
    sensitive: groups(c.sensitive, "columns.sensitive"),
    identifiers: c.identifiers,
    features,
    weight,
    time,
    model: ofModel,
    feedback: reported.cells,
    given: new Set(),
    columns: new Map(columns.map((column) => [column.name, column.type])),
  };
  const given = new Set<RoleName>();
  // Grades of relevance are a label for ranked lists alone.
  if (labelText && !isGraded) given.add("label");
  if (decision) given.add("decision");
  if (score) given.add("score");
  if (prediction) given.add("prediction");
  if (query) given.add("query");
  if (weight) given.add("weight");
  if (time) given.add("time");
  if (roles.protected.length) given.add("protected");
  if (roles.control.length) given.add("control");
  if (roles.quasiIdentifiers.length) given.add("quasi_identifiers");
  if (roles.sensitive.length) given.add("sensitive");
  if (roles.features.length) given.add("features");
  return { roles: { ...roles, given }, problems };
}

/** All values of a column in order, null where they are not known. */
function valuesOf({ distinct, top }: KnownColumn): readonly string[] | null {
  if (top === undefined || distinct !== top.length) return null;
  const values = top.map(({ value }) => value);
  return Array.from(levelOrder(values), (place) => values[place] ?? "");
}

/** Every set of 1 to `most` names, smaller sets first, in the order given. */
function combinations(names: readonly string[], most: number): readonly (readonly string[])[] {
  const all: string[][] = [];
  const extend = (start: number, chosen: readonly string[], size: number): void => {
    if (chosen.length === size) {
      all.push([...chosen]);
      return;
    }
    for (let index = start; index < names.length; index++) extend(index + 1, [...chosen, names[index] ?? ""], size);
  };
  for (let size = 1; size <= Math.min(most, names.length); size++) extend(0, [], size);
  return all;
}
