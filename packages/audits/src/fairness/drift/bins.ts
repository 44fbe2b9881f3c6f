import { mergeAllScores, type ScoreEntries } from "../../score-entries.ts";
import { addNumbers, CompensatedSum, type MeanCounts, noNumbers } from "../../statistics/index.ts";

/** Bins of the score: ten, as the field has it, but no more than hold fifty rows of the baseline on average. */
const mostBins = 10;
const rowsOfBin = 50;
/** Rows of the baseline in a bin at least. */
const fewestInBin = 10;

/** Scores at which bins end, each with its own score in it: quantiles of the baseline, ties kept together. */
export function cutsOf(baseline: readonly ScoreEntries[]): number[] {
  const { scores, negative } = mergeAllScores(baseline, false);
  const rows = rowsIn(negative);
  const bins = Math.max(2, Math.min(mostBins, Math.floor(rows / rowsOfBin)));
  const cuts: number[] = [];
  let seen = 0;
  let inBin = 0;
  let quantile = 1;
  for (const [index, score] of scores.entries()) {
    const count = negative[index] ?? 0;
    seen += count;
    inBin += count;
    if (seen * bins < quantile * rows || inBin < fewestInBin) continue;
    if (rows - seen < fewestInBin) break;
    cuts.push(score);
    inBin = 0;
    quantile = Math.floor((seen * bins) / rows) + 1;
  }
  return cuts;
}

/** Rows in each bin. */
export function binned(lists: readonly ScoreEntries[], cuts: readonly number[]): number[] {
  const bins = new Array<number>(cuts.length + 1).fill(0);
  for (const { scores, negative } of lists) {
    let bin = 0;
    for (const [index, score] of scores.entries()) {
      while (bin < cuts.length && score > (cuts[bin] ?? 0)) bin++;
      bins[bin] = (bins[bin] ?? 0) + (negative[index] ?? 0);
    }
  }
  return bins;
}

/** How many, their mean, and their squares about it. */
export function numbersIn(lists: readonly ScoreEntries[]): MeanCounts {
  return lists.reduce((all, one) => addNumbers(all, numbersOf(one)), noNumbers);
}

function numbersOf({ scores, negative }: ScoreEntries): MeanCounts {
  const rows = rowsIn(negative);
  if (rows === 0) return noNumbers;
  const total = new CompensatedSum();
  for (const [index, score] of scores.entries()) total.add(score * (negative[index] ?? 0));
  const mean = total.value / rows;
  const squares = new CompensatedSum();
  for (const [index, score] of scores.entries()) squares.add((score - mean) ** 2 * (negative[index] ?? 0));
  return { n: rows, mean, squares: squares.value };
}

function rowsIn(counts: ScoreEntries["negative"]): number {
  let rows = 0;
  for (const count of counts) rows += count;
  return rows;
}
