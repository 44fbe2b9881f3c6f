import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLError,
} from "yaml";
import type { z } from "zod";
import { aliasTargets } from "./alias-targets.ts";
import type { Problem } from "./error.ts";
import { issueText, kindText } from "./issue-text.ts";
import { knownKeys } from "./known-keys.ts";
import { nearestName } from "./nearest-name.ts";
import { Plan, plannedKeys } from "./plan.ts";
import { planError } from "./plan-error.ts";

/**
 * Reads a plan from YAML (JSON is YAML too). Every fault is told together, each with its path and line.
 * Scalars that stand for a file's text keep their spelling: `positive: 01` is the text `01`.
 * @throws AssayError plan-invalid
 */
export function readPlan(text: string, name = "plan"): Plan {
  try {
    // YAML's third line break, which the parser does not know.
    return read(text.replace(/\r(?!\n)/g, "\n"), name);
  } catch (error) {
    // The parser calls itself for every level.
    if (!(error instanceof RangeError)) throw error;
    throw planError(name, [{ at: "plan", message: nestedTooDeep }]);
  }
}

const nestedTooDeep = "is nested too deep to be read; a plan has ten levels at most";

function read(text: string, name: string): Plan {
  const lines = new LineCounter();
  const control = controls.exec(text);
  if (control !== null) {
    const sign = `U+${control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    const line = text.slice(0, control.index).split("\n").length;
    throw planError(name, [
      { at: "plan", line, message: `holds the control character ${sign}; delete it, or save the file as plain text` },
    ]);
  }
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  if (document.errors.length > 0) {
    throw planError(
      name,
      document.errors
        .slice(0, mostFaults)
        .map((error) => ({ at: "plan", line: lineAt(error.pos[0]), message: faultText(error) })),
    );
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    throw planError(name, [{ at: "plan", message: "is empty; `assay init <data>` writes a first plan" }]);
  }
  return checkPlan(
    toPlain(document.contents, [], { left: mostAliases, name, lineAt, targets: aliasTargets(document) }),
    name,
    (path) => {
      const range = keyOf(document, path)?.range ?? (document.getIn(path, true) as Node | undefined)?.range;
      return range ? lines.linePos(range[0]).line : undefined;
    },
  );
}

/**
 * Checks a plan already parsed.
 * @throws AssayError plan-invalid, with every problem
 */
export function checkPlan(
  value: unknown,
  name = "plan",
  lineOf: (path: readonly (string | number)[]) => number | undefined = () => undefined,
): Plan {
  const result = Plan.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap(flatten).flatMap((issue): Problem[] => {
    const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
    const told = (message: string, line: number | undefined): Problem => ({
      at: pathText(path),
      message,
      ...(line === undefined ? {} : { line }),
    });
    if (issue.code !== "unrecognized_keys") return [told(issueText(issue), lineOf(path))];
    return issue.keys.map((key) => told(unknownKey(key, path), lineOf([...path, key])));
  });
  const told = problems.filter(
    ({ at, message }, index) => problems.findIndex((other) => other.at === at && other.message === message) === index,
  );
  throw planError(name, told);
}

/** `columns.protected[1]` */
export function pathText(path: readonly (string | number)[]): string {
  return (
    path.reduce<string>(
      (text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`),
      "",
    ) || "plan"
  );
}

type Issue = z.core.$ZodIssue;

/** A union tells only "Invalid input": tell the branch that came furthest instead. */
function flatten(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map((one) => one.path.length));
  const faults = (issues: readonly Issue[]) =>
    issues.reduce((sum, one) => sum + (one.code === "unrecognized_keys" ? one.keys.length : 1), 0);
  // Keys that are wrong say more than that another kind of value would do.
  const isKind = (issues: readonly Issue[]): number =>
    Number(issues.some((one) => one.path.length === 0 && one.code === "invalid_type"));
  const best =
    [...issue.errors].sort((a, b) => depth(b) - depth(a) || isKind(a) - isKind(b) || faults(a) - faults(b))[0] ?? [];
  if (depth(best) === 0 && best.every((one) => one.code === "invalid_type")) {
    return [{ ...issue, message: unionMessage(issue) }];
  }
  return best.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] }));
}

