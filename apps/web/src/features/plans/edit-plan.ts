import { type Document, isMap, isSeq, parseDocument, type ScalarTag, type Tags, YAMLMap } from "yaml";
import { chooseEndpoint, type EndpointField, setEndpointField } from "./endpoint-edit.ts";
import { type ListRole, type PlanView, type Role, type RuleView, readPlanView, singleRoles } from "./plan-view.ts";

/** One change that the form makes to a plan. */
export type PlanEdit =
  | { readonly kind: "audits"; readonly chosen: readonly string[] | null }
  /** Texts of columns in the order that the model codes them; null: none. */
  | { readonly kind: "categories"; readonly lists: Readonly<Record<string, readonly string[]>> | null }
  | { readonly kind: "breaks"; readonly column: string; readonly text: string }
  | { readonly kind: "decision"; readonly test: "at_least" | "equals"; readonly value: string }
  /** The plan's model is behind an address. */
  | { readonly kind: "endpoint"; readonly url: string }
  | { readonly kind: "endpoint-field"; readonly field: EndpointField; readonly value: string }
  /** The file of the plan's model; null: no model. */
  | { readonly kind: "model"; readonly file: string | null }
  /** Takes away the columns that would come before what the model says. */
  | { readonly kind: "model-decides" }
  | { readonly kind: "policy"; readonly ids: readonly string[] }
  | { readonly kind: "reference"; readonly column: string; readonly value: string }
  | {
      readonly kind: "role";
      readonly column: string;
      readonly role: Role;
      readonly on: boolean;
      readonly numeric: boolean;
    }
  | { readonly kind: "rules"; readonly rules: readonly RuleView[] }
  | { readonly kind: "setting"; readonly audit: string; readonly key: string; readonly value: unknown }
  /** The score from which the model's decision is positive; empty: the usual one. */
  | { readonly kind: "threshold"; readonly value: string }
  | {
      readonly kind: "text";
      readonly at:
        | "columns.favourable"
        | "columns.intersections"
        | "columns.positive"
        | "data.where"
        | "project"
        | "seed";
      readonly value: string;
    };

/**
 * The plan's YAML after a change. Only what changes is written anew: comments, order and spelling of the rest stay.
 * A text that is not YAML is given back as it is.
 */
export function editPlan(yaml: string, edit: PlanEdit): string {
  const reading = readPlanView(yaml);
  if (!reading.ok) return yaml;
  const document = parseDocument(yaml, { customTags: keepSpelling });
  apply(document, reading.view, edit);
  return document.toString({ lineWidth: 100 });
}

/** Numbers that nobody touched are written as they stood: `01` is a text of the file, not the number 1. */
function keepSpelling(tags: Tags): Tags {
  return tags.map((tag) => {
    if (typeof tag === "string" || tag.collection !== undefined) return tag;
    const usual = (tag as ScalarTag).stringify;
    if (usual === undefined) return tag;
    const stringify: ScalarTag["stringify"] = (item, ...rest) =>
      typeof item.value !== "string" && item.source !== undefined ? item.source : usual(item, ...rest);
    return { ...tag, stringify } as ScalarTag;
  });
}

function apply(document: Document, view: PlanView, edit: PlanEdit): void {
  switch (edit.kind) {
    case "audits":
      setAudits(document, view, edit.chosen);
      return;
    case "breaks":
      setBreaks(document, edit.column, edit.text);
      return;
    case "categories":
      document.deleteIn(["model", "categories"]);
      if (edit.lists !== null) setCategories(document, edit.lists);
      return;
    case "decision": {
      const column = view.decision?.column;
      if (column === undefined) return;
      set(document, ["columns", "decision"], {
        column,
        [edit.test]: edit.test === "at_least" ? numberOr(edit.value) : edit.value,
      });
      return;
    }
    case "endpoint":
      chooseEndpoint(document, edit.url);
      return;
    case "endpoint-field":
      setEndpointField(document, edit.field, edit.value);
      return;
    case "model":
      if (edit.file !== null) {
        if (document.hasIn(["model", "endpoint"])) document.deleteIn(["model", "endpoint"]);
        set(document, ["model", "file"], edit.file);
      } else {
        document.delete("model");
        if (view.decision?.column === "") set(document, ["columns", "decision"], "");
      }
      return;
    case "model-decides":
      for (const role of ["decision", "prediction", "score"]) set(document, ["columns", role], "");
      return;
    case "policy":
      set(document, ["policy"], edit.ids.length === 1 ? edit.ids[0] : edit.ids);
      return;
    case "reference":
      set(document, ["columns", "reference", edit.column], edit.value);
      return;
    case "role":
      setRole(document, view, edit);
      return;
    case "rules":
      set(document, ["rules"], edit.rules.map(ruleValue));
      return;
    case "setting":
      set(document, ["audits", edit.audit, edit.key], edit.value);
      return;
    case "threshold":
      set(document, ["columns", "decision"], edit.value === "" ? "" : { at_least: numberOr(edit.value) });
      return;
    case "text": {
      const path = edit.at.split(".");
      const isNumber = edit.at === "seed" || edit.at === "columns.intersections";
      const usual = edit.at === "columns.favourable" && edit.value === "positive";
      set(document, path, usual ? "" : isNumber ? numberOr(edit.value) : edit.value);
      return;
    }
  }
}

