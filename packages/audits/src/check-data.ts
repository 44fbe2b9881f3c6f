import { type CodedColumn, type CodedTable, coded, requestKey } from "@assay/dataset";
import { type LocalizedText, nearestName, type Problem, planError, type ReportData } from "@assay/schema";
import { askForPositive } from "./ask-for-positive.ts";
import { predictionProblems } from "./check-prediction.ts";
import { type Prepared, textRequest } from "./prepare.ts";
import { cutValue, mostTold, quotedValues } from "./quoted-values.ts";
import { weightProblem } from "./row-weights.ts";
import { isPlainYesNo, tellsPositive } from "./truthy.ts";

/**
 * Holds a prepared plan against the values of its data. A positive value or a reference group that the data does not
 * have would give numbers that look perfect and mean nothing. What is odd and can be run is told in the data's warnings.
 * @throws AssayError plan-invalid, with every problem
 */
export function checkData(
  prepared: Prepared,
  loaded: { table: CodedTable; data: ReportData },
  name?: string,
): ReportData {
  const { table, data } = loaded;
  const { plan, roles } = prepared;
  const problems: Problem[] = [];
  const warnings: LocalizedText[] = [];
  for (const [role, request] of [
    ["label", roles.label],
    ["decision", roles.decision],
  ] as const) {
    if (request?.kind !== "equals") continue;
    const column = table.columns[textRequest(request.column).key];
    if (column?.kind !== "coded") continue;
    const known = column.levels;
    if (known.length === 0) warnings.push(noValue(role, request.column));
    const chosen = role === "decision" && typeof plan.columns.decision === "object";
    if (!chosen && roles.positive === null && !tellsPositive(known)) {
      const held = heldLevels(column, table);
      if (!tellsPositive(held)) problems.push({ at: `columns.${role}`, message: askForPositive(request.column, held) });
      continue;
    }
    if (!known.some((level) => request.equals.includes(level))) {
      // A single other value may be a file without positives; two others cannot be.
      if (known.length < 2) continue;
      // A column of yes and no that lacks every spelling of yes is a file without positives.
      if (!chosen && roles.positive === null) continue;
      const named = chosen || plan.columns.positive !== undefined ? "plan" : "model";
      const at = chosen ? "columns.decision.equals" : named === "model" ? `columns.${role}` : "columns.positive";
      problems.push({ at, message: absent(request, known, named) });
    } else if (!chosen && (known.length > 2 || (roles.positive === null && !isPlainYesNo(known)))) {
      warnings.push(others(role, request, column, table));
    }
  }
  for (const role of roles.protected) {
    if (role.reference === null) continue;
    const { levels } = coded(table, role.request);
    if (levels.includes(role.reference)) continue;
    const near = nearestName(role.reference, levels);
    const cure = near ? `did you mean "${near}"?` : `there are ${quotedValues(levels)}`;
    problems.push({
      at: `columns.reference.${role.name}`,
      message: `no group "${role.reference}" in column "${role.name}"; ${cure}`,
    });
  }
  const weight = weightProblem(table, roles);
  if (weight !== null) problems.push({ at: "columns.weight", message: weight });
  problems.push(
    ...unknownClasses(prepared, table),
    ...unlistedTexts(prepared, table),
    ...predictionProblems(prepared, table),
  );
  if (problems.length > 0) throw planError(name ?? "plan", problems);
  return warnings.length === 0 ? data : { ...data, warnings: [...data.warnings, ...warnings] };
}

/** Labels of which the model knows none: every one of its predictions would be wrong. */
function unknownClasses({ roles }: Prepared, table: CodedTable): Problem[] {
  const { labelText, model } = roles;
  const classes = model?.about.classes ?? null;
  if (labelText === null || classes === null || model?.gives.has("prediction") !== true || model.predictsNumbers)
    return [];
  const held = table.columns[requestKey(labelText)];
  if (held?.kind !== "coded" || held.levels.length === 0) return [];
  if (held.levels.some((level) => classes.includes(level))) return [];
  return [
    {
      at: "columns.label",
      message: `column "${labelText.column}" holds ${quotedValues(held.levels)}, none of them a class of the model, whose classes are ${quotedValues(classes)}; write the label as the model names its classes`,
    },
  ];
}

