import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
} from "yaml";
import type { z } from "zod";
import { AssayError, type Problem } from "./error.ts";
import { issueText, kindText } from "./issue-text.ts";
import { knownKeys } from "./known-keys.ts";
import { nearestName } from "./nearest-name.ts";
import { Plan, plannedKeys } from "./plan.ts";

/**
 * Reads a plan from YAML (JSON is YAML too). Every fault is told together, each with its path and line.
 * Scalars that stand for a file's text keep their spelling: `positive: 01` is the text `01`.
 * @throws AssayError plan-invalid
 */
export function readPlan(text: string, name = "plan"): Plan {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw planError(
      name,
      document.errors.map((error) => ({
        at: `line ${lines.linePos(error.pos[0]).line}`,
        message: `not valid YAML: ${error.message}`,
      })),
    );
  }
  return checkPlan(toPlain(document, document.contents, [], { left: mostAliases, name }), name, (path) => {
    const range = keyOf(document, path)?.range ?? (document.getIn(path, true) as Node | undefined)?.range;
    return range ? lines.linePos(range[0]).line : undefined;
  });
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
    const at = (line: number | undefined): string => pathText(path) + (line === undefined ? "" : ` (line ${line})`);
    if (issue.code !== "unrecognized_keys") return [{ at: at(lineOf(path)), message: issueText(issue) }];
    return issue.keys.map((key) => ({ at: at(lineOf([...path, key])), message: unknownKey(key, path) }));
  });
  throw planError(name, problems);
}

export function planError(name: string, problems: readonly Problem[]): AssayError {
  const lines = problems.map((problem) => `  ${problem.at}: ${problem.message}`);
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new AssayError("plan-invalid", `${name} cannot be run, ${count}:\n${lines.join("\n")}`, { problems });
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

interface AliasBudget {
  left: number;
  readonly name: string;
}

function toPlain(document: Document, node: unknown, path: readonly (string | number)[], aliases: AliasBudget): unknown {
  if (isAlias(node)) {
    if (aliases.left-- <= 0) {
      const message = `more than ${mostAliases} YAML aliases (*${node.source}) are followed here; write the values out`;
      throw planError(aliases.name, [{ at: pathText(path), message }]);
    }
    return toPlain(document, node.resolve(document), path, aliases);
  }
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map((pair) => {
        const key = isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : String(pair.key);
        return [key, toPlain(document, pair.value, [...path, key], aliases)];
      }),
    );
  }
  if (isSeq(node)) return node.items.map((item, index) => toPlain(document, item, [...path, index], aliases));
  if (isScalar(node)) {
    const keepsSpelling = textPaths.some((pattern) => pattern.test(pathText(path)));
    return keepsSpelling && node.source !== undefined ? node.source : node.value;
  }
  return node ?? null;
}