type RoleEdit = Extract<PlanEdit, { kind: "role" }>;

function setRole(document: Document, view: PlanView, { column, role, on, numeric }: RoleEdit): void {
  if (isSingle(role)) {
    const value = role !== "decision" ? column : numeric ? { column, at_least: 0.5 } : column;
    set(document, ["columns", role], on ? value : "");
    return;
  }
  const node = document.getIn(["columns", role], true);
  const before = view.lists[role];
  if (on && !before.includes(column)) {
    if (isSeq(node)) node.add(document.createNode(column));
    else set(document, ["columns", role], [column]);
  }
  if (!on && isSeq(node)) {
    const index = node.items.findIndex((_, at) => nameAt(document, role, at) === column);
    if (index >= 0) document.deleteIn(["columns", role, index]);
    if (node.items.length === 0) document.deleteIn(["columns", role]);
    if (role === "protected") set(document, ["columns", "reference", column], "");
  }
}

function nameAt(document: Document, role: ListRole, index: number): string {
  const item = document.getIn(["columns", role, index]);
  return String(isMap(item) ? item.get("column") : item);
}

function setBreaks(document: Document, column: string, text: string): void {
  const node = document.getIn(["columns", "protected"], true);
  if (!isSeq(node)) return;
  const index = node.items.findIndex((_, at) => nameAt(document, "protected", at) === column);
  if (index < 0) return;
  const breaks = text
    .split(/[\s,;，；]+/)
    .filter(Boolean)
    .map(numberOr);
  const value = document.createNode(breaks.length === 0 ? column : { column, breaks }, { flow: true });
  document.setIn(["columns", "protected", index], value);
}

function setCategories(document: Document, lists: Readonly<Record<string, readonly string[]>>): void {
  const node = new YAMLMap();
  for (const [column, texts] of Object.entries(lists)) node.set(column, document.createNode(texts, { flow: true }));
  document.setIn(["model", "categories"], node);
}

function setAudits(document: Document, view: PlanView, chosen: readonly string[] | null): void {
  if (chosen === null) {
    document.delete("audits");
    return;
  }
  set(document, ["audits"], Object.fromEntries([...chosen].sort().map((id) => [id, view.audits?.[id] ?? {}])), true);
}

function ruleValue({ metric, by, feature, side, bound }: RuleView): Record<string, unknown> {
  return {
    metric,
    ...(by.length === 0 ? {} : { by: by.length === 1 ? by[0] : by }),
    ...(feature === "" ? {} : { feature }),
    [side]: numberOr(bound),
  };
}

/**
 * Writes a value at a path, or takes away what is empty, and then the maps that have nothing left in them. Lists of plain
 * values stand on one line.
 */
function set(document: Document, path: readonly string[], value: unknown, keepEmpty = false): void {
  const empty =
    value === "" ||
    value === undefined ||
    (!keepEmpty && typeof value === "object" && value !== null && Object.keys(value).length === 0);
  if (!empty) {
    const flat = Array.isArray(value) && value.every((item) => typeof item !== "object");
    document.setIn(path, document.createNode(value, { flow: flat || path.at(-1) === "decision" }));
    return;
  }
  if (!document.hasIn(path)) return;
  document.deleteIn(path);
  for (let length = path.length - 1; length > 0; length--) {
    const parent = path.slice(0, length);
    const node = document.getIn(parent, true);
    // An audit without settings is still chosen.
    if (!isMap(node) || node.items.length > 0 || (parent[0] === "audits" && length === 2)) return;
    document.deleteIn(parent);
  }
}

function isSingle(role: Role): role is (typeof singleRoles)[number] {
  return singleRoles.some((one) => one === role);
}

/** A number where the text is one; else the text itself, so that the check can say what is wrong with it. */
function numberOr(text: string): number | string {
  const number = Number(text);
  return text.trim() === "" || !Number.isFinite(number) ? text : number;
}
