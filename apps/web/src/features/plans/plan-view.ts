import { type Document, isMap, isScalar, isSeq, parseDocument } from "yaml";
import { type EndpointView, readEndpoint } from "./endpoint-edit.ts";

/** Roles that one column at most can have. */
export const singleRoles = ["label", "decision", "score", "prediction", "query", "weight", "time", "id"] as const;
/** Roles that any number of columns can have. */
export const listRoles = ["protected", "control", "quasi_identifiers", "identifiers", "sensitive", "features"] as const;
export type SingleRole = (typeof singleRoles)[number];
export type ListRole = (typeof listRoles)[number];
export type Role = SingleRole | ListRole;

export type DecisionView = {
  readonly column: string;
  /** `positive`: the plan names only the column, and its positive value is `columns.positive`. */
  readonly kind: "at_least" | "equals" | "positive";
  readonly value: string;
};

/** The plan's model; `categories` maps a column to how many texts it lists, or names their file. */
export interface ModelView {
  /** Empty where an endpoint stands in its place. */
  readonly file: string;
  readonly endpoint: EndpointView | null;
  readonly categories: Readonly<Record<string, number>> | string;
}

export interface RuleView {
  readonly metric: string;
  readonly by: readonly string[];
  /** Of a metric that is told feature by feature; empty: none. */
  readonly feature: string;
  readonly side: "at_least" | "at_most";
  readonly bound: string;
}

/** A plan as the form shows it: every value in the spelling of the file, nothing filled in. */
export interface PlanView {
  readonly project: string;
  readonly seed: string;
  readonly where: string;
  readonly positive: string;
  readonly favourable: "positive" | "negative";
  readonly intersections: string;
  readonly single: Readonly<Partial<Record<SingleRole, string>>>;
  /** Without a column it cuts the model's score. */
  readonly decision: DecisionView | null;
  readonly model: ModelView | null;
  readonly lists: Readonly<Record<ListRole, readonly string[]>>;
  /** Protected column → its bands, `25, 45`. */
  readonly breaks: Readonly<Record<string, string>>;
  readonly reference: Readonly<Record<string, string>>;
  /** Null: every audit that can run. */
  readonly audits: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly policy: readonly string[];
  readonly rules: readonly RuleView[];
}

export type PlanReading =
  | { readonly ok: true; readonly view: PlanView }
  | { readonly ok: false; readonly line: number; readonly message: string };

/** Reads YAML for the form. Wrong values are passed over: the server's check tells of them. */
export function readPlanView(yaml: string): PlanReading {
  const document = parseDocument(yaml, { prettyErrors: false });
  const error = document.errors[0];
  if (error !== undefined) {
    return { ok: false, line: yaml.slice(0, error.pos[0]).split("\n").length, message: error.message };
  }
  if (document.contents !== null && !isMap(document.contents)) {
    return { ok: false, line: 1, message: "a plan is a mapping: `columns:`, `audits:`, …" };
  }
  return { ok: true, view: viewOf(document) };
}

function viewOf(document: Document): PlanView {
  const text = (...path: (string | number)[]): string => scalarText(document.getIn(path, true));
  const list = (...path: string[]): unknown[] => {
    const node = document.getIn(path, true);
    return isSeq(node) ? node.items : [];
  };
  const keys = (...path: string[]): string[] => {
    const node = document.getIn(path, true);
    return isMap(node) ? node.items.map((pair) => scalarText(pair.key)) : [];
  };
  const decision = decisionOf(document);
  const single = Object.fromEntries(
    singleRoles
      .map((role) => [role, role === "decision" ? (decision?.column ?? "") : text("columns", role)] as const)
      .filter(([, column]) => column !== ""),
  );
  const named = (item: unknown): string => (isMap(item) ? scalarText(item.get("column", true)) : scalarText(item));
  const lists = Object.fromEntries(
    listRoles.map((role) => [role, list("columns", role).map(named).filter(Boolean)] as const),
  ) as Record<ListRole, string[]>;
  const breaks = Object.fromEntries(
    list("columns", "protected").flatMap((item) => {
      const cuts = isMap(item) ? item.get("breaks", true) : undefined;
      return isSeq(cuts) ? [[named(item), cuts.items.map(scalarText).join(", ")] as const] : [];
    }),
  );
  const policyNode = document.get("policy", true);
  const audits = document.get("audits", true);
  return {
    project: text("project"),
    seed: text("seed"),
    where: text("data", "where"),
    positive: text("columns", "positive"),
    favourable: text("columns", "favourable") === "negative" ? "negative" : "positive",
    intersections: text("columns", "intersections"),
    single,
    decision,
    model: modelOf(document),
    lists,
    breaks,
    reference: Object.fromEntries(keys("columns", "reference").map((key) => [key, text("columns", "reference", key)])),
    audits: isMap(audits)
      ? Object.fromEntries(
          audits.items.map((pair) => {
            const settings = isMap(pair.value) ? (pair.value.toJS(document) as Record<string, unknown>) : {};
            return [scalarText(pair.key), settings];
          }),
        )
      : null,
    policy: isSeq(policyNode) ? policyNode.items.map(scalarText) : [scalarText(policyNode)].filter(Boolean),
    rules: list("rules").map((item, index) => ruleOf(document, item, index)),
  };
}

function modelOf(document: Document): ModelView | null {
  const node = document.get("model", true);
  if (!isMap(node)) return null;
  const categories = node.get("categories", true);
  const lists = isMap(categories)
    ? Object.fromEntries(
        categories.items.map((pair) => [scalarText(pair.key), isSeq(pair.value) ? pair.value.items.length : 0]),
      )
    : scalarText(categories);
  return {
    file: scalarText(node.get("file", true)),
    endpoint: readEndpoint(document),
    categories: lists === "" ? {} : lists,
  };
}

function decisionOf(document: Document): DecisionView | null {
  const node = document.getIn(["columns", "decision"], true);
  if (isScalar(node)) return { column: scalarText(node), kind: "positive", value: "" };
  if (!isMap(node)) return null;
  const kind = node.has("at_least") ? "at_least" : "equals";
  return { column: scalarText(node.get("column", true)), kind, value: scalarText(node.get(kind, true)) };
}

function ruleOf(document: Document, item: unknown, index: number): RuleView {
  const at = (key: string): unknown => document.getIn(["rules", index, key], true);
  const by = at("by");
  const side = isMap(item) && item.has("at_most") ? "at_most" : "at_least";
  return {
    metric: scalarText(at("metric")),
    by: isSeq(by) ? by.items.map(scalarText) : [scalarText(by)].filter(Boolean),
    feature: scalarText(at("feature")),
    side,
    bound: scalarText(at(side)),
  };
}

/** A scalar in its own spelling: `01` stays `01`. */
function scalarText(node: unknown): string {
  if (isScalar(node)) return node.source ?? (node.value === null ? "" : String(node.value));
  return typeof node === "string" || typeof node === "number" || typeof node === "boolean" ? String(node) : "";
}

/** Roles of one column, in the order of the lists above. */
export function rolesOf(view: PlanView, column: string): Role[] {
  return [
    ...singleRoles.filter((role) => view.single[role] === column),
    ...listRoles.filter((role) => view.lists[role].includes(column)),
  ];
}
