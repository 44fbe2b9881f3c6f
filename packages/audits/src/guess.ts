import type { ColumnProfile } from "@assay/dataset";
import type { PlanInput, Protected } from "@assay/schema";
import { likelyPositive } from "./truthy.ts";

/** Names that tell a role, as whole words of a column's name. The first list that matches wins. */
const nameHints = {
  identifier:
    /^(name|full_?name|first(_?name)?|last(_?name)?|surname|email|e_?mail|phone|mobile|ssn|passport|address|iban|姓名|邮箱|电话|手机|身份证(号)?)$/,
  weight: /^(weight|weights|sample_?weight|survey_?weight|权重)$/,
  decision:
    /^(decision|decided|approved|hired|selected|admitted|accepted|granted|predicted|prediction|predicted_?label|y_?pred|y_?hat|决定|录用|批准|预测)$/,
  label:
    /^(label|target|truth|y|y_?true|outcome|actual|ground_?truth|two_?year_?recid|income|default|defaulted|repaid|标签|真值|结果)$/,
  query: /^(query|query_?id|qid|list_?id|search_?id|session_?id|impression_?id|查询|查询编号|列表)$/,
  score: /^(score|probability|prob|proba|risk|decile_?score|y_?score|y_?prob|propensity|分数|得分|概率)$/,
  protected:
    /^(sex|gender|race|ethnicity|ethnic|religion|disability|nationality|native_?country|marital_?status|age|age_?cat|age_?group|veteran|pregnant|性别|种族|民族|年龄|宗教|国籍|婚姻(状况)?)$/,
  place:
    /^(zip|zip_?code|postcode|postal_?code|city|county|birth_?date|date_?of_?birth|dob|birthday|邮编|城市|出生日期)$/,
} as const;

type Hint = keyof typeof nameHints;

const mostGroups = 20;

/**
 * A first plan from a file's columns: roles guessed from names, types and cardinality. What it cannot tell it leaves
 * out; people edit it. A table of counts is recognised by its `count` column.
 */
export function guessPlan(columns: readonly ColumnProfile[], fileName: string, rows: number): PlanInput {
  const hints = new Map(columns.map((column) => [column.name, hintOf(column.name)]));
  const named = (hint: Hint): ColumnProfile[] => columns.filter((column) => hints.get(column.name) === hint);
  const isCounts =
    columns.some((column) => column.name === "count" && column.type === "integer") && columns.length <= 12;

  const label = named("label").find((column) => isBinary(column));
  const decided = named("decision").find((column) => isBinary(column));
  const score = named("score").find((column) => column.type === "integer" || column.type === "number");
  const weight = named("weight").find((column) => column.type === "integer" || column.type === "number");
  // A list's rows are ranked by the score, and their label is how relevant they are.
  const query = score === undefined ? undefined : named("query").find((column) => (column.distinct ?? 0) > 1);
  const said = named("decision").find((column) => !isBinary(column));
  const isNumber = (column: ColumnProfile | undefined): boolean =>
    column?.type === "integer" || column?.type === "number";
  // Classes, or numbers where both sides are.
  const multiclass =
    label === undefined
      ? named("label").find(
          (column) =>
            ((column.distinct ?? 0) > 2 && (column.distinct ?? 0) <= 100) ||
            (isNumber(column) && (isNumber(said) || query !== undefined)),
        )
      : undefined;
  const prediction = multiclass ? said : undefined;

  const whom = named("protected");
  const protectedColumns = whom.flatMap((column): Protected[] => {
    const few = column.distinct !== null && column.distinct >= 2 && column.distinct <= mostGroups;
    if (few) return [column.name];
    // The file's own bands come before ours.
    if (whom.some(({ name }) => plainName(name).startsWith(`${plainName(column.name)}_`))) return [];
    const breaks = column.type === "integer" || column.type === "number" ? bandBreaks(column) : [];
    return breaks.length > 0 ? [{ column: column.name, breaks }] : [];
  });
  const identifiers = columns.filter(
    (column) =>
      hints.get(column.name) === "identifier" ||
      (column.type === "text" && column.distinct !== null && rows >= 100 && column.distinct >= 0.95 * rows),
  );
  const id = columns.find(
    (column) => /^(id|row_?id|case_?id|record_?id|编号)$/i.test(column.name) && column.distinct === rows,
  );
  const quasi = [...named("protected"), ...named("place")].filter((column) => !identifiers.includes(column));

  const decision =
    decided !== undefined
      ? decisionOf(decided, label)
      : score !== undefined && isProbability(score) && query === undefined
        ? { column: score.name, at_least: 0.5 }
        : cutOf(score, query === undefined ? label : undefined);
  const positive = positiveOf(label ?? (typeof decision === "string" ? decided : undefined));

  const used = new Set(
    [label, decided, score, weight, multiclass, prediction, query, id].map((column) => column?.name),
  );
  const features = columns.filter(
    (column) =>
      !used.has(column.name) &&
      !identifiers.includes(column) &&
      !isAnswer(column.name, label?.name ?? multiclass?.name, columns) &&
      column.name !== "count" &&
      column.type !== "date" &&
      (column.distinct ?? 2) >= 2 &&
      (column.type !== "text" || (column.distinct !== null && column.distinct <= 50)),
  );

  return {
    version: 1,
    project: projectName(fileName),
    data: isCounts ? { counts: fileName } : { file: fileName },
    columns: {
      ...(id && !isCounts ? { id: id.name } : {}),
      ...(label ? { label: label.name } : multiclass ? { label: multiclass.name } : {}),
      ...(positive === undefined ? {} : { positive }),
      ...(decision === undefined ? {} : { decision }),
      ...(score ? { score: score.name } : {}),
      ...(prediction ? { prediction: prediction.name } : {}),
      ...(query ? { query: query.name } : {}),
      ...(protectedColumns.length > 0 ? { protected: protectedColumns } : {}),
      ...(quasi.length > 0 ? { quasi_identifiers: quasi.map((column) => column.name) } : {}),
      ...(identifiers.length > 0 ? { identifiers: identifiers.map((column) => column.name) } : {}),
      ...(features.length > 0 && (decision !== undefined || label)
        ? { features: features.map((column) => column.name) }
        : {}),
      ...(weight ? { weight: weight.name } : {}),
    },
  };
}

