import type { Figure, FigureOf, Measure } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { columnsText, figureId, groupOf, groupText, Reading, slugsOf } from "../../../groups/reading.ts";
import { countText, percentText, significantText } from "../../../wording/index.ts";
import { intervalsFigure, rangeOfFew } from "../group-figures.ts";
import type { Input } from "../settings.ts";
import { strataFigures } from "../strata-figures.ts";
import { listsFor, pooledLists } from "./given.ts";
import { mostGroups } from "./limits.ts";

/** Metrics with figures of their own, beside the shares of the first places. */
const drawn = ["exposure", "exposure-per-relevance", "pairwise-accuracy", "inter-group-pairwise-accuracy"];

export function listFigures(measures: readonly Measure[], context: AuditContext<Input>): Figure[] {
  const reading = new Reading(measures);
  const { roles, input } = context;
  const slugs = slugsOf(roles);
  const figures = roles.groupings.flatMap((by): Figure[] => {
    const isMeasured = reading
      .groups(by)
      .some((values) => reading.find({ metric: "exposure", group: groupOf(by, values) }));
    if (!isMeasured) return [];
    return [
      sharesFigure(by, reading, input, figureId("top-k-share", by, slugs)),
      ...listsFor(roles)
        .filter(({ name }) => drawn.includes(name))
        .map((metric) =>
          intervalsFigure(metric, by, reading, input, figureId(metric.name, by, slugs), metric.unit, (value) =>
            metric.unit === "percent" ? percentText(value) : significantText(value),
          ),
        ),
    ];
  });
  return [...figures, ...strataFigures(reading, pooledLists(roles), context)];
}

/** What a group has of the first places, above what it has of the candidates. */
function sharesFigure(by: readonly string[], reading: Reading, input: Input, id: string): FigureOf<"intervals"> {
  const columns = columnsText(by);
  const top = countText(input.top);
  const level = percentText(input.confidence, 0);
  const rows = reading
    .groups(by)
    .slice(0, mostGroups)
    .flatMap((values) => {
      const group = groupOf(by, values);
      const few = (reading.find({ metric: "count", group })?.value ?? 0) < input.min_count;
      const text = groupText(values);
      return (
        [
          { metric: "top-k-share", en: `first ${top}`, zh: `前 ${top} 名` },
          { metric: "candidate-share", en: "candidates", zh: "候选者" },
        ] as const
      ).flatMap(({ metric, en, zh }) => {
        const measure = reading.find({ metric, group });
        if (!measure) return [];
        const isTold = measure.method !== rangeOfFew;
        return [
          {
            label: { en: `${text.en}: ${en}`, "zh-CN": `${text["zh-CN"]}：${zh}` },
            value: measure.value,
            low: isTold ? (measure.low ?? null) : null,
            high: isTold ? (measure.high ?? null) : null,
            n: measure.n ?? null,
            few,
          },
        ];
      });
    });
  return {
    kind: "intervals",
    id,
    title: {
      en: `Shares of the first ${top} places by ${columns}`,
      "zh-CN": `按 ${columns} 的前 ${top} 名占比`,
    },
    caption: {
      en: `What each group has of the first ${top} places of a list, and what it has of the rows that could have them. Lines are ${level} intervals over lists, where lists are enough.`,
      "zh-CN": `各组在列表前 ${top} 名中的占比，以及在全部候选行中的占比。列表足够多时，线段为按列表计算的 ${level} 区间。`,
    },
    unit: "percent",
    xTitle: { en: "Share of the list", "zh-CN": "占列表的比例" },
    rows,
    reference: null,
  };
}
