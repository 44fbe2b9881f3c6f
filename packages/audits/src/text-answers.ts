import type { Column, Model, OutputValues, PredictOptions, TextColumn } from "@assay/models";

/**
 * What a model said of texts, so that each is asked about once: a table has fewer texts than rows, and shuffled rows have no
 * new ones. Only for a model that takes one text and says the same of it every time.
 */
export class TextAnswers {
  readonly #model: Model;
  readonly #options: PredictOptions;
  readonly #rows = new Map<string, number>();
  #values = new Float64Array(0);
  #width = 0;

  private constructor(model: Model, options: PredictOptions) {
    this.#model = model;
    this.#options = options;
  }

  /** Null for a model that texts alone do not answer, or whose answer may change: an endpoint's. */
  static of(model: Model, options: PredictOptions): TextAnswers | null {
    const [input, ...more] = model.inputs;
    const fits = input?.kind === "category" && more.length === 0 && model.main.kind !== "label";
    return fits && model.runtime !== "endpoint" ? new TextAnswers(model, options) : null;
  }

  /** The main output for a column's rows; `rowAt` is where they stand in the table, for messages; `onRows` hears of progress. */
  async ask(
    column: TextColumn,
    rowAt: (row: number) => number,
    onRows?: (rows: number) => void,
  ): Promise<OutputValues> {
    const { main } = this.#model;
    if (main.kind === "label") throw new Error("texts are kept for numbers");
    await this.#learn(column, rowAt, onRows);
    const width = this.#width;
    const values = new Float64Array(column.codes.length * width);
    const places = Int32Array.from(column.levels, (level) => this.#rows.get(level) ?? -1);
    for (let row = 0; row < column.codes.length; row++) {
      const at = (places[column.codes[row] ?? 0] ?? 0) * width;
      for (let place = 0; place < width; place++) values[row * width + place] = this.#values[at + place] ?? Number.NaN;
    }
    return { name: main.name, kind: main.kind, width, values };
  }

  async #learn(
    column: TextColumn,
    rowAt: (row: number) => number,
    onRows: ((rows: number) => void) | undefined,
  ): Promise<void> {
    const seen = new Uint8Array(column.levels.length);
    const firsts: number[] = [];
    for (let row = 0; row < column.codes.length; row++) {
      const code = column.codes[row] ?? 0;
      if (seen[code]) continue;
      seen[code] = 1;
      if (!this.#rows.has(column.levels[code] ?? "")) firsts.push(row);
    }
    if (firsts.length === 0) return;
    const codes = Uint32Array.from(firsts, (row) => column.codes[row] ?? 0);
    const unknown: Column = { levels: column.levels, codes };
    const { outputs } = await this.#model.predict([unknown], {
      ...this.#options,
      rowAt: (row) => rowAt(firsts[row] ?? row),
      // Rows whose texts are answered, as if they were spread evenly.
      onRows: (texts) => onRows?.(Math.floor((texts / firsts.length) * column.codes.length)),
    });
    const said = outputs.find((output) => output.name === this.#model.main.name);
    if (said === undefined || said.kind === "label") throw new Error(`the model gave no ${this.#model.main.name}`);
    this.#width = said.width;
    const from = this.#rows.size;
    for (const [place, code] of codes.entries()) this.#rows.set(column.levels[code] ?? "", from + place);
    const all = new Float64Array((from + codes.length) * said.width);
    all.set(this.#values);
    all.set(said.values, from * said.width);
    this.#values = all;
  }
}
