import type { AppRouter } from "@assay/api";
import type { Comparison, Locale, Report } from "@assay/schema";
import type { inferRouterOutputs } from "@trpc/server";
import { type PairedOptions, ProjectComparisons } from "./comparisons.ts";
import type { Connection } from "./connection.ts";
import { watchToEnd } from "./watch.ts";

type Outputs = inferRouterOutputs<AppRouter>;
export type RunRow = Outputs["runs"]["create"];
export type RunDetail = Outputs["runs"]["get"];

/** The run's state, told after every change. */
export interface RunEvent {
  readonly status: RunRow["status"];
  readonly progress: RunRow["progress"];
  readonly verdict: RunRow["verdict"];
}

/** A run on the server. */
export class Run {
  readonly id: string;
  /** The run as it was when this handle was made; `refresh` asks again. */
  readonly row: RunRow;
  readonly #connection: Connection;

  constructor(connection: Connection, row: RunRow) {
    this.#connection = connection;
    this.id = row.id;
    this.row = row;
  }

  refresh(): Promise<RunDetail> {
    return this.#connection.call((api) => api.runs.get.query({ id: this.id }), { repeat: true });
  }

  async cancel(): Promise<void> {
    await this.#connection.call((api) => api.runs.cancel.mutate({ id: this.id }));
  }

  /**
   * The run's state now and after every change, until it has ended. A dropped connection is taken up again where it
   * stopped, for as long as the connection's `timeoutMs` without an answer.
   * @throws AssayError not-found, unauthorized, unreachable; `cancelled` when the signal is aborted
   */
  watch(options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<RunEvent, void, void> {
    return watchToEnd<RunEvent>({
      connection: this.#connection,
      signal: options.signal,
      subscribe: (lastEventId, callbacks) =>
        this.#connection.api.runs.watch.subscribe({ id: this.id, lastEventId }, callbacks),
      ask: async () => {
        const { status, progress, verdict } = await this.#connection.call((api) => api.runs.get.query({ id: this.id }));
        return { status, progress, verdict };
      },
    });
  }

  /** @throws AssayError not-found, while the run has no report */
  async report(): Promise<Report> {
    return this.#connection.call((api) => api.reports.get.query({ run: this.id }), { repeat: true });
  }

  /**
   * How this run differs from an earlier one of its project, given itself or by its id. `a` of the comparison is the earlier
   * run, `b` this one. By the intervals of the two reports, at once; `paired`: row by row with paired tests, which the server
   * works off like a run, and this waits for.
   * @throws AssayError not-found; conflict for a run that is not completed, or of another project, and with `paired` for rows
   *   that cannot be paired; what a paired comparison failed of; `cancelled`
   */
  async compare(
    earlier: Run | string,
    options: PairedOptions & { readonly paired?: boolean } = {},
  ): Promise<Comparison> {
    const a = typeof earlier === "string" ? earlier : earlier.id;
    const { paired = false, ...settings } = options;
    if (!paired) return this.#connection.call((api) => api.runs.compare.query({ a, b: this.id }), { repeat: true });
    const comparisons = new ProjectComparisons(this.#connection, this.row.project.id);
    const { signal } = settings;
    const comparison = await comparisons.create({ ...settings, from: a, to: this.id });
    return comparison.finished(signal === undefined ? {} : { signal });
  }

  /** The run's measures, one a line. */
  csv(): Promise<string> {
    return this.#text("report.csv");
  }

  html(locale: Locale = "en"): Promise<string> {
    return this.#text(`report.html?lang=${locale}`);
  }

  markdown(locale: Locale = "en"): Promise<string> {
    return this.#text(`report.md?lang=${locale}`);
  }

  /** The run's report in a format the server renders. */
  download(format: string, locale: Locale = "en"): Promise<Uint8Array> {
    return this.#connection.download(
      `/runs/${encodeURIComponent(this.id)}/report.${encodeURIComponent(format)}?lang=${locale}`,
    );
  }

  /**
   * A file that the run made beside its report, such as a mitigation's `thresholds.json`; their names stand in the report's audits.
   * @throws AssayError not-found
   */
  file(name: string): Promise<Uint8Array> {
    return this.#connection.download(`/runs/${encodeURIComponent(this.id)}/artifacts/${encodeURIComponent(name)}`);
  }

  async #text(name: string): Promise<string> {
    return new TextDecoder().decode(await this.#connection.download(`/runs/${encodeURIComponent(this.id)}/${name}`));
  }
}