function unionMessage(issue: Extract<Issue, { code: "invalid_union" }>): string {
  const kinds = issue.errors.flatMap((branch) =>
    branch.map((one) => (one.code === "invalid_type" ? one.expected : undefined)).filter((kind) => kind !== undefined),
  );
  return `expected ${[...new Set(kinds.map(kindText))].join(" or ")}`;
}

function unknownKey(key: string, path: readonly (string | number)[]): string {
  const full = pathText([...path, key]);
  const planned = Object.entries(plannedKeys).find(([name]) => name === full)?.[1];
  if (planned !== undefined) return planned;
  const known = knownKeys(Plan, path);
  if (known.includes(key)) return `"${key}" does not go with the other keys here`;
  const near = nearestName(key, known);
  if (near !== null) return `"${key}" is not a setting here; did you mean "${near}"?`;
  return `"${key}" is not a setting here${known.length > 0 ? `; there are ${known.join(", ")}` : ""}`;
}

/** The key that a path ends in, so that a line is told of what a person wrote first. */
function keyOf(document: Document, path: readonly (string | number)[]): Scalar | undefined {
  const map = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (!isMap(map)) return undefined;
  return map.items
    .map(({ key }) => key)
    .find((key): key is Scalar => isScalar(key) && String(key.source ?? key.value) === path.at(-1));
}

const textPaths = [
  /^columns\.positive$/,
  /^columns\.decision\.equals$/,
  /^columns\.reference\./,
  /^data\.missing\[/,
  /^model\.endpoint\.headers\./,
  /^model\.endpoint\.response\.classes\[/,
];

/** Aliases of aliases grow without bound, and one of its own parent never ends. */
const mostAliases = 100;

/** What YAML allows in no text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Where one fault of the text brings others, the first tell enough. */
const mostFaults = 5;

/** What is wrong with the text as YAML, and what to do where the parser's own words speak to programmers. */
function faultText({ code, message }: YAMLError): string {
  switch (code) {
    case "MULTIPLE_DOCS":
      return "a second YAML document begins here (---); a plan is one: keep one of them in the file";
    case "TAB_AS_INDENT":
      return "not valid YAML: a tab indents the line; indent with blanks";
    default:
      return /call stack/i.test(message) ? nestedTooDeep : `not valid YAML: ${message}`;
  }
}

interface Walk {
  /** Aliases that may still be followed. */
  left: number;
  readonly name: string;
  readonly lineAt: (offset: number) => number;
  readonly targets: ReadonlyMap<Alias, Node>;
}

function toPlain(node: unknown, path: readonly (string | number)[], walk: Walk): unknown {
  const refuse = (at: Node, message: string): never => {
    const line = at.range ? { line: walk.lineAt(at.range[0]) } : {};
    throw planError(walk.name, [{ at: pathText(path), message, ...line }]);
  };
  if (isAlias(node)) {
    if (walk.left-- <= 0) {
      refuse(node, `more than ${mostAliases} YAML aliases (*${node.source}) are followed here; write the values out`);
    }
    const target = walk.targets.get(node);
    if (target === undefined)
      refuse(node, `no anchor &${node.source} stands before the alias *${node.source}; write the value out`);
    return toPlain(target, path, walk);
  }
  if (isMap(node)) {
    const keys = new Set<string>();
    return Object.fromEntries(
      node.items.map((pair) => {
        const key = isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : String(pair.key);
        if (key === "<<" && isScalar(pair.key) && pair.key.type === "PLAIN") {
          refuse(pair.key, "merge keys (<<) are no part of YAML 1.2; write the keys out");
        }
        const at = isScalar(pair.key) ? pair.key : node;
        if (key === "__proto__") refuse(at, `no key can be called ${key} here; give the column another name`);
        if (keys.has(key)) refuse(at, `"${key}" stands here a second time; keep one`);
        keys.add(key);
        return [key, toPlain(pair.value, [...path, key], walk)];
      }),
    );
  }
  if (isSeq(node)) return node.items.map((item, index) => toPlain(item, [...path, index], walk));
  if (isScalar(node)) {
    const keepsSpelling = textPaths.some((pattern) => pattern.test(pathText(path)));
    return keepsSpelling && node.source !== undefined ? node.source : node.value;
  }
  return node ?? null;
}
