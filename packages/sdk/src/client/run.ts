import type { AppRouter } from "@assay/api";
import type { Locale, Report } from "@assay/schema";
import { AssayError } from "@assay/schema";
import type { inferRouterOutputs } from "@trpc/server";
import { asAssayError, type Connection } from "./connection.ts";

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
   * The run's state now and after every change, until it has ended. A dropped connection is taken up again.
   * @throws AssayError; `cancelled` when the signal is aborted
   */
  async *watch(options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<RunEvent, void, void> {
    const queue: RunEvent[] = [];
    const state: { error: AssayError | null; ended: boolean; wake: () => void } = {
      error: null,
      ended: false,
      wake: () => {},
    };
    const subscription = this.#connection.api.runs.watch.subscribe(
      { id: this.id },
      {
        onData: ({ data }) => {
          queue.push(data);
          state.wake();
        },
        onError: (cause) => {
          state.error = asAssayError(cause, this.#connection.url);
          state.wake();
        },
        onComplete: () => {
          state.ended = true;
          state.wake();
        },
      },
    );
    const onAbort = (): void => state.wake();
    options.signal?.addEventListener("abort", onAbort);
    try {
      for (;;) {
        if (options.signal?.aborted) throw new AssayError("cancelled", "cancelled");
        const event = queue.shift();
        if (event) {
          yield event;
          if (isFinal(event.status)) return;
        } else if (state.error) throw state.error;
        else if (state.ended) return;
        else {
          await new Promise<void>((resolve) => {
            state.wake = resolve;
            if (queue.length > 0 || state.error !== null || state.ended || options.signal?.aborted) resolve();
          });
        }
      }
    } finally {
      options.signal?.removeEventListener("abort", onAbort);
      subscription.unsubscribe();
    }
  }

  /** @throws AssayError conflict, while the run has no report */
  async report(): Promise<Report> {
    return this.#connection.call((api) => api.reports.get.query({ run: this.id }), { repeat: true });
  }

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
