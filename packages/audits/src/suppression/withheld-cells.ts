import { type Cell, keyOf, type Sum, withoutClass } from "./cells.ts";
import { determined } from "./determined.ts";
import { type Layer, under } from "./layers.ts";
import { isFew } from "./people.ts";

/**
 * Numbers that are about everybody of a cell who has what they need: a label, a decision, a score, a prediction. The difference
 * of two such numbers of people is who lacks one of these.
 */
const nested: readonly string[] = [
  ...[
    "accuracy",
    "average-precision",
    "base-rate",
    "brier-score",
    "consistency",
    "count",
    "expected-calibration-error",
  ],
  ...["label-agreement", "log-loss", "mean-absolute-error", "mean-prediction", "mean-residual", "r2", "roc-auc"],
  ...["root-mean-squared-error", "scoring-rate", "selection-rate"],
];

/** Which numbers of which cells may not be told. */
export class WithheldCells {
  readonly #layers = new Map<Layer, Set<string>>();
  /** The cells that a cell is part of. */
  readonly #wholes = new Map<string, Cell[]>();

  constructor(sums: readonly Sum[]) {
    for (const { whole, parts } of sums) {
      for (const { key } of parts) {
        const held = this.#wholes.get(key);
        if (held) held.push(whole);
        else this.#wholes.set(key, [whole]);
      }
    }
  }

  withhold(cell: Cell, layer: Layer): void {
    const held = this.#layers.get(layer) ?? new Set();
    this.#layers.set(layer, held);
    if (held.has(cell.key)) return;
    held.add(cell.key);
    if (layer !== "label" && layer !== "decision" && layer !== "rest") return;
    // Where nobody or everybody has the label, or the decision, the shares of both are known from the shares of each.
    for (const other of ["label", "decision"] as const) if (tellsNobody(cell, other)) this.withhold(cell, other);
    // Of whom it is known that nobody of them has it, or that nobody was decided rightly, every part of them is known.
    for (const whole of this.#wholes.get(cell.key) ?? []) {
      for (const one of [layer, "rest"] as const) {
        if (!this.has(whole.key, one) && tellsNobody(whole, one)) this.withhold(whole, one);
      }
    }
  }

  has(key: string, layer: Layer): boolean {
    return under(layer).some((one) => this.#layers.get(one)?.has(key) === true);
  }

  /** Of a cell or of the same people without their class. */
  hides(about: Cell["about"], layer: Layer): boolean {
    return this.has(keyOf(about), layer) || this.has(keyOf(withoutClass(about)), layer);
  }

  get layers(): readonly Layer[] {
    return [...this.#layers.keys()];
  }
}

/**
 * The cells whose own numbers are too small, and as many others as it takes that none of these can be worked out again: by one sum of
 * cells, or by several together.
 */
export function withheldCells(cells: ReadonlyMap<string, Cell>, sums: readonly Sum[], below: number): WithheldCells {
  const withheld = new WithheldCells(sums);
  for (const cell of cells.values()) {
    for (const { layer, people } of cell.quantities.values()) {
      if (isFew(people, below)) withheld.withhold(cell, layer);
    }
    if (Object.keys(cell.about).length > 0 && hidesMissing(cell, below)) {
      withheld.withhold(cell, "rows");
    }
  }
  for (;;) {
    if (closeSums(sums, withheld, below)) continue;
    const found = determined(cells, sums, withheld, below);
    if (found.length === 0) return withheld;
    for (const { cell, layer } of found) withheld.withhold(cell, layer);
  }
}

/** A share of none or of all is among what is told of the cell. */
function tellsNobody(cell: Cell, layer: Layer): boolean {
  for (const [name, one] of cell.quantities) {
    if (one.layer === layer && one.people === 0 && (name.endsWith('"inside"]') || name.endsWith('"outside"]')))
      return true;
  }
  return false;
}

/** How many of a group lack a label, a decision or a score, by the difference of what is told, in one audit or in several. */
function hidesMissing(cell: Cell, below: number): boolean {
  const byVersion = new Map<string, Set<number>>();
  for (const [name, { people }] of cell.quantities) {
    const [, metric, version, kind] = JSON.parse(name) as [string, string, string | null, string];
    if (!nested.includes(metric) || kind !== (metric === "count" ? "value" : "n")) continue;
    const held = byVersion.get(version ?? "") ?? new Set();
    byVersion.set(version ?? "", held.add(people));
  }
  return [...byVersion.values()].some((all) =>
    [...all].some((a) => [...all].some((b) => Number.isInteger(a) && Number.isInteger(b) && isFew(a - b, below))),
  );
}

/** Withholds a part wherever what a whole leaves over for withheld parts is too few; whether it did. */
function closeSums(sums: readonly Sum[], withheld: WithheldCells, below: number): boolean {
  let changed = false;
  for (const { whole, parts } of sums) {
    for (const [name, { layer, people }] of whole.quantities) {
      if (withheld.has(whole.key, layer)) continue;
      for (;;) {
        const told = parts.filter((part) => part.quantities.has(name) && !withheld.has(part.key, layer));
        const left = told.reduce((rest, part) => rest - (part.quantities.get(name)?.people ?? 0), people);
        if (!isFew(left, below) || Math.abs(left - Math.round(left)) > 1e-6) break;
        withheld.withhold(smallest(told, name) ?? whole, layer);
        changed = true;
        if (told.length === 0) break;
      }
    }
  }
  return changed;
}

/** The cell whose withholding costs least; one with nobody in this number only where there is no other. */
function smallest(cells: readonly Cell[], name: string): Cell | null {
  let best: Cell | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const cell of cells) {
    const people = cell.quantities.get(name)?.people ?? 0;
    const cost = people > 0 ? people : Number.MAX_SAFE_INTEGER;
    if (cost < least) {
      least = cost;
      best = cell;
    }
  }
  return best;
}