/** Texts that a model would be given a number for, and that the plan's categories do not list. Each column's together. */
function unlistedTexts({ roles }: Prepared, table: CodedTable): Problem[] {
  return (roles.model?.inputs ?? []).flatMap((input): Problem[] => {
    const { categories, column } = input;
    if (input.kind !== "number" || categories === null || input.request.kind === "number") return [];
    const held = table.columns[requestKey(input.request)];
    if (held?.kind !== "coded") return [];
    const missing = held.levels.filter((level) => !categories.includes(level));
    if (missing.length === 0) return [];
    const counts = rowsOfLevels(held, table);
    const total = missing.reduce((sum, level) => sum + (counts[held.levels.indexOf(level) + 1] ?? 0), 0);
    // A text that no row is left with does no harm.
    if (total === 0) return [];
    const [first = ""] = missing;
    const near = missing.length === 1 ? nearestName(first, categories) : null;
    const told = missing
      .slice(0, mostTold)
      .map((level) => `"${cutValue(level)}" (${rowCount(counts[held.levels.indexOf(level) + 1] ?? 0)})`);
    const more = missing.length > mostTold ? ` and ${missing.length - mostTold} more (${rowCount(total)} in all)` : "";
    return [
      {
        at: `model.categories.${column}`,
        message: `column "${column}" holds ${told.join(", ")}${more}, which the list lacks${near ? `; is it "${near}"?` : ""}; list every text in the model's order, or leave such rows out with data.where`,
      },
    ];
  });
}

function rowCount(rows: number): string {
  return rows === 1 ? "1 row" : `${rows} rows`;
}

function rowsOfLevels(column: CodedColumn, table: CodedTable): Float64Array {
  const rows = new Float64Array(column.levels.length + 1);
  for (let row = 0; row < table.rows; row++) {
    const code = column.codes[row] ?? 0;
    rows[code] = (rows[code] ?? 0) + (table.counts?.[row] ?? 1);
  }
  return rows;
}

/** The texts that a row is left with. */
function heldLevels(column: CodedColumn, table: CodedTable): string[] {
  const rows = rowsOfLevels(column, table);
  return column.levels.filter((_, index) => (rows[index + 1] ?? 0) > 0);
}

type Equals = Extract<NonNullable<Prepared["roles"]["label"]>, { kind: "equals" }>;

/** `named`: who says what the positive value is. */
function absent(request: Equals, known: readonly string[], named: "model" | "plan"): string {
  const held = `it holds ${quotedValues(known)}`;
  if (named === "model") {
    return `column "${request.column}" has no value "${request.equals[0] ?? ""}", which is the last of the model's classes and so the positive one; ${held}: say with columns.positive which is`;
  }
  const wanted = request.equals[0] ?? "";
  const near =
    known.find((level) => level.trim() !== "" && Number(level) === Number(wanted)) ??
    (/\p{L}/u.test(wanted) ? nearestName(wanted, known) : null);
  return `no value "${wanted}" in column "${request.column}"; ${held}${near ? `; did you mean "${near}"?` : ""}`;
}

function noValue(role: "label" | "decision", column: string): LocalizedText {
  return {
    en: `columns.${role}: "${column}" holds no value in any row read.`,
    "zh-CN": `columns.${role}：“${column}” 在读取的各行中均无取值。`,
  };
}

function others(role: "label" | "decision", request: Equals, column: CodedColumn, table: CodedTable): LocalizedText {
  const rows = rowsOfLevels(column, table);
  const rest = column.levels
    .map((level, index) => ({ level, rows: rows[index + 1] ?? 0 }))
    .filter(({ level }) => !request.equals.includes(level));
  const most = rest.slice(0, mostTold);
  const more = rest.length - most.length;
  const positive = request.equals.filter((text) => column.levels.includes(text)).join(", ");
  return {
    en: `columns.${role}: "${request.column}" holds ${column.levels.length} values; every one but ${positive} counts as negative: ${most.map((one) => `${cutValue(one.level)} (${one.rows} rows)`).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`,
    "zh-CN": `columns.${role}：“${request.column}” 有 ${column.levels.length} 种取值，除 ${positive} 外均按阴性计：${most.map((one) => `${cutValue(one.level)}（${one.rows} 行）`).join("、")}${more > 0 ? `，另有 ${more} 种` : ""}。`,
  };
}
