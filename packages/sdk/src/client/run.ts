import type { AppRouter } from "@assay/api";
import { type Comparison, isAssayError, type Locale, type Report } from "@assay/schema";
import type { inferRouterOutputs } from "@trpc/server";
import { type Connection, pause } from "./connection.ts";
import { watchOnce } from "./watch.ts";

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
  async *watch(options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<RunEvent, void, void> {
    const { signal } = options;
    let lastEventId: string | null = null;
    let lostAt: number | null = null;
    for (let attempt = 0; ; attempt++) {
      try {
        for await (const { id, event } of watchOnce(this.#connection, this.id, lastEventId, signal)) {
          lastEventId = id;
          attempt = 0;
          yield event;
          if (isFinal(event.status)) return;
        }
      } catch (error) {
        if (!isLost(error)) throw error;
        lostAt ??= Date.now();
      }
      await pause(Math.min(250 * 2 ** attempt, 4000), signal);
      try {
        // A stream that is refused does not say why; this does, and tells an end that the stream could not.
        const { status, progress, verdict } = await this.#connection.call((api) => api.runs.get.query({ id: this.id }));
        lostAt = null;
        if (!isFinal(status)) continue;
        yield { status, progress, verdict };
        return;
      } catch (error) {
        lostAt ??= Date.now();
        if (!isLost(error) || Date.now() - lostAt > this.#connection.timeoutMs) throw error;
      }
    }
  }

  /** @throws AssayError not-found, while the run has no report */
  async report(): Promise<Report> {
    return this.#connection.call((api) => api.reports.get.query({ run: this.id }), { repeat: true });
  }

  /**
   * How this run differs from an earlier one of its project, given itself or by its id: number by number, by the intervals
   * of the two reports. `a` of the comparison is the earlier run, `b` this one.
   * @throws AssayError not-found; conflict for a run that is not completed, or of another project
   */
  async compare(earlier: Run | string): Promise<Comparison> {
    const a = typeof earlier === "string" ? earlier : earlier.id;
    return this.#connection.call((api) => api.runs.compare.query({ a, b: this.id }), { repeat: true });
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

  async #text(name: string): Promise<string> {
    return new TextDecoder().decode(await this.#connection.download(`/runs/${encodeURIComponent(this.id)}/${name}`));
  }
}

export function isFinal(status: RunRow["status"]): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

function isLost(error: unknown): boolean {
  return isAssayError(error) && (error.code === "unreachable" || error.code === "timeout");
}
