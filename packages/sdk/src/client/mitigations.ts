import { randomUUID } from "node:crypto";
import type { AppRouter } from "@assay/api";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { Connection } from "./connection.ts";
import { idOf } from "./id-of.ts";
import { Run } from "./run.ts";

/** What can be tried on a run, and what cannot, with the reason. */
export type MitigationOptions = inferRouterOutputs<AppRouter>["mitigations"]["options"];
type Settings = Omit<inferRouterInputs<AppRouter>["mitigations"]["create"], "project" | "run">;

export interface CreateMitigation extends Settings {
  /** The run whose plan, data and model it is tried on: itself, or its id. */
  readonly run: string | { readonly id: string };
}

/** Mitigations of a project: runs of their own, whose reports say what they do and cost on held-out rows. */
export class ProjectMitigations {
  readonly #connection: Connection;
  readonly #project: string;

  constructor(connection: Connection, project: string) {
    this.#connection = connection;
    this.#project = project;
  }

  /** What the columns of a run's plan, and its model, allow. @throws AssayError not-found */
  options(run: string | { readonly id: string }): Promise<MitigationOptions> {
    return this.#connection.call((api) => api.mitigations.options.query({ run: idOf(run) }), { repeat: true });
  }

  /**
   * Tries a mitigation on the data and model of a run. Settings that are left out are those of `fairness.mitigation` in the run's
   * plan, else usual. The files to deploy are the new run's: `run.file(name)`.
   * @throws AssayError plan-invalid, with every problem; conflict where the run's data or model are not on the server
   */
  async create(options: CreateMitigation): Promise<Run> {
    // One key for all tries of this call: a retry after a lost answer makes no second run.
    const { run, idempotencyKey = randomUUID(), ...settings } = options;
    const row = await this.#connection.call(
      (api) => api.mitigations.create.mutate({ project: this.#project, run: idOf(run), idempotencyKey, ...settings }),
      { repeat: true },
    );
    return new Run(this.#connection, row);
  }
}
