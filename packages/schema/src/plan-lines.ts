import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { aliasTargets } from "./alias-targets.ts";
import { isAssayError } from "./error.ts";
import { planError } from "./plan-error.ts";

/**
 * An error told of a plan that was read, with the line of each problem's place in the plan's text; every other error as it is.
 * What the text does not have is told at the line of the key that would hold it.
 */
export function withPlanLines(error: unknown, name: string, text: string): unknown {
  if (!isAssayError(error) || error.code !== "plan-invalid" || error.problems.length === 0) return error;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  if (document.errors.length > 0) return error;
  const targets = aliasTargets(document);
  const resolve = (node: unknown): unknown => (isAlias(node) ? targets.get(node) : node);
  const problems = error.problems.map(({ at, message }) => {
    const range = deepest(document.contents, at, resolve)?.range;
    return { at, message, ...(range ? { line: lines.linePos(range[0]).line } : {}) };
  });
  return planError(name, problems);
}

/** The key or item that a place such as `columns.protected[1]` ends in, or as much of it as there is. */
function deepest(root: unknown, place: string, resolve: (node: unknown) => unknown): Node | null {
  let node = resolve(root);
  let rest = place;
  let found: Node | null = null;
  while (rest !== "") {
    if (isMap(node)) {
      // Names of audits and columns have dots themselves.
      const pair = node.items
        .filter(({ key }) => isScalar(key) && isHead(String(key.source ?? key.value), rest))
        .sort((a, b) => String(b.key).length - String(a.key).length)[0];
      if (pair === undefined || !isScalar(pair.key)) break;
      rest = rest.slice(String(pair.key.source ?? pair.key.value).length).replace(/^\./, "");
      found = pair.key;
      node = resolve(pair.value);
    } else if (isSeq(node)) {
      const match = /^\[(\d+)\]\.?/.exec(rest);
      const item = match === null ? undefined : node.items[Number(match[1])];
      if (match === null || item === undefined) break;
      rest = rest.slice(match[0].length);
      found = item as Node;
      node = resolve(item);
    } else break;
  }
  return found;
}

function isHead(key: string, rest: string): boolean {
  return rest.startsWith(key) && (rest.length === key.length || ".[".includes(rest[key.length] ?? ""));
}
