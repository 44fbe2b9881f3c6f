import { PhiloxStream } from "@assay/compute";
import {
  estimateList,
  type ListEstimate,
  listGap,
  listInterval,
} from "../../packages/audits/src/fairness/group-metrics/lists/jackknife.ts";
import {
  listGroupsOf,
  listsOf,
  type Places,
  placesOf,
} from "../../packages/audits/src/fairness/group-metrics/lists/places.ts";
import { shuffleTest } from "../../packages/audits/src/fairness/group-metrics/lists/shuffle.ts";
import type { ListSummary } from "../../packages/audits/src/fairness/group-metrics/lists/summary.ts";
import { listMetrics } from "../../packages/audits/src/metrics/lists/index.ts";
import type { Check } from "./study.ts";

const top = 3;
const rowsOfList = 10;

/** Lists of ten rows; group b's score is lowered by `bias`. Lists differ in how many of b they hold. */
interface World {
  readonly lists: number;
  readonly bias: number;
}

function draw({ lists, bias }: World, random: PhiloxStream): ListSummary {
  const codes: number[] = [];
  const scores: number[] = [];
  const relevance: number[] = [];
  for (let list = 0; list < lists; list++) {
    const share = 0.2 + 0.5 * random.uniform();
    const rows = Array.from({ length: rowsOfList }, (_, row) => {
      // Both groups stand in every list, so that every list tells of both.
      const group = row === 0 ? 1 : row === 1 ? 2 : random.uniform() < share ? 2 : 1;
      const grade = random.uniform() < 0.4 ? 1 : 0;
      return { group, grade, score: grade + random.normal() - (group === 2 ? bias : 0) };
    }).sort((a, b) => b.score - a.score);
    for (const row of rows) {
      codes.push(list + 1, row.group);
      scores.push(row.score);
      relevance.push(row.grade);
    }
  }
  return {
    disclosure: "rows",
    columns: [
      { name: "query", levels: Array.from({ length: lists }, (_, list) => String(list)) },
      { name: "group", levels: ["a", "b"] },
    ],
    codes: Uint32Array.from(codes),
    scores: Float64Array.from(scores),
    relevance: Float64Array.from(relevance),
    counts: new Float64Array(scores.length).fill(1),
    scoreless: 0,
    listless: 0,
    tooMany: false,
  };
}

function placesIn(summary: ListSummary): Places {
  return placesOf(summary, listsOf(summary), listGroupsOf(summary, ["group"]), top);
}

const estimates = (places: Places): ReadonlyMap<string, readonly ListEstimate[]> =>
  new Map(listMetrics.map((metric) => [metric.name, [0, 1].map((group) => estimateList(metric, places, group))]));

/** Jackknife intervals over lists, those of gaps, and sizes of the test over lists and of dealing groups anew. */
export async function listChecks(
  simulations: number,
  replicates: number,
  quick: boolean,
  tell: (text: string) => void,
): Promise<Check[]> {
  const checks: Check[] = [];
  const scenarios: readonly World[] = quick
    ? [{ lists: 20, bias: 0 }]
    : [
        { lists: 10, bias: 0 },
        { lists: 20, bias: 0 },
        { lists: 50, bias: 0 },
        { lists: 20, bias: 0.7 },
        { lists: 100, bias: 0.7 },
      ];
  for (const [index, world] of scenarios.entries()) {
    const about = `${world.lists} lists of ${rowsOfList}, ${world.bias > 0 ? "different" : "equal"}`;
    tell(`ranked lists, ${about}`);
    // What the numbers are in so many lists that they no longer move.
    const truths = estimates(
      placesIn(draw({ ...world, lists: quick ? 8_000 : 200_000 }, new PhiloxStream(4031, index))),
    );
    const random = new PhiloxStream(4032, index);
    const counted = new Map(
      listMetrics.map(({ name }) => [name, { value: [0, 0], defined: [0, 0], gap: 0, rejected: 0, gaps: 0 }]),
    );
    const dealt = { top: 0, exposure: 0, ndkl: 0 };
    for (let round = 0; round < simulations; round++) {
      const summary = draw(world, random);
      const places = placesIn(summary);
      const found = estimates(places);
      for (const metric of listMetrics) {
        const held = counted.get(metric.name);
        const own = found.get(metric.name);
        const [a, b] = truths.get(metric.name) ?? [];
        if (!held || !own || !a || !b) continue;
        for (const [group, one] of own.entries()) {
          const interval = listInterval(metric, one, 0.95);
          if (!interval) continue;
          held.defined[group] = (held.defined[group] ?? 0) + 1;
          const true_ = (group === 0 ? a : b).value;
          if (interval.low <= true_ && true_ <= interval.high) held.value[group] = (held.value[group] ?? 0) + 1;
        }
        if (metric.gaps.length === 0 || own.some((one) => Number.isNaN(one.value))) continue;
        const gap = listGap(metric, own, 0.95);
        if (!gap.intervals) continue;
        held.gaps++;
        const true_ = world.bias === 0 ? 0 : Math.abs(a.value - b.value);
        if (gap.intervals.difference.low <= true_ && true_ <= gap.intervals.difference.high) held.gap++;
        if ((gap.p ?? 1) <= 0.05) held.rejected++;
      }
      if (world.bias > 0) continue;
      const signal = new AbortController().signal;
      const run = { replicates, seed: 4033, stream: index * 1_000_000 + round, signal };
      const shuffled = await shuffleTest(summary, places, [0, 1], top, run);
      if (shuffled.top <= 0.05) dealt.top++;
      if (shuffled.exposure <= 0.05) dealt.exposure++;
      if ((shuffled.ndkl?.p ?? 1) <= 0.05) dealt.ndkl++;
    }
    const error = Math.sqrt((0.95 * 0.05) / simulations);
    for (const metric of listMetrics) {
      const held = counted.get(metric.name);
      if (!held) continue;
      const head = { metric: metric.name, scenario: about, error };
      const value = Math.min(...held.value.map((count, group) => count / (held.defined[group] ?? 1)));
      checks.push({ ...head, section: "ranked lists: value", value, atLeast: 0.94, atMost: null });
      if (metric.gaps.length === 0) continue;
      checks.push({
        ...head,
        section: "ranked lists: max − min",
        value: held.gap / held.gaps,
        atLeast: 0.93,
        atMost: null,
      });
      if (world.bias > 0) continue;
      if (metric.test === "lists") {
        checks.push({
          ...head,
          section: "ranked lists: size of the test",
          value: held.rejected / simulations,
          atLeast: null,
          atMost: 0.065,
        });
      }
    }
    if (world.bias > 0) continue;
    for (const [metric, rejected] of [
      ["skew-at-k", dealt.top],
      ["exposure", dealt.exposure],
      ["ndkl", dealt.ndkl],
    ] as const) {
      checks.push({
        section: "ranked lists: size of the test",
        metric,
        scenario: about,
        value: rejected / simulations,
        atLeast: null,
        atMost: 0.055,
        error,
      });
    }
  }
  return checks;
}
