/** A bare number compares numerically, a quoted text by code point. */
export type Literal =
  | { readonly kind: "number"; readonly value: number; readonly source: string }
  | { readonly kind: "text"; readonly value: string };

export const operators = ["=", "!=", "<", "<=", ">", ">="] as const;
export type Operator = (typeof operators)[number];

/**
 * A row filter. A comparison (`compare`, `in`) with a missing value is false, also `!=` and `not in`; `not` of a false
 * comparison is true. A value that is no number makes a comparison with a number false.
 */
export type Where =
  | { readonly kind: "and" | "or"; readonly left: Where; readonly right: Where }
  | { readonly kind: "not"; readonly of: Where }
  | { readonly kind: "compare"; readonly column: string; readonly operator: Operator; readonly literal: Literal }
  | {
      readonly kind: "in";
      readonly column: string;
      readonly literals: readonly Literal[];
      /** `not in`. */
      readonly negated: boolean;
    }
  | { readonly kind: "missing"; readonly column: string; readonly negated: boolean };

/** Which forms of which columns a filter needs, in the order the filter names them. */
export interface WhereNeed {
  readonly column: string;
  readonly texts: boolean;
  readonly numbers: boolean;
  readonly missing: boolean;
}

export function whereNeeds(where: Where): readonly WhereNeed[] {
  const needs = new Map<string, WhereNeed>();
  const add = (column: string, more: Partial<WhereNeed>): void => {
    const known = needs.get(column) ?? { column, texts: false, numbers: false, missing: false };
    needs.set(column, { ...known, ...more });
  };
  const visit = (node: Where): void => {
    switch (node.kind) {
      case "and":
      case "or":
        visit(node.left);
        visit(node.right);
        break;
      case "not":
        visit(node.of);
        break;
      case "compare":
        add(node.column, node.literal.kind === "number" ? { numbers: true } : { texts: true });
        break;
      case "in":
        if (node.literals.some((literal) => literal.kind === "number")) add(node.column, { numbers: true });
        if (node.literals.some((literal) => literal.kind === "text")) add(node.column, { texts: true });
        if (node.negated) add(node.column, { missing: true });
        break;
      case "missing":
        add(node.column, { missing: true });
        break;
    }
  };
  visit(where);
  return [...needs.values()];
}

const bareName = /^[\p{L}_][\p{L}\p{M}\p{N}_.-]*$/u;
const words = new Set(["and", "in", "is", "missing", "not", "or"]);

/** Writes a filter so that it reads back as the same filter. */
export function formatWhere(where: Where): string {
  switch (where.kind) {
    case "and":
    case "or":
      return `(${formatWhere(where.left)} ${where.kind} ${formatWhere(where.right)})`;
    case "not":
      return `not (${formatWhere(where.of)})`;
    case "compare":
      return `${formatName(where.column)} ${where.operator} ${formatLiteral(where.literal)}`;
    case "in":
      return `${formatName(where.column)} ${where.negated ? "not in" : "in"} (${where.literals.map(formatLiteral).join(", ")})`;
    case "missing":
      return `${formatName(where.column)} is ${where.negated ? "not missing" : "missing"}`;
  }
}

function formatName(name: string): string {
  return bareName.test(name) && !words.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`;
}

function formatLiteral(literal: Literal): string {
  return literal.kind === "number" ? literal.source : `'${literal.value.replaceAll("'", "''")}'`;
}
