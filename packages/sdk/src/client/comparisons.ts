import type { AppRouter } from "@assay/api";
import { AssayError, type Comparison } from "@assay/schema";
import type { inferRouterOutputs } from "@trpc/server";
import type { Connection } from "./connection.ts";
import { idOf } from "./id-of.ts";
import { watchToEnd } from "./watch.ts";

type Outputs = inferRouterOutputs<AppRouter>;
export type ComparisonDetail = Outputs["comparisons"]["get"];
export type ComparisonRow = Outputs["comparisons"]["list"]["items"][number];

/** Where a comparison stands, told after every change. */
export type ComparisonEvent = Pick<ComparisonRow, "progress" | "status" | "verdict">;

export interface PairedOptions {
  /** Level of intervals and tests, default 0.95. */
  readonly confidence?: number;
  /** Draws of the paired tests, default 10,000. */
  readonly replicates?: number;
  /** Default that of the plan of the earlier run. */
  readonly seed?: number;
  /** Stops waiting; the server goes on. */
  readonly signal?: AbortSignal;
}

export interface CreateComparison extends Omit<PairedOptions, "signal"> {
  /** The run that the other is held against, itself or its id: how it was. */
  readonly from: string | { readonly id: string };
  /** How it is now. */
  readonly to: string | { readonly id: string };
}

/** The comparisons of a project's runs row by row. */
export class ProjectComparisons {
  readonly #connection: Connection;
  readonly #project: string;

  constructor(connection: Connection, project: string) {
    this.#connection = connection;
    this.#project = project;
  }

  /**
   * Compares two completed runs on the rows that they share. The same two with the same settings are the same comparison.
   * @throws AssayError not-found; conflict where one is not completed, or rows cannot be paired, with the reason
   */
  async create(options: CreateComparison): Promise<RowComparison> {
    const { from, to, confidence, replicates, seed } = options;
    const row = await this.#connection.call(
      (api) =>
        api.comparisons.create.mutate({
          project: this.#project,
          from: idOf(from),
          to: idOf(to),
          ...(confidence === undefined ? {} : { confidence }),
          ...(replicates === undefined ? {} : { replicates }),
          ...(seed === undefined ? {} : { seed }),
        }),
      // The same again is the same comparison, so that a lost answer is asked for again.
      { repeat: true },
    );
    return new RowComparison(this.#connection, row);
  }

  async get(id: string): Promise<RowComparison> {
    const row = await this.#connection.call((api) => api.comparisons.get.query({ id }), { repeat: true });
    return new RowComparison(this.#connection, row);
  }

  /** Newest first. */
  list(
    options: { readonly from?: string; readonly to?: string; readonly page?: number; readonly pageSize?: number } = {},
  ): Promise<Outputs["comparisons"]["list"]> {
    return this.#connection.call((api) => api.comparisons.list.query({ project: this.#project, ...options }), {
      repeat: true,
    });
  }
}

/** A comparison row by row on the server. */
export class RowComparison {
  readonly id: string;
  /** The comparison as it was when this handle was made; `refresh` asks again. */
  readonly row: ComparisonDetail;
  readonly #connection: Connection;

  constructor(connection: Connection, row: ComparisonDetail) {
    this.#connection = connection;
    this.id = row.id;
    this.row = row;
  }

  refresh(): Promise<ComparisonDetail> {
    return this.#connection.call((api) => api.comparisons.get.query({ id: this.id }), { repeat: true });
  }

  async cancel(): Promise<void> {
    await this.#connection.call((api) => api.comparisons.cancel.mutate({ id: this.id }));
  }

  /** Removes the comparison; its runs stay. @throws AssayError not-found */
  async remove(): Promise<void> {
    await this.#connection.call((api) => api.comparisons.remove.mutate({ id: this.id }));
  }

  /**
   * Where it stands now and after every change, until it has ended. A dropped connection is taken up again where it stopped,
   * for as long as the connection's `timeoutMs` without an answer.
   * @throws AssayError not-found, unauthorized, unreachable; `cancelled` when the signal is aborted
   */
  watch(options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<ComparisonEvent, void, void> {
    return watchToEnd<ComparisonEvent>({
      connection: this.#connection,
      signal: options.signal,
      subscribe: (lastEventId, callbacks) =>
        this.#connection.api.comparisons.watch.subscribe({ id: this.id, lastEventId }, callbacks),
      ask: async () => {
        const { status, progress, verdict } = await this.#connection.call((api) =>
          api.comparisons.get.query({ id: this.id }),
        );
        return { status, progress, verdict };
      },
    });
  }

  /**
   * Waits for its end and gives the result.
   * @throws AssayError what it failed of; `cancelled` where it, or the waiting, was cancelled
   */
  async finished(options: { readonly signal?: AbortSignal } = {}): Promise<Comparison> {
    let last: ComparisonDetail = this.row;
    if (last.result === null) {
      for await (const _ of this.watch(options));
      last = await this.refresh();
    }
    if (last.result !== null) return last.result;
    if (last.error !== null)
      throw new AssayError(last.error.code, last.error.message, { problems: last.error.problems });
    throw new AssayError("cancelled", "the comparison was cancelled");
  }
}
