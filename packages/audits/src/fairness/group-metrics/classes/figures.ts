import type { Figure, FigureOf, Measure } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { apart } from "../../../groups/gap-finding.ts";
import { columnsText, figureId, groupOf, groupText, plainText, Reading, slugsOf } from "../../../groups/reading.ts";
import type { Metric } from "../../../metrics/index.ts";
import { type Drawn, intervalsFigure } from "../group-figures.ts";
import type { Input } from "../settings.ts";
import { strataFigures } from "../strata-figures.ts";
import { accuracy, labelOf, probabilitiesFor, ratesFor, stratifiedOfClasses, tableMetrics } from "./given.ts";
import { mostRated } from "./limits.ts";

/** Classes that each get dots of their own; of more, the one whose groups lie furthest apart. */
const mostDrawn = 6;
/** Groups in a map at most: the largest. */
const mostRows = 40;

/** Classes whose rates get dots: places among the names. */
export function drawnClasses(
  metric: string,
  names: readonly string[],
  by: readonly string[],
  reading: Reading,
): readonly number[] {
  if (names.length > mostRated) return [];
  if (names.length <= mostDrawn) return names.map((_, index) => index);
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (const [index, name] of names.entries()) {
    const gap = reading.find({ metric: `${metric}-difference`, by: [...by], class: name })?.value ?? null;
    if (gap !== null && gap > most) [best, most] = [index, gap];
  }
  return best < 0 ? [] : [best];
}

export function classFigureId(metric: string, of: number): string {
  return `${metric}-of-class-${of + 1}`;
}

export function classFigures(
  measures: readonly Measure[],
  names: readonly string[],
  context: AuditContext<Input>,
): Figure[] {
  const reading = new Reading(measures);
  const { roles, input } = context;
  const slugs = slugsOf(roles);
  const whole: Drawn[] =
    roles.labelText === null || tableMetrics(roles).length === 0
      ? []
      : [accuracy, ...tableMetrics(roles).filter(({ name }) => name === "f1-macro")];
  const figures = roles.groupings.flatMap((by): Figure[] => [
    ...whole.map((metric) => intervalsFigure(metric, by, reading, input, figureId(metric.name, by, slugs))),
    ...probabilitiesFor(roles)
      .filter(({ name }) => name === "expected-calibration-error")
      .map((metric) => intervalsFigure(metric, by, reading, input, figureId(metric.name, by, slugs)))
      .filter(({ rows }) => rows.some(({ value }) => value !== null)),
    ...ratesFor(roles).flatMap((metric): Figure[] => {
      const dots = drawnClasses(metric.name, names, by, reading).map((of) => {
        const name = names[of] ?? "";
        const text = plainText(name);
        const meaning = {
          en: `${metric.meaning.en}, “positive” being “${text}”`,
          "zh-CN": `${metric.meaning["zh-CN"]}，以“${text}”为“正”`,
        };
        const drawn = { ...metric, label: labelOf(metric, text), meaning, class: name };
        return intervalsFigure(drawn, by, reading, input, figureId(classFigureId(metric.name, of), by, slugs));
      });
      const isMapped = names.length > 2 && names.length <= mostRated;
      return isMapped
        ? [...dots, classMap(metric, names, by, reading, input, `${figureId(metric.name, by, slugs)}-map`)]
        : dots;
    }),
  ]);
  const texts = names.length > mostRated ? [] : names.map((name) => ({ name, text: plainText(name) }));
  return [...figures, ...strataFigures(reading, stratifiedOfClasses(roles, texts), context)];
}

/** A rate of every class (columns) in every group (rows). */
function classMap(
  metric: Metric,
  names: readonly string[],
  by: readonly string[],
  reading: Reading,
  input: Input,
  id: string,
): FigureOf<"heatmap"> {
  const people = (values: readonly (string | null)[]): number =>
    reading.find({ metric: "count", group: groupOf(by, values) })?.value ?? 0;
  const all = reading.groups(by);
  const kept = new Set([...all].sort((a, b) => people(b) - people(a)).slice(0, mostRows));
  const rows = all.filter((values) => kept.has(values));
  const columns = columnsText(by);
  return {
    kind: "heatmap",
    id,
    title: {
      en: `${metric.label.en} of each class, by ${columns}`,
      "zh-CN": `按 ${columns}，各类别的${apart(metric.label["zh-CN"])}`,
    },
    caption: {
      en: `${metric.label.en}: ${metric.meaning.en}, “positive” being the class. Hatched cells hold fewer than ${input.min_count} people.${rows.length < all.length ? ` The ${rows.length} largest of ${all.length} groups are shown.` : ""}`,
      "zh-CN": `${metric.label["zh-CN"]}：${metric.meaning["zh-CN"]}，以该类别为“正”。带斜线的格子不足 ${input.min_count} 人。${rows.length < all.length ? `图中为 ${all.length} 个组中人数最多的 ${rows.length} 个。` : ""}`,
    },
    unit: "percent",
    rowTitle: { en: columns, "zh-CN": columns },
    columnTitle: { en: "Class", "zh-CN": "类别" },
    rows: rows.map(groupText),
    columns: names.map((name) => ({ en: plainText(name), "zh-CN": plainText(name) })),
    cells: rows.flatMap((values, row) =>
      names.map((name, column) => {
        const measure = reading.find({ metric: metric.name, group: groupOf(by, values), class: name });
        return {
          row,
          column,
          value: measure?.value ?? null,
          n: measure?.n ?? null,
          few: people(values) < input.min_count,
        };
      }),
    ),
  };
}
