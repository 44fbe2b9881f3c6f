import type { AuditContext } from "../../../define.ts";
import { chosenNames } from "../chosen.ts";
import type { GroupValues } from "../rows.ts";
import type { MitigationInput } from "../settings.ts";
import { streams } from "../streams.ts";
import type { Learned } from "./learn.ts";
import type { Mixture } from "./mixture.ts";

/** The rules as a file that another system can apply, with the randomisation made explicit. */
export function thresholdsJson(
  learned: Learned,
  groups: readonly GroupValues[],
  { input, roles, plan }: AuditContext<MitigationInput>,
): string {
  const by = chosenNames(input, roles);
  const file = {
    format: "assay.thresholds",
    version: 1,
    score: roles.score?.kind === "number" ? { column: roles.score.column } : { model: plan.model ?? null },
    positive: roles.positive,
    by,
    constraint: input.constraint,
    tolerance: input.tolerance,
    objective: input.objective,
    apply: [
      "Find the row's group by its values of `by`; where no group has them, or one is missing, take `others`.",
      "Each entry of a rule is drawn with its probability; the row's decision is positive where its score is at least `at_least`. everybody and nobody do not look at the score.",
      "To decide a row always in the same way, let u be its draw (see `draw`); the decision is positive where u is below the sum of the probabilities of the entries that accept the row.",
    ],
    draw: {
      generator: "philox4x32-10",
      key: [plan.seed >>> 0, Math.floor(plan.seed / 4_294_967_296)],
      counter: ["row mod 2^32", "floor(row / 2^32)", streams.apply, 0],
      row: "the row's number, from 0; any integer that is the row's own will do",
      uniform: "(w1 * 2^21 + floor(w0 / 2^11)) / 2^53, of the block's first two words w0 and w1",
    },
    groups: groups.flatMap(({ values, known }, index) =>
      known && learned.own[index] === true
        ? [
            {
              values: Object.fromEntries(by.map((name, place) => [name, values[place]])),
              rule: ruleJson(learned.rules[index] ?? []),
            },
          ]
        : [],
    ),
    others: ruleJson(learned.pooled),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function ruleJson(rule: Mixture): object[] {
  return rule.map(({ corner: { threshold }, probability }) =>
    threshold === Number.POSITIVE_INFINITY
      ? { accept: "nobody", probability }
      : threshold === Number.NEGATIVE_INFINITY
        ? { accept: "everybody", probability }
        : { at_least: threshold, probability },
  );
}