function hintOf(name: string): Hint | null {
  const plain = plainName(name);
  for (const [hint, pattern] of Object.entries(nameHints)) if (pattern.test(plain)) return hint as Hint;
  return null;
}

function plainName(name: string): string {
  return name
    .trim()
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[\s.-]+/g, "_");
}

/** Whether a column's name says that it holds a score, another telling of the label, or a column that the file repeats. */
function isAnswer(name: string, label: string | undefined, columns: readonly ColumnProfile[]): boolean {
  const plain = plainName(name);
  if (/(^|_)(scores?|prob|proba|probability|pred|predicted|prediction)(_|$)/.test(plain)) return true;
  if (/_[1-9]$/.test(name) && columns.some((column) => column.name === name.slice(0, -2))) return true;
  const stem = label === undefined ? undefined : plainName(label).split("_").at(-1);
  const tells = stem !== undefined && stem.length >= 4 && !/^(label|target|truth|true|outcome|actual)$/.test(stem);
  return tells && plain.split("_").includes(stem);
}

/** A score that is no probability, cut where about as many are selected as have the label. Null of scores of many values. */
function cutOf(
  score: ColumnProfile | undefined,
  label: ColumnProfile | undefined,
): { column: string; at_least: number } | undefined {
  const positive = positiveOf(label) ?? (label?.type === "boolean" ? "true" : undefined);
  const yes = label?.top.find(({ value }) => value === positive);
  if (score === undefined || label === undefined || yes === undefined || score.distinct !== score.top.length)
    return undefined;
  const sum = (counts: readonly { readonly count: number }[]): number =>
    counts.reduce((all, { count }) => all + count, 0);
  const asked = yes.count / sum(label.top);
  const rows = sum(score.top);
  let [cut, nearest, above] = [Number.NaN, 1, 0];
  for (const { value, count } of score.top.toSorted((a, b) => Number(b.value) - Number(a.value))) {
    above += count;
    const off = Math.abs(above / rows - asked);
    if (off >= nearest || above === rows) continue;
    [cut, nearest] = [Number(value), off];
  }
  return Number.isNaN(cut) ? undefined : { column: score.name, at_least: cut };
}

function isBinary(column: ColumnProfile): boolean {
  return column.type === "boolean" || column.distinct === 2;
}

function isProbability(column: ColumnProfile): boolean {
  return column.min !== null && column.max !== null && column.min >= 0 && column.max <= 1;
}

/** The value that reads as "yes", where the plan would not find it by itself. */
function positiveOf(column: ColumnProfile | undefined): string | undefined {
  if (column === undefined || column.type === "boolean") return undefined;
  return likelyPositive(column.top.map(({ value }) => value)) ?? undefined;
}

/** A plain name where the decision shares the label's values; else the value that reads as "yes". */
function decisionOf(
  column: ColumnProfile,
  label: ColumnProfile | undefined,
): string | { column: string; equals: string } {
  const positive = positiveOf(column);
  // Whoever runs the plan is asked which value it is.
  if (positive === undefined) return column.name;
  const labelPositive = positiveOf(label);
  return label === undefined || labelPositive === positive ? column.name : { column: column.name, equals: positive };
}

/** Round cuts inside the range: the bands of ages in common use, or none where they do not fit. */
function bandBreaks(column: ColumnProfile): number[] {
  const { min, max } = column;
  if (min === null || max === null) return [];
  return [25, 40, 55].filter((cut) => cut > min && cut <= max);
}

function projectName(fileName: string): string {
  const base = fileName.replace(/\.(csv|tsv|parquet|jsonl|arrow)(\.gz)?$/i, "");
  return base.slice(0, 100) || "audit";
}
